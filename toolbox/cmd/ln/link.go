package ln

import (
	"fmt"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// link makes one link. The error is one of writing what was done; others are
// reported.
func (l *linker) link(target, name string) error {
	source, ok := l.source(target)
	if !ok {
		return nil
	}
	saved, ok := l.clear(source, target, name)
	if !ok {
		return nil
	}
	text := target
	if l.relative {
		text = l.relativeTo(target, name)
	}
	if err := l.make(text, name); err != nil {
		l.failed(text, name, err)
		if saved != "" {
			if err := l.x.FS.Rename(l.x.Abs(saved), l.x.Abs(name)); err != nil {
				l.fail("cannot un-backup %s: %s", tool.Quote(name), tool.ErrText(err))
			}
		}
		return nil
	}
	return l.report(text, name, saved)
}

// source looks at the target of a hard link, which must be there.
func (l *linker) source(target string) (vfs.Info, bool) {
	if l.symbolic {
		return vfs.Info{}, true
	}
	stat := l.x.Lstat
	if l.logical {
		stat = l.x.Stat
	}
	info, err := stat(target)
	switch {
	case err != nil:
		l.fail("failed to access %s: %s", tool.Quote(target), tool.ErrText(err))
		return info, false
	case info.IsDir():
		l.fail("%s: hard link not allowed for directory", tool.QuoteFile(target))
		return info, false
	}
	return info, true
}

// clear takes what is in the way of name out of it, where that was asked for:
// it returns the name that it was saved as, if any, and whether to go on.
func (l *linker) clear(source vfs.Info, target, name string) (saved string, ok bool) {
	x := l.x
	if !l.force && !l.ask && !l.backups.Enabled() {
		return "", true
	}
	info, err := x.Lstat(name)
	switch {
	case vfs.ToErrno(err) == vfs.ENOENT:
		return "", true
	case err != nil:
		l.fail("failed to access %s: %s", tool.Quote(name), tool.ErrText(err))
		return "", false
	case info.IsDir():
		l.fail("%s: cannot overwrite directory", tool.QuoteFile(name))
		return "", false
	case l.same(source, info, target, name):
		l.fail("%s and %s are the same file", tool.Quote(target), tool.Quote(name))
		return "", false
	case l.ask && !x.Confirm("replace %s? ", tool.Quote(name)):
		return "", false
	case l.backups.Enabled():
		saved = l.backups.Name(name)
		err = x.FS.Rename(x.Abs(name), x.Abs(saved))
		if err != nil {
			l.fail("cannot backup %s: %s", tool.Quote(name), tool.ErrText(err))
		}
		return saved, err == nil
	}
	if err := x.FS.Unlink(x.Abs(name)); err != nil {
		l.fail("cannot remove %s: %s", tool.Quote(name), tool.ErrText(err))
		return "", false
	}
	return "", true
}

// same reports whether to remove name would be to remove the target itself.
func (l *linker) same(source, dest vfs.Info, target, name string) bool {
	if l.symbolic {
		if l.backups.Enabled() {
			return false
		}
		var err error
		if source, err = l.x.Stat(target); err != nil {
			return false
		}
	}
	if source.Ino != dest.Ino || source.Dev != dest.Dev {
		return false
	}
	return source.Nlink == 1 || tool.Base(target) == tool.Base(name) && l.sameDir(target, name)
}

func (l *linker) sameDir(a, b string) bool {
	one, err := l.x.FS.Stat(path.Dir(l.x.Abs(a)))
	if err != nil {
		return false
	}
	other, err := l.x.FS.Stat(path.Dir(l.x.Abs(b)))
	return err == nil && one.Ino == other.Ino && one.Dev == other.Dev
}

func (l *linker) make(text, name string) error {
	x := l.x
	if l.symbolic {
		return x.FS.Symlink(text, x.Abs(name))
	}
	return x.FS.Link(x.Abs(text), x.Abs(name), l.logical)
}

// relativeTo is the way to target from the directory of the link name.
func (l *linker) relativeTo(target, name string) string {
	dir, err := l.x.RealPath(path.Dir(l.x.Abs(name)), tool.NoneExists)
	if err != nil {
		return target
	}
	to, err := l.x.RealPath(target, tool.NoneExists)
	if err != nil {
		return target
	}
	up := ""
	for dir != "/" && to != dir && !strings.HasPrefix(to, dir+"/") {
		dir = path.Dir(dir)
		up += "../"
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(to, dir), "/")
	if way := strings.TrimSuffix(up+rest, "/"); way != "" {
		return way
	}
	return "."
}

func (l *linker) failed(text, name string, err error) {
	e := vfs.ToErrno(err)
	kind := "hard"
	if l.symbolic {
		kind = "symbolic"
	}
	switch {
	case l.symbolic && text == "":
		l.fail("failed to create symbolic link %s -> '': %s", tool.Quote(name), tool.ErrText(err))
	case !l.symbolic && e != vfs.EEXIST && e != vfs.EDQUOT && e != vfs.ENOSPC && e != vfs.EROFS:
		l.fail("failed to create hard link %s => %s: %s", tool.Quote(name), tool.Quote(text), tool.ErrText(err))
	default:
		l.fail("failed to create %s link %s: %s", kind, tool.Quote(name), tool.ErrText(err))
	}
}

func (l *linker) report(text, name, saved string) error {
	if !l.verbose {
		return nil
	}
	arrow, kept := "=>", ""
	if l.symbolic {
		arrow = "->"
	}
	if saved != "" {
		kept = tool.Quote(saved) + " ~ "
	}
	_, err := fmt.Fprintf(l.x.Stdout, "%s%s %s %s\n", kept, tool.Quote(name), arrow, tool.Quote(text))
	return err
}

func (l *linker) fail(format string, args ...any) {
	l.x.Errorf(format, args...)
	l.status = 1
}
