package platform

import (
	"testing"

	"agentsandbox/core/engine"
)

// The texts are those of V8, SpiderMonkey and JavaScriptCore.
func TestTrapKind(t *testing.T) {
	for text, want := range map[string]engine.TrapKind{
		"unreachable":                                  engine.Unreachable,
		"memory access out of bounds":                  engine.MemoryBounds,
		"table index is out of bounds":                 engine.TableBounds,
		"null function or function signature mismatch": engine.IndirectCall,
		"divide by zero":                               engine.DivideByZero,
		"remainder by zero":                            engine.DivideByZero,
		"divide result unrepresentable":                engine.IntegerOverflow,
		"float unrepresentable in integer range":       engine.InvalidToInteger,
		"Maximum call stack size exceeded":             engine.StackOverflow,

		"unreachable executed":             engine.Unreachable,
		"index out of bounds":              engine.MemoryBounds,
		"indirect call to null":            engine.IndirectCall,
		"indirect call signature mismatch": engine.IndirectCall,
		"integer divide by zero":           engine.DivideByZero,
		"integer overflow":                 engine.IntegerOverflow,
		"invalid conversion to integer":    engine.InvalidToInteger,
		"too much recursion":               engine.StackOverflow,

		"Unreachable code should not be executed (evaluating 'f()')":          engine.Unreachable,
		"Out of bounds memory access (evaluating 'f()')":                      engine.MemoryBounds,
		"Out of bounds call_indirect (evaluating 'f()')":                      engine.TableBounds,
		"call_indirect to a null table entry (evaluating 'f()')":              engine.IndirectCall,
		"call_indirect to a signature that does not match (evaluating 'f()')": engine.IndirectCall,
		"Division by zero (evaluating 'f()')":                                 engine.DivideByZero,
		"Integer overflow (evaluating 'f()')":                                 engine.IntegerOverflow,
		"Out of bounds Trunc operation (evaluating 'f()')":                    engine.InvalidToInteger,
		"Maximum call stack size exceeded.":                                   engine.StackOverflow,

		"something new": engine.OtherTrap,
	} {
		if got := trapKind(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
