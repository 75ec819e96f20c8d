package vfs

import (
	"io/fs"
	"strings"
)

// Space is a file system as a process sees it: paths are absolute or relative
// to a directory, may hold "..", end in slashes, and pass through symbolic
// links, all of which is resolved here, in guest space, and never by the host.
//
// An operation first tries the name as it stands; only when a link is in the
// way is the path walked piece by piece. The file system follows no link, so
// a link that appears between the walk and the operation is met with ELOOP and
// walked again: a race can change which guest file is reached, never more.
type Space struct {
	FS FS
	// Root confines resolution to the directory of that name: ".." and links
	// that lead out of it fail with EPERM. "" or "." is no confinement: ".."
	// at the top stays there, and absolute paths start at the top.
	Root string
}

// Path is a resolved path.
type Path struct {
	Name string // clean name in the FS; the last piece need not exist
	Dir  bool   // the path ended in "/", "/." or "..": only a directory will do
	// Last is ".", ".." or "/" if that is what a path ended in that should
	// name an entry to make or remove. Name is then where it was met.
	Last string
}

// final says what is done with the last piece of a path.
type final int

const (
	followLast final = iota // a link is followed
	keepLast                // a link is kept, unless only a directory will do
	nameLast                // it names an entry, and is not looked at
	makeLast                // it names a file to make: a link is followed, but not with a slash
)

// tries is how often a path is walked again that changes all the while.
const tries = 4

// Do resolves path from the directory dir (a clean name) and calls op with the
// result, again when a link got in its way. With follow, a final link is
// followed; a path that must be a directory is followed always.
func (s Space) Do(dir, path string, follow bool, op func(Path) error) error {
	if follow {
		return s.do(dir, path, followLast, op)
	}
	return s.do(dir, path, keepLast, op)
}

func (s Space) do(dir, path string, end final, op func(Path) error) error {
	p, plain, err := s.lexical(dir, path, end)
	if err != nil {
		return err
	}
	if plain {
		err = op(p)
		if ToErrno(err) != ELOOP {
			return err
		}
	}
	for range tries {
		p, err = s.walk(dir, path, end)
		if err != nil {
			return err
		}
		err = op(p)
		if ToErrno(err) != ELOOP {
			return err
		}
	}
	return err
}

// Resolve walks path from the directory dir and returns where it leads. Every
// directory on the way must exist (ENOENT, ENOTDIR); the last piece need not.
func (s Space) Resolve(dir, path string, follow bool) (Path, error) {
	if follow {
		return s.walk(dir, path, followLast)
	}
	return s.walk(dir, path, keepLast)
}

// lexical joins dir and path without looking at the files; plain is false
// where that could differ from walking.
func (s Space) lexical(dir, path string, end final) (p Path, plain bool, err error) {
	if fs.ValidPath(path) && path != "." && len(path) < MaxPath && s.holds(dir) {
		return Path{Name: join(dir, path)}, strings.IndexByte(path, 0) < 0, nil
	}
	w, err := s.start(dir, path)
	if err != nil {
		return p, false, err
	}
	named := false
	for i, piece := range w.todo {
		switch piece {
		case ".":
			if named && i == len(w.todo)-1 {
				return p, false, nil
			}
		case "..":
			if named {
				return p, false, nil
			}
			if err := w.up(); err != nil {
				return p, false, err
			}
		default:
			named = true
			w.push(piece)
		}
	}
	return w.path(""), named || end != nameLast, nil
}

// walk resolves a path piece by piece.
func (s Space) walk(dir, path string, end final) (Path, error) {
	w, err := s.start(dir, path)
	if err != nil {
		return Path{}, err
	}
	for len(w.todo) > 0 {
		piece := w.todo[0]
		w.todo = w.todo[1:]
		last := len(w.todo) == 0
		switch {
		case last && end == nameLast:
			return w.entry(piece)
		case piece == ".":
		case piece == "..":
			err = w.up()
		default:
			w.push(piece)
			if last && (end == keepLast && !w.dir || end == makeLast && w.dir) {
				return w.path(""), nil
			}
			err = w.look(last)
		}
		if err != nil {
			return Path{}, err
		}
	}
	if end == nameLast {
		return w.path("/"), nil
	}
	return w.path(""), nil
}

func (s Space) confined() bool { return s.Root != "" && s.Root != "." }

// holds reports whether resolution may start at dir.
func (s Space) holds(dir string) bool {
	if !s.confined() {
		return true
	}
	rest, ok := strings.CutPrefix(dir, s.Root)
	return ok && (rest == "" || rest[0] == '/')
}

// walk is the state of one resolution: where we are, and the pieces ahead.
type walk struct {
	space Space
	name  string
	todo  []string
	dir   bool // only a directory will do
	links int
}

func (s Space) start(dir, path string) (*walk, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if s.confined() && path[0] == '/' || !s.holds(dir) {
		return nil, EPERM
	}
	w := &walk{space: s, name: dir, todo: pieces(path)}
	if path[0] == '/' || dir == "" {
		w.name = "."
	}
	w.dir = endsInDir(path)
	return w, nil
}

// checkPath refuses what no path may be, before any of it is looked at.
func checkPath(path string) error {
	switch {
	case path == "":
		return ENOENT
	case len(path) >= MaxPath:
		return ENAMETOOLONG
	case strings.IndexByte(path, 0) >= 0:
		return EINVAL
	}
	return nil
}

// endsInDir reports whether a path can only mean a directory.
func endsInDir(path string) bool {
	switch path[strings.LastIndexByte(path, '/')+1:] {
	case "", ".", "..":
		return true
	}
	return false
}

func (w *walk) path(last string) Path { return Path{Name: w.name, Dir: w.dir, Last: last} }

func (w *walk) push(piece string) { w.name = join(w.name, piece) }

func (w *walk) up() error {
	if w.space.confined() && w.name == w.space.Root {
		return EPERM
	}
	w.name = parent(w.name)
	return nil
}

// entry ends a walk at an entry that need not exist.
func (w *walk) entry(piece string) (Path, error) {
	if piece == "." || piece == ".." {
		return w.path(piece), nil
	}
	w.push(piece)
	return w.path(""), nil
}

// look goes on through the piece just pushed, whatever it is.
func (w *walk) look(last bool) error {
	info, err := w.space.FS.Lstat(w.name)
	switch {
	case last && ToErrno(err) == ENOENT:
		return nil
	case err != nil:
		return err
	case info.Mode&fs.ModeSymlink != 0:
		return w.follow()
	case !last && !info.IsDir():
		return ENOTDIR
	}
	return nil
}

// follow replaces the link that we are at by the pieces of its target.
func (w *walk) follow() error {
	if w.links++; w.links > MaxLinks {
		return ELOOP
	}
	target, err := w.space.FS.Readlink(w.name)
	if err != nil {
		return err
	}
	if err := checkPath(target); err != nil {
		return err
	}
	w.name = parent(w.name)
	if target[0] == '/' {
		if w.space.confined() {
			return EPERM
		}
		w.name = "."
	}
	if len(w.todo) == 0 && endsInDir(target) {
		w.dir = true
	}
	w.todo = append(pieces(target), w.todo...)
	return nil
}

// pieces splits a path; empty pieces say nothing and are left out.
func pieces(path string) []string {
	var out []string
	for piece := range strings.SplitSeq(path, "/") {
		if piece != "" {
			out = append(out, piece)
		}
	}
	return out
}

func join(dir, name string) string {
	if dir == "." || dir == "" {
		return name
	}
	return dir + "/" + name
}

// parent is the directory that a clean name is in; that of "." is itself.
func parent(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i]
	}
	return "."
}
