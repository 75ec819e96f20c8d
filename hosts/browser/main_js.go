// Command browser is the sandbox as a program for JavaScript hosts: built for
// GOOS=js, loaded by host.mjs, which makes an object with promises of it. README.md
// says what a JavaScript program sees.
//
// The two talk in messages (package wire): a request names a verb and a call, and is
// answered once. While a command runs, its output is emitted piece by piece and
// its input is pulled, where the embedder wants that.
package main

import (
	"context"
	"runtime/debug"

	"agentsandbox/core"
)

// theHost is what the exports work on: they are plain functions.
var theHost = host{
	sandboxes: map[uint32]*core.Sandbox{},
	sessions:  map[uint32]*core.Session{},
	running:   map[uint32]context.CancelFunc{},
	inputs:    map[uint32]*input{},
}

func main() {
	// The program itself keeps little alive: to collect less often costs a few
	// megabytes and is a tenth of what a small command takes.
	debug.SetGCPercent(400)
	select {}
}
