package hosterrno_test

import (
	"io/fs"
	"os"
	"syscall"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/hosterrno"
)

func TestFrom(t *testing.T) {
	for _, test := range []struct {
		err   error
		want  vfs.Errno
		known bool
	}{
		{nil, 0, true},
		{syscall.ENOENT, vfs.ENOENT, true},
		{&fs.PathError{Op: "open", Path: "f", Err: syscall.EISDIR}, vfs.EISDIR, true},
		{syscall.Errno(9999), vfs.EIO, true},
		{vfs.EDQUOT, vfs.EDQUOT, true},
		{os.ErrExist, vfs.EEXIST, true},
		{os.ErrClosed, vfs.EBADF, true},
		{os.ErrDeadlineExceeded, vfs.EIO, false},
	} {
		if e, known := hosterrno.From(test.err); e != test.want || known != test.known {
			t.Errorf("From(%v) = %v, %v; want %v, %v", test.err, e, known, test.want, test.known)
		}
	}
}

func TestThereAndBack(t *testing.T) {
	for e := vfs.Errno(1); e < 80; e++ {
		if host := hosterrno.To(e); host != error(e) {
			if back, _ := hosterrno.From(host); back != e {
				t.Errorf("%v is %v on the host, which is %v", e, host, back)
			}
		}
	}
}
