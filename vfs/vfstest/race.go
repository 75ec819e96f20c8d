package vfstest

import (
	"strings"
	"sync"
	"testing"

	"agentsandbox/vfs"
)

// rounds is how often the race changes a directory into a link, and back.
const rounds = 1000

// race swaps a directory for a link that leads out while others go through it.
//
// THREAT[FS-04]
func (s suite) race(t *testing.T) {
	s.need(t, Symlinks)
	f := s.mk(t)
	root := spaceKernel{vfs.Space{FS: f}, "."}
	for _, line := range []string{"secret = SECRET", "jail/real/secret = inside", "jail/link => ..", "jail/x/secret = inside"} {
		if err := layLine(root, line); err != nil {
			t.Fatal(err)
		}
	}
	stop := make(chan struct{})
	var users sync.WaitGroup
	for _, call := range []string{
		"read x/secret", "write x/secret w", "open w,creat x/new", "unlink x/new", "mkdir x/newdir", "rmdir x/newdir",
		"rename x/new x/new2", "rename real/secret x/new", "ls x", "ls x/.", "stat x/secret", "lstat x/", "chmod 600 x/secret",
	} {
		users.Go(func() { useUntil(t, f, call, stop) })
	}
	swapDir(t, f)
	close(stop)
	users.Wait()
	if got := contents(f, "secret"); got != "SECRET" {
		t.Errorf("the secret was changed to %q", got)
	}
	if list := readDir(t, f, "."); len(list) != 2 {
		t.Errorf("files were made outside: %v", list)
	}
}

// useUntil makes a call in the jail over and over.
func useUntil(t *testing.T, f vfs.FS, call string, stop chan struct{}) {
	jail := newPlayer(spaceKernel{vfs.Space{FS: f, Root: "jail"}, "jail"})
	for {
		select {
		case <-stop:
			return
		default:
		}
		if out := jail.play(call); strings.Contains(out, "SECRET") || strings.Contains(out, "jail") {
			t.Errorf("%s : %s", call, out)
			return
		}
	}
}

// swapDir makes jail/x the real directory and the link by turns.
func swapDir(t *testing.T, f vfs.FS) {
	for range rounds {
		for _, move := range [][2]string{
			{"jail/x", "jail/aside"}, {"jail/link", "jail/x"}, {"jail/x", "jail/link"}, {"jail/aside", "jail/x"},
		} {
			if err := f.Rename(move[0], move[1]); err != nil {
				t.Errorf("rename %s %s: %v", move[0], move[1], err)
				return
			}
		}
	}
}
