package shell

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// A table behaves as a map does, and a clone is its own.
func TestVarTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table varTable
		model := map[string]string{}
		name := rapid.StringMatching(`[ab]{1,3}[0-9]?`)
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			n := name.Draw(t, "name")
			switch rapid.IntRange(0, 3).Draw(t, "op") {
			case 0, 1:
				value := rapid.StringN(1, 3, 3).Draw(t, "value")
				table.put(&variable{name: n, str: value})
				model[n] = value
			case 2:
				table.drop(n)
				delete(model, n)
			case 3:
				v := table.get(n)
				if want, ok := model[n]; (v != nil) != ok || v != nil && v.str != want {
					t.Fatalf("%s is %v, want %q %v", n, v, want, ok)
				}
			}
		}
		copied := table.clone()
		for v := range table.all() {
			v.str = ""
		}
		got := map[string]string{}
		for v := range copied.all() {
			got[v.name] = v.str
		}
		if !maps.Equal(got, model) || copied.n != len(model) {
			t.Fatalf("got %v of %d, want %v", got, copied.n, model)
		}
	})
}
