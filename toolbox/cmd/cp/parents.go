package cp

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// makeParents makes the directories of source below dir, with the permissions
// that those of source have, and returns what source is to be there. ok is
// false if one could not be made, which was reported.
func (r *run) makeParents(source, dir string) (dest string, ok bool, err error) {
	path := strings.TrimLeft(strings.TrimRight(source, "/"), "/")
	dest = tool.Join(dir, path)
	for i := range path {
		if path[i] != '/' || path[i-1] == '/' {
			continue
		}
		from := source[:len(source)-len(strings.TrimLeft(source, "/"))+i]
		if ok, err := r.parent(from, tool.Join(dir, path[:i])); !ok || err != nil {
			return dest, false, err
		}
	}
	return dest, true, nil
}

func (r *run) parent(from, to string) (ok bool, err error) {
	x := r.x
	info, err := x.Stat(from)
	if err != nil {
		x.Errorf("failed to get attributes of %s: %s", tool.Quote(from), tool.ErrText(err))
		return false, nil
	}
	if !info.IsDir() {
		x.Errorf("failed to get attributes of %s: %s", tool.Quote(from), vfs.ENOTDIR.Error())
		return false, nil
	}
	perm := info.Mode.Perm()
	if !r.opts.PreserveMode {
		perm &^= x.Umask
	}
	err = x.FS.Mkdir(x.Abs(to), perm|0o700)
	switch {
	case vfs.ToErrno(err) == vfs.EEXIST:
		return r.isDir(to), nil
	case err != nil:
		x.Errorf("cannot make directory %s: %s", tool.Quote(to), tool.ErrText(err))
		return false, nil
	case r.opts.Verbose:
		_, err = fmt.Fprintf(x.Stdout, "%s -> %s\n", from, to)
	}
	return true, err
}

func (r *run) isDir(name string) bool {
	info, err := r.x.Stat(name)
	if err == nil && !info.IsDir() {
		r.x.Errorf("%s exists but is not a directory", tool.Quote(name))
		return false
	}
	return err == nil
}
