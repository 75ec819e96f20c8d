package vfstest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"agentsandbox/vfs"
)

// random makes random calls to the file system and to the model, which must
// come out alike and leave the same files.
func (s suite) random(t *testing.T) {
	s.need(t, Orphans, MoveDirs, Symlinks)
	rapid.Check(t, func(rt *rapid.T) {
		f, m := s.mk(t), newModel()
		got := newPlayer(spaceKernel{vfs.Space{FS: f}, "."})
		want := newPlayer(spaceKernel{vfs.Space{FS: m}, "."})
		defer got.close()
		var calls []string
		for range rapid.IntRange(1, 80).Draw(rt, "calls") {
			call := drawCall(rt)
			if !s.mayCall(call) {
				continue
			}
			calls = append(calls, call)
			if g, w := got.play(call), want.play(call); g != w {
				rt.Fatalf("%s\ncame out as %s, want %s", strings.Join(calls, "\n"), g, w)
			}
		}
		if g, w := dump(t, f), dump(t, m); g != w {
			rt.Fatalf("%s\nleft\n%swant\n%s", strings.Join(calls, "\n"), g, w)
		}
	})
}

// Random makes random calls to a file system, and calls check after each with
// what was called and the files that are open then. It is for what else should
// hold at all times.
func Random(t *rapid.T, f vfs.FS, check func(call string, open []vfs.File)) {
	p := newPlayer(spaceKernel{vfs.Space{FS: f}, "."})
	defer p.close()
	for range rapid.IntRange(1, 100).Draw(t, "calls") {
		call := drawCall(t)
		p.play(call)
		check(call, slices.Collect(maps.Values(p.files)))
	}
}

func (s suite) mayCall(call string) bool {
	op, _, _ := strings.Cut(call, " ")
	switch op {
	case "link", "linkf":
		return s.has(HardLinks)
	case "nlink":
		return s.has(DirLinks)
	case "mode":
		return s.has(Modes)
	}
	return true
}

// randomCalls are what is drawn from. In capitals is what is drawn again. There
// are few names and handles, so that they meet.
var randomCalls = []string{
	"H = open FLAGS PATH", "H = open FLAGS PATH", "H = open FLAGS PATH", "read H", "write H WORD SIZE", "write H WORD SIZE",
	"append H WORD", "truncate H SIZE", "fstat H", "ls H", "close H",
	"mkdir PATH", "mkdir PATH", "unlink PATH", "rmdir PATH", "rename PATH PATH", "rename PATH PATH", "link PATH PATH",
	"linkf PATH PATH", "symlink PATH PATH", "readlink PATH", "stat PATH", "lstat PATH", "ls PATH", "read PATH",
	"write PATH WORD SIZE", "write PATH WORD SIZE", "truncate PATH SIZE", "nlink PATH", "chmod MODE PATH", "mode PATH",
}

var randomWords = map[string][]string{
	"H":     {"h1", "h2", "h3"},
	"FLAGS": {"r", "w", "r,w", "r,w,creat", "w,creat,excl", "r,w,creat,trunc", "w,trunc", "r,dir"},
	"WORD":  {"x", "hello", "{ab*700}", "{z*66000}"},
	"SIZE":  {"0", "1", "5", "100", "4096", "65535", "65536", "70000", "140000"},
	"MODE":  {"600", "755", "644"},
}

// drawCall draws a call in the language of the cases.
func drawCall(t *rapid.T) string {
	call := strings.Fields(rapid.SampledFrom(randomCalls).Draw(t, "call"))
	for i, word := range call {
		switch choice := randomWords[word]; {
		case word == "PATH":
			call[i] = drawPath(t)
		case choice != nil:
			call[i] = rapid.SampledFrom(choice).Draw(t, word)
		}
	}
	return strings.Join(call, " ")
}

func drawPath(t *rapid.T) string {
	depth := rapid.SampledFrom([]int{1, 1, 1, 2, 2, 3}).Draw(t, "depth")
	var out []string
	for range depth {
		out = append(out, rapid.SampledFrom([]string{"a", "b", "c", "a", "b", ".."}).Draw(t, "piece"))
	}
	return strings.Join(out, "/") + rapid.SampledFrom([]string{"", "", "", "", "/"}).Draw(t, "end")
}
