package rg

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// compile makes the one regular expression of all patterns.
func (r *rg) compile() error {
	syntax := regex.Perl
	if r.fixed {
		syntax = regex.Fixed
	}
	flags := r.flags
	if r.smart && !hasCapital(r.patterns) {
		flags |= regex.IgnoreCase
	}
	if r.multiline {
		flags |= regex.Multiline
		if r.dotAll {
			flags |= regex.DotAll
		}
	} else {
		flags |= regex.Lines
	}
	for _, p := range r.patterns {
		if !r.multiline && hasNewline(p, r.fixed) {
			io.WriteString(r.x.Stderr, newlineText)
			return tool.Exit(2)
		}
		if _, err := regex.Compile(p, syntax, flags); err != nil {
			io.WriteString(r.x.Stderr, parseText(p, err))
			return tool.Exit(2)
		}
	}
	var err error
	r.re, err = regex.CompileList(r.patterns, syntax, flags)
	return err
}

const newlineText = `the literal '"\n"' is not allowed in a regex

Consider enabling multiline mode with the --multiline flag (or -U for short).
When multiline mode is enabled, new line characters can be matched.
`

// hasNewline reports whether a pattern asks for a newline in so many words.
func hasNewline(pattern string, fixed bool) bool {
	if strings.Contains(pattern, "\n") {
		return true
	}
	found := false
	scan(pattern, func(at int, class string) {
		rest := pattern[at:]
		if strings.HasPrefix(rest, `\n`) || strings.HasPrefix(rest, `\x0a`) || strings.HasPrefix(rest, `\x0A`) {
			found = found || !strings.HasPrefix(class, "[^")
		}
	})
	return found && !fixed
}

// scan calls f for all characters and escapes of a pattern; class is the text
// from the bracket on for those in one.
func scan(pattern string, f func(at int, class string)) {
	class := -1
	for i := 0; i < len(pattern); i++ {
		in := ""
		if class >= 0 {
			in = pattern[class:]
		}
		f(i, in)
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[' && class < 0:
			class = i
			if strings.HasPrefix(pattern[i+1:], "^") {
				i++
			}
			if strings.HasPrefix(pattern[i+1:], "]") {
				i++
			}
		case c == ']':
			class = -1
		}
	}
}

// parseText is what is wrong with a pattern, as rg says it.
func parseText(pattern string, err error) string {
	text, at := err.Error(), -1
	switch text {
	case "missing closing parenthesis":
		text = "unclosed group"
		at, _ = parens(pattern)
	case "unmatched closing parenthesis":
		text = "unopened group"
		_, at = parens(pattern)
	case "missing terminating ] for character class":
		text = "unclosed character class"
		scan(pattern, func(i int, class string) {
			if class != "" {
				at = len(pattern) - len(class)
			}
		})
	case "quantifier does not follow a repeatable item":
		text = "repetition operator missing expression"
		if strings.IndexByte("*+?", pattern[0]) >= 0 {
			at = 0
		}
	case "numbers out of order in {} quantifier":
		text = "invalid repetition count range, the start must be <= the end"
	case `unrecognized character follows \`:
		text = "unrecognized escape sequence"
	}
	mark := ""
	if at >= 0 {
		mark = "    " + strings.Repeat(" ", at) + "^\n"
	}
	return fmt.Sprintf("regex parse error:\n    %s\n%serror: %s\n", pattern, mark, text)
}

// parens finds the last parenthesis that is never closed, and the first that
// was never opened; -1 where there is none.
func parens(pattern string) (unclosed, unopened int) {
	unopened = -1
	var open []int
	scan(pattern, func(at int, class string) {
		switch {
		case class != "":
		case pattern[at] == '(':
			open = append(open, at)
		case pattern[at] == ')' && len(open) > 0:
			open = open[:len(open)-1]
		case pattern[at] == ')' && unopened < 0:
			unopened = at
		}
	})
	if len(open) == 0 {
		return -1, unopened
	}
	return open[len(open)-1], unopened
}

// hasCapital reports whether a pattern has a capital letter that is no escape.
func hasCapital(patterns []string) bool {
	for _, p := range patterns {
		escaped := false
		for _, c := range p {
			if !escaped && unicode.IsUpper(c) {
				return true
			}
			escaped = c == '\\' && !escaped
		}
	}
	return false
}
