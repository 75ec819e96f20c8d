package rootfs

import (
	"io/fs"
	"os"
	"strconv"

	"agentsandbox/vfs"

	"golang.org/x/sys/unix"
)

// fast reaches files through openat2, which resolves a whole name below a
// descriptor and refuses links: one call instead of one for each piece, and no
// gap between look and act.
type fast struct {
	gate
	fd  int
	out func() // is leave
}

// openFast returns nil if the kernel, or the seccomp filter we run under, does
// not know openat2.
func openFast(root *os.Root) (host, error) {
	h, err := root.OpenFile(".", unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, errno(err)
	}
	defer h.Close()
	fd, err := openBelow(int(h.Fd()), ".")
	switch {
	case err == unix.ENOSYS || err == unix.EPERM || err == unix.EACCES || err == unix.EINVAL:
		return nil, nil
	case err != nil:
		return nil, errno(err)
	}
	f := &fast{fd: fd}
	f.closes = func() error { root.Close(); return unix.Close(fd) }
	f.out = f.leave
	return f, nil
}

func openBelow(fd int, name string) (int, error) {
	how := unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	}
	return retry(func() (int, error) { return unix.Openat2(fd, name, &how) })
}

// retry repeats a call that was interrupted or that met a rename on its way.
func retry(call func() (int, error)) (int, error) {
	const tries = 128
	for range tries {
		n, err := call()
		if err != unix.EINTR && err != unix.EAGAIN {
			return n, err
		}
	}
	return -1, unix.EAGAIN
}

func (h *fast) close() error { return h.shut() }

func (h *fast) enter(bool) (func(), error) {
	if !h.gate.enter() {
		return nil, vfs.EBADF
	}
	return h.out, nil
}

func (h *fast) parent(name string) (dir, string, error) {
	parent, base := splitName(name)
	if parent == "." {
		return &fastDir{fd: h.fd}, base, nil
	}
	fd, err := openBelow(h.fd, parent)
	if err != nil {
		return nil, "", errno(err)
	}
	return &fastDir{fd: fd, own: true}, base, nil
}

// fastDir is an open directory.
type fastDir struct {
	fd  int
	own bool // fd is to be closed
}

func (d *fastDir) release() {
	if d.own {
		unix.Close(d.fd)
	}
}

func (d *fastDir) lstat(base string) (vfs.Info, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(d.fd, base, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return vfs.Info{}, errno(err)
	}
	return fromStat(&st), nil
}

func (d *fastDir) open(base string, flag int, perm fs.FileMode) (handle, error) {
	flag |= unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC
	fd, err := retry(func() (int, error) { return unix.Openat(d.fd, base, flag, uint32(perm)) })
	if err != nil {
		return nil, errno(err)
	}
	return newDescriptor(fd), nil
}

func (d *fastDir) mkdir(base string, perm fs.FileMode) error {
	return errno(unix.Mkdirat(d.fd, base, uint32(perm)))
}

func (d *fastDir) unlink(base string) error { return errno(unix.Unlinkat(d.fd, base, 0)) }
func (d *fastDir) rmdir(base string) error {
	return errno(unix.Unlinkat(d.fd, base, unix.AT_REMOVEDIR))
}

func (d *fastDir) rename(base string, to dir, newbase string) error {
	return errno(unix.Renameat(d.fd, base, to.(*fastDir).fd, newbase))
}

func (d *fastDir) link(base string, to dir, newbase string) error {
	return errno(unix.Linkat(d.fd, base, to.(*fastDir).fd, newbase, 0))
}

func (d *fastDir) symlink(target, base string) error {
	return errno(unix.Symlinkat(target, d.fd, base))
}

func (d *fastDir) readlink(base string) (string, error) {
	buf := make([]byte, vfs.MaxPath)
	n, err := unix.Readlinkat(d.fd, base, buf)
	if err != nil {
		return "", errno(err)
	}
	return string(buf[:n]), nil
}

// chmod sets a mode without following a link, which older kernels can only do
// through /proc.
func (d *fastDir) chmod(base string, perm fs.FileMode) error {
	err := unix.Fchmodat(d.fd, base, uint32(perm), unix.AT_SYMLINK_NOFOLLOW)
	if err != unix.EOPNOTSUPP && err != unix.ENOSYS {
		return errno(err)
	}
	fd, err := unix.Openat(d.fd, base, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return errno(err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	switch err := unix.Fstat(fd, &st); {
	case err != nil:
		return errno(err)
	case st.Mode&unix.S_IFMT == unix.S_IFLNK:
		return vfs.ELOOP
	}
	return errno(unix.Chmod("/proc/self/fd/"+strconv.Itoa(fd), uint32(perm)))
}

func (d *fastDir) chtimes(base string, atime, mtime int64) error {
	return errno(setTimesAt(d.fd, base, atime, mtime))
}
