package wazero

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"agentsandbox/core/image"
)

// cowImage is a start image in a file (a memfd, or an entry of the disk cache),
// mapped privately by each instance: an instance costs the pages that it writes, and
// to forget those is a reset.
//
// To fault a page in again costs more than all that a small command does. So
// where the kernel can tell which pages were written, and they are few, they are
// copied back and stay.
type cowImage struct {
	file *os.File
	at   int64 // where in the file it begins
}

func newStartImage(start image.Start) (*startImage, error) {
	fd, err := unix.MemfdCreate("guest-image", unix.MFD_CLOEXEC)
	if err != nil {
		return &startImage{data: start.Bytes()}, nil // a kernel without memfd: copy
	}
	file := os.NewFile(uintptr(fd), "guest-image")
	size := int64(0)
	for _, g := range start.Segments {
		if _, err := file.WriteAt(g.Bytes, int64(g.Offset)); err != nil {
			return nil, errors.Join(fmt.Errorf("guest image: %w", err), file.Close())
		}
		size = max(size, int64(g.Offset)+int64(len(g.Bytes)))
	}
	return fileStartImage(file, 0, size)
}

// fileStartImage is the start image that stands in a file at a multiple of the
// page size. It closes the file when it is closed, and must find it unchanged until then.
func fileStartImage(file *os.File, at, size int64) (*startImage, error) {
	s := &startImage{cow: cowImage{file, at}}
	if size == 0 {
		return s, nil
	}
	var err error
	if s.data, err = unix.Mmap(int(file.Fd()), at, int(size), unix.PROT_READ, unix.MAP_SHARED); err != nil {
		return nil, errors.Join(fmt.Errorf("guest image: %w", err), s.close())
	}
	return s, nil
}

func (s *startImage) close() error {
	if s.cow.file == nil {
		return nil
	}
	var err error
	if s.data != nil {
		err = unix.Munmap(s.data)
		s.data = nil
	}
	return errors.Join(err, s.cow.file.Close())
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
	m := &mapped{buf: buf, image: min(uint64(len(s.data)), reserve), from: s}
	if m.image == 0 {
		return m, nil
	}
	_, err = unix.MmapPtr(int(s.cow.file.Fd()), s.cow.at, unsafe.Pointer(&buf[0]), uintptr(m.image),
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
	from  *startImage
}

func (m *mapped) slice(size uint64) []byte {
	if size > uint64(len(m.buf)) {
		return nil
	}
	return m.buf[:size:len(m.buf)]
}

// restore copies back the pages that were written, or drops all private pages:
// the file's come back at the start, zeros behind it.
func (m *mapped) restore(size uint64) error {
	dirty, ok := dirtySpans(m.buf[:size])
	if !ok {
		return unix.Madvise(m.buf[:size], unix.MADV_DONTNEED)
	}
	for _, s := range dirty {
		m.from.copyTo(m.buf[s.from:s.to], s.from)
	}
	return nil
}

// copyTo writes what the memory holds from off on at the start.
func (s *startImage) copyTo(p []byte, off int) {
	n := 0
	if off < len(s.data) {
		n = copy(p, s.data[off:])
	}
	clear(p[n:])
}

func (m *mapped) free() { _ = unix.Munmap(m.buf) }
