//go:build unix

package api

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock takes a lock that ends with the process; ErrLocked if another has it.
func lock(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if err == unix.EWOULDBLOCK {
			err = ErrLocked
		}
		return nil, err
	}
	return func() { f.Close() }, nil
}
