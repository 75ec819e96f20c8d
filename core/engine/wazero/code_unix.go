//go:build unix

package wazero

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// readCode reads machine code into memory that may be executed.
func readCode(file *os.File, at int64, size int) ([]byte, error) {
	code, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, err
	}
	if _, err = file.ReadAt(code, at); err == nil {
		err = unix.Mprotect(code, unix.PROT_READ|unix.PROT_EXEC)
	}
	if err != nil {
		return nil, errors.Join(err, unix.Munmap(code))
	}
	return code, nil
}

func openNoFollow(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
}
