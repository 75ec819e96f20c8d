package rg

import (
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
)

// ignores are the ignore files of a directory, and of those above it.
type ignores struct {
	up   *ignores
	dir  string // absolute
	repo bool   // it is the top of a repository
	sets [kinds][]glob
}

// The kinds of ignore files, those that weigh most first.
const (
	ofRg = iota
	ofTools
	ofGit
	excluded // .git/info/exclude
	asked    // --ignore-file
	kinds
)

var ignoreFiles = [...]string{ofRg: ".rgignore", ofTools: ".ignore", ofGit: ".gitignore", excluded: ".git/info/exclude"}

// maxIgnore bounds the size of an ignore file.
const maxIgnore = 1 << 20

// ignoresOf reads the ignore files of a directory; those of git count only in
// a repository.
func (r *rg) ignoresOf(up *ignores, dir string, git, parent bool) *ignores {
	in := &ignores{up: up, dir: dir, repo: r.isRepository(dir)}
	if r.noIgnore || r.noParent && parent {
		return in
	}
	for kind, name := range ignoreFiles {
		if r.counts(kind, git || in.repo) {
			in.sets[kind] = readIgnore(r.x, child(dir, name))
		}
	}
	return in
}

// counts tells whether ignore files of a kind are to be read.
func (r *rg) counts(kind int, git bool) bool {
	switch kind {
	case ofGit:
		return git && !r.noVCS
	case excluded:
		return git && !r.noVCS && !r.noExclude
	case ofTools:
		return !r.noDot
	}
	return true
}

func readIgnore(x *tool.Exec, name string) []glob {
	data, err := x.ReadFile(name, maxIgnore)
	if err != nil {
		return nil
	}
	var set []glob
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasSuffix(line, `\ `) {
			line = strings.TrimRight(line, " \t")
		}
		if line == "" || line[0] == '#' {
			continue
		}
		if g, err := newGlob(line, false); err == nil {
			set = append(set, g)
		}
	}
	return set
}

// decide says what the ignore files make of an absolute path. Of one kind the
// nearest that speaks of it decides; those of git do not reach beyond their
// repository.
func (in *ignores) decide(name string, dir bool) verdict {
	for kind := range kinds {
		for at := in; at != nil; at = at.up {
			rel := strings.TrimPrefix(strings.TrimPrefix(name, at.dir), "/")
			if v := judge(at.sets[kind], rel, dir); v != undecided {
				return v
			}
			if at.repo && (kind == ofGit || kind == excluded) {
				break
			}
		}
	}
	return undecided
}

// judge lets the last pattern that matches decide.
func judge(set []glob, rel string, dir bool) verdict {
	for i := len(set) - 1; i >= 0; i-- {
		switch {
		case !set[i].matches(rel, dir):
		case set[i].negate:
			return search
		default:
			return passOver
		}
	}
	return undecided
}

// above reads the ignore files of the directories above a path, and tells
// whether it is in a repository.
func (r *rg) above(dir string) (in *ignores, git bool) {
	var dirs []string
	for d := dir; d != "/" && d != "."; {
		d = path.Dir(d)
		dirs = append(dirs, d)
	}
	git = r.anywhere
	if len(r.extra) > 0 && !r.noIgnore {
		in = &ignores{dir: path.Clean(r.x.Abs("."))}
		in.sets[asked] = r.extra
	}
	for i := len(dirs) - 1; i >= 0; i-- {
		in = r.ignoresOf(in, dirs[i], git, true)
		git = git || in.repo
	}
	return in, git
}

func (r *rg) isRepository(dir string) bool {
	_, err := r.x.Stat(child(dir, ".git"))
	return err == nil
}
