package wazero

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// files are the cache's entry and the carrier that names it.
func files(t *testing.T, dir string) (entry, carrier string) {
	t.Helper()
	return only(t, filepath.Join(dir, "*.code")), only(t, filepath.Join(dir, "wazero-*", "*"))
}

func only(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", pattern, found, err)
	}
	return found[0]
}

// damages are what may have happened to a cache, by what is to come of it.
var damages = []struct {
	name  string
	again bool // compiled again
	do    func(t *testing.T, entry, carrier string)
}{
	{"none", false, func(*testing.T, string, string) {}},
	{"entry gone", true, func(t *testing.T, entry, _ string) { remove(t, entry) }},
	{"entry empty", true, func(t *testing.T, entry, _ string) { write(t, entry, nil) }},
	{"entry cut", true, func(t *testing.T, entry, _ string) {
		change(t, entry, func(b []byte) []byte { return b[:len(b)/2] })
	}},
	{"entry with flipped code", true, func(t *testing.T, entry, _ string) { change(t, entry, flip(-20)) }},
	{"entry with a flipped offset", true, func(t *testing.T, entry, _ string) { change(t, entry, flip(entryHead)) }},
	{"entry without magic", true, func(t *testing.T, entry, _ string) { change(t, entry, flip(0)) }},
	{"entry touched", false, func(t *testing.T, entry, _ string) { change(t, entry, func(b []byte) []byte { return b }) }},
	{"entry unseen", false, func(t *testing.T, entry, _ string) { remove(t, strings.TrimSuffix(entry, "code")+"seen") }},
	{"entry a link", true, func(t *testing.T, entry, _ string) {
		moved := filepath.Join(t.TempDir(), "entry")
		if err := os.Rename(entry, moved); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(moved, entry); err != nil {
			t.Fatal(err)
		}
	}},
	{"entry a folder", true, func(t *testing.T, entry, _ string) {
		remove(t, entry)
		if err := os.Mkdir(entry, 0o700); err != nil {
			t.Fatal(err)
		}
	}},
	{"mark gone", true, func(t *testing.T, entry, _ string) {
		remove(t, only(t, filepath.Join(filepath.Dir(entry), "*.mark")))
	}},
	{"carrier gone", true, func(t *testing.T, _, carrier string) { remove(t, carrier) }},
	{"carrier empty", true, func(t *testing.T, _, carrier string) { write(t, carrier, nil) }},
	{"carrier cut", true, func(t *testing.T, _, carrier string) {
		change(t, carrier, func(b []byte) []byte { return b[:len(b)/2] })
	}},
	{"carrier of another entry", true, func(t *testing.T, _, carrier string) { change(t, carrier, flip(-20)) }},
	{"carrier of another version", true, func(t *testing.T, _, carrier string) {
		change(t, carrier, func(b []byte) []byte { b[8]++; return b })
	}},
	{"the stub's code in place of the carrier", true, func(t *testing.T, _, carrier string) {
		// What wazero itself puts there when it finds nothing.
		made, err := compileInto(t.Context(), filepath.Join(t.TempDir(), "stub"), prepared(t).Stub)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		write(t, carrier, b)
	}},
}

// THREAT[EN-12] [RL-13]: an entry that is broken is made again, and never run.
func TestCacheDamaged(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cache")
			if !runAnswer(t, dir) {
				t.Error("an empty cache had the code")
			}
			entry, carrier := files(t, dir)
			d.do(t, entry, carrier)
			if compiled := runAnswer(t, dir); compiled != d.again {
				t.Errorf("compiled again: %v", compiled)
			}
			if runAnswer(t, dir) {
				t.Error("the repaired cache does not have the code")
			}
		})
	}
}

// A module that an engine has already is not taken for one without code.
func TestCacheTwice(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	dir := filepath.Join(t.TempDir(), "cache")
	runAnswer(t, dir)
	e := open(t, Config{CacheDir: dir, OnCompile: func() { t.Error("compiled again") }})
	for range 3 {
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
	}
}

// The code that a cache holds is what the compiler made: wazero is as graft.go
// knows it.
func TestGraft(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	dir := filepath.Join(t.TempDir(), "cache")
	runAnswer(t, dir)
	e := open(t, Config{CacheDir: dir}).(*Engine)
	compiled, _ := e.cache.load(t.Context(), e.rt, prepared(t))
	if compiled == nil {
		t.Fatal("no code in the cache")
	}
	defer compiled.Close(t.Context())
	plain, err := e.rt.CompileModule(t.Context(), answer)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close(t.Context())
	got, err := innardsOf(compiled)
	if err != nil {
		t.Fatal(err)
	}
	want, err := innardsOf(plain)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(*got.code, *want.code) || !slices.Equal(*got.offsets, *want.offsets) || len(*got.code) == 0 {
		t.Errorf("code %x at %v, want %x at %v", *got.code, *got.offsets, *want.code, *want.offsets)
	}
	if n := got.sorted.Len(); n != 2 {
		t.Errorf("the engine knows %d modules with code", n)
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

// What was not used for longest makes room, and what a dead process left goes;
// the last entry used stays, and one that is open is still whole.
func TestCacheEvicts(t *testing.T) {
	dir := t.TempDir()
	old := time.Now().Add(-2 * abandoned)
	add := func(name string, size int64, age time.Duration) {
		write(t, filepath.Join(dir, name+".code"), make([]byte, size))
		write(t, filepath.Join(dir, name+".seen"), nil)
		mark := filepath.Join(dir, "of-"+name+".mark")
		write(t, mark, []byte(name))
		if err := os.Chtimes(mark, old.Add(-age), old.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	add("last", 100, 0)
	add("older", 50, time.Hour)
	add("oldest", 50, 2*time.Hour)
	write(t, filepath.Join(dir, "foreign.code"), make([]byte, 10))
	write(t, filepath.Join(dir, "of-none.mark"), nil) // as versions before wrote them
	for name, age := range map[string]time.Time{entryTemp + "dead": old, entryTemp + "alive": time.Now()} {
		write(t, filepath.Join(dir, name), nil)
		if err := os.Chtimes(filepath.Join(dir, name), age, age); err != nil {
			t.Fatal(err)
		}
	}
	open, err := os.Open(filepath.Join(dir, "oldest.code"))
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()

	holds := func(max int64, want ...string) {
		t.Helper()
		if err := evict(dir, max); err != nil {
			t.Fatal(err)
		}
		var got []string
		files, err := os.ReadDir(dir)
		for _, f := range files {
			got = append(got, f.Name())
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%d bytes: %q, %v, want %q", max, got, err, want)
		}
	}
	holds(160, entryTemp+"alive", "last.code", "last.seen", "of-last.mark", "of-older.mark", "older.code", "older.seen")
	holds(10, entryTemp+"alive", "last.code", "last.seen", "of-last.mark")
	if n, err := open.ReadAt(make([]byte, 50), 0); n != 50 {
		t.Errorf("the open entry: %d, %v", n, err)
	}
}

// An entry that is used is not the oldest any more.
func TestCacheUse(t *testing.T) {
	if !Supported() {
		t.Skip("wazero has no compiler for this machine")
	}
	dir := filepath.Join(t.TempDir(), "cache")
	runAnswer(t, dir)
	mark := only(t, filepath.Join(dir, "*.mark"))
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(mark, old, old); err != nil {
		t.Fatal(err)
	}
	if runAnswer(t, dir) {
		t.Error("compiled again")
	}
	if info, err := os.Stat(mark); err != nil || !info.ModTime().After(old.Add(time.Minute)) {
		t.Errorf("used at %v, %v", info.ModTime(), err)
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
