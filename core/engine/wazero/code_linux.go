package wazero

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// mapCode maps machine code that stands in a file at a multiple of the page
// size. The file is private to the user and its pages come in as they are used.
func mapCode(file *os.File, at int64, size int) ([]byte, error) {
	code, err := unix.Mmap(int(file.Fd()), at, size, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE)
	if err != nil { // a file system from which nothing may be executed
		return readCode(file, at, size)
	}
	return code, nil
}

// identity is what the system knows of a file that changes whenever its contents
// do.
func identity(info os.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintln(s.Dev, s.Ino, s.Size, s.Mtim, s.Ctim)
}
