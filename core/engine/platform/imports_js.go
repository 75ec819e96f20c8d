package platform

import "unsafe"

// The functions of the glue. Pointers are into Go's memory and are used during
// the call only. A ticket says whom to tell (agentsandbox_done) when what a call
// began is done.

// glueSuspends is 1 where guests can be suspended.
//
//go:wasmimport agentsandbox suspends
func glueSuspends() int32

// glueSleep blocks the whole thread.
//
//go:wasmimport agentsandbox sleep
func glueSleep(milliseconds float64)

// glueCompile compiles a module and notes what its memory starts with.
//
//go:wasmimport agentsandbox compile
func glueCompile(ticket, module int32, wasm unsafe.Pointer, size uint32, start unsafe.Pointer, startSize uint32)

// glueGiven takes a module that the embedder compiled.
//
//go:wasmimport agentsandbox given
func glueGiven(ticket, module int32, name string)

// gluePart copies a part of what the embedder gave under a name, as much as
// fits, and returns how much there is.
//
//go:wasmimport agentsandbox part
func gluePart(name, part string, p unsafe.Pointer, n uint32) uint32

// glueLink tells the host functions of a module's imports, a number and a mode
// each, the module's bridge, if it has none yet, and how much of its memory is
// constant.
//
//go:wasmimport agentsandbox link
func glueLink(ticket, module int32, indices unsafe.Pointer, count uint32, bridge unsafe.Pointer, size, constant uint32)

// gluePages is how many pages a module's memory starts with; negative without
// a memory.
//
//go:wasmimport agentsandbox pages
func gluePages(module int32) int32

//go:wasmimport agentsandbox forget
func glueForget(module int32)

// glueInstantiate makes an instance.
//
//go:wasmimport agentsandbox instantiate
func glueInstantiate(ticket, module, handle int32, maxPages uint32)

// glueInvoke calls an export, with parameters of 64 bits and a letter each.
//
//go:wasmimport agentsandbox invoke
func glueInvoke(ticket, handle int32, export, letters string, params unsafe.Pointer)

// glueResults is how many results the last glueInvoke had.
//
//go:wasmimport agentsandbox results
func glueResults(handle int32) uint32

// glueResult is the i-th result of the last glueInvoke.
//
//go:wasmimport agentsandbox result
func glueResult(handle, i int32) uint64

// glueWake lets a suspended guest go on.
//
//go:wasmimport agentsandbox wake
func glueWake(handle, status, result int32)

// glueReset is 0 if the instance can't be reset. It leaves alone what is constant.
//
//go:wasmimport agentsandbox reset
func glueReset(handle int32) int32

// glueScrub takes back what is constant.
//
//go:wasmimport agentsandbox scrub
func glueScrub(handle int32)

//go:wasmimport agentsandbox drop
func glueDrop(handle int32)

// glueRead and glueWrite copy from and to a guest; 0 if that is out of bounds.
//
//go:wasmimport agentsandbox read
func glueRead(handle int32, off uint32, p unsafe.Pointer, n uint32) int32

//go:wasmimport agentsandbox write
func glueWrite(handle int32, off uint32, p unsafe.Pointer, n uint32) int32

// glueSize is the size of a guest's memory in pages.
//
//go:wasmimport agentsandbox size
func glueSize(handle int32) uint32

// glueGlobal reads an exported global into value; 0 if there is none.
//
//go:wasmimport agentsandbox global_get
func glueGlobal(handle int32, name string, value unsafe.Pointer) int32

// glueSetGlobal sets an exported mutable global; 0 if there is none.
//
//go:wasmimport agentsandbox global_set
func glueSetGlobal(handle int32, name string, value uint64) int32

// glueText copies what a ticket has to say, as much as fits, and returns how
// much there is.
//
//go:wasmimport agentsandbox text
func glueText(ticket int32, p unsafe.Pointer, n uint32) uint32
