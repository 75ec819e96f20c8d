package rootfs_test

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/readonlyfs"
	"agentsandbox/vfs/rootfs"

	"golang.org/x/sys/unix"
)

// victim is a host directory with a mount in it and a secret beside that.
type victim struct {
	*testing.T
	dir, mount, secret string
	f                  *rootfs.FS
}

// eachWay runs a test on each way to reach files.
func eachWay(t *testing.T, test func(v *victim)) {
	for name, o := range ways {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			v := &victim{T: t, dir: dir, mount: filepath.Join(dir, "mount"), secret: filepath.Join(dir, "secret.txt")}
			v.must(os.Mkdir(v.mount, 0o755))
			v.put(v.secret, "SECRET")
			v.f = open(t, v.mount, o)
			test(v)
			if got := v.get(v.secret); got != "SECRET" {
				t.Errorf("the host's file is now %q", got)
			}
		})
	}
}

func (v *victim) must(err error) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
}

func (v *victim) put(path, data string) { v.Helper(); v.must(os.WriteFile(path, []byte(data), 0o644)) }

func (v *victim) get(path string) string {
	v.Helper()
	data, err := os.ReadFile(path)
	v.must(err)
	return string(data)
}

// in names a host file in the mount.
func (v *victim) in(name string) string { return filepath.Join(v.mount, name) }

// guest is the mount as a process of the sandbox sees it.
func (v *victim) guest() vfs.Space { return vfs.Space{FS: v.f} }

// refused checks that an operation fails with one of some errnos.
func (v *victim) refused(what string, err error, want ...vfs.Errno) {
	v.Helper()
	for _, e := range want {
		if err != nil && vfs.ToErrno(err) == e {
			return
		}
	}
	v.Errorf("%s: %v, want %v", what, err, want)
}

// THREAT[M1] THREAT[FS-03] A guest makes a link that leads out and goes
// through it. Through the host's own resolution it would have read and
// overwritten the file.
func TestLinksLeadNowhere(t *testing.T) {
	eachWay(t, func(v *victim) {
		for name, target := range map[string]string{
			"relative": "../secret.txt", "absolute": v.secret, "parent": "..", "chain": "relative",
		} {
			v.must(v.guest().Symlink(target, ".", name))
		}
		v.must(os.Symlink(v.secret, v.in("planted")))
		if got := v.get(v.in("relative")); got != "SECRET" {
			t.Fatalf("the attack is no real one: the host reads %q", got)
		}
		for _, path := range []string{"relative", "absolute", "chain", "planted", "parent/secret.txt"} {
			for _, flag := range []vfs.Flag{vfs.Read, vfs.Write, vfs.Write | vfs.Truncate} {
				_, err := v.guest().Open(".", path, flag, 0o644)
				v.refused(path, err, vfs.ENOENT)
				if !strings.Contains(path, "/") {
					_, err = v.f.Open(path, flag, 0o644)
					v.refused(path+", as it stands", err, vfs.ELOOP)
				}
			}
		}
		_, err := v.f.Open("parent/secret.txt", vfs.Read, 0)
		v.refused("through a link", err, vfs.ELOOP)
		if target, err := v.f.Readlink("absolute"); err != nil || target != v.secret {
			t.Errorf("the text of the link is %q, %v", target, err)
		}
	})
}

// THREAT[M2] THREAT[FS-06] A link from a writable mount into a read-only one
// does not make that writable.
func TestReadOnlyStays(t *testing.T) {
	eachWay(t, func(v *victim) {
		v.must(os.Mkdir(v.in("ro"), 0o755))
		v.must(os.Mkdir(v.in("rw"), 0o755))
		v.put(v.in("ro/f"), "keep")
		ro := readonlyfs.New(open(t, v.in("ro"), rootfs.Options{}))
		rw := open(t, v.in("rw"), rootfs.Options{})
		v.must(rw.Symlink("../ro/f", "s"))
		if got := v.get(v.in("rw/s")); got != "keep" {
			t.Fatalf("the attack is no real one: the host reads %q", got)
		}
		_, err := vfs.Space{FS: rw}.Open(".", "s", vfs.Write|vfs.Truncate, 0)
		v.refused("write by the link", err, vfs.ENOENT)
		_, err = ro.Open("f", vfs.Write|vfs.Truncate, 0)
		v.refused("write", err, vfs.EROFS)
		if got := v.get(v.in("ro/f")); got != "keep" {
			t.Errorf("the read-only file is now %q", got)
		}
	})
}

// THREAT[M3] THREAT[M4] THREAT[FS-08] What is neither a file nor a directory
// is refused at once; a FIFO would keep a plain open for ever.
func TestSpecialFiles(t *testing.T) {
	eachWay(t, func(v *victim) {
		v.must(unix.Mkfifo(v.in("fifo"), 0o666))
		l, err := net.Listen("unix", v.in("socket"))
		v.must(err)
		defer l.Close()
		specials := []string{"fifo", "socket"}
		if unix.Mknod(v.in("zero"), unix.S_IFCHR|0o666, int(unix.Mkdev(1, 5))) == nil {
			specials = append(specials, "zero")
		}
		for _, name := range specials {
			for _, flag := range []vfs.Flag{vfs.Read, vfs.Write, vfs.Read | vfs.Write | vfs.Create | vfs.Truncate} {
				_, err := v.f.Open(name, flag, 0o644)
				v.refused(name, err, vfs.EACCES)
			}
			v.refused("chmod "+name, v.f.Chmod(name, 0o777), vfs.EPERM)
			if info, err := v.f.Lstat(name); err != nil || info.Mode.IsRegular() || info.IsDir() {
				t.Errorf("%s: %+v, %v", name, info, err)
			}
		}
		v.must(os.Symlink("/proc/self/environ", v.in("environ")))
		_, err = v.f.Open("environ", vfs.Read, 0)
		v.refused("a link into /proc", err, vfs.ELOOP)
	})
	provePlainOpenHangs(t)
}

// provePlainOpenHangs shows that a plain open of a FIFO waits: it is in the
// kernel, as a writer that does not wait can tell, and has not returned.
func provePlainOpenHangs(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(fifo, 0o666); err != nil {
		t.Fatal(err)
	}
	opened := make(chan *os.File)
	go func() {
		h, _ := os.Open(fifo)
		opened <- h
	}()
	for {
		select {
		case <-opened:
			t.Fatal("the attack is no real one: a plain open returned")
		default:
		}
		if fd, err := unix.Open(fifo, unix.O_WRONLY|unix.O_NONBLOCK, 0); err == nil {
			unix.Close(fd)
			break
		}
		runtime.Gosched()
	}
	(<-opened).Close()
}

// THREAT[M4] THREAT[FS-07] A name that the host has linked to a file outside
// is never written through.
func TestHardLinks(t *testing.T) {
	eachWay(t, func(v *victim) {
		v.must(os.Link(v.secret, v.in("f")))
		h, err := v.f.Open("f", vfs.Read, 0)
		v.must(err)
		if data, err := io.ReadAll(io.NewSectionReader(h, 0, 100)); string(data) != "SECRET" || err != nil {
			t.Errorf("read %q, %v", data, err)
		}
		v.refused("times by the handle", h.Chtimes(1, 1), vfs.EPERM)
		h.Close()
		for _, flag := range []vfs.Flag{vfs.Write, vfs.Read | vfs.Truncate, vfs.Write | vfs.Create} {
			_, err := v.f.Open("f", flag, 0)
			v.refused("write", err, vfs.EPERM)
		}
		v.refused("chmod", v.f.Chmod("f", 0o777), vfs.EPERM)
		v.refused("times", v.f.Chtimes("f", 1, 1), vfs.EPERM)
		v.must(v.f.Link("f", "g"))
		_, err = v.f.Open("g", vfs.Write, 0)
		v.refused("write by a link to the link", err, vfs.EPERM)
		v.must(v.f.Rename("g", "h"))
		v.must(v.f.Unlink("h"))
		strict := open(t, v.mount, rootfs.Options{RefuseLinked: true})
		_, err = strict.Open("f", vfs.Read, 0)
		v.refused("read, if that is refused", err, vfs.EPERM)
		v.must(v.f.Unlink("f"))
	})
}

// Links of the sandbox's own are written through like any other name.
func TestOwnHardLinks(t *testing.T) {
	eachWay(t, func(v *victim) {
		v.put(v.in("a"), "text")
		v.must(v.f.Link("a", "b"))
		v.must(v.f.Link("b", "c"))
		writable := func(name string) error {
			h, err := v.f.Open(name, vfs.Write, 0)
			if err == nil {
				h.Close()
			}
			return err
		}
		v.must(writable("c"))
		v.must(v.f.Unlink("a"))
		v.must(writable("c"))
		v.must(v.f.Mkdir("d", 0o755))
		v.must(v.f.Rename("b", "d/b"))
		v.must(writable("d/b"))
		v.put(v.in("other"), "x")
		v.must(v.f.Rename("other", "d/b"))
		v.must(writable("c"))
		v.must(os.Link(v.in("c"), filepath.Join(v.dir, "outside")))
		v.refused("once the host has linked it", writable("c"), vfs.EPERM)
	})
}

// THREAT[M5] THREAT[FS-04] The host swaps a directory and a link for one
// another as fast as it can, while a guest reads and writes through them.
func TestHostRace(t *testing.T) {
	eachWay(t, func(v *victim) {
		v.must(os.Mkdir(v.in("x"), 0o755))
		v.put(v.in("x/secret.txt"), "inside")
		v.must(os.Symlink("..", v.in("l")))
		stop := make(chan struct{})
		var swapper sync.WaitGroup
		swapper.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					unix.Renameat2(unix.AT_FDCWD, v.in("x"), unix.AT_FDCWD, v.in("l"), unix.RENAME_EXCHANGE)
				}
			}
		})
		naive := 0
		for i := 0; i < 3000 || naive == 0 && i < 300_000; i++ {
			if data, err := os.ReadFile(v.in("x/secret.txt")); err == nil && string(data) == "SECRET" {
				naive++
			}
			h, err := v.f.Open("x/secret.txt", vfs.Read|vfs.Write, 0)
			if err != nil {
				v.refused("open", err, vfs.ELOOP, vfs.ENOTDIR, vfs.ENOENT, vfs.EAGAIN)
				continue
			}
			if i%2 == 0 {
				h.WriteAt([]byte("w"), 0)
			}
			buf := make([]byte, 6)
			if n, _ := h.ReadAt(buf, 0); strings.HasSuffix(string(buf[:n]), "ECRET") {
				t.Error("the secret was read")
			}
			h.Close()
		}
		close(stop)
		swapper.Wait()
		if naive == 0 {
			t.Error("the attack is no real one: a plain open never got out")
		}
	})
}

// THREAT[FS-05] The host moves a directory out while files are made in it:
// they go with it or are not made, and nothing follows it out by name.
func TestDirectoryMovedOut(t *testing.T) {
	eachWay(t, func(v *victim) {
		v.must(os.Mkdir(v.in("d"), 0o755))
		h, err := v.f.Open("d", vfs.Read|vfs.Directory, 0)
		v.must(err)
		defer h.Close()
		v.must(os.Rename(v.in("d"), filepath.Join(v.dir, "out")))
		_, err = v.f.Open("d/new", vfs.Write|vfs.Create, 0o644)
		v.refused("create", err, vfs.ENOENT)
		v.must(os.Symlink("../out", v.in("d")))
		_, err = v.f.Open("d/new", vfs.Write|vfs.Create, 0o644)
		v.refused("create through a link in its place", err, vfs.ELOOP)
		if list, err := os.ReadDir(filepath.Join(v.dir, "out")); err != nil || len(list) > 0 {
			t.Errorf("outside: %v, %v", list, err)
		}
	})
}

// THREAT[FS-18] Set-id bits are neither set nor shown.
func TestSetIDBits(t *testing.T) {
	eachWay(t, func(v *victim) {
		h, err := v.f.Open("f", vfs.Write|vfs.Create, fs.ModeSetuid|0o4755)
		v.must(err)
		h.Close()
		v.must(v.f.Chmod("f", fs.ModeSetuid|fs.ModeSetgid|0o6755))
		v.must(v.f.Mkdir("d", fs.ModeSticky|0o1755))
		for _, name := range []string{"f", "d"} {
			if info, _ := os.Stat(v.in(name)); info.Mode()&^(fs.ModeDir|fs.ModePerm) != 0 {
				t.Errorf("%s has mode %v", name, info.Mode())
			}
		}
		v.must(os.Chmod(v.in("f"), fs.ModeSetuid|0o755))
		if info, err := v.f.Lstat("f"); err != nil || info.Mode != 0o755 {
			t.Errorf("shown as %v, %v", info.Mode, err)
		}
	})
}

// THREAT[FS-17] No error tells where on the host the directory is. That of
// os.Root does.
func TestErrorsHoldNoHostPath(t *testing.T) {
	eachWay(t, func(v *victim) {
		v.put(v.in("f"), "x")
		v.must(os.Mkdir(v.in("d"), 0o755))
		v.put(v.in("d/f"), "x")
		v.must(os.Symlink("..", v.in("l")))
		long := strings.Repeat("n", 256)
		errs := []error{
			v.f.Unlink("none"), v.f.Unlink("d"), v.f.Rmdir("d"), v.f.Rmdir("f"), v.f.Mkdir("f", 0), v.f.Mkdir("l/x", 0),
			v.f.Rename("none", "x"), v.f.Rename("d", "d/x"), v.f.Rename("f", "d"), v.f.Link("d", "x"), v.f.Link("f", "d"),
			v.f.Symlink("x", "f"), v.f.Symlink("x", "f/x"), v.f.Chmod("l", 0), v.f.Chmod("none", 0), v.f.Chtimes("none", 1, 1),
			v.f.Mkdir(long, 0), v.f.Mkdir("../x", 0), v.f.Mkdir("/x", 0), v.f.Mkdir("a\x00b", 0), v.f.Mkdir("", 0),
		}
		for _, name := range []string{"none", "f/x", "l", "l/secret.txt", long, "..", "../secret.txt", v.secret} {
			_, err := v.f.Open(name, vfs.Read, 0)
			_, err2 := v.f.Lstat(name)
			errs = append(errs, err, err2)
		}
		h, err := v.f.Open("f", vfs.Read, 0)
		v.must(err)
		_, werr := h.WriteAt([]byte("x"), 0)
		_, derr := h.ReadDir()
		errs = append(errs, werr, derr, h.Truncate(-1), h.Truncate(1))
		h.Close()
		_, serr := h.Stat()
		errs = append(errs, serr, h.Close())
		for i, err := range errs {
			if err != nil && strings.Contains(err.Error(), "/") {
				t.Errorf("error %d: %v", i, err)
			}
			var e vfs.Errno
			if err != nil && !errors.As(err, &e) {
				t.Errorf("error %d has no errno: %v", i, err)
			}
		}
		root, err := os.OpenRoot(v.mount)
		v.must(err)
		defer root.Close()
		o, err := root.Open("f")
		v.must(err)
		defer o.Close()
		if _, err := o.Write([]byte("x")); !strings.Contains(err.Error(), v.mount) {
			t.Errorf("the leak is no real one: %v", err)
		}
	})
}
