package grep

import (
	"path"
	"strings"
)

// filter decides which files and directories are passed over.
type filter struct {
	files []rule
	dirs  []string
}

type rule struct {
	glob    string
	include bool
}

func (f *filter) add(glob string, include bool) { f.files = append(f.files, rule{glob, include}) }

func (f *filter) addDir(glob string) {
	f.dirs = append(f.dirs, strings.TrimRight(glob, "/"))
}

// skipFile reports whether a file is passed over. The last rule that matches
// wins; where none does, files are searched unless the first rule includes.
func (f *filter) skipFile(name string, named bool) bool {
	for i := len(f.files) - 1; i >= 0; i-- {
		if suffixMatches(f.files[i].glob, name, named) {
			return !f.files[i].include
		}
	}
	return len(f.files) > 0 && f.files[0].include
}

// skipDir reports whether a directory is passed over.
func (f *filter) skipDir(name string, named bool) bool {
	for _, glob := range f.dirs {
		if suffixMatches(glob, strings.TrimRight(name, "/"), named) {
			return true
		}
	}
	return false
}

// suffixMatches matches the last part of a name, or if named on the command
// line any part that starts behind a slash.
func suffixMatches(glob, name string, named bool) bool {
	if !named {
		return fnmatch(glob, path.Base(name))
	}
	for {
		if fnmatch(glob, name) {
			return true
		}
		_, rest, ok := strings.Cut(name, "/")
		if !ok {
			return false
		}
		name = rest
	}
}

// fnmatch matches a whole name, in which "*" and "?" match slashes, too.
func fnmatch(glob, name string) bool {
	star, mark := -1, 0
	g, n := 0, 0
	for n < len(name) {
		if g < len(glob) && glob[g] == '*' {
			star, mark = g, n
			g++
			continue
		}
		if width := matchOne(glob[g:], name[n]); width > 0 {
			g += width
			n++
			continue
		}
		if star < 0 {
			return false
		}
		mark++
		g, n = star+1, mark
	}
	return strings.Trim(glob[g:], "*") == ""
}

// matchOne matches one byte and returns how much of glob that took, 0 if it
// does not match.
func matchOne(glob string, c byte) int {
	switch {
	case glob == "":
		return 0
	case glob[0] == '?':
		return 1
	case glob[0] == '[':
		if ok, width := matchBracket(glob, c); width > 0 {
			if !ok {
				return 0
			}
			return width
		}
	case glob[0] == '\\' && len(glob) > 1:
		if glob[1] == c {
			return 2
		}
		return 0
	}
	if glob[0] == c {
		return 1
	}
	return 0
}

// matchBracket matches a bracket expression; width is 0 if it is not closed.
func matchBracket(glob string, c byte) (ok bool, width int) {
	i := 1
	negate := i < len(glob) && (glob[i] == '!' || glob[i] == '^')
	if negate {
		i++
	}
	for first := true; i < len(glob); first = false {
		if glob[i] == ']' && !first {
			return ok != negate, i + 1
		}
		lo := glob[i]
		hi := lo
		if i+2 < len(glob) && glob[i+1] == '-' && glob[i+2] != ']' {
			hi = glob[i+2]
			i += 2
		}
		ok = ok || lo <= c && c <= hi
		i++
	}
	return false, 0
}
