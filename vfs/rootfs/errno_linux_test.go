package rootfs

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"agentsandbox/vfs"
)

// Every errno that a disk may return arrives as itself.
//
// THREAT[M14]
func TestErrno(t *testing.T) {
	for host, want := range map[error]vfs.Errno{
		syscall.ENOSPC: vfs.ENOSPC, syscall.EDQUOT: vfs.EDQUOT, syscall.EXDEV: vfs.EXDEV, syscall.EMFILE: vfs.EMFILE,
		syscall.EROFS: vfs.EROFS, syscall.ELOOP: vfs.ELOOP, syscall.ENAMETOOLONG: vfs.ENAMETOOLONG, syscall.EFBIG: vfs.EFBIG,
		syscall.EOPNOTSUPP: vfs.ENOTSUP, syscall.ESTALE: vfs.EIO, syscall.ETXTBSY: vfs.ETXTBSY,
		os.ErrClosed: vfs.EBADF, vfs.EPERM: vfs.EPERM,
	} {
		for _, err := range []error{
			host, &fs.PathError{Op: "open", Path: "/host/path", Err: host}, fmt.Errorf("wrapped: %w", &os.SyscallError{Err: host}),
		} {
			if got := errno(err); got != want {
				t.Errorf("errno(%v) = %v, want %v", err, got, want)
			}
		}
	}
	if err := errno(nil); err != nil {
		t.Errorf("errno(nil) = %v", err)
	}
}

// What is too big for the host's disk or limits is refused by it, and the
// guest is told how.
func TestHostLimits(t *testing.T) {
	f, err := New(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := f.Open("f", vfs.Write|vfs.Create, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.Truncate(1 << 62); vfs.ToErrno(err) != vfs.EFBIG && vfs.ToErrno(err) != vfs.EINVAL {
		t.Errorf("a file of 4 EiB: %v", err)
	}
}
