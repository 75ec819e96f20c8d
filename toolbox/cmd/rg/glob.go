package rg

import (
	"errors"
	"fmt"
	"strings"

	"agentsandbox/toolbox/regex"
)

// glob is one pattern of an ignore file, or of -g.
type glob struct {
	re      *regex.Regexp
	negate  bool // "!" before it
	dirOnly bool // "/" behind it
}

// newGlob compiles a pattern. One without a slash, but at its end, matches a
// name at any depth; others match from the directory of their file.
func newGlob(pattern string, fold bool) (glob, error) {
	var g glob
	whole := pattern
	pattern, g.negate = strings.CutPrefix(pattern, "!")
	pattern, g.dirOnly = strings.CutSuffix(pattern, "/")
	anchored := strings.Contains(pattern, "/")
	pattern = strings.TrimPrefix(pattern, "/")
	if !anchored {
		pattern = "**/" + pattern
	}
	flags := regex.Whole | regex.DotAll
	if fold {
		flags |= regex.IgnoreCase
	}
	expr, err := translate(pattern)
	if err == nil {
		g.re, err = regex.Compile(expr, regex.Perl, flags)
	}
	if err != nil {
		err = fmt.Errorf("error parsing glob '%s': %w", whole, err)
	}
	return g, err
}

// matches matches a path from the directory of the glob's file.
func (g *glob) matches(path string, dir bool) bool {
	if g.dirOnly && !dir {
		return false
	}
	ok, err := g.re.MatchString(path)
	return ok && err == nil
}

// translate turns a glob into a regular expression.
func translate(pattern string) (string, error) {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			i += star(&b, pattern[i:], i == 0 || pattern[i-1] == '/') - 1
		case '?':
			b.WriteString("[^/]")
		case '[':
			n := bracket(&b, pattern[i:])
			if n == 0 {
				return "", errors.New("unclosed character class; missing ']'")
			}
			i += n - 1
		case '{':
			b.WriteString("(?:")
			depth++
		case '}':
			if depth == 0 {
				b.WriteString(`\}`)
				break
			}
			b.WriteString(")")
			depth--
		case ',':
			if depth > 0 {
				b.WriteString("|")
				break
			}
			b.WriteByte(',')
		case '\\':
			if i+1 < len(pattern) {
				i++
			}
			quote(&b, pattern[i])
		default:
			quote(&b, c)
		}
	}
	if depth > 0 {
		return "", errors.New("unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)")
	}
	return b.String(), nil
}

func quote(b *strings.Builder, c byte) {
	if strings.IndexByte(`\.+*?()|[]{}^$`, c) >= 0 {
		b.WriteByte('\\')
	}
	b.WriteByte(c)
}

// star translates "*" or "**", and returns how much of s that took.
func star(b *strings.Builder, s string, atStart bool) int {
	n := len(s) - len(strings.TrimLeft(s, "*"))
	switch {
	case n == 1:
		b.WriteString("[^/]*")
	case atStart && strings.HasPrefix(s[n:], "/"):
		b.WriteString("(?:.*/)?")
		return n + 1
	case atStart && len(s) == n:
		b.WriteString(".*")
	default:
		b.WriteString("[^/]*")
	}
	return n
}

// bracket copies a bracket expression, and returns how much of s that took: 0
// if it has no end.
func bracket(b *strings.Builder, s string) int {
	i := 1
	if i < len(s) && (s[i] == '!' || s[i] == '^') {
		i++
	}
	end := strings.IndexByte(s[min(i+1, len(s)):], ']')
	if end < 0 {
		return 0
	}
	end += i + 1
	b.WriteByte('[')
	if i == 2 {
		b.WriteString("^/")
	}
	b.WriteString(strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(s[i:end]))
	b.WriteByte(']')
	return end + 1
}

// globs are the patterns of -g: files that a plain one matches are searched,
// those of one with "!" are not; the last that matches decides.
type globs struct {
	list     []glob
	positive bool
}

func (g *globs) add(pattern string, fold bool) error {
	if pattern == "" {
		return nil
	}
	one, err := newGlob(pattern, fold)
	g.list = append(g.list, one)
	g.positive = g.positive || !one.negate
	return err
}

// verdict says what is to be done with a path.
type verdict uint8

const (
	undecided verdict = iota
	search
	passOver
)

func (g *globs) decide(path string, dir bool) verdict {
	for i := len(g.list) - 1; i >= 0; i-- {
		if g.list[i].matches(path, dir) {
			if g.list[i].negate {
				return passOver
			}
			return search
		}
	}
	if g.positive && !dir {
		return passOver
	}
	return undecided
}
