package wazero

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
)

// answer is a module whose function "f" returns 42: (module (func (export "f")
// (result i32) i32.const 42)).
var answer = []byte("\x00asm\x01\x00\x00\x00\x01\x05\x01\x60\x00\x01\x7f\x03\x02\x01\x00\x07\x05\x01\x01f\x00\x00\x0a\x06\x01\x04\x00\x41\x2a\x0b")

// runAnswer compiles and runs it in a new engine on a cache, and reports
// whether it had to be compiled.
func runAnswer(t *testing.T, dir string) (compiled bool) {
	t.Helper()
	e := open(t, Config{CacheDir: dir, OnCompile: func() { compiled = true }})
	m, err := e.Compile(t.Context(), prepared(t))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	in, err := m.Instantiate(t.Context(), nil, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if out, err := in.Invoke(t.Context(), nil, "f"); err != nil || out[0] != 42 {
		t.Errorf("f = %v, %v", out, err)
	}
	return compiled
}

func prepared(t *testing.T) *image.Prepared {
	t.Helper()
	m, err := image.Parse(answer, image.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func entry(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "wazero-*", "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("entries %v, %v", found, err)
	}
	return found[0]
}

// THREAT[EN-12] [RL-13]: an entry that is broken is made again, and never run.
func TestCacheDamaged(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	for name, damage := range map[string]func(t *testing.T, dir string){
		"none":       func(*testing.T, string) {},
		"entry gone": func(t *testing.T, dir string) { remove(t, entry(t, dir)) },
		"empty":      func(t *testing.T, dir string) { write(t, entry(t, dir), nil) },
		"cut": func(t *testing.T, dir string) {
			change(t, entry(t, dir), func(b []byte) []byte { return b[:len(b)/2] })
		},
		"flipped code": func(t *testing.T, dir string) { change(t, entry(t, dir), flip(-20)) },
		"no magic":     func(t *testing.T, dir string) { change(t, entry(t, dir), flip(0)) },
		"other version": func(t *testing.T, dir string) {
			change(t, entry(t, dir), func(b []byte) []byte { b[8]++; return b })
		},
		"a link": func(t *testing.T, dir string) {
			e := entry(t, dir)
			moved := filepath.Join(t.TempDir(), "entry")
			if err := os.Rename(e, moved); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(moved, e); err != nil {
				t.Fatal(err)
			}
		},
		"the stub's code": func(t *testing.T, dir string) {
			// What wazero itself puts there when it finds nothing.
			p := prepared(t)
			e := entry(t, dir)
			made, err := compileInto(t.Context(), filepath.Join(t.TempDir(), "stub"), p.Stub)
			if err != nil {
				t.Fatal(err)
			}
			change(t, e, func([]byte) []byte {
				b, err := os.ReadFile(made)
				if err != nil {
					t.Fatal(err)
				}
				return b
			})
		},
		"index gone": func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "index")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cache")
			if !runAnswer(t, dir) {
				t.Error("an empty cache had the code")
			}
			damage(t, dir)
			if compiled := runAnswer(t, dir); compiled != (name != "none") {
				t.Errorf("compiled again: %v", compiled)
			}
			if runAnswer(t, dir) {
				t.Error("the repaired cache does not have the code")
			}
		})
	}
}

func flip(at int) func([]byte) []byte {
	return func(b []byte) []byte {
		if at < 0 {
			at += len(b)
		}
		b[at] ^= 0xff
		return b
	}
}

func change(t *testing.T, name string, edit func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, edit(data))
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
}

// THREAT[EN-12]: a cache that others may write is refused.
func TestCacheNotPrivate(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if e, err := New(t.Context(), Config{CacheDir: dir}); err == nil {
		e.Close()
		t.Error("a world-writable cache was taken")
	}
}

// First uses at once compile once.
func TestCacheConcurrent(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	dir := filepath.Join(t.TempDir(), "cache")
	var compiled atomic.Int32
	engines := make([]engine.Engine, 4)
	for i := range engines {
		engines[i] = open(t, Config{CacheDir: dir, OnCompile: func() { compiled.Add(1) }})
	}
	var wg sync.WaitGroup
	for _, e := range engines {
		for range 2 {
			wg.Go(func() {
				m, err := e.Compile(t.Context(), prepared(t))
				if err != nil {
					t.Error(err)
					return
				}
				m.Close()
			})
		}
	}
	wg.Wait()
	if n := compiled.Load(); n != 1 {
		t.Errorf("compiled %d times", n)
	}
}

func TestWazeroVersion(t *testing.T) {
	mod, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/tetratelabs/wazero "+wazeroVersion+"\n") {
		t.Errorf("wazeroVersion is %s, go.mod has another", wazeroVersion)
	}
}
