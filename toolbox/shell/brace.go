package shell

import (
	"fmt"
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// Bounds of brace expansion (THREAT[SH-05]).
const (
	maxBraces     = 1 << 20 // words of one sequence
	maxProduct    = 1 << 18 // words where expressions multiply
	maxBraceBytes = 64 << 20
	keepBraces    = 4096 // expansions of a word that are kept for its next use
)

// braced is a word whose braces were expanded: its words, as text that means
// only itself, or parsed where it does not.
type braced struct {
	texts []string
	words map[int]*syntax.Word
}

// braces expands the braces of a word; nil if there is nothing to expand.
// Bash does this on the text, before anything else is looked at.
func (sh *Shell) braces(w *syntax.Word) *braced {
	if list, ok := w.Cache.Load().(*braced); ok {
		return list
	}
	b := bracer{}
	texts := b.expand(w.Raw)
	if b.over {
		sh.warnf("brace expansion: failed to allocate memory for %s elements", strconv.Itoa(max(b.asked, maxProduct)))
		return nil
	}
	var list *braced
	if len(texts) != 1 || texts[0] != w.Raw {
		list = sh.parseBraced(texts, w.Line)
	}
	if len(texts) <= keepBraces {
		w.Cache.Store(list)
	}
	return list
}

// bracesIn reports whether braces make several words of one.
func (sh *Shell) bracesIn(w *syntax.Word) bool {
	return w.Brace && sh.opt.braceexpand && sh.braces(w) != nil
}

// parseBraced parses the words that need it; empty ones are dropped.
func (sh *Shell) parseBraced(texts []string, line int) *braced {
	list := &braced{texts: texts[:0]}
	for _, text := range texts {
		if text == "" {
			continue
		}
		if !plainText(text) {
			if list.words == nil {
				list.words = map[int]*syntax.Word{}
			}
			list.words[len(list.texts)] = sh.parseWord(text, line)
		}
		list.texts = append(list.texts, text)
	}
	return list
}

func (sh *Shell) parseWord(text string, line int) *syntax.Word {
	if text == `\` {
		return &syntax.Word{Raw: text, Plain: true, Line: line}
	}
	if w := syntax.ParseWord(text, line, sh.parserOptions()); w != nil {
		return w
	}
	if i := strings.IndexByte(text, '`'); i >= 0 && i+1 < len(text) && sh.flow == flowNone {
		// A sequence such as {z..A} has made half of a command substitution.
		sh.warnf("bad substitution: no closing \"`\" in %s", text[i:])
		sh.giveUp(1)
	}
	return &syntax.Word{Raw: text, Lit: text, Plain: true, Line: line}
}

// plainText reports whether text of a word means only itself.
func plainText(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '_' && c != '-' && c != '.' && c != '/' && c != ',' && c != '%' && !(c >= '0' && c <= '9') && !(c|0x20 >= 'a' && c|0x20 <= 'z') {
			return false
		}
	}
	return true
}

type bracer struct {
	count, bytes int
	asked        int
	over         bool
	depth        int
}

// expand returns the expansions of text, text itself if it has no braces.
func (b *bracer) expand(text string) []string {
	if b.depth++; b.depth > 200 {
		b.over = true
	}
	defer func() { b.depth-- }()
	for from := 0; !b.over; {
		open := braceOpen(text, from)
		if open < 0 {
			return []string{text}
		}
		alts, end, ok := b.alternatives(text, open)
		if !ok {
			from = open + 1
			continue
		}
		return b.combine(text[:open], alts, b.expand(text[end:]))
	}
	return []string{text}
}

func (b *bracer) combine(pre string, alts, tails []string) []string {
	if pre == "" && len(tails) == 1 && tails[0] == "" {
		return alts
	}
	n := len(alts) * len(tails)
	if b.count += n; len(tails) > 1 && n > maxProduct || n > maxBraces || b.count > 4*maxBraces {
		b.over, b.asked = true, n
		return nil
	}
	out := make([]string, 0, n)
	for _, alt := range alts {
		for _, tail := range tails {
			s := pre + alt + tail
			if b.bytes += len(s); b.bytes > maxBraceBytes {
				b.over, b.asked = true, n
				return nil
			}
			out = append(out, s)
		}
	}
	return out
}

// braceOpen finds the next brace that may start an expression.
func braceOpen(s string, from int) int {
	for i := from; i < len(s); {
		if s[i] == '{' {
			return i
		}
		i = skipText(s, i)
	}
	return -1
}

// alternatives reads the expression at open: its expansions and where it
// ends. Not ok if it is none.
func (b *bracer) alternatives(s string, open int) (alts []string, end int, ok bool) {
	var parts []string
	depth, start := 0, open+1
	i := open + 1
	for i < len(s) {
		switch c := s[i]; {
		case c == '{':
			depth++
			i++
		case c == '}' && depth > 0:
			depth--
			i++
		case c == ',' && depth == 0:
			parts = append(parts, s[start:i])
			i++
			start = i
		case c == '}':
			return b.closed(parts, s[start:i], i+1)
		default:
			i = skipText(s, i)
		}
	}
	return nil, 0, false
}

// closed makes the alternatives of an expression whose end was found.
func (b *bracer) closed(parts []string, last string, end int) ([]string, int, bool) {
	if len(parts) == 0 {
		seq, ok := b.sequence(last)
		return seq, end, ok
	}
	var alts []string
	for _, part := range append(parts, last) {
		alts = append(alts, b.expand(part)...)
		if b.over {
			break
		}
	}
	return alts, end, true
}

// skipText moves over one character, or over what is quoted.
func skipText(s string, i int) int {
	switch c := s[i]; c {
	case '\\':
		return min(i+2, len(s))
	case '\'', '"', '`':
		for j := i + 1; j < len(s); j++ {
			if s[j] == '\\' && c != '\'' {
				j++
			} else if s[j] == c {
				return j + 1
			}
		}
		return len(s)
	case '$':
		if i+1 < len(s) && s[i+1] == '{' {
			return skipNested(s, i+2, '{', '}')
		}
		if i+1 < len(s) && s[i+1] == '(' {
			return skipNested(s, i+2, '(', ')')
		}
	}
	return i + 1
}

func skipNested(s string, i int, open, close byte) int {
	depth := 1
	for i < len(s) {
		switch s[i] {
		case open:
			depth++
			i++
		case close:
			i++
			if depth--; depth == 0 {
				return i
			}
		default:
			i = skipText(s, i)
		}
	}
	return len(s)
}

// sequence is x..y or x..y..step, of numbers or letters.
func (b *bracer) sequence(s string) ([]string, bool) {
	from, rest, ok := strings.Cut(s, "..")
	if !ok {
		return nil, false
	}
	to, stepText, hasStep := strings.Cut(rest, "..")
	step := int64(0)
	if hasStep {
		n, err := strconv.ParseInt(stepText, 10, 64)
		if err != nil {
			return nil, false
		}
		step = n
	}
	if isLetter(from) && isLetter(to) {
		return b.span(int64(from[0]), int64(to[0]), step, func(n int64) string { return string([]byte{byte(n)}) })
	}
	lo, err1 := strconv.ParseInt(from, 10, 64)
	hi, err2 := strconv.ParseInt(to, 10, 64)
	if err1 != nil || err2 != nil {
		return nil, false
	}
	if width := padWidth(from, to); width > 0 {
		return b.span(lo, hi, step, func(n int64) string { return fmt.Sprintf("%0*d", width, n) })
	}
	return b.span(lo, hi, step, func(n int64) string { return strconv.FormatInt(n, 10) })
}

func isLetter(s string) bool { return len(s) == 1 && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' }

// padWidth is the width to which zeros fill the numbers, 0 for none.
func padWidth(from, to string) int {
	if !zeroLed(from) && !zeroLed(to) {
		return 0
	}
	return max(len(from), len(to))
}

func zeroLed(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0'
}

func (b *bracer) span(lo, hi, step int64, show func(int64) string) ([]string, bool) {
	if step < 0 {
		step = -step
	}
	if step <= 0 {
		step = 1
	}
	distance := uint64(hi) - uint64(lo)
	if hi < lo {
		distance = uint64(lo) - uint64(hi)
	}
	n := distance/uint64(step) + 1
	if n > maxBraces || n == 0 {
		b.over, b.asked = true, int(min(n, 1<<62))
		return nil, true
	}
	out := make([]string, 0, n)
	for i := range int64(n) {
		v := lo + i*step
		if hi < lo {
			v = lo - i*step
		}
		out = append(out, show(v))
	}
	return out, true
}
