package core

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"agentsandbox/vfs"
	"agentsandbox/vfs/devfs"
	"agentsandbox/vfs/journalfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/mountfs"
	"agentsandbox/vfs/overlayfs"
	"agentsandbox/vfs/procfs"
	"agentsandbox/vfs/quotafs"
	"agentsandbox/vfs/readonlyfs"
	"agentsandbox/vfs/rootfs"
)

// openFiles puts the guest's tree together: a root in memory that starts as a
// fork of the runtime's template, and mounts for /dev, the work dir, and what
// else the config names.
func (s *Sandbox) openFiles() error {
	template, err := s.rt.template()
	if err != nil {
		return err
	}
	tree := mountfs.New(s.inMemory(template.Fork()))
	dev, err := devfs.New(devfs.Config{Random: s.config.Rand})
	if err != nil {
		return err
	}
	now := func() time.Time { return time.Unix(0, s.now()) }
	proc := s.rt.proc.For(procfs.Config{Memory: uint64(s.config.MemoryLimit), Now: now, Start: now(), Random: s.config.Rand})
	work, err := s.openWork()
	if err == nil {
		err = errors.Join(s.mount(tree, "/dev", dev), s.mount(tree, "/proc", proc), s.mount(tree, WorkPath, work))
	}
	for _, m := range s.config.Mounts {
		if err == nil {
			err = s.openMount(tree, m)
		}
	}
	if err != nil {
		return errors.Join(err, s.closeFiles())
	}
	s.files = tree
	return nil
}

func (s *Sandbox) quota(fsys vfs.FS) *quotafs.FS {
	l := s.config.Limits
	return quotafs.New(fsys, quotafs.Limits{Bytes: l.Bytes, Files: l.Files, Depth: l.Depth})
}

// inMemory puts the limits on a file system that Stored is to count.
func (s *Sandbox) inMemory(fsys vfs.FS) vfs.FS {
	q := s.quota(fsys)
	s.stored = append(s.stored, q)
	return q
}

// Stored is how many bytes of files the sandbox holds in memory: all but those
// in host directories and in file systems that its Config brought.
func (s *Sandbox) Stored() int64 {
	var sum int64
	for _, q := range s.stored {
		sum += q.Used().Bytes
	}
	return sum
}

// mount puts fsys at a guest path.
func (s *Sandbox) mount(tree *mountfs.FS, guest string, fsys vfs.FS) error {
	name := strings.TrimPrefix(path.Clean(guest), "/")
	if err := tree.Mount(name, fsys); err != nil {
		return &ConfigError{"Mounts", guest + ": " + reason(err)}
	}
	return nil
}

// openWork opens the work dir so that what changes in it is known.
func (s *Sandbox) openWork() (vfs.FS, error) {
	base := s.config.FS
	if s.config.WorkDir != "" {
		root, err := s.openHost("WorkDir", s.config.WorkDir)
		if err != nil {
			return nil, err
		}
		base = root
	}
	switch {
	case base == nil:
		base = s.inMemory(memfs.New(memfs.Config{Now: s.now}))
	case s.config.Overlay:
		upper := s.inMemory(memfs.New(memfs.Config{Now: s.now}))
		o := overlayfs.New(base, upper)
		s.work.overlay, s.work.changes = o, o.Changes
		return o, nil
	default:
		q := s.quota(base)
		if s.config.Limits.Count {
			if err := q.Count(); err != nil {
				return nil, fmt.Errorf("count the work dir: %w", err)
			}
		}
		base = q
	}
	j := journalfs.New(base)
	s.work.changes = func() ([]vfs.Change, error) { return j.Changes(), nil }
	return j, nil
}

func (s *Sandbox) openMount(tree *mountfs.FS, m Mount) error {
	fsys := m.FS
	if fsys == nil {
		root, err := s.openHost("Mounts", m.Host)
		if err != nil {
			return err
		}
		fsys = root
	}
	if m.Writable {
		fsys = s.quota(fsys)
	} else {
		fsys = readonlyfs.New(fsys)
	}
	return s.mount(tree, m.Guest, fsys)
}

// openHost opens a host directory; field is the part of the config that named it.
func (s *Sandbox) openHost(field, dir string) (vfs.FS, error) {
	if !hostFiles {
		return nil, &ConfigError{field, "host directories can't be mounted on a JavaScript host"}
	}
	root, err := rootfs.New(dir, rootfs.Options{})
	if err != nil {
		return nil, &ConfigError{field, filepath.Clean(dir) + ": " + reason(err)}
	}
	s.work.close = append(s.work.close, root)
	return root, nil
}

// reason is an error in the system's words, without the path.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return strings.ToLower(err.Error())
}

func (s *Sandbox) closeFiles() error {
	var errs []error
	for i := len(s.work.close) - 1; i >= 0; i-- {
		errs = append(errs, s.work.close[i].Close())
	}
	s.work.close = nil
	return errors.Join(errs...)
}

// space is the guest's tree as the host's calls see it: paths are relative to
// the work dir, and absolute ones are the guest's.
func (s *Sandbox) space(op, name string) (vfs.Space, string, error) {
	local := name
	if !path.IsAbs(name) {
		if !filepath.IsLocal(name) && name != "" {
			return vfs.Space{}, "", &fs.PathError{Op: op, Path: name, Err: vfs.EPERM}
		}
		local = WorkPath + "/" + name
	}
	return vfs.Space{FS: s.files}, local, nil
}

// MaxRead is the largest file, in bytes, that ReadFile returns.
const MaxRead = 1 << 30

// ReadFile returns the contents of a file: a path relative to the work dir, or
// a guest path. A relative path that leads out of the work dir is EPERM; a
// file of more than MaxRead bytes is EFBIG.
func (s *Sandbox) ReadFile(name string) ([]byte, error) {
	done, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer done()
	space, p, err := s.space("open", name)
	if err != nil {
		return nil, err
	}
	data, err := space.ReadFile(p, MaxRead)
	return data, pathError("open", name, err)
}

// WriteFile makes a file, or replaces its contents; parent directories are
// made. Paths are as in ReadFile.
func (s *Sandbox) WriteFile(name string, data []byte) error {
	done, err := s.enter()
	if err != nil {
		return err
	}
	defer done()
	space, p, err := s.space("write", name)
	if err != nil {
		return err
	}
	return pathError("write", name, space.WriteFile(p, data, 0o644))
}

// Entry is one name of a directory.
type Entry struct {
	Name string
	Mode fs.FileMode // type and permission bits
	Size int64
}

// ListDir lists a directory in byte order. Paths are as in ReadFile; "" is
// the work dir.
func (s *Sandbox) ListDir(name string) ([]Entry, error) {
	done, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer done()
	space, p, err := s.space("list", name)
	if err != nil {
		return nil, err
	}
	f, err := space.Open(".", p, vfs.Read|vfs.Directory, 0)
	if err != nil {
		return nil, pathError("list", name, err)
	}
	defer f.Close()
	found, err := f.ReadDir()
	if err != nil {
		return nil, pathError("list", name, err)
	}
	entries := make([]Entry, 0, len(found))
	for _, e := range found {
		info, err := space.Lstat(".", p+"/"+e.Name)
		if err != nil {
			continue // gone since
		}
		entries = append(entries, Entry{e.Name, info.Mode, info.Size})
	}
	return entries, nil
}

func pathError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: vfs.ToErrno(err)}
}

// Change is one path of the work dir that differs from how it was.
type Change struct {
	Path string // relative to the work dir
	Kind vfs.ChangeKind
	Dir  bool
}

// Diff lists what was created, modified and deleted in the work dir since the
// sandbox was made (or since Commit or Discard), sorted by path. It costs as
// much as there are changes. Where the work dir is an overlay, a file that was
// written with what it held before is not listed.
func (s *Sandbox) Diff() ([]Change, error) {
	done, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer done()
	changes, err := s.work.changes()
	if err != nil {
		return nil, fmt.Errorf("diff: %w", err)
	}
	var out []Change
	for _, c := range changes {
		if c.Kind == vfs.Modified && !c.Dir && s.unchanged(c.Path) {
			continue
		}
		out = append(out, Change{c.Path, c.Kind, c.Dir})
	}
	return out, nil
}

// unchanged reports whether an overlaid file holds what the one below does.
func (s *Sandbox) unchanged(name string) bool {
	if s.work.overlay == nil {
		return false
	}
	below, err := s.work.overlay.Lower().Open(name, vfs.Read, 0)
	if err != nil {
		return false
	}
	defer below.Close()
	above, err := s.files.Open(WorkPath[1:]+"/"+name, vfs.Read, 0)
	if err != nil {
		return false
	}
	defer above.Close()
	return sameFile(below, above)
}

func sameFile(a, b vfs.File) bool {
	x, err1 := a.Stat()
	y, err2 := b.Stat()
	if err1 != nil || err2 != nil || x.Size != y.Size || x.Mode != y.Mode {
		return false
	}
	p, q := make([]byte, 64<<10), make([]byte, 64<<10)
	for off := int64(0); off < x.Size; {
		n, err1 := a.ReadAt(p, off)
		m, err2 := io.ReadFull(io.NewSectionReader(b, off, int64(n)), q[:n])
		if n == 0 || m != n || string(p[:n]) != string(q[:n]) ||
			err1 != nil && err1 != io.EOF || err2 != nil {
			return false
		}
		off += int64(n)
	}
	return true
}

// Original returns a file of the work dir as it was before the sandbox changed
// it. ErrNotOverlay where the work dir is not an overlay.
func (s *Sandbox) Original(name string) ([]byte, fs.FileMode, error) {
	done, err := s.enter()
	if err != nil {
		return nil, 0, err
	}
	defer done()
	if s.work.overlay == nil {
		return nil, 0, ErrNotOverlay
	}
	space := vfs.Space{FS: s.work.overlay.Lower()}
	return readAny(space, name)
}

// Current returns a file of the work dir as it is; a link's text for a link.
func (s *Sandbox) Current(name string) ([]byte, fs.FileMode, error) {
	done, err := s.enter()
	if err != nil {
		return nil, 0, err
	}
	defer done()
	return readAny(vfs.Space{FS: s.files}, WorkPath[1:]+"/"+name)
}

// readAny reads a file, or a link as its text.
func readAny(space vfs.Space, name string) ([]byte, fs.FileMode, error) {
	info, err := space.FS.Lstat(name)
	if err != nil {
		return nil, 0, pathError("stat", name, err)
	}
	if info.Mode&fs.ModeSymlink != 0 {
		target, err := space.FS.Readlink(name)
		return []byte(target), info.Mode, err
	}
	data, err := space.ReadFile(name, MaxRead)
	return data, info.Mode, pathError("open", name, err)
}

// Remove removes a file, or a directory and all that is in it. Paths are as
// in ReadFile.
func (s *Sandbox) Remove(name string) error {
	done, err := s.enter()
	if err != nil {
		return err
	}
	defer done()
	space, p, err := s.space("remove", name)
	if err != nil {
		return err
	}
	if _, err := space.Lstat(".", p); err != nil {
		return pathError("remove", name, err)
	}
	return pathError("remove", name, space.RemoveAll(p))
}
