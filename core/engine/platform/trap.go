package platform

import (
	"strings"

	"agentsandbox/core/engine"
)

// trapKind finds what a JavaScript engine means by the text of its error. The
// texts are V8's, SpiderMonkey's and JavaScriptCore's, in lower case.
func trapKind(text string) engine.TrapKind {
	text = strings.ToLower(text)
	for _, t := range trapTexts {
		if strings.Contains(text, t.part) {
			return t.kind
		}
	}
	return engine.OtherTrap
}

// trapTexts is searched in order: the more special text comes first.
var trapTexts = []struct {
	part string
	kind engine.TrapKind
}{
	{"call stack", engine.StackOverflow}, // V8, JavaScriptCore
	{"too much recursion", engine.StackOverflow},
	{"out of bounds trunc", engine.InvalidToInteger},
	{"out of bounds call_indirect", engine.TableBounds},
	{"table index", engine.TableBounds},
	{"index out of bounds", engine.MemoryBounds}, // SpiderMonkey says the same of memory and table
	{"signature", engine.IndirectCall},
	{"null function", engine.IndirectCall},
	{"indirect call to null", engine.IndirectCall},
	{"null table entry", engine.IndirectCall},
	{"memory access", engine.MemoryBounds},
	{"out of bounds", engine.MemoryBounds},
	{"unreachable", engine.Unreachable},
	{"divide by zero", engine.DivideByZero},
	{"remainder by zero", engine.DivideByZero},
	{"division by zero", engine.DivideByZero},
	{"divide result unrepresentable", engine.IntegerOverflow},
	{"integer overflow", engine.IntegerOverflow},
	{"float unrepresentable", engine.InvalidToInteger},
	{"invalid conversion to integer", engine.InvalidToInteger},
}
