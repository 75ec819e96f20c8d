package vfstest

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"agentsandbox/vfs"
)

// TestModel compares the model, through a Space, with the real kernel.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var calls []string
		var diff string
		for range rapid.IntRange(1, 60).Draw(rt, "calls") {
			calls = append(calls, drawCall(rt))
		}
		got := newPlayer(spaceKernel{vfs.Space{FS: newModel()}, "."})
		inLinux(t, func(k kernel) {
			want := newPlayer(k)
			defer want.close()
			for i, call := range calls {
				if g, w := got.play(call), want.play(call); g != w {
					diff = fmt.Sprintf("%s\ncame out as %.100s, on Linux %.100s", strings.Join(calls[:i+1], "\n"), g, w)
					return
				}
			}
		})
		if diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestModelSuite(t *testing.T) {
	s := suite{func(*testing.T) vfs.FS { return newModel() }, []Feature{BigFiles, Times}}
	t.Run("open", s.open)
	t.Run("attacks", s.attacks)
	t.Run("traversal", s.traversal)
}
