package wasifs_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"testing"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/wasifs"
	"agentsandbox/vfs"
)

// These tests run as a guest, over an empty file system: see the test of
// core/wasi that builds and runs them.

var (
	_    tool.FS   = wasifs.FS{}
	_    io.Reader = wasifs.Stdin
	_    io.Writer = wasifs.Stdout
	root wasifs.FS
)

func create(t *testing.T, name, data string) vfs.File {
	t.Helper()
	f, err := root.Open(name, vfs.Read|vfs.Write|vfs.Create|vfs.Truncate, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := f.WriteAt([]byte(data), 0); n != len(data) || err != nil {
		t.Fatal(n, err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func contents(t *testing.T, f vfs.File) string {
	t.Helper()
	data, err := io.ReadAll(tool.NewFile(f, false))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReadWrite(t *testing.T) {
	f := create(t, "/file", "hello")
	if n, err := f.Append([]byte(", world")); n != 7 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := f.WriteAt([]byte("J"), 0); err != nil { // not at the end, for all that Append did
		t.Fatal(err)
	}
	if got := contents(t, f); got != "Jello, world" {
		t.Errorf("contents %q", got)
	}
	if err := f.Truncate(5); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 10)
	if n, err := f.ReadAt(p, 1); n != 4 || err != io.EOF {
		t.Errorf("short read: %d, %v", n, err)
	}
	if n, err := f.ReadAt(p, 100); n != 0 || err != io.EOF {
		t.Errorf("read beyond the end: %d, %v", n, err)
	}
	if err := f.Sync(); err != nil {
		t.Error(err)
	}
}

func TestLargeRead(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	f := create(t, "/large", string(data))
	got := make([]byte, len(data))
	if n, err := f.ReadAt(got, 0); n != len(data) || err != nil {
		t.Fatal(n, err)
	}
	if !bytes.Equal(got, data) {
		t.Error("data differs")
	}
}

func TestPermissions(t *testing.T) {
	cases := []struct {
		name string
		make func(name string, perm fs.FileMode) error
		perm fs.FileMode
	}{
		{"/p1", makeFile, 0o644},
		{"/p2", makeFile, 0o600},
		{"/p3", makeFile, 0},
		{"/p4", makeFile, 0o644}, // the mode before was used up
		{"/p5", root.Mkdir, 0o755},
		{"/p6", root.Mkdir, 0o700},
		{"/p7", makeFile, 0o777},
	}
	for _, c := range cases {
		if err := c.make(c.name, c.perm); err != nil {
			t.Fatal(c.name, err)
		}
		if got := perm(t, c.name); got != c.perm {
			t.Errorf("%s: permissions %o, want %o", c.name, got, c.perm)
		}
	}
	if err := root.Chmod("/p1", 0o123); err != nil {
		t.Fatal(err)
	}
	if got := perm(t, "/p1"); got != 0o123 {
		t.Errorf("permissions %o after chmod", got)
	}
}

func makeFile(name string, perm fs.FileMode) error {
	f, err := root.Open(name, vfs.Write|vfs.Create|vfs.Exclusive, perm)
	if err != nil {
		return err
	}
	return f.Close()
}

func perm(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := root.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode.Perm()
}

func TestStat(t *testing.T) {
	f := create(t, "/stat", "123")
	if err := root.Chtimes("/stat", true, -5, 1_700_000_000_123_456_789); err != nil {
		t.Fatal(err)
	}
	if err := f.Chtimes(vfs.Omit, 42); err != nil {
		t.Fatal(err)
	}
	byName, err := root.Stat("/stat")
	if err != nil {
		t.Fatal(err)
	}
	byFile, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if byName != byFile {
		t.Errorf("by name %+v, by file %+v", byName, byFile)
	}
	if byName.Size != 3 || byName.Atime != -5 || byName.Mtime != 42 || byName.Nlink != 1 || byName.Ino == 0 {
		t.Errorf("info %+v", byName)
	}
	if byName.Mode != 0o644 {
		t.Errorf("mode %v", byName.Mode)
	}
}

func TestLinks(t *testing.T) {
	create(t, "/target", "x")
	steps := []error{
		root.Symlink("/target", "/soft"),
		root.Link("/soft", "/followed", true),
		root.Link("/soft", "/itself", false),
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"/soft": fs.ModeSymlink, "/followed": 0, "/itself": fs.ModeSymlink} {
		info, err := root.Lstat(name)
		if err != nil || info.Mode.Type() != want {
			t.Errorf("%s: %v, %v", name, info.Mode, err)
		}
	}
	if text, err := root.Readlink("/soft"); text != "/target" || err != nil {
		t.Errorf("readlink: %q, %v", text, err)
	}
	if info, err := root.Stat("/soft"); err != nil || !info.Mode.IsRegular() {
		t.Errorf("stat through a link: %v, %v", info.Mode, err)
	}
}

func TestReadDir(t *testing.T) {
	if err := root.Mkdir("/dir", 0o755); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 3000 { // more than one block holds
		name := fmt.Sprintf("a-name-that-takes-some-room-%05d", i)
		if err := makeFile("/dir/"+name, 0o644); err != nil {
			t.Fatal(err)
		}
		want = append(want, name)
	}
	d, err := root.Open("/dir", vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	entries, err := d.ReadDir()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name)
		if e.Type != 0 || e.Ino == 0 {
			t.Fatalf("entry %+v", e)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d entries, want %d", len(got), len(want))
	}
}

func TestErrors(t *testing.T) {
	create(t, "/plain", "")
	open := func(name string, flag vfs.Flag) error {
		f, err := root.Open(name, flag, 0o644)
		if err == nil {
			f.Close()
		}
		return err
	}
	cases := []struct {
		name string
		err  error
		want vfs.Errno
	}{
		{"missing", open("/missing", vfs.Read), vfs.ENOENT},
		{"empty name", open("", vfs.Read), vfs.ENOENT},
		{"below a file", open("/plain/x", vfs.Read), vfs.ENOTDIR},
		{"exclusive", open("/plain", vfs.Write|vfs.Create|vfs.Exclusive), vfs.EEXIST},
		{"not a directory", open("/plain", vfs.Read|vfs.Directory), vfs.ENOTDIR},
		{"write to a directory", open("/", vfs.Write), vfs.EISDIR},
		{"rmdir of a file", root.Rmdir("/plain"), vfs.ENOTDIR},
		{"unlink of nothing", root.Unlink("/missing"), vfs.ENOENT},
		{"long name", root.Mkdir("/"+string(bytes.Repeat([]byte("x"), 300)), 0o755), vfs.ENAMETOOLONG},
		{"mkdir over", root.Mkdir("/plain", 0o755), vfs.EEXIST},
		{"rename of nothing", root.Rename("/missing", "/other"), vfs.ENOENT},
		{"root and above", open("/../..///", vfs.Read), 0},
	}
	for _, c := range cases {
		if got := vfs.ToErrno(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.err, c.want)
		}
	}
}

func TestProgram(t *testing.T) {
	if args := wasifs.Args(); len(args) < 2 || args[0] != "wasifs.test" {
		t.Errorf("args %q", args)
	}
	if env := wasifs.Environ(); !slices.Contains(env, "EMPTY=") || !slices.Contains(env, "TEXT=a b") {
		t.Errorf("environ %q", env)
	}
	if wasifs.Terminal(0) || !wasifs.Terminal(1) || wasifs.Terminal(3) {
		t.Errorf("terminals: %v %v %v", wasifs.Terminal(0), wasifs.Terminal(1), wasifs.Terminal(3))
	}
}

// TestStdin reads what the host writes when it is told that the reader waits,
// which it is told by another goroutine.
func TestStdin(t *testing.T) {
	read := make(chan string)
	go func() {
		data, err := io.ReadAll(wasifs.Stdin)
		read <- fmt.Sprint(string(data), err)
	}()
	go fmt.Fprintln(wasifs.Stdout, "the reader waits")
	if got := <-read; got != "from the host<nil>" {
		t.Errorf("stdin %q", got)
	}
	if n, err := wasifs.Stdin.Read(nil); n != 0 || err != nil {
		t.Error(n, err)
	}
}
