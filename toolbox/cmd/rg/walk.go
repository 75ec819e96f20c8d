package rg

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"agentsandbox/vfs"
)

// maxNesting bounds how deep directories are searched.
const maxNesting = 500

// target is a file to search.
type target struct {
	name  string // as shown
	given bool   // named on the command line
	info  vfs.Info
}

// walk searches all paths; the working directory, without a prefix to the
// names, if there are none.
func (r *rg) walk(paths []string) error {
	if len(paths) == 0 {
		r.named = r.filename >= 0
		return r.dirTree(".", "")
	}
	r.named = r.filename > 0 || r.filename == 0 && len(paths) > 1
	for _, name := range paths {
		if err := r.path(name); err != nil || r.quit {
			return err
		}
	}
	return nil
}

func (r *rg) path(name string) error {
	if name == "-" && !r.files {
		return r.stream(r.x.Stdin)
	}
	info, err := r.x.Stat(name)
	if err != nil {
		return r.fail(name, err)
	}
	if info.IsDir() {
		if r.filename == 0 {
			r.named = true
		}
		return r.dirTree(name, strings.TrimSuffix(name, "/")+"/")
	}
	return r.file(name, target{name, true, info})
}

// dirTree searches what is below a directory; prefix is put before names.
func (r *rg) dirTree(dir, prefix string) error {
	if r.maxDepth == 0 {
		return nil
	}
	top := place{name: dir, abs: path.Clean(r.x.Abs(dir)), prefix: prefix}
	top.in, top.git = r.above(top.abs)
	w := walker{rg: r, base: path.Clean(r.x.Abs("."))}
	if prefix == "" {
		w.lead = "./"
	}
	if err := w.dir(top, dir); err != nil {
		return err
	}
	if !r.sortByTime {
		return nil
	}
	slices.SortStableFunc(w.held, func(a, b heldFile) int { return cmp.Compare(a.info.Mtime, b.info.Mtime) })
	if r.reverse {
		slices.Reverse(w.held)
	}
	for _, h := range w.held {
		if err := r.file(h.name, h.target); err != nil || r.quit {
			return err
		}
	}
	return nil
}

// walker is the search of one tree.
type walker struct {
	*rg
	base  string     // where globs start
	lead  string     // before names in what is reported
	held  []heldFile // to be sorted by time
	above []ancestor // with -L, to find loops
}

// ancestor is a directory that is being walked.
type ancestor struct {
	dev, ino uint64
	shown    string
}

type heldFile struct {
	name string
	target
}

// place is a directory in the course of a walk.
type place struct {
	name, abs string
	prefix    string   // before the names in it, as shown
	in        *ignores // those of the directories above
	git       bool     // it is in a repository
	depth     int
}

// dir walks a directory.
func (w *walker) dir(at place, shown string) error {
	entries, err := w.x.ReadDir(at.name)
	if err == nil && at.depth > maxNesting {
		err = vfs.ELOOP
	}
	if err != nil {
		return w.fail(w.lead+shown, err)
	}
	if w.follow {
		if err := w.enter(at, shown); err != nil {
			return err
		}
		defer func() { w.above = w.above[:len(w.above)-1] }()
	}
	at.in = w.ignoresOf(at.in, at.abs, at.git, false)
	at.git = at.git || at.in.repo
	at.depth++
	if w.reverse {
		slices.Reverse(entries)
	}
	for _, entry := range entries {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.entry(at, entry); err != nil || w.quit {
			return err
		}
	}
	return nil
}

// enter remembers a directory for as long as it is being walked.
func (w *walker) enter(at place, shown string) error {
	info, err := w.x.Stat(at.name)
	if at.prefix == "" {
		shown = ""
	}
	w.above = append(w.above, ancestor{info.Dev, info.Ino, shown})
	return err
}

func child(dir, name string) string {
	if strings.HasSuffix(dir, "/") {
		return dir + name
	}
	return dir + "/" + name
}

// entry searches what a directory has under a name.
func (w *walker) entry(at place, entry vfs.DirEntry) error {
	link := entry.Type&fs.ModeSymlink != 0
	if link && !w.follow {
		return nil
	}
	in := at
	in.name, in.abs = child(at.name, entry.Name), child(at.abs, entry.Name)
	t := target{name: at.prefix + entry.Name}
	var err error
	if t.info, err = w.x.Stat(in.name); err != nil {
		return w.fail(w.lead+t.name, err)
	}
	dir := t.info.IsDir()
	switch {
	case !w.wanted(in, entry.Name, dir) || dir && at.depth >= w.maxDepth:
		return nil
	case dir:
		if loop := w.loop(t.info); link && loop != nil {
			return w.report(fmt.Sprintf("File system loop found: %s points to an ancestor %s", w.lead+t.name, w.lead+loop.shown))
		}
		in.prefix = t.name + "/"
		return w.dir(in, t.name)
	case !t.info.Mode.IsRegular() || w.maxSize > 0 && t.info.Size > w.maxSize:
		return nil
	case w.sortByTime:
		w.held = append(w.held, heldFile{in.name, t})
		return nil
	}
	return w.file(in.name, t)
}

// loop finds a directory among those that are being walked.
func (w *walker) loop(info vfs.Info) *ancestor {
	for i, a := range w.above {
		if a.dev == info.Dev && a.ino == info.Ino {
			return &w.above[i]
		}
	}
	return nil
}

// wanted decides by globs, ignore files, types and the leading dot, in this
// order.
func (w *walker) wanted(at place, base string, dir bool) bool {
	rel := strings.TrimPrefix(strings.TrimPrefix(at.abs, w.base), "/")
	v := w.globs.decide(rel, dir)
	if v != undecided {
		return v == search
	}
	v = at.in.decide(at.abs, dir)
	if v != passOver && !dir {
		v = max(v, w.types.decide(base))
	}
	return v == search || v == undecided && (w.hidden || base[0] != '.')
}

// file searches one file, or names it for --files.
func (r *rg) file(name string, t target) error {
	if r.files {
		r.matched = true
		if r.quiet {
			r.quit = true
			return nil
		}
		return r.printPath(t.name)
	}
	f, err := r.x.Open(name)
	if err != nil {
		return r.fail(t.name, err)
	}
	defer f.Close()
	data, err := r.readAll(f, t.info.Size)
	if err != nil {
		return r.fail(t.name, err)
	}
	return r.search(t, data)
}
