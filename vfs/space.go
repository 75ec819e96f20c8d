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
}

// Do resolves path from the directory dir (a clean name) and calls op with the
// result, again when a link got in its way. With follow, a final link is
// followed; a path that must be a directory is followed always.
func (s Space) Do(dir, path string, follow bool, op func(Path) error) error {
	p, plain, err := s.lexical(dir, path)
	if err != nil {
		return err
	}
	if plain {
		err = op(p)
		if ToErrno(err) != ELOOP {
			return err
		}
	}
	for range 4 {
		p, err = s.Resolve(dir, path, follow)
		if err != nil {
			return err
		}
		err = op(p)
		if ToErrno(err) != ELOOP || !follow {
			return err
		}
	}
	return err
}

// lexical joins dir and path without looking at the files; plain is false
// where that could differ from walking (".." after a name).
func (s Space) lexical(dir, path string) (p Path, plain bool, err error) {
	if err := checkPath(path); err != nil {
		return p, false, err
	}
	if s.confined() && path[0] == '/' {
		return p, false, EPERM
	}
	if fs.ValidPath(path) && path != "." {
		return Path{Name: join(dir, path)}, true, nil
	}
	w := walk{space: s}
	w.start(dir, path)
	named := false
	for _, piece := range w.todo {
		switch piece {
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
	return Path{w.name(), w.dir}, true, nil
}

// Resolve walks path from the directory dir and returns where it leads. Every
// directory on the way must exist (ENOENT, ENOTDIR); the last piece need not.
func (s Space) Resolve(dir, path string, follow bool) (Path, error) {
	if err := checkPath(path); err != nil {
		return Path{}, err
	}
	if s.confined() && path[0] == '/' {
		return Path{}, EPERM
	}
	w := walk{space: s}
	w.start(dir, path)
	for links := 0; len(w.todo) > 0; {
		piece := w.todo[0]
		w.todo = w.todo[1:]
		if piece == ".." {
			if err := w.up(); err != nil {
				return Path{}, err
			}
			continue
		}
		w.push(piece)
		last := len(w.todo) == 0
		if last && !follow && !w.dir {
			break
		}
		info, err := s.FS.Lstat(w.name())
		switch {
		case err != nil && last && ToErrno(err) == ENOENT:
			return Path{w.name(), w.dir}, nil
		case err != nil:
			return Path{}, err
		case info.Mode&fs.ModeSymlink != 0:
			if links++; links > MaxLinks {
				return Path{}, ELOOP
			}
			if err := w.follow(); err != nil {
				return Path{}, err
			}
		case !last && !info.IsDir():
			return Path{}, ENOTDIR
		}
	}
	return Path{w.name(), w.dir}, nil
}

func (s Space) confined() bool { return s.Root != "" && s.Root != "." }

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

// walk is the state of one resolution: the pieces behind us and those ahead.
type walk struct {
	space Space
	done  []string
	todo  []string
	dir   bool
}

func (w *walk) start(dir, path string) {
	if path[0] != '/' {
		w.done = pieces(dir)
	}
	w.todo = pieces(path)
	w.dir = strings.HasSuffix(path, "/") || path == "." || strings.HasSuffix(path, "/.") ||
		path == ".." || strings.HasSuffix(path, "/..")
}

func (w *walk) push(piece string) { w.done = append(w.done, piece) }

func (w *walk) up() error {
	if w.space.confined() && w.name() == w.space.Root {
		return EPERM
	}
	if len(w.done) > 0 {
		w.done = w.done[:len(w.done)-1]
	}
	return nil
}

// follow replaces the link at the end of done by the pieces of its target.
func (w *walk) follow() error {
	target, err := w.space.FS.Readlink(w.name())
	if err != nil {
		return err
	}
	if err := checkPath(target); err != nil {
		return err
	}
	w.done = w.done[:len(w.done)-1]
	if target[0] == '/' {
		if w.space.confined() {
			return EPERM
		}
		w.done = w.done[:0]
	}
	if len(w.todo) == 0 && strings.HasSuffix(target, "/") {
		w.dir = true
	}
	w.todo = append(pieces(target), w.todo...)
	return nil
}

func (w *walk) name() string {
	if len(w.done) == 0 {
		return "."
	}
	return strings.Join(w.done, "/")
}

// pieces splits a path; empty pieces and "." say nothing and are left out.
func pieces(path string) []string {
	var out []string
	for piece := range strings.SplitSeq(path, "/") {
		if piece != "" && piece != "." {
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
