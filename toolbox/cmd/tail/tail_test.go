package tail

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs/memfs"
)

// follower runs tail with a clock that does the next step of a story each time
// it looks, and ends the run behind the last.
type follower struct {
	t     *testing.T
	x     *tool.Exec
	steps []func()
	out   bytes.Buffer
	diag  bytes.Buffer
}

var errEnded = errors.New("ended")

func newFollower(t *testing.T, args ...string) *follower {
	f := &follower{t: t}
	f.x = &tool.Exec{Name: "tail", Args: args, Dir: "/", FS: tool.SpaceFS(memfs.New(memfs.Config{})), Stdin: strings.NewReader(""), Stdout: &f.out, Stderr: &f.diag}
	f.x.Sleep = func(context.Context, time.Duration) error {
		if len(f.steps) == 0 {
			return errEnded
		}
		f.steps[0]()
		f.steps = f.steps[1:]
		return nil
	}
	return f
}

func (f *follower) write(name, data string, appends bool) {
	open := f.x.Create
	if appends {
		open = f.x.OpenAppend
	}
	file, err := open(name)
	if err != nil {
		f.t.Fatal(err)
	}
	file.Write([]byte(data))
	file.Close()
}

func (f *follower) check(wantErr error, out, diag string) {
	f.t.Helper()
	if err := Run(context.Background(), f.x); !errors.Is(err, wantErr) {
		f.t.Errorf("the run ends with %v, want %v", err, wantErr)
	}
	if f.out.String() != out || f.diag.String() != diag {
		f.t.Errorf("got %q and %q, want %q and %q", f.out.String(), f.diag.String(), out, diag)
	}
}

func TestFollow(t *testing.T) {
	f := newFollower(t, "-n1", "-f", "log")
	f.write("log", "a\nb\n", false)
	f.steps = []func(){
		func() { f.write("log", "c\n", true) },
		func() {},
		func() { f.write("log", "d", true) },
		func() { f.write("log", "x\n", false) },
	}
	f.check(errEnded, "b\nc\ndx\n", "tail: log: file truncated\n")
}

func TestFollowSeveral(t *testing.T) {
	f := newFollower(t, "-f", "a", "b")
	f.write("a", "1\n", false)
	f.write("b", "2\n", false)
	f.steps = []func(){
		func() { f.write("b", "3\n", true) },
		func() { f.write("a", "4\n", true) },
	}
	f.check(errEnded, "==> a <==\n1\n\n==> b <==\n2\n3\n\n==> a <==\n4\n", "")
}

func TestFollowName(t *testing.T) {
	f := newFollower(t, "-F", "log")
	f.steps = []func(){
		func() { f.write("log", "a\n", false) },
		func() { f.x.FS.Unlink("/log") },
		func() { f.write("log", "b\n", false) },
		func() { f.write("new", "c\n", false); f.x.FS.Rename("/new", "/log") },
	}
	f.check(errEnded, "a\nb\nc\n", `tail: cannot open 'log' for reading: No such file or directory
tail: 'log' has appeared;  following new file
tail: 'log' has become inaccessible: No such file or directory
tail: 'log' has appeared;  following new file
tail: 'log' has been replaced;  following new file
`)
}

func TestFollowNothing(t *testing.T) {
	f := newFollower(t, "-f", "none")
	f.check(tool.Exit(1), "", "tail: cannot open 'none' for reading: No such file or directory\ntail: no files remaining\n")
	newFollower(t, "-f").check(nil, "", "")
}
