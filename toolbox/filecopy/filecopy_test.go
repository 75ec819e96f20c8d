package filecopy_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"agentsandbox/toolbox/cmd/cp"
	"agentsandbox/toolbox/cmd/mv"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
	"agentsandbox/vfs/faultfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/mountfs"
)

// twoDisks is a run with a second file system at /mnt.
func twoDisks(t *testing.T, name string, files ...string) *tooltest.Exec {
	t.Helper()
	root, other := memfs.New(memfs.Config{Dev: 1}), memfs.New(memfs.Config{Dev: 2})
	for _, dir := range []string{"mnt", "src"} {
		if err := root.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	tree := mountfs.New(root)
	if err := tree.Mount("mnt", other); err != nil {
		t.Fatal(err)
	}
	e := tooltest.NewExecOn(tree, name)
	for _, f := range files {
		path, data, _ := strings.Cut(f, "=")
		write(t, e, path, data)
	}
	return e
}

func write(t *testing.T, e *tooltest.Exec, name, data string) {
	t.Helper()
	f, err := e.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write([]byte(data)); err != nil {
		t.Fatal(err)
	}
}

func read(e *tooltest.Exec, name string) string {
	data, err := e.ReadFile(name, 1<<20)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func missing(e *tooltest.Exec, name string) bool {
	_, err := e.Lstat(name)
	return vfs.ToErrno(err) == vfs.ENOENT
}

func TestMoveFileAcross(t *testing.T) {
	e := twoDisks(t, "mv", "src/f=data", "mnt/old=before")
	if err := e.FS.Chmod("/src/f", 0o640); err != nil {
		t.Fatal(err)
	}
	if err := e.FS.Chtimes("/src/f", true, 5e9, 7e9); err != nil {
		t.Fatal(err)
	}
	if status := e.Run(mv.Run, "-v", "src/f", "mnt/old"); status != 0 {
		t.Fatalf("status %d: %s", status, &e.Err)
	}
	if got, want := e.Out.String(), "copied 'src/f' -> 'mnt/old'\nremoved 'src/f'\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	info, err := e.Stat("mnt/old")
	if err != nil || info.Mode != 0o640 || info.Mtime != 7e9 || read(e, "mnt/old") != "data" || !missing(e, "src/f") {
		t.Errorf("%+v, %v, %q", info, err, read(e, "mnt/old"))
	}
}

func TestMoveTreeAcross(t *testing.T) {
	e := twoDisks(t, "mv")
	for _, dir := range []string{"/src/d", "/src/d/sub"} {
		if err := e.FS.Mkdir(dir, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	write(t, e, "src/d/sub/f", "data")
	if err := e.FS.Symlink("sub/f", "/src/d/l"); err != nil {
		t.Fatal(err)
	}
	if err := e.FS.Link("/src/d/sub/f", "/src/d/hard", false); err != nil {
		t.Fatal(err)
	}
	if status := e.Run(mv.Run, "src/d", "mnt"); status != 0 {
		t.Fatalf("status %d: %s", status, &e.Err)
	}
	target, err := e.FS.Readlink("/mnt/d/l")
	if err != nil || target != "sub/f" || read(e, "mnt/d/hard") != "data" || !missing(e, "src/d") {
		t.Errorf("link %q, %v; file %q", target, err, read(e, "mnt/d/hard"))
	}
	a, _ := e.Stat("mnt/d/hard")
	b, _ := e.Stat("mnt/d/sub/f")
	if a.Ino != b.Ino {
		t.Error("two names of one file became two files")
	}
	if info, _ := e.Stat("mnt/d"); info.Mode != fs.ModeDir|0o750 {
		t.Errorf("the directory has mode %v", info.Mode)
	}
}

// What could not be copied whole is not removed.
func TestMoveAcrossKeepsSource(t *testing.T) {
	root, full := memfs.New(memfs.Config{Dev: 1}), memfs.New(memfs.Config{Dev: 2})
	tree := mountfs.New(root)
	if err := root.Mkdir("mnt", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := tree.Mount("mnt", faultfs.New(full, faultfs.Fault{Op: "WriteAt", Err: vfs.ENOSPC})); err != nil {
		t.Fatal(err)
	}
	e := tooltest.NewExecOn(tree, "mv")
	write(t, e, "f", "data")
	if status := e.Run(mv.Run, "f", "mnt"); status != 1 {
		t.Errorf("status %d", status)
	}
	if got, want := e.Err.String(), "mv: error writing 'mnt/f': No space left on device\n"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if read(e, "f") != "data" {
		t.Error("the source is gone")
	}
}

func TestCopyFaults(t *testing.T) {
	for _, c := range []struct {
		fault faultfs.Fault
		want  string
	}{
		{faultfs.Fault{Op: "WriteAt", Err: vfs.ENOSPC}, "cp: error writing 'g': No space left on device\n"},
		{faultfs.Fault{Op: "ReadAt", Err: vfs.EIO}, "cp: error reading 'f': Input/output error\n"},
		{faultfs.Fault{Op: "Open", Call: 1, Err: vfs.EACCES}, "cp: cannot open 'f' for reading: Permission denied\n"},
		{faultfs.Fault{Op: "Open", Call: 2, Err: vfs.EROFS}, "cp: cannot create regular file 'g': Read-only file system\n"},
		{faultfs.Fault{Op: "Close", Call: 1, Err: vfs.EIO}, "cp: failed to close 'g': Input/output error\n"},
	} {
		inner := memfs.New(memfs.Config{})
		write(t, tooltest.NewExecOn(inner, "cp"), "f", "data")
		e := tooltest.NewExecOn(faultfs.New(inner, c.fault), "cp")
		if status := e.Run(cp.Run, "f", "g"); status != 1 || e.Err.String() != c.want {
			t.Errorf("%s fails: status %d, %q, want %q", c.fault.Op, status, e.Err.String(), c.want)
		}
	}
}

// A copy ends with its context, also within one big file.
func TestCopyCancelled(t *testing.T) {
	e := tooltest.NewExec(t, "cp", "f=data")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if status := e.RunContext(ctx, cp.Run, "f", "g"); status != 143 || e.Err.Len() > 0 {
		t.Errorf("status %d, %q", status, e.Err.String())
	}
}

// THREAT[SH-10]: GNU leaves what it has copied before it meets the copy; that
// it ends is what matters.
func TestCopyIntoItself(t *testing.T) {
	for _, args := range [][]string{{"-r", "d", "d"}, {"-r", "d", "d/sub"}, {"-rT", "d", "d/sub"}, {"-r", ".", "d"}, {"-rL", "d", "d/sub/new"}} {
		e := tooltest.NewExec(t, "cp", "d/sub/x=1", "d/f=2")
		status := e.Run(cp.Run, args...)
		if status != 1 || !strings.Contains(e.Err.String(), "cannot copy a directory, ") {
			t.Errorf("cp %v: status %d, %q", args, status, e.Err.String())
		}
	}
}

func TestCopyLinkLoop(t *testing.T) {
	e := tooltest.NewExec(t, "cp", "d/f=1", "d/up -> ..")
	if status := e.Run(cp.Run, "-rL", "d", "new"); status != 1 || !strings.Contains(e.Err.String(), "cannot copy cyclic symbolic link") {
		t.Errorf("status %d, %q", status, e.Err.String())
	}
}
