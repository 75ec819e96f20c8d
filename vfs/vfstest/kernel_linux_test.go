package vfstest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"agentsandbox/vfs"
)

// inLinux calls fn with the real kernel, whose "/" and working directory are a
// new directory. It needs root.
func inLinux(t testing.TB, fn func(k kernel)) {
	t.Helper()
	onThread(t, func(k linuxKernel) error {
		fn(k)
		return nil
	})
}

// inReadOnlyLinux is inLinux on a read-only mount that holds what lay says.
func inReadOnlyLinux(t testing.TB, lay []string, fn func(k kernel)) {
	t.Helper()
	onThread(t, func(k linuxKernel) error {
		for _, line := range lay {
			if err := layLine(k, line); err != nil {
				return err
			}
		}
		if err := unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, ""); err != nil {
			return err
		}
		fn(k)
		return nil
	})
}

// onThread calls fn on a thread with a root and mounts of its own. The thread
// ends with fn, because one that has changed its root cannot be used again.
func onThread(t testing.TB, fn func(k linuxKernel) error) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may change the root directory")
	}
	dir := t.TempDir()
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := enter(dir)
		if err == nil {
			err = fn(linuxKernel{})
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func enter(dir string) error {
	if err := unix.Unshare(unix.CLONE_FS | unix.CLONE_NEWNS); err != nil {
		return err
	}
	unix.Umask(0)
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount(dir, dir, "", unix.MS_BIND, ""); err != nil {
		return err
	}
	if err := unix.Chroot(dir); err != nil {
		return err
	}
	return unix.Chdir("/")
}

// linuxKernel asks the real kernel.
type linuxKernel struct{}

func (linuxKernel) Open(path string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	fd, err := unix.Open(path, linuxFlags(flag), uint32(perm))
	if err != nil {
		return nil, errnoOf(err)
	}
	return linuxFile{fd, path}, nil
}

func linuxFlags(flag vfs.Flag) int {
	out := unix.O_CLOEXEC | unix.O_NONBLOCK
	switch {
	case flag&vfs.Read != 0 && flag&vfs.Write != 0:
		out |= unix.O_RDWR
	case flag&vfs.Write != 0:
		out |= unix.O_WRONLY
	}
	for _, m := range []struct {
		flag  vfs.Flag
		linux int
	}{
		{vfs.Create, unix.O_CREAT}, {vfs.Exclusive, unix.O_EXCL}, {vfs.Truncate, unix.O_TRUNC},
		{vfs.Directory, unix.O_DIRECTORY}, {vfs.NoFollow, unix.O_NOFOLLOW},
	} {
		if flag&m.flag != 0 {
			out |= m.linux
		}
	}
	return out
}

func (linuxKernel) Stat(path string) (vfs.Info, error) {
	var st unix.Stat_t
	err := unix.Stat(path, &st)
	return linuxInfo(&st), errnoOf(err)
}

func (linuxKernel) Lstat(path string) (vfs.Info, error) {
	var st unix.Stat_t
	err := unix.Lstat(path, &st)
	return linuxInfo(&st), errnoOf(err)
}

func (linuxKernel) Mkdir(path string, perm fs.FileMode) error {
	return errnoOf(unix.Mkdir(path, uint32(perm)))
}
func (linuxKernel) Unlink(path string) error { return errnoOf(unix.Unlink(path)) }
func (linuxKernel) Rmdir(path string) error  { return errnoOf(unix.Rmdir(path)) }
func (linuxKernel) Rename(oldpath, newpath string) error {
	return errnoOf(unix.Rename(oldpath, newpath))
}

func (linuxKernel) Link(oldpath string, follow bool, newpath string) error {
	flags := 0
	if follow {
		flags = unix.AT_SYMLINK_FOLLOW
	}
	return errnoOf(unix.Linkat(unix.AT_FDCWD, oldpath, unix.AT_FDCWD, newpath, flags))
}

func (linuxKernel) Symlink(target, path string) error { return errnoOf(unix.Symlink(target, path)) }

func (linuxKernel) Readlink(path string) (string, error) {
	buf := make([]byte, vfs.MaxPath)
	n, err := unix.Readlink(path, buf)
	if err != nil {
		return "", errnoOf(err)
	}
	return string(buf[:n]), nil
}

func (linuxKernel) Chmod(path string, perm fs.FileMode) error {
	return errnoOf(unix.Chmod(path, uint32(perm)))
}

func (linuxKernel) Chtimes(path string, follow bool, atime, mtime int64) error {
	flags := unix.AT_SYMLINK_NOFOLLOW
	if follow {
		flags = 0
	}
	return errnoOf(unix.UtimesNanoAt(unix.AT_FDCWD, path, timespecs(atime, mtime), flags))
}

func timespecs(times ...int64) []unix.Timespec {
	var out []unix.Timespec
	for _, t := range times {
		ts := unix.NsecToTimespec(t)
		if t == vfs.Omit {
			ts = unix.Timespec{Nsec: unix.UTIME_OMIT}
		}
		out = append(out, ts)
	}
	return out
}

func linuxInfo(st *unix.Stat_t) vfs.Info {
	types := map[uint32]fs.FileMode{unix.S_IFDIR: fs.ModeDir, unix.S_IFLNK: fs.ModeSymlink, unix.S_IFIFO: fs.ModeNamedPipe}
	return vfs.Info{
		Mode: fs.FileMode(st.Mode)&fs.ModePerm | types[st.Mode&unix.S_IFMT],
		Size: st.Size, Ino: st.Ino, Dev: st.Dev, Nlink: uint64(st.Nlink),
		Atime: st.Atim.Nano(), Mtime: st.Mtim.Nano(), Ctime: st.Ctim.Nano(),
	}
}

// errnoOf finds our errno of the same name.
func errnoOf(err error) error {
	var no unix.Errno
	if !errors.As(err, &no) {
		return err
	}
	name := unix.ErrnoName(no)
	if name == "EOPNOTSUPP" {
		name = "ENOTSUP"
	}
	for e := vfs.Errno(1); e < 100; e++ {
		if e.Name() == name {
			return e
		}
	}
	return no
}

// linuxFile is a descriptor.
type linuxFile struct {
	fd   int
	path string
}

func (f linuxFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := unix.Pread(f.fd, p, off)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return max(n, 0), errnoOf(err)
}

func (f linuxFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := unix.Pwrite(f.fd, p, off)
	return max(n, 0), errnoOf(err)
}

func (f linuxFile) Append(p []byte) (int, error) {
	end, err := unix.Seek(f.fd, 0, io.SeekEnd)
	if err != nil {
		return 0, errnoOf(err)
	}
	return f.WriteAt(p, end)
}

func (f linuxFile) Truncate(size int64) error { return errnoOf(unix.Ftruncate(f.fd, size)) }
func (f linuxFile) Sync() error               { return errnoOf(unix.Fsync(f.fd)) }
func (f linuxFile) Close() error              { return errnoOf(unix.Close(f.fd)) }

func (f linuxFile) Stat() (vfs.Info, error) {
	var st unix.Stat_t
	err := unix.Fstat(f.fd, &st)
	return linuxInfo(&st), errnoOf(err)
}

func (f linuxFile) Chtimes(atime, mtime int64) error {
	ts := timespecs(atime, mtime)
	return errnoOf(unix.UtimesNanoAt(f.fd, "", ts, unix.AT_EMPTY_PATH))
}

// ReadDir lists what the directory holds as it is now.
func (f linuxFile) ReadDir() ([]vfs.DirEntry, error) {
	if _, err := unix.Seek(f.fd, 0, io.SeekStart); err != nil {
		return nil, errnoOf(err)
	}
	var out []vfs.DirEntry
	buf := make([]byte, 64<<10)
	for {
		n, err := unix.Getdents(f.fd, buf)
		if err != nil || n == 0 {
			slices.SortFunc(out, func(a, b vfs.DirEntry) int { return strings.Compare(a.Name, b.Name) })
			return out, errnoOf(err)
		}
		_, _, names := unix.ParseDirent(buf[:n], -1, nil)
		for _, name := range names {
			out = append(out, f.entry(name))
		}
	}
}

func (f linuxFile) entry(name string) vfs.DirEntry {
	var st unix.Stat_t
	unix.Fstatat(f.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
	return vfs.DirEntry{Name: name, Type: linuxInfo(&st).Mode.Type(), Ino: st.Ino}
}
