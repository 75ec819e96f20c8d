package shell

import (
	"io/fs"
	"slices"
	"strings"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/vfs"
)

// maxGlob bounds the names that one pattern may find (THREAT[SH-05]).
const maxGlob = 1 << 20

// globField appends the path names that match the pattern, or the field
// itself where none does.
func (sh *Shell) globField(out []string, field, pat string) []string {
	names := sh.glob(pat)
	switch {
	case len(names) > 0:
		return append(out, names...)
	case sh.shopt(shFailglob):
		sh.warnf("no match: %s", field)
		sh.giveUp(1)
		return out
	case sh.shopt(shNullglob):
		return out
	}
	return append(out, field)
}

// glob returns the path names that match, sorted.
func (sh *Shell) glob(pat string) []string {
	g := globber{sh: sh}
	g.ignore, g.ignoring = sh.globIgnore()
	g.walk("", pat)
	if g.ignoring {
		g.found = slices.DeleteFunc(g.found, g.ignored)
	}
	slices.Sort(g.found)
	return g.found
}

// globIgnore is the patterns of GLOBIGNORE.
func (sh *Shell) globIgnore() ([]string, bool) {
	text := sh.getvar("GLOBIGNORE")
	if text == "" {
		return nil, false
	}
	var pats []string
	start, inBracket := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '[':
			inBracket = true
		case c == ']' && !strings.HasSuffix(text[:i], ":"):
			inBracket = false
		case c == ':' && !inBracket:
			pats = append(pats, text[start:i])
			start = i + 1
		}
	}
	return append(pats, text[start:]), true
}

type globber struct {
	sh       *Shell
	found    []string
	ignore   []string
	ignoring bool
	depth    int
}

func (g *globber) ignored(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	if base == "." || base == ".." {
		return true
	}
	for _, pat := range g.ignore {
		if g.matchPath(pat, name) {
			return true
		}
	}
	return false
}

// matchPath matches a path name in whole: only a slash matches a slash.
func (g *globber) matchPath(pat, name string) bool {
	for {
		piece, rest, more := cutSlash(pat)
		head, tail, deeper := strings.Cut(name, "/")
		if more != deeper || !g.sh.compile(piece, false).Match(head) {
			return false
		}
		if !more {
			return true
		}
		pat, name = rest, tail
	}
}

// walk matches the rest of a pattern below prefix, which ends in a slash or
// is empty.
func (g *globber) walk(prefix, pat string) {
	if len(g.found) >= maxGlob || g.sh.ctx.Err() != nil || g.depth > 200 {
		return
	}
	g.depth++
	defer func() { g.depth-- }()
	piece, rest, more := cutSlash(pat)
	switch {
	case piece == "" && more:
		n := 1
		for n < len(pat) && pat[n] == '/' {
			n++
		}
		g.walk(prefix+pat[:n], pat[n:])
	case pat == "":
		if g.isDir(prefix) {
			g.add(prefix)
		}
	case !pattern.Has(piece, g.sh.shopt(shExtglob)):
		g.literal(prefix+unescape(piece), rest, more)
	case piece == "**" && g.sh.shopt(shGlobstar):
		g.star(prefix, rest, more)
	default:
		g.match(prefix, piece, rest, more)
	}
}

// cutSlash cuts a pattern at its first slash outside of brackets and groups.
func cutSlash(pat string) (piece, rest string, more bool) {
	depth := 0
	for i := 0; i < len(pat); i++ {
		switch pat[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		case '/':
			if depth <= 0 {
				return pat[:i], pat[i+1:], true
			}
		}
	}
	return pat, "", false
}

// unescape removes the backslashes of a pattern that is plain text.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (g *globber) add(name string) { g.found = append(g.found, name) }

func (g *globber) isDir(name string) bool {
	info, err := g.sh.stat(name)
	return err == nil && info.IsDir()
}

func (g *globber) literal(name, rest string, more bool) {
	if more {
		if g.isDir(name) {
			g.walk(name+"/", rest)
		}
		return
	}
	if _, err := g.sh.lstat(name); err == nil {
		g.add(name)
	}
}

// entries lists a directory; a prefix of "" is the working directory.
func (g *globber) entries(prefix string) []vfs.DirEntry {
	dir := prefix
	if dir == "" {
		dir = "."
	}
	entries, err := g.sh.readDir(dir)
	if err != nil {
		return nil
	}
	return entries
}

// match tries the names of a directory against one piece.
func (g *globber) match(prefix, piece, rest string, more bool) {
	p := g.sh.compile(piece, g.sh.shopt(shNocaseglob))
	hidden := g.sh.shopt(shDotglob) || dotted(piece)
	for _, e := range g.entries(prefix) {
		if e.Name[0] == '.' && !hidden || !p.Match(e.Name) {
			continue
		}
		name := prefix + e.Name
		if !more {
			g.add(name)
		} else if e.Type.IsDir() || e.Type&(fs.ModeSymlink|fs.ModeIrregular) != 0 && g.isDir(name) {
			g.walk(name+"/", rest)
		}
	}
	if dotted(piece) && !g.sh.shopt(shGlobskipdots) {
		for _, name := range []string{".", ".."} {
			if p.Match(name) && !more {
				g.add(prefix + name)
			}
		}
	}
}

// dotted reports whether a pattern asks for names that start with a dot.
func dotted(piece string) bool {
	if strings.HasPrefix(piece, ".") || strings.HasPrefix(piece, `\.`) {
		return true
	}
	if len(piece) > 2 && piece[1] == '(' && strings.IndexByte("?*+@!", piece[0]) >= 0 {
		return strings.HasPrefix(piece[2:], ".") || strings.Contains(piece, "|.")
	}
	return false
}

// star is **: all files and directories below, and none.
func (g *globber) star(prefix, rest string, more bool) {
	for more && rest != "" && strings.HasPrefix(rest, "**/") {
		rest = rest[3:]
	}
	if more && rest == "**" {
		rest, more = "", false
	}
	if !more {
		if prefix != "" {
			g.add(prefix)
		}
	} else if rest != "" || prefix != "" {
		g.walk(prefix, rest)
	}
	for _, e := range g.entries(prefix) {
		if e.Name[0] == '.' && !g.sh.shopt(shDotglob) {
			continue
		}
		name := prefix + e.Name
		if e.Type.IsDir() {
			g.deeper(name, rest, more)
		} else if !more {
			g.add(name)
		}
		if len(g.found) >= maxGlob {
			return
		}
	}
}

func (g *globber) deeper(name, rest string, more bool) {
	if g.depth++; g.depth > 200 {
		return
	}
	if !more {
		g.add(name)
		before := len(g.found)
		g.star(name+"/", rest, more)
		// The directory itself was added above, without its slash.
		g.found = slices.Delete(g.found, before, before+1)
	} else {
		g.star(name+"/", rest, more)
	}
	g.depth--
}
