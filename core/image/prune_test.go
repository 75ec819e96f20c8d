package image

import (
	"testing"

	"github.com/tetratelabs/wazero"
)

// What is exported, called, in the table by a reference or named by a constant stays; what is not traps.
func TestPrune(t *testing.T) {
	const shift = 16
	m := newModule()
	leaf := m.add("", 0, 1, 0, opI32Const, 7)
	byConstant := m.add("byConstant", 0, 1, 0, opI32Const, 8)
	byReference := m.add("byReference", 0, 1, 0, opI32Const, 9)
	code := append([]byte{opCall, byte(leaf)}, append([]byte{opI64Const}, appendS64(nil, 1<<shift|3)...)...)
	m.add("kept", 0, 1, 0, append(code, opDrop)...)
	m.add("dead", 0, 1, 0, opI32Const, 10)
	m.withTable(3, leaf, byConstant, byReference)
	if dropped := m.Prune([]string{"kept"}, []uint32{2, 99}, shift); dropped == 0 {
		t.Error("nothing is dropped")
	}
	g := start(t, wazero.NewRuntimeConfigInterpreter(), m.Encode())
	for name, want := range map[string]uint64{"kept": 7, "byConstant": 8, "byReference": 9} {
		if out, err := g.call(name); err != nil || out[0] != want {
			t.Errorf("%s = %d, %v, want %d", name, out, err, want)
		}
	}
	if _, err := g.call("dead"); err == nil {
		t.Error("a function that nothing refers to runs")
	}
}
