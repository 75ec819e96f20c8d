package wasi_test

import (
	"testing"

	"github.com/tetratelabs/wazero"

	"agentsandbox/core/wasi/conformance"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/rootfs"
)

// THREAT[AB-06] the suite has the cases of the descriptor table, and more.
func TestConformance(t *testing.T) {
	cache := wazero.NewCompilationCache()
	defer cache.Close(t.Context())
	compiler := wazero.NewRuntimeConfigCompiler().WithCompilationCache(cache)
	runs := []struct {
		name   string
		config wazero.RuntimeConfig
		copies bool
		fresh  conformance.Fresh
	}{
		{"wazero-compiler", compiler, false, newMemFS},
		{"wazero-interpreter", wazero.NewRuntimeConfigInterpreter(), false, newMemFS},
		{"wazero-compiler, without views of memory", compiler, true, newMemFS},
		{"wazero-compiler, on rootfs", compiler, false, newRootFS},
	}
	for _, run := range runs {
		t.Run(run.name, func(t *testing.T) {
			r, err := newRunner(t.Context(), run.config, run.copies)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close(t.Context())
			conformance.Suite(t, run.name, run.fresh, r.run)
		})
	}
}

func newMemFS(testing.TB) vfs.FS { return memfs.New(memfs.Config{}) }

func newRootFS(t testing.TB) vfs.FS {
	f, err := rootfs.New(t.TempDir(), rootfs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
