package vfstest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"testing"

	"agentsandbox/vfs"
)

// handles is the contract of File that the recorded cases do not show.
func (s suite) handles(t *testing.T) {
	t.Run("read", s.readBounds)
	t.Run("closed", s.closed)
	t.Run("blocks", s.blocks)
	t.Run("limits", s.sizeLimits)
	t.Run("holes", s.holes)
}

// mustOpen opens a file that is closed with the test.
func mustOpen(t testing.TB, f vfs.FS, name string, flag vfs.Flag) vfs.File {
	t.Helper()
	h, err := f.Open(name, flag, 0o644)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func (s suite) readBounds(t *testing.T) {
	f := s.mk(t)
	Lay(t, f, "f = abc")
	h := mustOpen(t, f, "f", vfs.Read)
	for _, c := range []struct {
		size int
		off  int64
		want string
		err  error
	}{
		{3, 0, "abc", nil}, {2, 0, "ab", nil}, {2, 1, "bc", nil}, {4, 0, "abc", io.EOF}, {2, 2, "c", io.EOF},
		{1, 3, "", io.EOF}, {1, 100, "", io.EOF}, {1, math.MaxInt64, "", io.EOF}, {0, 0, "", nil},
	} {
		p := make([]byte, c.size)
		n, err := h.ReadAt(p, c.off)
		if string(p[:n]) != c.want || err != c.err && (n < c.size || err != nil && err != io.EOF) {
			t.Errorf("ReadAt(%d, %d) = %q, %v; want %q, %v", c.size, c.off, p[:n], err, c.want, c.err)
		}
	}
	if _, err := h.ReadAt(make([]byte, 1), -1); vfs.ToErrno(err) != vfs.EINVAL {
		t.Errorf("ReadAt before the start: %v", err)
	}
}

// THREAT[FS-16] a closed handle does nothing.
func (s suite) closed(t *testing.T) {
	f := s.mk(t)
	Lay(t, f, "f = abc", "d/")
	for _, name := range []string{"f", "d"} {
		flag := vfs.Read
		if name == "f" {
			flag |= vfs.Write
		}
		h, err := f.Open(name, flag, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		for call, err := range useAll(h) {
			if vfs.ToErrno(err) != vfs.EBADF {
				t.Errorf("%s of closed %s: %v", call, name, err)
			}
		}
	}
	if got := contents(f, "f"); got != "abc" {
		t.Errorf("a closed handle wrote: %q", got)
	}
}

func useAll(h vfs.File) map[string]error {
	out := map[string]error{}
	_, out["ReadAt"] = h.ReadAt(make([]byte, 1), 0)
	_, out["WriteAt"] = h.WriteAt([]byte("x"), 0)
	_, out["Append"] = h.Append([]byte("x"))
	out["Truncate"] = h.Truncate(0)
	_, out["Stat"] = h.Stat()
	out["Chtimes"] = h.Chtimes(0, 0)
	_, out["ReadDir"] = h.ReadDir()
	out["Sync"] = h.Sync()
	out["Close"] = h.Close()
	return out
}

// blocks writes at the places where a file system may cut its data.
func (s suite) blocks(t *testing.T) {
	f := s.mk(t)
	h := mustOpen(t, f, "f", vfs.Read|vfs.Write|vfs.Create)
	var want []byte
	for i, at := range []int{0, 4095, 4096, 65535, 65536, 65537, 131071, 200000, 1 << 20, 5, 70000} {
		for _, size := range []int{1, 2, 4096, 65536, 65537} {
			p := bytes.Repeat([]byte{byte(i*7 + size)}, size)
			if n, err := h.WriteAt(p, int64(at)); n != size || err != nil {
				t.Fatalf("WriteAt(%d, %d) = %d, %v", size, at, n, err)
			}
			if len(want) < at+size {
				want = append(want, make([]byte, at+size-len(want))...)
			}
			copy(want[at:], p)
		}
	}
	for _, size := range []int{1<<20 + 3, 131072, 131071, 65536, 65535, 200000, 1, 70000} {
		if err := h.Truncate(int64(size)); err != nil {
			t.Fatal(err)
		}
		want = append(want[:min(size, len(want))], make([]byte, max(0, size-len(want)))...)
		got := make([]byte, size+1)
		if n, err := h.ReadAt(got, 0); n != size || err != io.EOF || !bytes.Equal(got[:n], want) {
			t.Fatalf("after Truncate(%d): %d bytes, %v, differ", size, n, err)
		}
	}
}

// sizeLimits tries sizes that no file can have.
func (s suite) sizeLimits(t *testing.T) {
	f := s.mk(t)
	h := mustOpen(t, f, "f", vfs.Read|vfs.Write|vfs.Create)
	if _, err := h.WriteAt([]byte("xx"), math.MaxInt64-1); !oneOf(err, vfs.EFBIG, vfs.EINVAL, vfs.ENOSPC, vfs.EOVERFLOW) {
		t.Errorf("a write beyond the greatest size: %v", err)
	}
	if err := h.Truncate(-1); !oneOf(err, vfs.EINVAL) {
		t.Errorf("Truncate(-1): %v", err)
	}
	if _, err := h.WriteAt(nil, 100); err != nil {
		t.Errorf("an empty write: %v", err)
	}
	if i, err := h.Stat(); err != nil || i.Size != 0 {
		t.Errorf("the file has %d bytes, %v", i.Size, err)
	}
}

func oneOf(err error, want ...vfs.Errno) bool {
	for _, w := range want {
		if errors.Is(err, w) || vfs.ToErrno(err) == w {
			return true
		}
	}
	return false
}

// holes makes sparse files. THREAT[FS-12] they take no memory.
func (s suite) holes(t *testing.T) {
	s.need(t, BigFiles)
	f := s.mk(t)
	before := heap()
	for i := range 100 {
		h := mustOpen(t, f, fmt.Sprint("f", i), vfs.Read|vfs.Write|vfs.Create)
		if err := h.Truncate(1 << 40); err != nil {
			t.Fatal(err)
		}
		if _, err := h.WriteAt([]byte("x"), 1<<39); err != nil {
			t.Fatal(err)
		}
		p := []byte("pqr")
		if _, err := h.ReadAt(p, 1<<39-1); err != nil || string(p) != "\x00x\x00" {
			t.Fatalf("read %q, %v", p, err)
		}
	}
	if grown := int64(heap()) - int64(before); grown > 16<<20 {
		t.Errorf("100 holes take %d bytes", grown)
	}
	runtime.KeepAlive(f)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
