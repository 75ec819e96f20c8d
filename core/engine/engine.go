// Package engine is the seam between the sandbox and whatever runs
// WebAssembly: wazero natively, the JavaScript host's own engine on js.
//
// An [Engine] compiles a module once; a [Module] makes instances; an [Instance]
// runs one guest at a time, and can go back to where it started. The engine
// knows nothing of WASI or of sandboxes: what a guest may call is a list of
// [HostFunc] that the engine was made with. Every engine passes the suite
// enginetest.
package engine

import (
	"context"
	"errors"
	"fmt"

	"agentsandbox/core/image"
)

// Engine compiles modules. Methods may be called from several goroutines.
type Engine interface {
	// Name tells the engine and its kind: "wazero-compiler".
	Name() string
	// Slice is how much fuel, in instructions, an instance runs in about a
	// millisecond: what to grant between two looks at the clock.
	Slice() int64
	// Limits are what a module that is to be compiled may ask for.
	Limits() image.Limits
	// Compile makes a module ready to run. Its host functions must be among
	// those of the engine.
	Compile(ctx context.Context, p *image.Prepared) (Module, error)
	// Close frees the compiled code. Nothing made by the engine may be in use.
	Close() error
}

// Module is compiled code. Methods may be called from several goroutines.
type Module interface {
	// Instantiate makes an instance, whose memory never grows beyond
	// maxMemory bytes (ErrMemory if it starts with more). It runs the module's
	// start function, if there is one, as a call with host and ctx.
	Instantiate(ctx context.Context, host any, maxMemory uint64) (Instance, error)
	Close() error
}

// Instance is a running copy of a module. It is for one goroutine at a time.
type Instance interface {
	// Invoke calls an exported function. Host functions are given ctx and
	// host. An error is what a host function returned, a *Trap, or ErrNoExport.
	// ctx does not stop the guest: that is what the host function does that
	// the guest calls when its fuel runs out.
	Invoke(ctx context.Context, host any, export string, params ...uint64) ([]uint64, error)
	Memory() Memory
	// Global reads an exported global as its bits; SetGlobal sets a mutable one.
	// Both report whether there is one.
	Global(name string) (uint64, bool)
	SetGlobal(name string, value uint64) bool
	// SetMaxMemory sets how far the memory may grow, in bytes.
	SetMaxMemory(max uint64)
	// MemoryRefused reports whether the memory was denied growth since the
	// instance was made or reset.
	MemoryRefused() bool
	// Trim frees what the host holds for calls, after some that went deep.
	Trim()
	// Reset takes memory and globals back to where they were when the module
	// was instantiated. It reports false if it can't; the instance is closed then.
	Reset() bool
	Close() error
}

// Scrubber is an Instance whose Reset leaves alone what the guest's own code
// never writes: image.Prepared.Constant.
type Scrubber interface {
	// Scrub takes that, too, back to where it was when the module was
	// instantiated: before the instance serves somebody else.
	Scrub()
}

// Memory is an instance's linear memory as the host may touch it.
type Memory interface {
	// Read copies from the guest's memory at off into p, all of it or nothing.
	Read(p []byte, off uint32) bool
	// Write copies p into the guest's memory at off, all of it or nothing.
	Write(off uint32, p []byte) bool
	// Size is the memory's present size in bytes.
	Size() uint64
	// View returns the guest's own bytes where the engine can (not on js). They are
	// good until the guest runs again or its memory grows.
	View(off, n uint32) ([]byte, bool)
}

// HostFunc is a function that guests may import.
type HostFunc struct {
	Module, Name string
	// Params and Results have a letter per value: 'i' for i32, 'I' for i64.
	Params, Results string
	// Call runs the function: parameters are in stack, the result goes to stack[0].
	// An error ends the guest; Invoke returns it.
	Call func(c *Call, stack []uint64) error
	// Blocks says that Call may wait for something besides the guest, such as
	// time or input. An engine with one thread for everything needs to know: there
	// Call may run on a goroutine of its own.
	Blocks bool
}

// Call is what a host function is told about the call it serves. It is good
// until the function returns.
type Call struct {
	Ctx      context.Context
	Host     any // what Invoke was given
	Instance Instance
	Memory   Memory
}

// ErrNoExport is the error of Invoke for a function that is not there.
var ErrNoExport = errors.New("no such exported function")

// ErrMemory is the error of Instantiate for a module that starts with more
// memory than it may have; TooLittleMemory says how much more.
var ErrMemory = errors.New("the memory limit is too low")

// TooLittleMemory is the ErrMemory of a module that starts with need bytes,
// where limit were given.
func TooLittleMemory(need, limit uint64) error {
	const mib = 1 << 20
	return fmt.Errorf("%w: %d MiB, and what runs starts with %d MiB", ErrMemory, limit/mib, (need+mib-1)/mib)
}

// TrapKind says what ended a guest.
type TrapKind string

// Traps. StackOverflow is the one that depends on the engine.
const (
	Unreachable      TrapKind = "unreachable"
	MemoryBounds     TrapKind = "out of bounds memory access"
	TableBounds      TrapKind = "invalid table access"
	IndirectCall     TrapKind = "indirect call type mismatch"
	DivideByZero     TrapKind = "integer divide by zero"
	IntegerOverflow  TrapKind = "integer overflow"
	InvalidToInteger TrapKind = "invalid conversion to integer"
	StackOverflow    TrapKind = "stack overflow"
	HostPanic        TrapKind = "host function panicked"
	OtherTrap        TrapKind = "trap"
)

// Trap is the error of a guest that did what WebAssembly forbids.
type Trap struct {
	Kind TrapKind
	// Detail is for the host's eyes: the engine's own words.
	Detail string
}

// Error names the trap.
func (t *Trap) Error() string { return fmt.Sprintf("wasm trap: %s", string(t.Kind)) }
