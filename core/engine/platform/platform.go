// Package platform runs guests on the WebAssembly engine of the JavaScript
// host that this program itself runs in (GOOS=js): a browser, Node, a
// Cloudflare Worker.
//
// Two parties meet here. The glue (glue.mjs) holds what is JavaScript's: compiled
// modules, instances, their memories. Go holds the host functions and decides.
// They call each other with numbers only, through imports and exports of the Go
// program (imports_js.go, exports_js.go), and bytes are copied between the two
// memories by the glue, with bounds checks.
//
//	Invoke ──▶ glue: a microtask calls the guest's export
//	                  guest ──▶ bridge ──▶ agentsandbox_call ──▶ HostFunc.Call
//	Invoke ◀── glue: agentsandbox_done
//
// What must hold, or a Go program on this platform breaks:
//
//   - No guest runs below a Go frame: it starts from the event loop, and Go waits
//     on a channel.
//   - Nothing is thrown into a Go frame. A host function that fails returns a
//     status; the bridge, a small module between guest and Go, then calls a
//     function of the glue that throws, when Go's frames are gone. The bridge also
//     makes sure that there is stack left before it calls Go.
//   - A call from a guest does not wait. Where the host has JSPI, a host function
//     that Blocks runs on a goroutine and the guest is suspended; elsewhere it is called
//     like any other, and must not wait.
//
// The rest of the package (the bridge, the traps) is plain Go and builds
// everywhere.
package platform

import "strings"

// Name is the name of the engine.
const Name = "platform"

// startExport is the name under which a module's start function is called once
// its memory is filled.
const startExport = "__start"

// Given is what stands in an image.Prepared's Module for a module that the
// embedder has compiled, under a name that it gave to the glue. Its memory is the
// embedder's too.
func Given(name string) []byte { return append([]byte(givenPrefix), name...) }

// givenPrefix cannot begin a WebAssembly module.
const givenPrefix = "\x00given:"

func given(wasm []byte) (name string, ok bool) {
	return strings.CutPrefix(string(wasm[:min(len(wasm), 256)]), givenPrefix)
}
