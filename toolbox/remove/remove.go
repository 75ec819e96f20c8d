// Package remove removes files and trees as rm does, with its questions and
// refusals.
package remove

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Prompt says when to ask before something is removed.
type Prompt int

// For what is write-protected, if there is a terminal to ask; never; always.
const (
	Protected Prompt = iota
	Never
	Always
)

// Remover removes files in one run of a command.
type Remover struct {
	Ctx          context.Context
	X            *tool.Exec
	Recursive    bool
	EmptyDirs    bool // -d
	Force        bool // what is missing is no failure
	Verbose      bool
	OneFS        bool
	PreserveRoot bool
	Prompt       Prompt
	// Failed is set once something could not be removed; what, was reported.
	Failed bool
}

// Remove removes one operand. The error ends the run: it is one of the context
// or of standard output. Others are reported.
func (r *Remover) Remove(name string) error {
	if r.Recursive && r.refused(name) {
		return nil
	}
	info, err := r.X.Lstat(name)
	if err != nil {
		r.missing(name, err)
		return nil
	}
	if r.Recursive && r.PreserveRoot && r.isRoot(name, info) {
		return nil
	}
	_, err = r.tree(name, info, info.Dev)
	return err
}

// refused reports whether name is one of ".", "..", which are never removed
// with what is in them.
func (r *Remover) refused(name string) bool {
	base := tool.Base(name)
	if base != "." && base != ".." {
		return false
	}
	r.fail("refusing to remove '.' or '..' directory: skipping %s", tool.Quote(name))
	return true
}

func (r *Remover) isRoot(name string, info vfs.Info) bool {
	root, err := r.X.FS.Lstat("/")
	if err != nil || root.Ino != info.Ino || root.Dev != info.Dev {
		return false
	}
	if name == "/" {
		r.fail("it is dangerous to operate recursively on '/'")
	} else {
		r.fail("it is dangerous to operate recursively on %s (same as '/')", tool.Quote(name))
	}
	r.X.Errorf("use --no-preserve-root to override this failsafe")
	return true
}

// tree removes a file, and with Recursive what is below it. kept is true if the
// directories above are not to be tried.
func (r *Remover) tree(name string, info vfs.Info, dev uint64) (kept bool, err error) {
	if err := r.Ctx.Err(); err != nil {
		return true, err
	}
	switch {
	case !info.IsDir():
		return r.one(name, info, "", r.X.FS.Unlink)
	case !r.Recursive && !r.EmptyDirs:
		r.fail("cannot remove %s: %s", tool.Quote(name), vfs.EISDIR.Error())
		return true, nil
	case r.OneFS && info.Dev != dev:
		r.fail("skipping %s, since it's on a different device", tool.Quote(name))
		return true, nil
	case !r.Recursive:
		return r.one(name, info, "directory ", r.X.FS.Rmdir)
	}
	return r.dir(name, info, dev)
}

// dir removes a directory with all that is in it.
func (r *Remover) dir(name string, info vfs.Info, dev uint64) (kept bool, err error) {
	entries, err := r.X.ReadDir(name)
	if err != nil {
		r.fail("cannot remove %s: %s", tool.Quote(name), tool.ErrText(err))
		return true, nil
	}
	what := "descend into"
	if len(entries) == 0 {
		what = "remove"
	}
	if !r.agreed(what, name, info) {
		return true, nil
	}
	for _, e := range entries {
		left, err := r.child(tool.Join(name, e.Name), dev)
		if err != nil {
			return true, err
		}
		kept = kept || left
	}
	switch {
	case kept:
		return true, nil
	case len(entries) == 0:
		return r.drop(name, "directory ", r.X.FS.Rmdir)
	}
	return r.one(name, info, "directory ", r.X.FS.Rmdir)
}

func (r *Remover) child(name string, dev uint64) (kept bool, err error) {
	info, err := r.X.Lstat(name)
	if err != nil {
		r.missing(name, err)
		return false, nil
	}
	return r.tree(name, info, dev)
}

// one removes one name, if that is agreed to. As GNU does, it tries those
// above where it is not.
func (r *Remover) one(name string, info vfs.Info, kind string, remove func(string) error) (kept bool, err error) {
	if !r.agreed("remove", name, info) {
		return false, nil
	}
	return r.drop(name, kind, remove)
}

func (r *Remover) drop(name, kind string, remove func(string) error) (kept bool, err error) {
	if err := remove(r.X.Abs(name)); err != nil {
		r.missing(name, err)
		return true, nil
	}
	if r.Verbose {
		_, err = fmt.Fprintf(r.X.Stdout, "removed %s%s\n", kind, tool.Quote(name))
	}
	return false, err
}

// agreed asks, where it is to be asked, and reports the answer.
func (r *Remover) agreed(what, name string, info vfs.Info) bool {
	protected := info.Mode&fs.ModeSymlink == 0 && info.Mode&0o200 == 0
	switch {
	case r.Prompt == Never || r.Force && r.Prompt == Protected:
		return true
	case r.Prompt == Protected && !(protected && r.X.IsTerminal(0)):
		return true
	}
	guard := ""
	if protected {
		guard = "write-protected "
	}
	return r.X.Confirm("%s %s%s %s? ", what, guard, filemode.TypeName(info.Mode, info.Size), tool.Quote(name))
}

func (r *Remover) missing(name string, err error) {
	e := vfs.ToErrno(err)
	if r.Force && (e == vfs.ENOENT || e == vfs.ENOTDIR || e == vfs.EILSEQ || e == vfs.EINVAL) {
		return
	}
	if e == vfs.EISDIR && strings.HasSuffix(name, "/") {
		e = vfs.ENOTDIR
	}
	r.fail("cannot remove %s: %s", tool.Quote(name), e.Error())
}

func (r *Remover) fail(format string, args ...any) {
	r.X.Errorf(format, args...)
	r.Failed = true
}
