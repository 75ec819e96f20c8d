package image

import "fmt"

// Limits bound what a module may ask for before any compiler sees it. A
// compiler's time grows faster than the module in several of them, and an engine
// allocates tables, locals and globals on a word of the module alone.
type Limits struct {
	ModuleBytes   uint64 // the whole file
	FunctionBytes uint64 // one function's code; never more than 7,654,321
	Functions     uint64 // defined and imported
	Types         uint64
	Params        uint64 // parameters, and results, of one type
	Imports       uint64
	Exports       uint64
	Globals       uint64
	Tables        uint64
	TableElements uint64 // in all tables together; also how far a table may grow
	MemoryPages   uint64 // the least that the module may ask for, in pages of 64 KiB
	Elements      uint64 // element segments
	ElementItems  uint64 // in all segments together
	DataSegments  uint64
	Locals        uint64 // of one function, with its parameters
	BrTable       uint64 // targets of one br_table
	Nesting       uint64 // blocks within blocks
	// Work is what it takes to compile the module, FunctionWork what it takes to
	// compile one function, beyond what the length explains: about nanoseconds of a core.
	Work, FunctionWork uint64
}

// DefaultLimits are generous for what compilers make, and small enough that
// no engine takes long over a function within them, nor longer over a module than
// over the greatest that compilers make.
func DefaultLimits() Limits {
	return Limits{
		ModuleBytes:   32 << 20,
		FunctionBytes: 1 << 20,
		Functions:     100_000,
		Types:         10_000,
		Params:        1_000,
		Imports:       10_000,
		Exports:       50_000,
		Globals:       10_000,
		Tables:        16,
		TableElements: 100_000,
		MemoryPages:   8192,
		Elements:      10_000,
		ElementItems:  500_000,
		DataSegments:  100_000,
		Locals:        50_000,
		BrTable:       25_000,
		Nesting:       10_000,
		Work:          30_000_000_000,
		FunctionWork:  3_000_000_000,
	}
}

// Kind says why a module was refused.
type Kind string

// The reasons for which a module is refused.
const (
	Malformed   Kind = "malformed"   // it is not WebAssembly, or contradicts itself
	Unsupported Kind = "unsupported" // it uses a feature that we do not run
	OverLimit   Kind = "limit"       // it asks for more than Limits allow
	Slow        Kind = "slow"        // compiling it would take more than Limits.Work or FunctionWork
	Reserved    Kind = "reserved"    // it uses a name that is ours
)

// VetError is the error of every refusal.
type VetError struct {
	Kind Kind
	What string // the thing or feature: "br_table targets", "unexpected end"
	// Max and Used are the limit and the demand; for OverLimit and Slow only.
	Max, Used uint64
	Func      int // index of the function that is to blame, or -1
	Offset    int // where in the module, or 0; for Malformed only
}

// Error names the thing and where it is.
func (e *VetError) Error() string {
	where := ""
	if e.Func >= 0 {
		where = fmt.Sprintf("function %d: ", e.Func)
	}
	switch e.Kind {
	case Unsupported:
		return fmt.Sprintf("wasm: %s%s not supported", where, e.What)
	case OverLimit:
		return fmt.Sprintf("wasm: %stoo many %s: %d (limit %d)", where, e.What, e.Used, e.Max)
	case Slow:
		return fmt.Sprintf("wasm: %s%s takes %d steps to compile (limit %d)", where, e.What, e.Used, e.Max)
	case Reserved:
		return fmt.Sprintf("wasm: %s%s is reserved", where, e.What)
	}
	if e.Offset > 0 {
		return fmt.Sprintf("wasm: %s%s at offset %#x", where, e.What, e.Offset)
	}
	return "wasm: " + where + e.What
}

// over returns the error for used beyond max, or nil.
func over(what string, used, max uint64) error {
	if used <= max {
		return nil
	}
	return &VetError{Kind: OverLimit, What: what, Max: max, Used: used, Func: -1}
}

// slow is over for the work of a compiler.
func slow(what string, used, max uint64) error {
	if used <= max {
		return nil
	}
	return &VetError{Kind: Slow, What: what, Max: max, Used: used, Func: -1}
}

func unsupported(what string) error {
	return &VetError{Kind: Unsupported, What: what, Func: -1}
}

func invalid(format string, args ...any) error {
	return &VetError{Kind: Malformed, What: fmt.Sprintf(format, args...), Func: -1}
}

func reserved(what string) error {
	return &VetError{Kind: Reserved, What: what, Func: -1}
}

// inFunc adds the function's index to an error about its body.
func inFunc(err error, fn int) error {
	if e, ok := err.(*VetError); ok && e.Func < 0 {
		e.Func = fn
	}
	return err
}
