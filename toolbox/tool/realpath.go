package tool

import (
	"io/fs"
	"strings"

	"agentsandbox/vfs"
)

// Existence says how much of a path has to exist.
type Existence int

// All of it, all but the last piece, or nothing.
const (
	AllExists Existence = iota
	ParentExists
	NoneExists
)

// RealPath returns the absolute path that name leads to, with no link, "." or
// ".." in it. Errors are *fs.PathError with the name as given.
func (x *Exec) RealPath(name string, need Existence) (string, error) {
	if name == "" {
		return "", pathErr("realpath", name, vfs.ENOENT)
	}
	w := realWalk{x: x, need: need, todo: splitPath(x.Abs(name))}
	path, err := w.run(strings.HasSuffix(name, "/"))
	return path, pathErr("realpath", name, err)
}

// realWalk is the state of one RealPath: the pieces resolved and those ahead.
type realWalk struct {
	x     *Exec
	need  Existence
	done  []string
	todo  []string
	links int
	// plain is set once a piece is missing: there is nothing to follow below.
	plain bool
}

func (w *realWalk) run(slash bool) (string, error) {
	for len(w.todo) > 0 {
		piece := w.todo[0]
		w.todo = w.todo[1:]
		if piece == ".." {
			w.done = w.done[:max(len(w.done)-1, 0)]
			continue
		}
		w.done = append(w.done, piece)
		if err := w.enter(slash); err != nil {
			return "", err
		}
	}
	return w.path(), nil
}

func (w *realWalk) path() string { return "/" + strings.Join(w.done, "/") }

// enter looks at the piece just reached.
func (w *realWalk) enter(slash bool) error {
	if w.plain {
		return nil
	}
	info, err := w.x.FS.Lstat(w.path())
	last := len(w.todo) == 0
	switch {
	case err != nil && w.need == NoneExists:
		w.plain = true
		return nil
	case err != nil && vfs.ToErrno(err) == vfs.ENOENT && last && w.need == ParentExists:
		return nil
	case err != nil:
		return err
	case info.Mode&fs.ModeSymlink != 0:
		return w.follow()
	case !info.IsDir() && (!last || slash) && w.need != NoneExists:
		return vfs.ENOTDIR
	}
	return nil
}

func (w *realWalk) follow() error {
	if w.links++; w.links > vfs.MaxLinks {
		if w.need == NoneExists {
			return nil
		}
		return vfs.ELOOP
	}
	target, err := w.x.FS.Readlink(w.path())
	if err != nil {
		return err
	}
	w.done = w.done[:len(w.done)-1]
	if strings.HasPrefix(target, "/") {
		w.done = w.done[:0]
	}
	w.todo = append(splitPath(target), w.todo...)
	return nil
}

// splitPath cuts a path into its pieces, without those that say nothing.
func splitPath(path string) []string {
	var out []string
	for piece := range strings.SplitSeq(path, "/") {
		if piece != "" && piece != "." {
			out = append(out, piece)
		}
	}
	return out
}
