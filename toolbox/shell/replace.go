package shell

import (
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/shell/syntax"
)

// replacer makes the change of ${x/pat/with}.
func (sh *Shell) replacer(p *syntax.Param) func(string) string {
	text := sh.patternText(p.Word)
	if sh.flow != flowNone {
		return nil
	}
	pat := sh.compile(text, sh.shopt(shNocasematch))
	if misread(text) {
		return func(s string) string { return s }
	}
	with := sh.replacement(p)
	return func(s string) string {
		switch {
		case text == "" && p.Anchor == '#':
			return with.text("") + s
		case text == "" && p.Anchor == '%':
			return s + with.text("")
		case text == "":
			return s
		case p.Anchor == '#':
			if n := pat.Prefix(s, true); n >= 0 {
				return with.text(s[:n]) + s[n:]
			}
			return s
		case p.Anchor == '%':
			if i := pat.Suffix(s, true); i >= 0 {
				return s[:i] + with.text(s[i:])
			}
			return s
		}
		return replace(s, pat, with, p.Anchor == '/')
	}
}

// misread reports whether bash takes the pattern for longer than it is, so that
// nothing matches: it counts the bracket of [^]…] as ending at its first ], unless
// a * makes the length unknown.
func misread(pat string) bool {
	return (strings.Contains(pat, "[^]") || strings.Contains(pat, "[!]")) && !strings.ContainsAny(pat, "*(\\")
}

// replace replaces the first match, or all.
func replace(s string, pat *pattern.Pattern, with template, all bool) string {
	if s == "" {
		if pat.Match("") {
			return with.text("")
		}
		return ""
	}
	var b strings.Builder
	from := 0
	for from < len(s) || from == 0 {
		start, end := pat.Find(s, from)
		if start < 0 {
			break
		}
		if start == end {
			// An empty match: bash takes the next character along.
			if start >= len(s) {
				break
			}
			b.WriteString(s[from:start])
			b.WriteString(with.text(""))
			_, n := utf8.DecodeRuneInString(s[start:])
			if !all {
				from = start
				break
			}
			b.WriteString(s[start : start+n])
			from = start + n
			continue
		}
		b.WriteString(s[from:start])
		b.WriteString(with.text(s[start:end]))
		from = end
		if !all || b.Len() > maxWord {
			break
		}
	}
	if from == 0 && b.Len() == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// template is a replacement: text, with places where the match is put.
type template struct {
	pieces []string // the match stands between two of them
}

func (t template) text(match string) string {
	if len(t.pieces) == 1 {
		return t.pieces[0]
	}
	return strings.Join(t.pieces, match)
}

// replacement expands the right side of ${x/pat/with}. An unquoted & stands
// for the match.
func (sh *Shell) replacement(p *syntax.Param) template {
	if p.With == nil {
		return template{[]string{""}}
	}
	e := expander{sh: sh}
	e.parts(p.With.Parts, false, true)
	if !sh.shopt(shPatsubRepl) || !strings.Contains(string(e.cur), "&") {
		return template{[]string{string(e.cur)}}
	}
	return template{e.ampersands()}
}

// ampersands cuts the text at each & that is neither quoted nor escaped.
func (e *expander) ampersands() []string {
	var pieces []string
	var cur []byte
	quoted := false
	marks := e.marks
	for i := 0; i < len(e.cur); i++ {
		for len(marks) > 0 && marks[0] == i {
			quoted = !quoted
			marks = marks[1:]
		}
		c := e.cur[i]
		switch {
		case !quoted && c == '&':
			pieces = append(pieces, string(cur))
			cur = cur[:0]
		case !quoted && c == '\\' && i+1 < len(e.cur) && (e.cur[i+1] == '&' || e.cur[i+1] == '\\'):
			i++
			cur = append(cur, e.cur[i])
		default:
			cur = append(cur, c)
		}
	}
	return append(pieces, string(cur))
}
