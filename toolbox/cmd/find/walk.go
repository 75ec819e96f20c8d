package find

import (
	"io/fs"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// file is one file that is visited.
type file struct {
	f     *finder
	path  string // as it is printed
	start string // the path that the walk began with
	depth int
	typ   fs.FileMode // as the directory says, or ModeIrregular

	looked bool // info and err are set
	info   vfs.Info
	err    error
	prune  bool
}

// name is what -name is matched against.
func (e *file) name() string { return tool.Base(e.path) }

// follows reports whether the file is looked at through a link.
func (e *file) follows() bool {
	return e.f.follow == followAll || e.f.follow == followPaths && e.depth == 0
}

// stat looks at the file, once. A link that leads nowhere is itself.
func (e *file) stat() (vfs.Info, error) {
	if e.looked {
		return e.info, e.err
	}
	e.looked = true
	if e.follows() {
		e.info, e.err = e.f.x.Stat(e.path)
		if e.err == nil {
			return e.info, nil
		}
	}
	e.info, e.err = e.f.x.Lstat(e.path)
	return e.info, e.err
}

// mode is the type of the file; the bits of its permissions need stat.
func (e *file) mode() fs.FileMode {
	if !e.looked && e.typ != fs.ModeIrregular && !(e.typ == fs.ModeSymlink && e.follows()) {
		return e.typ
	}
	info, err := e.stat()
	if err != nil {
		return fs.ModeIrregular
	}
	return info.Mode
}

// path walks the tree at a path.
func (f *finder) path(path string, t test) error {
	e := &file{f: f, path: path, start: path, typ: fs.ModeIrregular}
	info, err := e.stat()
	if err != nil {
		f.failFile(path, err)
		return nil
	}
	f.startDev = info.Dev
	return f.visit(e, t)
}

// visit evaluates the expression on a file and on what is below it.
func (f *finder) visit(e *file, t test) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	descend := e.mode().IsDir() && (f.maxDepth < 0 || e.depth < f.maxDepth)
	loop, entered, err := f.enter(e, descend)
	if loop || err != nil {
		return err
	}
	if entered {
		defer func() { f.above = f.above[:len(f.above)-1] }()
	}
	if !f.depthFirst {
		if err := f.apply(e, t); err != nil {
			return err
		}
		descend = descend && !e.prune
	}
	if descend {
		if err := f.children(e, t); err != nil {
			return err
		}
	}
	if f.depthFirst {
		return f.apply(e, t)
	}
	return nil
}

func (f *finder) apply(e *file, t test) error {
	if e.depth < f.minDepth {
		return nil
	}
	_, err := t(e)
	return err
}

// enter notes a directory that is walked, where a link could lead back to it
// (THREAT[SH-10]).
func (f *finder) enter(e *file, descend bool) (loop, entered bool, err error) {
	if !descend || f.follow != followAll {
		return false, false, nil
	}
	info, err := e.stat()
	if err != nil {
		f.failFile(e.path, err)
		return true, false, nil
	}
	id := fileID{info.Dev, info.Ino}
	for i, up := range f.above {
		if up == id {
			f.fail("File system loop detected; %s is part of the same file system loop as %s.",
				tool.QuoteText(e.path), tool.QuoteText(f.ancestor(e, i)))
			return true, false, nil
		}
	}
	f.above = append(f.above, id)
	return false, true, nil
}

// ancestor is the path of the directory at the given depth above a file.
func (f *finder) ancestor(e *file, depth int) string {
	path := e.path
	for range e.depth - depth {
		path = strings.TrimRight(path, "/")
		path = path[:max(strings.LastIndexByte(path, '/'), 0)]
	}
	return path
}

func (f *finder) children(e *file, t test) error {
	if f.oneFS {
		if info, err := e.stat(); err == nil && info.Dev != f.startDev {
			return nil
		}
	}
	entries, err := f.x.ReadDir(e.path)
	if err != nil {
		f.failFile(e.path, err)
		return nil
	}
	prefix := e.path
	if !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	var child file // of which nothing is kept
	for _, d := range entries {
		child = file{f: f, path: prefix + d.Name, start: e.start, depth: e.depth + 1, typ: d.Type}
		if err := f.visit(&child, t); err != nil {
			return err
		}
	}
	return f.leave()
}
