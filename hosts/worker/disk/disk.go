// Package disk keeps the files of a sandbox in rows, such as a database has, and
// writes only those that changed.
package disk

import (
	"errors"
	"io"
	"io/fs"
	"path"

	"agentsandbox/vfs"
)

// Row is one file, directory or symbolic link.
type Row struct {
	Name    string // relative, slash-separated; need not be UTF-8
	Mode    fs.FileMode
	Mtime   int64  // nanoseconds since 1970
	Data    []byte // contents; the target of a link
	Deleted bool   // there is none any more; the rest is not set
}

// Rows is where they are kept.
type Rows interface {
	// Commit makes all changes or none.
	Commit(changes []Row) error
	// Each visits all rows in byte order of the names, so that a directory
	// comes before what is in it. It ends with the first error.
	Each(visit func(Row) error) error
}

// Layer makes files in a way that the sandbox knows of, with the directories
// that they need. A sandbox of package core is one.
type Layer interface {
	WriteFile(name string, data []byte) error
	Remove(name string) error
}

// Disk is a file system and the rows that it is kept in. It is not for several
// goroutines at once, though the file system may be.
type Disk struct {
	fsys  vfs.FS
	rows  Rows
	saved map[string]stamp
}

// stamp tells a file from what it was: every change moves its ctime.
type stamp struct {
	mode  fs.FileMode
	ino   uint64
	size  int64
	ctime int64
}

// New makes a disk of a file system whose clock never shows a time twice.
func New(fsys vfs.FS, rows Rows) *Disk {
	return &Disk{fsys, rows, map[string]stamp{}}
}

// Save commits what is not in the rows as it is in the file system. If it fails,
// the rows are as they were, and the next Save makes up for it. Names of one
// file are saved as files of their own.
func (d *Disk) Save() error {
	found, changes := map[string]stamp{}, []Row(nil)
	err := d.walk(".", func(name string, info vfs.Info) error {
		now := stamp{info.Mode, info.Ino, info.Size, info.Ctime}
		found[name] = now
		if d.saved[name] == now {
			return nil
		}
		data, err := d.contents(name, info)
		changes = append(changes, Row{Name: name, Mode: info.Mode, Mtime: info.Mtime, Data: data})
		return err
	})
	if err != nil {
		return err
	}
	for name := range d.saved {
		if _, ok := found[name]; !ok {
			changes = append(changes, Row{Name: name, Deleted: true})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	if err := d.rows.Commit(changes); err != nil {
		return err
	}
	d.saved = found
	return nil
}

// walk visits what is below a directory. What vanishes meanwhile is passed over:
// commands may be running.
func (d *Disk) walk(dir string, visit func(string, vfs.Info) error) error {
	h, err := d.fsys.Open(dir, vfs.Read|vfs.Directory, 0)
	if err != nil {
		return gone(err)
	}
	list, err := h.ReadDir()
	if err := errors.Join(gone(err), h.Close()); err != nil {
		return err
	}
	for _, e := range list {
		name := path.Join(dir, e.Name)
		info, err := d.fsys.Lstat(name)
		if err == nil {
			err = visit(name, info)
		}
		if err == nil && info.IsDir() {
			err = d.walk(name, visit)
		}
		if err := gone(err); err != nil {
			return err
		}
	}
	return nil
}

func gone(err error) error {
	if errors.Is(err, vfs.ENOENT) {
		return nil
	}
	return err
}

// contents is the data of a row.
func (d *Disk) contents(name string, info vfs.Info) ([]byte, error) {
	switch info.Mode.Type() {
	case fs.ModeSymlink:
		target, err := d.fsys.Readlink(name)
		return []byte(target), err
	case 0:
	default:
		return nil, nil
	}
	h, err := d.fsys.Open(name, vfs.Read, 0)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	data := make([]byte, info.Size)
	n, err := h.ReadAt(data, 0)
	if err == io.EOF {
		err = nil
	}
	return data[:n], err
}

// Load lays the rows into the file system, which is empty and l's.
func (d *Disk) Load(l Layer) error {
	var dirs []Row
	err := d.rows.Each(func(r Row) error {
		if r.Mode.IsDir() {
			dirs = append(dirs, r)
		}
		return d.lay(l, r)
	})
	// Times of a directory come last, as each name made in it moves them.
	for i := len(dirs) - 1; i >= 0 && err == nil; i-- {
		err = d.describe(dirs[i])
	}
	if err != nil {
		return err
	}
	return d.walk(".", func(name string, info vfs.Info) error {
		d.saved[name] = stamp{info.Mode, info.Ino, info.Size, info.Ctime}
		return nil
	})
}

// lay makes one file. All are made by the layer first, which then counts them
// among its changes, as they were before.
func (d *Disk) lay(l Layer, r Row) error {
	switch r.Mode.Type() {
	case fs.ModeDir:
		inside := r.Name + "/.new"
		return errors.Join(l.WriteFile(inside, nil), l.Remove(inside))
	case fs.ModeSymlink:
		if err := l.WriteFile(r.Name, nil); err != nil {
			return err
		}
		return errors.Join(d.fsys.Unlink(r.Name), d.fsys.Symlink(string(r.Data), r.Name),
			d.fsys.Chtimes(r.Name, vfs.Omit, r.Mtime))
	}
	return errors.Join(l.WriteFile(r.Name, r.Data), d.describe(r))
}

func (d *Disk) describe(r Row) error {
	return errors.Join(d.fsys.Chmod(r.Name, r.Mode.Perm()), d.fsys.Chtimes(r.Name, vfs.Omit, r.Mtime))
}
