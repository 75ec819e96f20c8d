package ls

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// entry is one file to list.
type entry struct {
	name   string
	dir    string   // the directory it was found in; "" for an operand
	info   vfs.Info // only type and inode unless known
	known  bool
	lost   bool     // it could not be looked at
	target string   // of a link
	behind vfs.Info // what a link leads to
	orphan bool     // a link that leads nowhere
}

func (e *entry) path() string {
	if e.dir == "" || e.dir == "." {
		return e.name
	}
	return tool.Join(e.dir, e.name)
}

func (e *entry) isDir() bool  { return e.info.IsDir() }
func (e *entry) isLink() bool { return e.info.Mode&fs.ModeSymlink != 0 }

// looks reports whether a file of the type has to be looked at, not only its
// directory.
func (o *options) looks(typ fs.FileMode) bool {
	if o.format == long || o.blocks || o.sortBy == bySize || o.sortBy == byTime {
		return true
	}
	switch {
	case typ == fs.ModeSymlink:
		typed := o.inodes || o.recursive || o.dirsFirst || o.indicator != noIndicator || o.colors != nil
		return o.follow == followAll && typed || o.dirsFirst || o.looksBehind
	case typ.IsDir():
		return o.colors != nil
	}
	return typ.IsRegular() && (o.indicator == classify || o.colors != nil)
}

// ignored reports whether an entry of a directory is left out.
func (o *options) ignored(name string) bool {
	if o.hidden == hideDots {
		if name[0] == '.' || matchAny(o.hide, name) {
			return true
		}
	}
	return matchAny(o.ignore, name)
}

func matchAny(patterns []matcher, name string) bool {
	for _, p := range patterns {
		if p.match(name) {
			return true
		}
	}
	return false
}

// sort orders entries as the options say.
func (o *options) sort(entries []*entry) {
	compare := o.compare()
	if compare == nil && !o.dirsFirst {
		return
	}
	slices.SortStableFunc(entries, func(a, b *entry) int {
		if o.dirsFirst {
			if d := rankDir(a) - rankDir(b); d != 0 {
				return d
			}
		}
		switch {
		case compare == nil:
			return 0
		case o.reverse:
			return compare(b, a)
		}
		return compare(a, b)
	})
}

// rankDir puts directories, and links to them, before the rest.
func rankDir(e *entry) int {
	if e.isDir() || e.isLink() && e.behind.IsDir() {
		return 0
	}
	return 1
}

func (o *options) compare() func(a, b *entry) int {
	switch o.sortBy {
	case byNone:
		return nil
	case bySize:
		return func(a, b *entry) int { return cmp.Or(cmp.Compare(b.info.Size, a.info.Size), byNames(a, b)) }
	case byTime:
		return func(a, b *entry) int { return cmp.Or(cmp.Compare(o.when(b), o.when(a)), byNames(a, b)) }
	case byVersion:
		return func(a, b *entry) int { return cmp.Or(tool.CompareVersions(a.name, b.name), byNames(a, b)) }
	case byExtension:
		return func(a, b *entry) int {
			return cmp.Or(strings.Compare(extension(a.name), extension(b.name)), byNames(a, b))
		}
	case byWidth:
		return func(a, b *entry) int {
			return cmp.Or(cmp.Compare(o.nameWidth(a), o.nameWidth(b)), byNames(a, b))
		}
	}
	return byNames
}

func byNames(a, b *entry) int { return strings.Compare(a.name, b.name) }

func extension(name string) string {
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		return name[at:]
	}
	return ""
}

// when is the time that counts.
func (o *options) when(e *entry) int64 {
	switch o.time {
	case accessTime:
		return e.info.Atime
	case changeTime:
		return e.info.Ctime
	}
	return e.info.Mtime
}
