package wasifs

import (
	"encoding/binary"
	"io"
	"os"
	"runtime"
	"unsafe"

	"agentsandbox/vfs"
)

// Stream is an open descriptor as a reader and a writer.
type Stream uint32

// The standard streams.
const (
	Stdin  Stream = 0
	Stdout Stream = 1
	Stderr Stream = 2
)

// Terminal reports whether descriptor fd is a terminal.
func Terminal(fd int) bool { return isatty(uint32(fd)) != 0 }

const flagNonblock = 4

// Read reads what there is. While there is nothing on Stdin yet, other
// goroutines run.
func (s Stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if s == Stdin {
		// The flag is the descriptor's and not the program's, which may have
		// been started from an image with descriptors of another run.
		fdSetFlags(0, flagNonblock)
	}
	n, err := s.read(p)
	for err == vfs.EAGAIN {
		s.wait(func() bool {
			n, err = s.read(p)
			return err != vfs.EAGAIN
		})
	}
	return n, err
}

func (s Stream) read(p []byte) (int, error) {
	var n uint32
	vec := vector(p)
	err := failure(fdRead(uint32(s), unsafe.Pointer(&vec), 1, &n))
	runtime.KeepAlive(p)
	if err == nil && n == 0 {
		err = io.EOF
	}
	return int(n), err
}

// wait returns when there may be something to read, or when done reports that
// it has been read. Only the runtime can put a goroutine aside until then, and
// it does so for os.Stdin.
func (s Stream) wait(done func() bool) {
	if s == Stdin {
		conn, err := os.Stdin.SyscallConn()
		if err == nil && conn.Read(func(uintptr) bool { return done() }) == nil {
			return
		}
	}
	var in [48]byte
	var out [32]byte
	var n uint32
	in[8] = 1 // fd_read
	binary.LittleEndian.PutUint32(in[16:], uint32(s))
	pollOneoff(unsafe.Pointer(&in), unsafe.Pointer(&out), 1, &n)
}

// Write writes all of p, or returns an error.
func (s Stream) Write(p []byte) (n int, err error) {
	for n < len(p) {
		var k uint32
		vec := vector(p[n:])
		err := failure(fdWrite(uint32(s), unsafe.Pointer(&vec), 1, &k))
		runtime.KeepAlive(p)
		switch {
		case err != nil:
			return n, err
		case k == 0:
			return n, io.ErrShortWrite
		}
		n += int(k)
	}
	return n, nil
}
