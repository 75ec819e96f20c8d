package wasi_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"testing"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// abiGuest is a guest with something to attack: a directory, a file, a link,
// and an open file as descriptor 4.
func abiGuest(t testing.TB, copies bool) *guest {
	files := memfs.New(memfs.Config{})
	g := newGuest(t, wasi.Config{
		Args: []string{"a", "bc"}, Env: []string{"K=V"}, FS: files, MaxFiles: 16,
		Stdin: strings.NewReader("input"), Rand: endless{},
	})
	g.mem.copies = copies
	g.create("file", "content")
	if err := files.Mkdir("dir", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := files.Symlink("file", "link"); err != nil {
		t.Fatal(err)
	}
	g.open("file", 0, mayAll)
	return g
}

// endless is a source of randomness that is none.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// sane holds, for each function, arguments that it accepts: 'p' is a path that
// exists, 'n' a new one, 'v' iovecs, 'b' a buffer, each followed by its length
// or count; 'r' is where a result goes; the rest are numbers as they stand.
var sane = map[string]string{
	"args_get": "r b0", "args_sizes_get": "r r",
	"clock_res_get": "0 r", "clock_time_get": "0 0 r",
	"environ_get": "r b0", "environ_sizes_get": "r r",
	"fd_advise": "4 0 0 0", "fd_allocate": "4 0 1", "fd_close": "4", "fd_datasync": "4",
	"fd_fdstat_get": "4 r", "fd_fdstat_set_flags": "4 0", "fd_fdstat_set_rights": "4 0 0",
	"fd_filestat_get": "4 r", "fd_filestat_set_size": "4 3", "fd_filestat_set_times": "4 1 2 5",
	"fd_pread": "4 v 0 r", "fd_prestat_dir_name": "3 b", "fd_prestat_get": "3 r",
	"fd_pwrite": "4 v 0 r", "fd_read": "4 v r", "fd_readdir": "3 b 0 r", "fd_renumber": "4 0",
	"fd_seek": "4 0 2 r", "fd_sync": "4", "fd_tell": "4 r", "fd_write": "4 v r",
	"path_create_directory": "3 n", "path_filestat_get": "3 1 p r",
	"path_filestat_set_times": "3 1 p 1 2 5", "path_link": "3 0 p 3 n",
	"path_open": "3 1 p 0 66 0 0 r", "path_readlink": "3 l b r", "path_remove_directory": "3 d",
	"path_rename": "3 p 3 n", "path_symlink": "p 3 n", "path_unlink_file": "3 p",
	"poll_oneoff": "s b0 1 r", "proc_exit": "0", "proc_raise": "1", "random_get": "b",
	"sched_yield": "", "sock_accept": "4 0 r", "sock_recv": "4 v 0 r r", "sock_send": "4 v 0 r", "sock_shutdown": "4 0",
	"__sandbox_isatty": "1", "__sandbox_path_chmod": "3 1 p 420", "__sandbox_umode": "420",
}

// arguments makes the arguments of sane, and what they point to.
func (g *guest) arguments(name string) []uint64 {
	var args []uint64
	for _, word := range strings.Fields(sane[name]) {
		switch word {
		case "r":
			args = append(args, result)
		case "b0":
			args = append(args, buffer)
		case "b":
			args = append(args, buffer, 300)
		case "v":
			ptr, n := g.iovecs(buffer, 10, buffer+100, 10)
			args = append(args, ptr, n)
		case "s":
			args = append(args, vector)
		case "p", "l", "d", "n":
			path := map[string]string{"p": "file", "l": "link", "d": "dir", "n": "new"}[word]
			off := text
			if word == "n" {
				off = text2
			}
			ptr, n := g.put(off, path)
			args = append(args, ptr, n)
		default:
			n := uint64(0)
			for _, c := range word {
				n = n*10 + uint64(c-'0')
			}
			args = append(args, n)
		}
	}
	if name == "poll_oneoff" {
		clear(g.mem.b[vector : vector+48]) // a clock that has come
	}
	return args
}

// TestSane shows that the arguments that the tests below spoil are good ones.
func TestSane(t *testing.T) {
	for name := range functions() {
		g := abiGuest(t, false)
		args := g.arguments(name)
		errno := g.call(name, args...)
		fails := strings.HasPrefix(name, "sock_") || name == "proc_raise" || name == "__sandbox_umode"
		if errno != 0 && !fails {
			t.Errorf("%s: %v", name, errno)
		}
	}
}

// TestHostileArguments puts what a hostile guest would in the place of every
// argument of every function.
//
// THREAT[AB-01] out of range, wrapping, huge and negative pointers and lengths:
// an errno, and nothing of the guest's is touched when it is EFAULT.
func TestHostileArguments(t *testing.T) {
	hostile := []uint64{
		0, 1, memSize - 1, memSize, memSize + 1, memSize - 8, 1<<31 - 1, 1 << 31, 1<<32 - 8, 1<<32 - 1,
		1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1,
	}
	for name, f := range functions() {
		for _, copies := range []bool{false, true} {
			for i, kind := range f.Params {
				for _, value := range hostile {
					if kind == 'i' && value > 1<<32-1 {
						continue
					}
					spoil(t, name, copies, map[int]uint64{i: value})
				}
			}
			for i := 1; i < len(f.Params); i++ { // a pointer and its length
				spoil(t, name, copies, map[int]uint64{i - 1: 1<<32 - 1, i: 1})
				spoil(t, name, copies, map[int]uint64{i - 1: 1, i: 1<<32 - 1})
				spoil(t, name, copies, map[int]uint64{i - 1: memSize, i: 0})
				spoil(t, name, copies, map[int]uint64{i - 1: memSize, i: 1})
			}
		}
	}
}

// spoil calls a function with some of its arguments replaced.
func spoil(t *testing.T, name string, copies bool, args map[int]uint64) {
	t.Helper()
	g := abiGuest(t, copies)
	good := g.arguments(name)
	for i, v := range args {
		good[i] = v
	}
	before := bytes.Clone(g.mem.b)
	errno := g.call(name, good...)
	if errno == vfs.EFAULT && !bytes.Equal(before, g.mem.b) {
		t.Errorf("%s%x: the guest's memory was changed for all that it was EFAULT", name, good)
	}
	if f := g.fns[name]; f.Results == "i" && uint64(errno) > 76 {
		t.Errorf("%s%x: errno %d", name, good, errno)
	}
	if err := g.p.Close(); err != nil {
		t.Errorf("%s%x: close: %v", name, good, err)
	}
}

// THREAT[AB-02] iovecs: their number, their sum, overlaps with each other, with
// themselves and with the result.
func TestIovecs(t *testing.T) {
	cases := []struct {
		name   string
		iovecs []uint32
		count  uint64
		want   vfs.Errno
	}{
		{"none", nil, 0, 0},
		{"1024", make([]uint32, 2048), 1024, 0},
		{"too many", nil, 1025, vfs.EINVAL},
		{"2^31", nil, 1 << 31, vfs.EINVAL},
		{"2^32-1", nil, 1<<32 - 1, vfs.EINVAL},
		{"beyond the end", []uint32{memSize - 1, 2}, 1, vfs.EFAULT},
		{"wrapping", []uint32{1<<32 - 1, 2}, 1, vfs.EFAULT},
		{"the second beyond the end", []uint32{buffer, 1, memSize, 1}, 2, vfs.EFAULT},
		{"empty at the end", []uint32{memSize, 0}, 1, 0},
		{"over the iovecs", []uint32{vector, 64, vector, 64}, 2, 0},
		{"over the result", []uint32{result, 4}, 1, 0},
	}
	for _, name := range []string{"fd_read", "fd_write"} {
		for _, c := range cases {
			for _, copies := range []bool{false, true} {
				g := abiGuest(t, copies)
				g.iovecs(c.iovecs...)
				if got := g.call(name, 4, vector, c.count, result); got != c.want {
					t.Errorf("%s, %s: %v, want %v", name, c.name, got, c.want)
				}
			}
		}
	}
}

// THREAT[AB-02] more than there can be: all of memory, over and over.
func TestIovecsTotal(t *testing.T) {
	g := abiGuest(t, false)
	g.mem.b = make([]byte, 4<<20)
	for i := range 1024 {
		binary.LittleEndian.PutUint32(g.mem.b[vector+8*i+4:], uint32(len(g.mem.b)))
	}
	g.refuse(vfs.EINVAL, "fd_write", 4, vector, 1024, result)
	g.refuse(vfs.EINVAL, "fd_read", 4, vector, 1024, result)
}

// THREAT[AB-03] iovecs are copied: what is read over them changes nothing.
func TestIovecsAreCopied(t *testing.T) {
	for _, copies := range []bool{false, true} {
		g := abiGuest(t, copies)
		forged := binary.LittleEndian.AppendUint32(nil, text)
		forged = binary.LittleEndian.AppendUint32(forged, 3)
		g.create("forged", string(forged)+"abc")
		fd := g.open("forged", 0, mayAll)
		clear(g.mem.b[buffer : buffer+3])
		ptr, n := g.iovecs(vector+8, 8, buffer, 3)
		g.must("fd_read", fd, ptr, n, result)
		if !bytes.Equal(g.mem.b[vector+8:vector+16], forged) {
			t.Fatal("the second iovec was not read over")
		}
		if got := string(g.mem.b[buffer : buffer+3]); got != "abc" {
			t.Errorf("memory %q where the second iovec pointed to", got)
		}
	}
}

func TestIovecsInOrder(t *testing.T) {
	for _, copies := range []bool{false, true} {
		g := abiGuest(t, copies)
		ptr, n := g.iovecs(buffer, 3, buffer+1, 3) // overlapping: the second wins
		g.must("fd_read", 4, ptr, n, buffer-2)     // and the result is over both
		if got := g.u32(buffer - 2); got != 6 {
			t.Errorf("read %d", got)
		}
		if got := string(g.mem.b[buffer+2 : buffer+4]); got != "en" {
			t.Errorf("memory %q", got)
		}
		g.must("fd_seek", 4, 0, 0, result)
		g.put(buffer, "ABCDEF")
		ptr, n = g.iovecs(buffer+3, 3, buffer, 3, buffer+2, 0, buffer+5, 1)
		g.must("fd_write", 4, ptr, n, result)
		g.must("fd_seek", 4, 0, 0, result)
		if got := g.read(4, 20); got != "DEFABCF" {
			t.Errorf("file %q", got)
		}
	}
}

// THREAT[AB-07] any calls with any arguments, on a live process.
func FuzzABI(f *testing.F) {
	list := append(wasi.Functions(), wasi.Extensions()...)
	for i, fn := range list {
		seed := []byte{byte(i)}
		for range fn.Params {
			seed = append(seed, 3, 0, 0, 0)
		}
		f.Add(seed, false)
		f.Add(append(seed, seed...), true)
	}
	f.Add([]byte("\x1f\x03\x01\x10\x04\x01\x42\x00\x00\x01\x0e\x03\x40\x20\x00\x01"), false)
	f.Fuzz(func(t *testing.T, program []byte, copies bool) {
		const canary = 64
		g := abiGuest(t, copies)
		ctx, cancel := context.WithCancel(g.ctx)
		defer cancel()
		g.ctx = ctx
		whole := bytes.Repeat([]byte{0xa5}, memSize+canary)
		copy(whole, g.mem.b)
		copy(whole[buffer:], program)
		g.mem.b = whole[:memSize]
		for range 32 {
			if len(program) == 0 {
				break
			}
			fn := list[int(program[0])%len(list)]
			program = program[1:]
			stack := make([]uint64, max(1, len(fn.Params)))
			for i, kind := range fn.Params {
				stack[i], program = argument(program, kind)
			}
			fn.Call(g.ctx, g.p, g.mem, stack)
		}
		if bytes.Trim(whole[memSize:], "\xa5") != nil {
			t.Error("something was written beyond the guest's memory")
		}
		g.p.Close()
	})
}

// argument takes an argument from a program: two bytes say one that is likely
// to mean something, or 0xff and eight bytes any at all.
func argument(program []byte, kind rune) (v uint64, rest []byte) {
	var b [10]byte
	n := 2
	if len(program) > 0 && program[0] == 0xff {
		n = 9
	}
	n = copy(b[:n], program)
	if b[0] == 0xff {
		v = binary.LittleEndian.Uint64(b[1:])
	} else {
		v = uint64(b[0]) | uint64(b[1])<<8
	}
	if kind == 'i' {
		v &= 1<<32 - 1
	}
	return v, program[n:]
}
