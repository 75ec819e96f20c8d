package journalfs

import (
	"slices"
	"sync/atomic"

	"agentsandbox/vfs"
)

// object is a file that may change by another way than its name: it is open
// for writing, or has several names. It knows all names that lead to it.
type object struct {
	names   []string    // guarded by FS.mu
	handles int         // guarded by FS.mu
	noted   atomic.Bool // every name is marked as modified
}

// object returns the object of a name, which is made if it is not there.
func (f *FS) object(name string) *object {
	o := f.objects[name]
	if o == nil {
		o = &object{names: []string{name}}
		f.objects[name] = o
	}
	return o
}

// release drops an object that nothing but its name leads to.
func (f *FS) release(o *object) {
	if o.handles == 0 && len(o.names) == 1 {
		delete(f.objects, o.names[0])
	}
}

// link gives an object one more name.
func (f *FS) link(oldname, newname string) {
	o := f.object(oldname)
	o.names = append(o.names, newname)
	o.noted.Store(false)
	f.objects[newname] = o
}

// unlink takes a name from its object, if it has one.
func (f *FS) unlink(name string) {
	o := f.objects[name]
	if o == nil {
		return
	}
	delete(f.objects, name)
	o.names = slices.DeleteFunc(o.names, func(n string) bool { return n == name })
	f.release(o)
}

// rename gives an object a new name in place of an old one.
func (f *FS) rename(oldname, newname string) {
	f.unlink(newname)
	o := f.objects[oldname]
	if o == nil {
		return
	}
	delete(f.objects, oldname)
	f.objects[newname] = o
	o.names[slices.Index(o.names, oldname)] = newname
	o.noted.Store(false)
}

// note marks every name of an object as modified. When it was done already it
// costs one load.
func (f *FS) note(o *object) {
	if o.noted.Load() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.noteLocked(o)
}

func (f *FS) noteLocked(o *object) {
	for _, name := range o.names {
		f.modified(name, false)
	}
	o.noted.Store(true)
}

// file is a file that was opened for writing.
type file struct {
	vfs.File
	fs     *FS
	object *object
	closed atomic.Bool
}

// WriteAt writes; see vfs.File.
func (h *file) WriteAt(p []byte, off int64) (int, error) {
	n, err := h.File.WriteAt(p, off)
	if n > 0 {
		h.fs.note(h.object)
	}
	return n, err
}

// Append writes at the end; see vfs.File.
func (h *file) Append(p []byte) (int, error) {
	n, err := h.File.Append(p)
	if n > 0 {
		h.fs.note(h.object)
	}
	return n, err
}

// Truncate cuts or lengthens; see vfs.File.
func (h *file) Truncate(size int64) error {
	err := h.File.Truncate(size)
	if err == nil {
		h.fs.note(h.object)
	}
	return err
}

// Close closes; see vfs.File.
func (h *file) Close() error {
	if !h.closed.Swap(true) {
		h.fs.mu.Lock()
		h.object.handles--
		h.fs.release(h.object)
		h.fs.mu.Unlock()
	}
	return h.File.Close()
}
