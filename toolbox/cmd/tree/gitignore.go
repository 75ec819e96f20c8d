package tree

import (
	"strings"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/tool"
)

// gitignore is the rules of one directory, and of those above it.
type gitignore struct {
	up    *gitignore
	dir   string
	rules []rule
}

// rule is one line of a .gitignore file.
type rule struct {
	glob       *pattern.Pattern
	negated    bool
	dirOnly    bool
	anchored   bool // it has a slash: it is matched against the path from here
	everywhere bool // it begins with **/
}

// maxIgnore bounds the size of a .gitignore file.
const maxIgnore = 1 << 20

// readGitignore reads the .gitignore of a directory, if there is one.
func (t *lister) readGitignore(dir string, up *gitignore) *gitignore {
	data, err := t.x.ReadFile(tool.Join(dir, ".gitignore"), maxIgnore)
	if err != nil {
		return up
	}
	g := &gitignore{up: up, dir: dir}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, " \t\r\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			g.rules = append(g.rules, parseRule(line))
		}
	}
	return g
}

func parseRule(line string) rule {
	var r rule
	line, r.negated = strings.CutPrefix(line, "!")
	line, r.dirOnly = strings.CutSuffix(line, "/")
	line, r.everywhere = strings.CutPrefix(line, "**/")
	r.anchored = strings.Contains(line, "/")
	r.glob = pattern.Compile(strings.TrimPrefix(line, "/"), 0)
	return r
}

// ignores reports whether the rules leave a file out: the last that matches
// counts, the nearest directory first.
func (g *gitignore) ignores(n *node) bool {
	for ; g != nil; g = g.up {
		for i := len(g.rules) - 1; i >= 0; i-- {
			if g.rules[i].matches(n, g.dir) {
				return !g.rules[i].negated
			}
		}
	}
	return false
}

func (r rule) matches(n *node, dir string) bool {
	if r.dirOnly && !n.info.IsDir() {
		return false
	}
	if !r.anchored {
		return r.glob.Match(n.name)
	}
	path := strings.TrimPrefix(strings.TrimPrefix(n.path, dir), "/")
	if r.glob.Match(path) {
		return true
	}
	for r.everywhere {
		_, rest, ok := strings.Cut(path, "/")
		if !ok {
			return false
		}
		if path = rest; r.glob.Match(path) {
			return true
		}
	}
	return false
}
