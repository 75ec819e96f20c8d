package main

import (
	"unsafe"

	"agentsandbox/hosts/browser/wire"
)

// inbox is where host.mjs puts the next request.
var inbox []byte

// room makes the inbox n bytes long and returns where it is.
//
//go:wasmexport sandbox_room
func room(n uint32) unsafe.Pointer {
	inbox = make([]byte, n)
	return unsafe.Pointer(unsafe.SliceData(inbox))
}

// request takes the message in the inbox: the name of a verb, the number of the
// call, and then the verb's own arguments. The answer follows when Go has had its turn.
//
//go:wasmexport sandbox_request
func request() {
	theHost.dispatch(wire.NewReader(inbox))
	inbox = nil
}

// glueAnswer tells how a call ended: 1 with its result, 0 with an error.
//
//go:wasmimport agentsandbox_browser answer
func glueAnswer(call, ok uint32, message unsafe.Pointer, size uint32)

// glueEmit hands over output of a call; 0 if nobody wants it any more.
//
//go:wasmimport agentsandbox_browser emit
func glueEmit(call, fd uint32, data unsafe.Pointer, size uint32) uint32

// gluePull asks for more input of a call, which arrives as a request "input".
//
//go:wasmimport agentsandbox_browser pull
func gluePull(call uint32)

func pointer(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }
