package wasi_test

import (
	"slices"
	"strings"
	"testing"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
)

func TestFunctions(t *testing.T) {
	if n := len(wasi.Functions()); n != 46 {
		t.Errorf("%d functions, want the 46 of preview 1", n)
	}
	for _, list := range [][]wasi.Function{wasi.Functions(), wasi.Extensions()} {
		byName := func(a, b wasi.Function) int { return strings.Compare(a.Name, b.Name) }
		if !slices.IsSortedFunc(list, byName) {
			t.Error("the functions are not sorted by name")
		}
		for _, f := range list {
			if f.Call == nil || strings.Trim(f.Params+f.Results, "iI") != "" || len(f.Results) > 1 {
				t.Errorf("%s(%s) %s", f.Name, f.Params, f.Results)
			}
			if f.Exits != (f.Name == "proc_exit") {
				t.Errorf("%s: exits %v", f.Name, f.Exits)
			}
		}
	}
}

func TestArgsAndEnviron(t *testing.T) {
	list := []string{"one", "", "three three"}
	for _, family := range []string{"args", "environ"} {
		for _, copies := range []bool{false, true} {
			g := newGuest(t, wasi.Config{Args: list, Env: list})
			g.mem.copies = copies
			g.must(family+"_sizes_get", result, result+4)
			if count, size := g.u32(result), g.u32(result+4); count != 3 || size != 17 {
				t.Errorf("%s: %d strings, %d bytes", family, count, size)
			}
			g.must(family+"_get", vector, buffer)
			for i, want := range list {
				ptr := g.u32(vector + uint32(4*i))
				if got := string(g.mem.b[ptr : int(ptr)+len(want)+1]); got != want+"\x00" {
					t.Errorf("%s: %q, want %q", family, got, want)
				}
			}
		}
	}
}

// THREAT[EN-10] an exit code is told as it is, whatever the engine makes of some.
func TestExit(t *testing.T) {
	for _, code := range []uint32{0, 1, 255, 256, 0xefffffff, 0xffffffff} {
		g := newGuest(t, wasi.Config{})
		if _, exited := g.p.Exited(); exited {
			t.Fatal("exited before it ran")
		}
		g.call("proc_exit", uint64(code))
		if got, exited := g.p.Exited(); !exited || got != code {
			t.Errorf("exit code %d (%v), want %d", got, exited, code)
		}
	}
}

func TestNoRandom(t *testing.T) {
	newGuest(t, wasi.Config{}).refuse(vfs.ENOSYS, "random_get", buffer, 8)
}

func TestRandom(t *testing.T) {
	g := newGuest(t, wasi.Config{Rand: strings.NewReader(strings.Repeat("x", memSize))})
	g.must("random_get", buffer, 3*memSize/4)
	if got := string(g.mem.b[buffer:]); strings.Trim(got, "x") != "" {
		t.Error("not all was filled")
	}
	g.refuse(vfs.EIO, "random_get", buffer, memSize/2) // the source ends: no part is passed off as random
}

func TestUsage(t *testing.T) {
	g := newGuest(t, wasi.Config{Stdin: strings.NewReader("12345")})
	g.read(0, 3)
	g.read(0, 10)
	g.write(1, "1234567")
	if got, want := g.p.Usage(), (wasi.Usage{Read: 5, Written: 7}); got != want {
		t.Errorf("usage %+v, want %+v", got, want)
	}
}
