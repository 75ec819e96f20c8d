package curl

import (
	"fmt"
	"strconv"
	"strings"
)

// maxGlob bounds how many URLs one with sets and ranges stands for.
const maxGlob = 100_000

// globURL is one URL of those that a pattern stands for, with what its sets
// and ranges are in it, for "#1" in file names.
type globURL struct {
	url   string
	parts []string
}

// globError points at what is wrong in a pattern.
type globError struct {
	what string
	at   int // the offset, from 1
	url  string
}

// Error is the text of curl, a marker below the URL.
func (e *globError) Error() string {
	return fmt.Sprintf("%s in URL position %d:\n%s\n%s^", e.what, e.at, e.url, strings.Repeat(" ", max(0, e.at-1)))
}

// glob expands the sets and ranges of a URL, the last one fastest.
func glob(url string) ([]globURL, error) {
	g := &globber{url: url}
	all := []globURL{{}}
	for g.at < len(url) {
		literal := g.literal()
		if g.err != nil {
			return nil, g.err
		}
		for i := range all {
			all[i].url += literal
		}
		if g.at >= len(url) {
			break
		}
		choices := g.choices()
		if g.err != nil {
			return nil, g.err
		}
		if len(all)*len(choices) > maxGlob {
			return nil, &globError{"range overflow", g.at, url}
		}
		all = product(all, choices)
	}
	return all, nil
}

func product(all []globURL, choices []string) []globURL {
	out := make([]globURL, 0, len(all)*len(choices))
	for _, u := range all {
		for _, c := range choices {
			parts := append(u.parts[:len(u.parts):len(u.parts)], c)
			out = append(out, globURL{u.url + c, parts})
		}
	}
	return out
}

type globber struct {
	url string
	at  int
	err error
}

func (g *globber) fail(what string, at int) {
	if g.err == nil {
		g.err = &globError{what, at, g.url}
	}
}

// literal reads up to the next set or range.
func (g *globber) literal() string {
	var b strings.Builder
	for g.at < len(g.url) {
		c := g.url[g.at]
		switch {
		case c == '\\' && g.at+1 < len(g.url) && strings.IndexByte("{[}]", g.url[g.at+1]) >= 0:
			g.at++
			c = g.url[g.at]
		case c == '[':
			n := addressLen(g.url[g.at:])
			if n == 0 {
				return b.String()
			}
			b.WriteString(g.url[g.at : g.at+n])
			g.at += n
			continue
		case c == '{':
			return b.String()
		case c == '}' || c == ']':
			g.fail("unmatched close brace/bracket", g.at+1)
			return ""
		}
		b.WriteByte(c)
		g.at++
	}
	return b.String()
}

// addressLen is how long the IPv6 address in brackets is that s starts with, 0
// for none. An empty pair of brackets is none of ours either.
func addressLen(s string) int {
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return 0
	}
	inside := s[1:end]
	if inside == "" {
		return 2
	}
	if strings.Count(inside, ":") >= 2 && strings.Trim(inside, "0123456789abcdefABCDEF:.%") == "" {
		return end + 1
	}
	return 0
}

func (g *globber) choices() []string {
	if g.url[g.at] == '{' {
		return g.set()
	}
	return g.span()
}

func (g *globber) set() []string {
	var all []string
	var b strings.Builder
	open := g.at + 1
	for g.at++; ; g.at++ {
		if g.at >= len(g.url) {
			g.fail("unmatched brace", open)
			return nil
		}
		switch c := g.url[g.at]; c {
		case '{', '[':
			g.fail("nested brace", g.at+1)
			return nil
		case ']':
			g.fail("unexpected close bracket", g.at+1)
			return nil
		case ',', '}':
			if c == '}' && g.at == open {
				g.fail("empty string within braces", g.at+1)
				return nil
			}
			all = append(all, b.String())
			b.Reset()
			if c == '}' {
				g.at++
				return all
			}
		case '\\':
			if g.at+1 < len(g.url) {
				g.at++
			}
			b.WriteByte(g.url[g.at])
		default:
			b.WriteByte(c)
		}
	}
}

// span reads [a-z], [1-9], [01-10] and the like, with ":STEP".
func (g *globber) span() []string {
	g.at++
	rest := g.url[g.at:]
	switch {
	case rest != "" && isAlpha(rest[0]):
		if len(rest) < 4 || rest[1] != '-' || !isAlpha(rest[2]) {
			g.fail("bad range", g.at+1)
			return nil
		}
		g.at += 3
		return g.letters(rest[0], rest[2], g.step())
	case rest != "" && isDigits(rest[:1]):
		from := g.digits()
		if g.at < len(g.url) && g.url[g.at] == '-' {
			g.at++
		}
		to := g.digits()
		if to == "" {
			g.fail("bad range", g.at+1)
			return nil
		}
		return g.numbers(from, to, g.step())
	}
	g.fail("bad range specification", g.at+1)
	return nil
}

func (g *globber) digits() string {
	from := g.at
	for g.at < len(g.url) && isDigits(g.url[g.at:g.at+1]) {
		g.at++
	}
	return g.url[from:g.at]
}

// step reads the end of a range, with the step before it.
func (g *globber) step() int {
	n := 1
	if g.at < len(g.url) && g.url[g.at] == ':' {
		g.at++
		n, _ = strconv.Atoi(g.digits())
	}
	if g.at >= len(g.url) || g.url[g.at] != ']' || n <= 0 {
		g.at = min(len(g.url), g.at+1)
		g.fail("bad range", g.at+1)
		return 1
	}
	g.at++
	return n
}

func (g *globber) letters(from, to byte, step int) []string {
	if from > to || int(to-from) > 'z'-'a' {
		g.fail("bad range", g.at+1)
		return nil
	}
	var all []string
	for c := int(from); c <= int(to); c += step {
		all = append(all, string(rune(c)))
	}
	return all
}

func (g *globber) numbers(from, to string, step int) []string {
	a, err1 := strconv.Atoi(from)
	b, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || a > b || (b-a)/step >= maxGlob {
		g.fail("bad range", g.at+1)
		return nil
	}
	width := 0
	if len(from) > 1 && from[0] == '0' {
		width = len(from)
	}
	var all []string
	for n := a; n <= b; n += step {
		all = append(all, fmt.Sprintf("%0*d", width, n))
	}
	return all
}

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// fillName puts what the sets and ranges of a URL are into a file name, for
// "#1" and so on.
func fillName(name string, parts []string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		end := i + 1
		for end < len(name) && name[end] >= '0' && name[end] <= '9' {
			end++
		}
		if n, err := strconv.Atoi(name[i+1 : end]); name[i] == '#' && err == nil && 1 <= n && n <= len(parts) {
			b.WriteString(parts[n-1])
			i = end - 1
			continue
		}
		b.WriteByte(name[i])
	}
	return b.String()
}
