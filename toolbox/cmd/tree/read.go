package tree

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// node is one file of a tree.
type node struct {
	name, path string
	info       vfs.Info
	target     string // of a link
	behind     vfs.Info
	orphan     bool   // a link that leads nowhere
	note       string // why it was not opened
	failed     bool   // it could not be opened at all
	size       int64  // with what is below it, for --du
	children   []*node
}

func (n *node) isLink() bool { return n.info.Mode&fs.ModeSymlink != 0 }

// isDir reports whether a file is a directory, or a link to one.
func (n *node) isDir() bool { return n.info.IsDir() || n.isLink() && n.behind.IsDir() }

// read reads the tree at an operand.
func (t *lister) read(dir string) (*node, error) {
	n := &node{name: dir, path: dir}
	info, err := t.x.Stat(dir)
	switch {
	case err != nil:
		n.failed, n.note = true, "error opening dir"
		t.status = 2
		return n, nil
	case !info.IsDir():
		n.info = info
		n.failed, n.note = true, "error opening dir"
		t.total.files++
		return n, nil
	}
	n.info = info
	t.seen[idOf(info)] = true
	if err := t.fill(n, 1, info.Dev, nil); err != nil {
		return nil, err
	}
	if len(n.children) > 0 || n.note != "" {
		t.total.dirs++
	}
	t.total.size += n.size
	return n, nil
}

func idOf(i vfs.Info) fileID { return fileID{i.Dev, i.Ino} }

// fill reads what is in a directory, at the given level.
func (t *lister) fill(n *node, level int, dev uint64, above *gitignore) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	n.size = n.info.Size
	entries, err := t.x.ReadDir(n.path)
	if err != nil {
		n.note = "error opening dir"
		t.status = 2
		return nil
	}
	rules := above
	if t.gitignore {
		rules = t.readGitignore(n.path, above)
	}
	matched := t.matchDirs && matches(t.patterns.include, n.name, true)
	for _, e := range entries {
		child := t.entry(n.path, e.Name)
		if child != nil && t.wanted(child, matched) && !rules.ignores(child) {
			n.children = append(n.children, child)
		}
	}
	if t.fileLimit > 0 && len(n.children) > t.fileLimit {
		n.note = plural(len(n.children), "entr", "y", "ies") + " exceeds filelimit, not opening dir"
		n.children = nil
		return nil
	}
	t.order(n.children)
	return t.descend(n, level, dev, rules)
}

// descend reads the directories below one, counts, and prunes.
func (t *lister) descend(n *node, level int, dev uint64, rules *gitignore) error {
	kept := n.children[:0]
	for _, c := range n.children {
		c.size = c.info.Size
		if (t.level == 0 || level < t.level) && t.opens(c, dev) {
			if err := t.fill(c, level+1, dev, rules); err != nil {
				return err
			}
		}
		if t.prune && c.isDir() && len(c.children) == 0 && !t.kept(c) {
			continue
		}
		t.count(c)
		n.size += c.size
		kept = append(kept, c)
	}
	n.children = kept
	return nil
}

// kept reports whether --prune leaves an empty directory: one that matches.
func (t *lister) kept(c *node) bool {
	return t.matchDirs && len(t.patterns.include) > 0 && matches(t.patterns.include, c.name, true)
}

func (t *lister) count(c *node) {
	if c.isDir() {
		t.total.dirs++
	} else {
		t.total.files++
	}
}

// opens reports whether a directory is listed, and takes note of it.
func (t *lister) opens(c *node, dev uint64) bool {
	info := c.info
	if c.isLink() {
		if !t.follow || !c.behind.IsDir() {
			return false
		}
		info = c.behind
	}
	if !info.IsDir() || t.oneFS && info.Dev != dev {
		return false
	}
	if t.follow {
		if t.seen[idOf(info)] {
			c.note = "recursive, not followed"
			return false
		}
		t.seen[idOf(info)] = true
	}
	return true
}

// entry looks at a file in a directory; nil if it is gone.
func (t *lister) entry(dir, name string) *node {
	n := &node{name: name, path: tool.Join(dir, name)}
	info, err := t.x.Lstat(n.path)
	if err != nil {
		return nil
	}
	n.info = info
	if n.isLink() {
		n.target, _ = t.x.FS.Readlink(t.x.Abs(n.path))
		n.behind, err = t.x.Stat(n.path)
		n.orphan = err != nil
	}
	return n
}

// wanted reports whether the options let a file be listed, in a directory that
// may have matched the pattern for all in it.
func (t *lister) wanted(n *node, matched bool) bool {
	dir := n.info.IsDir() || t.follow && n.isDir()
	switch {
	case !t.hidden && strings.HasPrefix(n.name, "."):
		return false
	case t.dirsOnly && !n.isDir():
		return false
	case len(t.patterns.include) > 0 && !dir && !matched && !matches(t.patterns.include, n.name, false):
		return false
	}
	return !matches(t.patterns.ignore, n.name, dir)
}

// order sorts files as the options say.
func (t *lister) order(nodes []*node) {
	compare := t.compare()
	slices.SortStableFunc(nodes, func(a, b *node) int {
		if t.sort != "none" && (t.dirsFirst || t.filesFirst) && a.isDir() != b.isDir() {
			if a.isDir() == t.dirsFirst {
				return -1
			}
			return 1
		}
		if t.reverse {
			return compare(b, a)
		}
		return compare(a, b)
	})
}

func (t *lister) compare() func(a, b *node) int {
	byName := func(a, b *node) int { return strings.Compare(a.name, b.name) }
	switch t.sort {
	case "none":
		return func(a, b *node) int { return 0 }
	case "version":
		return func(a, b *node) int { return tool.CompareVersions(a.name, b.name) }
	case "size":
		return func(a, b *node) int { return cmp.Or(cmp.Compare(b.info.Size, a.info.Size), byName(a, b)) }
	case "mtime":
		return func(a, b *node) int { return cmp.Or(cmp.Compare(a.info.Mtime/1e9, b.info.Mtime/1e9), byName(a, b)) }
	case "ctime":
		return func(a, b *node) int { return cmp.Or(cmp.Compare(a.info.Ctime/1e9, b.info.Ctime/1e9), byName(a, b)) }
	}
	return byName
}
