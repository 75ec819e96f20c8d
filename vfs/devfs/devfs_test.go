package devfs_test

import (
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/devfs"
)

// ones reads as ones without end.
type ones struct{}

func (ones) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 1
	}
	return len(p), nil
}

func dev(t *testing.T) *devfs.FS {
	t.Helper()
	f, err := devfs.New(devfs.Config{Random: ones{}, Time: 9, Dev: 4})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// THREAT[FS-09]
func TestDevices(t *testing.T) {
	f := dev(t)
	for _, test := range []struct {
		name  string
		read  int // bytes of 4
		value byte
		rerr  error
		werr  error
	}{
		{"null", 0, 0, io.EOF, nil},
		{"zero", 4, 0, nil, nil},
		{"full", 4, 0, nil, vfs.ENOSPC},
		{"random", 4, 1, nil, nil},
		{"urandom", 4, 1, nil, nil},
		{"fd/1", 0, 0, vfs.EBADF, vfs.EBADF},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := f.Open(test.name, vfs.Read|vfs.Write|vfs.Create|vfs.Truncate, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			buf := []byte{7, 7, 7, 7}
			n, err := h.ReadAt(buf, 1<<40)
			if n != test.read || err != test.rerr || !bytes.Equal(buf[:n], bytes.Repeat([]byte{test.value}, n)) {
				t.Errorf("read %v, %v", buf[:n], err)
			}
			if n, err := h.Append(buf); err != test.werr || err == nil && n != 4 {
				t.Errorf("wrote %d, %v", n, err)
			}
			info, err := h.Stat()
			if named, nerr := f.Lstat(test.name); err != nil || nerr != nil || info != named || info.Mode != fs.ModeDevice|fs.ModeCharDevice|0o666 {
				t.Errorf("it is %+v, by name %+v; %v, %v", info, named, err, nerr)
			}
			h.Close()
			if _, err := h.ReadAt(buf, 0); err != vfs.EBADF {
				t.Errorf("read after Close: %v", err)
			}
		})
	}
}

func TestRightsOfHandles(t *testing.T) {
	f := dev(t)
	r, _ := f.Open("zero", vfs.Read, 0)
	if _, err := r.WriteAt([]byte("x"), 0); err != vfs.EBADF {
		t.Errorf("write to one that is read: %v", err)
	}
	w, _ := f.Open("zero", vfs.Write, 0)
	if _, err := w.ReadAt(make([]byte, 1), 0); err != vfs.EBADF {
		t.Errorf("read from one that is written: %v", err)
	}
}

// A huge read of random bytes ends early, so that it can be cancelled.
func TestRandomIsBounded(t *testing.T) {
	h, err := dev(t).Open("urandom", vfs.Read, 0)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := h.ReadAt(make([]byte, 8<<20), 0); err != nil || n > 1<<20 || n == 0 {
		t.Errorf("read %d, %v", n, err)
	}
}

func TestStdio(t *testing.T) {
	f := dev(t)
	for path, want := range map[string]int{
		"stdin": 0, "stdout": 1, "stderr": 2, "fd/0": 0, "fd/2": 2, "fd/3": 3, "fd/63": 63,
	} {
		h, err := vfs.Space{FS: f}.Open(".", path, vfs.Read, 0)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if s, ok := h.(devfs.Stdio); !ok || s.Stdio() != want {
			t.Errorf("%s opened %T", path, h)
		}
		if info, err := f.Lstat("fd/3"); err != nil || info.Ino == 0 {
			t.Errorf("fd/3 is %+v, %v", info, err)
		}
	}
}

func TestErrors(t *testing.T) {
	f := dev(t)
	open := func(name string, flag vfs.Flag) error {
		_, err := f.Open(name, flag, 0)
		return err
	}
	for _, test := range []struct {
		what string
		err  error
		want vfs.Errno
	}{
		{"no terminal", open("tty", vfs.Read|vfs.Write), vfs.ENXIO},
		{"not there", open("sda", vfs.Read), vfs.ENOENT},
		{"make one", open("sda", vfs.Write|vfs.Create), vfs.EROFS},
		{"exclusively", open("null", vfs.Write|vfs.Create|vfs.Exclusive), vfs.EEXIST},
		{"exclusively, by number", open("fd/9", vfs.Write|vfs.Create|vfs.Exclusive), vfs.EEXIST},
		{"as a directory", open("null", vfs.Read|vfs.Directory), vfs.ENOTDIR},
		{"by number, as a directory", open("fd/9", vfs.Read|vfs.Directory), vfs.ENOTDIR},
		{"a link as it stands", open("stdin", vfs.Read), vfs.ELOOP},
		{"a number with zeros", open("fd/01", vfs.Read), vfs.ENOENT},
		{"a negative number", open("fd/-1", vfs.Read), vfs.ENOENT},
		{"a huge number", open("fd/"+strings.Repeat("9", 30), vfs.Read), vfs.ENOENT},
		{"below a number", open("fd/1/x", vfs.Read), vfs.ENOTDIR},
		{"remove one", f.Unlink("null"), vfs.EROFS},
		{"move one", f.Rename("null", "x"), vfs.EROFS},
		{"chmod", f.Chmod("null", 0), vfs.EROFS},
	} {
		if got := vfs.ToErrno(test.err); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got.Name(), test.want.Name())
		}
	}
}

func TestListing(t *testing.T) {
	h, err := dev(t).Open(".", vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.ReadDir()
	var names []string
	for _, e := range list {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, " "); got != "fd full null random stderr stdin stdout tty urandom zero" || err != nil {
		t.Errorf("list = %s, %v", got, err)
	}
}
