package tar

import (
	"archive/tar"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// symlink makes a symbolic link, or puts it off.
func (e *extractor) symlink(h *tar.Header, name string) {
	target, _ := e.placed(h.Linkname, ofSymlink)
	if !e.absolute && leadsAway(target) {
		e.delay(h, name, target)
		return
	}
	made := e.tryMaking(name, h, "Cannot create symlink to "+tool.QuoteText(target), func() error {
		return e.x.FS.Symlink(target, e.x.Abs(name))
	})
	if made {
		e.setTime(name, h)
	}
}

// leadsAway reports whether a link may lead out of the directory.
func leadsAway(target string) bool {
	return path.IsAbs(target) || hasDots(target)
}

// hasDots reports whether a name goes up anywhere.
func hasDots(name string) bool {
	for piece := range strings.SplitSeq(name, "/") {
		if piece == ".." {
			return true
		}
	}
	return false
}

// delay puts an empty file where a link is to be.
func (e *extractor) delay(h *tar.Header, name, target string) {
	e.tryMaking(name, h, "Cannot open", func() error {
		f, err := e.x.OpenFile(name, vfs.Write|vfs.Create|vfs.Exclusive, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		e.links = append(e.links, &delayedLink{target: target, ino: info.Ino, names: []string{name}, header: h})
		return err
	})
}

// makeDelayed makes a link that was put off, if its place is still held for it.
func (e *extractor) makeDelayed(l *delayedLink) {
	for _, name := range l.names {
		info, err := e.x.Lstat(name)
		if err != nil || !info.Mode.IsRegular() || info.Ino != l.ino || info.Size != 0 {
			continue
		}
		if err = e.x.FS.Unlink(e.x.Abs(name)); err == nil {
			err = e.x.FS.Symlink(l.target, e.x.Abs(name))
		}
		if err != nil {
			e.fail("%s: Cannot create symlink to %s: %s", quoteColon(name), tool.QuoteText(l.target), tool.ErrText(err))
			continue
		}
		e.setTime(name, l.header)
	}
}

// link makes a hard link to a member that was extracted.
func (e *extractor) link(h *tar.Header, name, dir string) {
	target, ok := e.placed(h.Linkname, ofLink)
	if !ok {
		return
	}
	from := below(dir, target)
	if a, err := e.x.Lstat(from); err == nil {
		if b, err := e.x.Lstat(name); err == nil && a.Dev == b.Dev && a.Ino == b.Ino {
			return // it is there
		}
		for _, l := range e.links {
			if a.Mode.IsRegular() && a.Ino == l.ino {
				l.names = append(l.names, name)
			}
		}
	}
	e.tryMaking(name, h, "Cannot hard link to "+tool.QuoteText(target), func() error {
		return e.x.FS.Link(e.x.Abs(from), e.x.Abs(name), false)
	})
}
