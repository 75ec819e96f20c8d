package overlayfs

import (
	"cmp"
	"io/fs"
	"slices"

	"agentsandbox/vfs"
)

// Changes lists how the merged tree differs from the lower, in byte order of
// the names. The cost is that of what changed: nothing else is looked at, and
// of the lower only what was removed, moved or put in the place of something.
// A file that was written back to what it was is still listed as modified.
//
// An error is the lower's or the upper's, and the list is not complete then.
func (o *FS) Changes() ([]vfs.Change, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	steps, err := o.steps()
	list := make([]vfs.Change, len(steps))
	for i, s := range steps {
		list[i] = s.Change
	}
	return list, err
}

// step is one change, with what is at that name now.
type step struct {
	vfs.Change
	now view // not of what was deleted
}

// view is a file of the merged tree: a node, or a name in the lower.
type view struct {
	node  *node
	lower string // what shines through; "" if nothing
	mode  fs.FileMode
}

func viewOf(n *node) view { return view{n, n.lower, n.mode} }

func (v view) isDir() bool { return v.mode.IsDir() }

// source is the name in the lower of a file that the upper does not have.
func (v view) source() string {
	if v.node != nil && v.node.up {
		return ""
	}
	return v.lower
}

// steps finds all changes.
func (o *FS) steps() ([]step, error) {
	d := differ{fs: o}
	d.err = d.modified(".", o.root)
	if d.err == nil {
		d.err = d.kids(".", o.root)
	}
	slices.SortFunc(d.steps, func(a, b step) int { return cmp.Compare(a.Path, b.Path) })
	return d.steps, d.err
}

// differ gathers changes.
type differ struct {
	fs    *FS
	steps []step
	err   error
}

func (d *differ) add(path string, kind vfs.ChangeKind, dir bool, now view) {
	d.steps = append(d.steps, step{vfs.Change{Path: path, Kind: kind, Dir: dir}, now})
}

// kids compares a directory that is where the lower has it.
func (d *differ) kids(path string, n *node) error {
	for name, kid := range n.kids {
		p := join(path, name)
		var err error
		switch {
		case kid == nil:
			err = d.deleted(p)
		case kid.lower != p:
			err = d.compare(p, viewOf(kid))
		case kid.isDir():
			if err = d.modified(p, kid); err == nil {
				err = d.kids(p, kid)
			}
		case kid.up:
			d.add(p, vfs.Modified, false, viewOf(kid))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// modified adds a directory if its mode is not what it was.
func (d *differ) modified(path string, n *node) error {
	if !n.up {
		return nil
	}
	before, err := d.fs.lower.Lstat(path)
	if err != nil {
		return err
	}
	now, err := d.fs.upper.Lstat(path)
	if err == nil && now.Mode.Perm() != before.Mode.Perm() {
		d.add(path, vfs.Modified, true, viewOf(n))
	}
	return err
}

// compare compares what is at a name now, from wherever, with what was there.
func (d *differ) compare(path string, now view) error {
	before, err := d.fs.lower.Lstat(path)
	switch {
	case vfs.ToErrno(err) == vfs.ENOENT:
		return d.created(path, now)
	case err != nil:
		return err
	case before.IsDir() && now.isDir():
		return d.directories(path, before, now)
	}
	d.add(path, vfs.Modified, now.isDir(), now)
	if before.IsDir() {
		return d.missing(path, view{})
	}
	return d.inside(path, now, d.created)
}

// directories compares two that are not the same one.
func (d *differ) directories(path string, before vfs.Info, now view) error {
	info, err := d.fs.infoOf(now)
	if err != nil {
		return err
	}
	if info.Mode != before.Mode {
		d.add(path, vfs.Modified, true, now)
	}
	if err := d.inside(path, now, d.compare); err != nil {
		return err
	}
	return d.missing(path, now)
}

// inside calls a function for each thing in a directory; none if it is none.
func (d *differ) inside(path string, now view, each func(string, view) error) error {
	if !now.isDir() {
		return nil
	}
	views, err := d.fs.views(now)
	if err != nil {
		return err
	}
	for name, v := range views {
		if err := each(join(path, name), v); err != nil {
			return err
		}
	}
	return nil
}

// missing adds what was in a directory of the lower and is not there now.
func (d *differ) missing(path string, now view) error {
	was, err := readDir(d.fs.lower, path)
	if err != nil {
		return err
	}
	var views map[string]view
	if now.isDir() {
		if views, err = d.fs.views(now); err != nil {
			return err
		}
	}
	for _, e := range was {
		if _, ok := views[e.Name]; ok {
			continue
		}
		if err := d.deleted(join(path, e.Name)); err != nil {
			return err
		}
	}
	return nil
}

// created adds a file and all that is in it.
func (d *differ) created(path string, now view) error {
	d.add(path, vfs.Created, now.isDir(), now)
	return d.inside(path, now, d.created)
}

// deleted adds a file of the lower and all that is in it; nothing if the lower
// has lost it, too.
func (d *differ) deleted(path string) error {
	info, err := d.fs.lower.Lstat(path)
	if vfs.ToErrno(err) == vfs.ENOENT {
		return nil
	}
	if err != nil {
		return err
	}
	d.add(path, vfs.Deleted, info.IsDir(), view{})
	if !info.IsDir() {
		return nil
	}
	return d.missing(path, view{})
}

// views lists a directory of the merged tree with where each thing comes from.
func (o *FS) views(v view) (map[string]view, error) {
	n := v.node
	if n == nil {
		n = &node{lower: v.lower, mode: fs.ModeDir}
	}
	list, err := o.shining(n)
	if err != nil {
		return nil, err
	}
	views := make(map[string]view, len(list)+len(n.kids))
	for _, e := range list {
		mode := e.Type
		if mode == fs.ModeIrregular {
			info, err := o.lower.Lstat(join(n.lower, e.Name))
			if err != nil {
				return nil, err
			}
			mode = info.Mode.Type()
		}
		views[e.Name] = view{lower: join(n.lower, e.Name), mode: mode}
	}
	for name, kid := range n.kids {
		if kid != nil {
			views[name] = viewOf(kid)
		}
	}
	return views, nil
}
