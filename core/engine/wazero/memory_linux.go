package wazero

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// cowImage is a start image in a memfd, mapped privately by each instance: an
// instance costs the pages that it writes, and to forget those is a reset.
type cowImage struct{ file *os.File }

func newStartImage(data []byte) (*startImage, error) {
	fd, err := unix.MemfdCreate("guest-image", unix.MFD_CLOEXEC)
	if err != nil {
		return &startImage{data: data}, nil // a kernel without memfd: copy
	}
	file := os.NewFile(uintptr(fd), "guest-image")
	if _, err := file.Write(data); err != nil {
		return nil, fmt.Errorf("write guest image: %w", err)
	}
	return &startImage{data: data, cow: cowImage{file}}, nil
}

func (s *startImage) close() error {
	if s.cow.file == nil {
		return nil
	}
	return s.cow.file.Close()
}

func (s *startImage) back(reserve uint64) (backing, error) {
	if s.cow.file == nil {
		return &heap{image: s.data, limit: reserve}, nil
	}
	buf, err := unix.Mmap(-1, 0, int(reserve), unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
	if err != nil {
		return nil, fmt.Errorf("reserve guest memory: %w", err)
	}
	m := &mapped{buf: buf, image: min(uint64(len(s.data)), reserve)}
	if m.image == 0 {
		return m, nil
	}
	_, err = unix.MmapPtr(int(s.cow.file.Fd()), 0, unsafe.Pointer(&buf[0]), uintptr(m.image),
		unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_FIXED)
	if err != nil {
		m.free()
		return nil, fmt.Errorf("map guest image: %w", err)
	}
	return m, nil
}

// mapped is reserved address space with the image mapped at its start.
type mapped struct {
	buf   []byte
	image uint64
}

func (m *mapped) slice(size uint64) []byte {
	if size > uint64(len(m.buf)) {
		return nil
	}
	return m.buf[:size:len(m.buf)]
}

// restore drops the private pages: the file's come back at the start, zeros
// behind it.
func (m *mapped) restore(size uint64) error { return unix.Madvise(m.buf[:size], unix.MADV_DONTNEED) }

func (m *mapped) free() { _ = unix.Munmap(m.buf) }
