package hosttest

import (
	"errors"
	"path/filepath"
	"testing"

	"agentsandbox/core"
	"agentsandbox/toolbox/tooltest"
)

func runtime(t *testing.T, engine string) *core.Runtime {
	t.Helper()
	cache, err := filepath.Abs("../../build/cache")
	if err != nil {
		t.Fatal(err)
	}
	rt, err := core.NewRuntime(t.Context(), core.RuntimeConfig{Engine: engine, CacheDir: cache})
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Warm(t.Context()); errors.Is(err, core.ErrNoToolbox) {
		t.Skip("no guest image: run make image first")
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	return rt
}

// TestNative runs every transcript in WebAssembly, as the command line does.
func TestNative(t *testing.T) {
	tooltest.Run(t, "../../toolbox/testdata/*.txtar", Open(Native{Runtime: runtime(t, "")}))
}

// TestInterpreter runs a few on wazero's interpreter: it is thirty times as
// slow, and runs the same instructions.
func TestInterpreter(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	tooltest.Run(t, "../../toolbox/testdata/m*_basic.txtar", Open(Native{Runtime: runtime(t, "interpreter")}))
}
