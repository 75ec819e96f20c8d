package wazero

import (
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/engine/enginetest"
)

func open(t *testing.T, c Config) engine.Engine {
	t.Helper()
	e, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func TestCompiler(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	enginetest.Run(t, func(t *testing.T, hosts []engine.HostFunc) engine.Engine {
		return open(t, Config{Hosts: hosts})
	})
}

func TestInterpreter(t *testing.T) {
	enginetest.Run(t, func(t *testing.T, hosts []engine.HostFunc) engine.Engine {
		return open(t, Config{Hosts: hosts, Interpreter: true})
	})
}

// TestCached runs the suite on code that comes from the disk cache: each
// module is compiled by one engine and run by the next.
func TestCached(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	dir := t.TempDir()
	for range 2 {
		enginetest.Run(t, func(t *testing.T, hosts []engine.HostFunc) engine.Engine {
			return open(t, Config{Hosts: hosts, CacheDir: dir})
		})
	}
}
