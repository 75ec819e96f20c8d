package wasi_test

import (
	"context"
	"encoding/binary"
	"testing"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
)

// flat is a guest's memory. One that copies has no View, as on js.
type flat struct {
	b      []byte
	copies bool
}

func (f flat) Size() uint64 { return uint64(len(f.b)) }

func (f flat) slice(off, n uint32) ([]byte, bool) {
	end := uint64(off) + uint64(n)
	if end > f.Size() {
		return nil, false
	}
	return f.b[off:end:end], true
}

func (f flat) View(off, n uint32) ([]byte, bool) {
	if f.copies {
		return nil, false
	}
	return f.slice(off, n)
}

func (f flat) Read(p []byte, off uint32) bool {
	b, ok := f.slice(off, uint32(len(p)))
	copy(p, b)
	return ok
}

func (f flat) Write(off uint32, p []byte) bool {
	b, ok := f.slice(off, uint32(len(p)))
	copy(b, p)
	return ok
}

// guest calls functions as a guest would, with memory to point to.
type guest struct {
	testing.TB
	ctx context.Context
	p   *wasi.Process
	mem flat
	fns map[string]wasi.Function
}

// Where the tests put things in a guest's memory.
const (
	result  = 0x100  // of a call
	vector  = 0x200  // iovecs, subscriptions
	text    = 0x1000 // paths
	text2   = 0x2800
	buffer  = 0x4000 // data
	memSize = 1 << 16
)

func functions() map[string]wasi.Function {
	fns := map[string]wasi.Function{}
	for _, f := range append(wasi.Functions(), wasi.Extensions()...) {
		fns[f.Name] = f
	}
	return fns
}

func newGuest(t testing.TB, config wasi.Config) *guest {
	g := &guest{
		TB: t, ctx: context.Background(), p: wasi.NewProcess(config),
		mem: flat{b: make([]byte, memSize)}, fns: functions(),
	}
	t.Cleanup(func() { g.p.Close() })
	return g
}

// call calls a function and returns its errno.
func (g *guest) call(name string, args ...uint64) vfs.Errno {
	g.Helper()
	f, ok := g.fns[name]
	if !ok || len(f.Params) != len(args) {
		g.Fatalf("call of %s with %d arguments", name, len(args))
	}
	stack := make([]uint64, max(1, len(args)))
	copy(stack, args)
	f.Call(g.ctx, g.p, g.mem, stack)
	return vfs.Errno(stack[0])
}

// must calls a function that has to succeed.
func (g *guest) must(name string, args ...uint64) {
	g.Helper()
	if errno := g.call(name, args...); errno != 0 {
		g.Fatalf("%s: %v", name, errno)
	}
}

// refuse calls a function that has to fail.
func (g *guest) refuse(want vfs.Errno, name string, args ...uint64) {
	g.Helper()
	if errno := g.call(name, args...); errno != want {
		g.Errorf("%s%x: %v (%d), want %v", name, args, errno, errno, want)
	}
}

func (g *guest) u32(off uint32) uint32 { return binary.LittleEndian.Uint32(g.mem.b[off:]) }
func (g *guest) u64(off uint32) uint64 { return binary.LittleEndian.Uint64(g.mem.b[off:]) }

func (g *guest) put(off int, s string) (ptr, n uint64) {
	return uint64(off), uint64(copy(g.mem.b[off:], s))
}

// iovecs puts iovecs at vector and returns the two arguments for them.
func (g *guest) iovecs(pairs ...uint32) (ptr, n uint64) {
	for i, v := range pairs {
		binary.LittleEndian.PutUint32(g.mem.b[vector+4*i:], v)
	}
	return vector, uint64(len(pairs) / 2)
}

// Flags of path_open and what the tests ask it for.
const (
	oCreate, oDirectory, oExclusive, oTruncate = 1, 2, 4, 8
	mayRead, mayWrite, mayAll                  = 1 << 1, 1 << 6, 1<<30 - 1
	noWrite                                    = mayAll &^ mayWrite
)

func (g *guest) tryOpen(dir uint64, path string, oflags, rights uint64, fdflags uint64) (uint64, vfs.Errno) {
	g.Helper()
	ptr, n := g.put(text, path)
	errno := g.call("path_open", dir, 1, ptr, n, oflags, rights, mayAll, fdflags, result)
	return uint64(g.u32(result)), errno
}

func (g *guest) open(path string, oflags, rights uint64) uint64 {
	g.Helper()
	fd, errno := g.tryOpen(3, path, oflags, rights, 0)
	if errno != 0 {
		g.Fatalf("open %s: %v", path, errno)
	}
	return fd
}

// create makes a file and closes it.
func (g *guest) create(path, data string) {
	g.Helper()
	fd := g.open(path, oCreate|oTruncate, mayAll)
	g.write(fd, data)
	g.must("fd_close", fd)
}

func (g *guest) tryWrite(fd uint64, data string) (uint32, vfs.Errno) {
	g.Helper()
	g.put(buffer, data)
	ptr, n := g.iovecs(buffer, uint32(len(data)))
	errno := g.call("fd_write", fd, ptr, n, result)
	return g.u32(result), errno
}

func (g *guest) write(fd uint64, data string) {
	g.Helper()
	if n, errno := g.tryWrite(fd, data); errno != 0 || int(n) != len(data) {
		g.Fatalf("write to %d: %d, %v", fd, n, errno)
	}
}

func (g *guest) tryRead(fd uint64, size uint32) (string, vfs.Errno) {
	g.Helper()
	ptr, n := g.iovecs(buffer, size)
	errno := g.call("fd_read", fd, ptr, n, result)
	if errno != 0 {
		return "", errno
	}
	return string(g.mem.b[buffer : buffer+g.u32(result)]), 0
}

func (g *guest) read(fd uint64, size uint32) string {
	g.Helper()
	s, errno := g.tryRead(fd, size)
	if errno != 0 {
		g.Fatalf("read from %d: %v", fd, errno)
	}
	return s
}

// path calls a function of a directory and a path, and nothing else.
func (g *guest) path(name, path string) vfs.Errno {
	g.Helper()
	ptr, n := g.put(text, path)
	return g.call(name, 3, ptr, n)
}
