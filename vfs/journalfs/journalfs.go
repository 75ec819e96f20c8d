// Package journalfs records what changes in a file system, so that to tell the
// difference costs as much as there is of it, and never a walk of the tree.
//
// The journal keeps, for each name that was touched, whether it was there at
// the beginning, whether it is there now, and whose content it has. So the
// changes it reports are net ones: what was made and removed again is none,
// what was removed and made again is modified, and what was moved there and
// back is as it was. New content, a new mode and a new type count; new times
// do not. Moving a directory costs a walk of what is in it.
//
// It sees only what passes through it. Of hard links it knows those that were
// made through it: writing to one name then modifies all of them.
package journalfs

import (
	"cmp"
	"io/fs"
	"slices"
	"sync"

	"agentsandbox/vfs"
)

// FS passes all through to another file system and keeps the journal. It may
// be used from several goroutines.
type FS struct {
	vfs.FS // what only reads goes straight through

	mu      sync.Mutex         // held over every operation that changes names
	entries map[string]*entry  // by name, what was touched; guarded by mu
	objects map[string]*object // by name, files open for writing or linked; guarded by mu
}

var _ vfs.FS = (*FS)(nil)

// entry is what became of one name.
type entry struct {
	base   bool   // it was there at the beginning
	now    bool   // it is there
	dir    bool   // it is a directory or, if it is not there, was one
	dirty  bool   // its content or mode is not that of origin
	origin string // the name whose first content it has; "" if it is new
}

// New starts a journal over inner, which must not be changed by another way.
func New(inner vfs.FS) *FS {
	f := &FS{FS: inner}
	f.Reset()
	return f
}

// Reset forgets all changes: what is there now is the new beginning.
func (f *FS) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.entries = map[string]*entry{}
	if f.objects == nil {
		f.objects = map[string]*object{}
	}
	for _, o := range f.objects {
		o.noted.Store(false)
	}
}

// Changes lists how the tree differs from what it was at the beginning, in
// byte order of the names.
func (f *FS) Changes() []vfs.Change {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]vfs.Change, 0, len(f.entries))
	for name, e := range f.entries {
		if kind := e.kind(name); kind != 0 {
			list = append(list, vfs.Change{Path: name, Kind: kind, Dir: e.dir})
		}
	}
	slices.SortFunc(list, func(a, b vfs.Change) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

func (e *entry) kind(name string) vfs.ChangeKind {
	switch {
	case e.base && !e.now:
		return vfs.Deleted
	case !e.base && e.now:
		return vfs.Created
	case e.now && (e.dirty || e.origin != name):
		return vfs.Modified
	}
	return 0
}

// touch returns the entry of a name that is there, or was until now.
func (f *FS) touch(name string, dir bool) *entry {
	e := f.entries[name]
	if e == nil {
		e = &entry{base: true, now: true, dir: dir, origin: name}
		f.entries[name] = e
	}
	return e
}

// settle drops the entry of a name that is as it was.
func (f *FS) settle(name string, e *entry) {
	if e.kind(name) == 0 {
		delete(f.entries, name)
	}
}

// created notes that name, which was not there, is there now.
func (f *FS) created(name string, dir bool) {
	e := f.entries[name]
	if e == nil {
		e = new(entry)
		f.entries[name] = e
	}
	*e = entry{base: e.base, now: true, dir: dir, dirty: true}
}

// modified notes new content or a new mode.
func (f *FS) modified(name string, dir bool) { f.touch(name, dir).dirty = true }

// deleted notes that name is gone.
func (f *FS) deleted(name string, dir bool) {
	e := f.touch(name, dir)
	e.now, e.dir = false, dir
	f.settle(name, e)
}

// moved notes that what was at oldname is at newname; fresh says that newname
// was not there before.
func (f *FS) moved(oldname, newname string, dir, fresh bool) {
	from := *f.touch(oldname, dir)
	f.deleted(oldname, dir)
	to := f.entries[newname]
	if to == nil {
		to = &entry{base: !fresh}
		f.entries[newname] = to
	}
	*to = entry{base: to.base, now: true, dir: dir, dirty: from.dirty, origin: from.origin}
	f.settle(newname, to)
}

// movedBelow notes what a move of a directory did to all that is in it. What
// cannot be listed cannot be noted.
func (f *FS) movedBelow(oldname, newname string) {
	h, err := f.FS.Open(newname, vfs.Read|vfs.Directory, 0)
	if err != nil {
		return
	}
	list, _ := h.ReadDir()
	h.Close()
	for _, e := range list {
		from, to := oldname+"/"+e.Name, newname+"/"+e.Name
		dir := e.Type.IsDir()
		if e.Type == fs.ModeIrregular {
			info, err := f.FS.Lstat(to)
			dir = err == nil && info.IsDir()
		}
		f.moved(from, to, dir, true)
		f.rename(from, to)
		if dir {
			f.movedBelow(from, to)
		}
	}
}
