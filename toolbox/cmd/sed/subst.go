package sed

import (
	"bytes"
	"errors"
	"slices"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/sweep"
)

type patternFlags struct{ fold, multiline bool }

// compile compiles a regular expression of the script.
func (p *parser) compile(src string, flags patternFlags) (*pattern, error) {
	if src == "" {
		if flags.fold || flags.multiline {
			return nil, p.fail("cannot specify modifiers on empty regexp")
		}
		return &pattern{}, nil
	}
	syntax, bits := regex.BRE, regex.Flags(0)
	if p.o.extended {
		syntax = regex.SedERE
	}
	if flags.fold {
		bits |= regex.IgnoreCase
	}
	if flags.multiline {
		bits |= regex.Multiline
	}
	if !p.o.utf8 {
		bits |= regex.Bytes
	}
	src = regexEscapes(src)
	re, err := regex.Compile(src, syntax, bits)
	if errors.Is(err, regex.ErrBareName) {
		return nil, p.x.Fail(4, "%s", err)
	}
	if err != nil {
		return nil, p.fail("%s", err)
	}
	return &pattern{re, src, syntax, bits}, nil
}

func (p *parser) substitute(cmd *command) error {
	delim := p.next()
	if delim == eof || delim == '\n' || delim == '\\' {
		return p.fail("unterminated `s' command")
	}
	src, ok := p.slashed(byte(delim), true)
	if !ok {
		return p.fail("unterminated `s' command")
	}
	repl, ok := p.slashed(byte(delim), false)
	if !ok {
		return p.fail("unterminated `s' command")
	}
	s := &subst{}
	s.parts, s.groups = replacement(repl)
	s.cased = slices.ContainsFunc(s.parts, func(p part) bool { return p.change != 0 })
	cmd.subst = s
	flags, err := p.substFlags(s)
	if err != nil {
		return err
	}
	if s.re, err = p.compile(src, flags); err != nil {
		return err
	}
	if s.re.re != nil && s.groups > s.re.re.Groups() {
		return p.fail("invalid reference \\%d on `s' command's RHS", s.groups)
	}
	return nil
}

func (p *parser) substFlags(s *subst) (f patternFlags, err error) {
	for {
		c := p.next()
		switch {
		case c == 'i' && !p.o.posix || c == 'I' && !p.o.posix:
			f.fold = true
		case c == 'm' && !p.o.posix || c == 'M' && !p.o.posix:
			f.multiline = true
		case c == 'e' && !p.o.posix:
			if p.o.sandbox {
				return f, p.fail("e/r/w commands disabled in sandbox mode")
			}
			s.eval = true
		case c == 'p':
			if s.print > 0 {
				return f, p.fail("multiple `p' options to `s' command")
			}
			s.print = 1
			if s.eval {
				s.print = 2
			}
		case c == 'g':
			if s.global {
				return f, p.fail("multiple `g' options to `s' command")
			}
			s.global = true
		case c == 'w':
			return f, p.substFile(s)
		case c >= '0' && c <= '9':
			if err := p.substNumber(s, c); err != nil {
				return f, err
			}
		case c == '}' || c == '#':
			p.back(c)
			return f, nil
		case c == eof || c == '\n' || c == ';':
			return f, nil
		case c == '\r' && p.pos < len(p.text) && p.text[p.pos] == '\n', c == ' ', c == '\t':
		default:
			return f, p.fail("unknown option to `s'")
		}
	}
}

func (p *parser) substNumber(s *subst, c int) error {
	if s.number > 0 {
		return p.fail("multiple number options to `s' command")
	}
	if s.number = p.number(c); s.number == 0 {
		return p.fail("number option to `s' command may not be zero")
	}
	return nil
}

func (p *parser) substFile(s *subst) error {
	if p.o.sandbox {
		return p.fail("e/r/w commands disabled in sandbox mode")
	}
	if s.file = p.restOfLine(); s.file == "" {
		return p.fail("missing filename in r/R/w/W commands")
	}
	p.output(s.file)
	return nil
}

// replacement parses the right side of s.
func replacement(src string) (parts []part, groups int) {
	cur := part{group: -1}
	flush := func() {
		if len(cur.text) > 0 || cur.group >= 0 || cur.change != 0 {
			parts = append(parts, cur)
		}
		cur = part{group: -1}
	}
	refer := func(n int) {
		if len(cur.text) > 0 {
			flush()
		}
		cur.group = n
		groups = max(groups, n)
		flush()
	}
	for i := 0; i < len(src); i++ {
		c := src[i]
		if c == '&' {
			refer(0)
			continue
		}
		if c != '\\' || i+1 == len(src) {
			cur.text = append(cur.text, c)
			continue
		}
		i++
		if change, ok := caseChanges[src[i]]; ok {
			if len(cur.text) > 0 {
				flush()
			}
			cur.change = merge(cur.change, change)
			continue
		}
		if src[i] >= '0' && src[i] <= '9' {
			refer(int(src[i] - '0'))
			continue
		}
		if c, n := charEscape(src[i:]); n > 0 {
			cur.text = append(cur.text, c)
			i += n - 1
			continue
		}
		cur.text = append(cur.text, src[i])
	}
	flush()
	return parts, groups
}

var caseChanges = map[byte]caseChange{'U': upperAll, 'L': lowerAll, 'u': upperOne, 'l': lowerOne, 'E': endCase}

const (
	allCases = upperAll | lowerAll | endCase
	oneCases = upperOne | lowerOne
)

// merge puts a change on top of one that had no text yet: \L and its kin
// take back a \u before them, \u leaves a \L in force.
func merge(old, change caseChange) caseChange {
	if change&allCases != 0 {
		return change
	}
	return old&^oneCases | change
}

// caser appends text with the case changes that are in force.
type caser struct {
	all, one caseChange
}

func (c *caser) set(change caseChange) {
	if change&allCases != 0 {
		c.all = change & allCases &^ endCase
	}
	if change&oneCases != 0 {
		c.one = change & oneCases
	}
}

func (c *caser) append(dst, text []byte) []byte {
	if c.all == 0 && c.one == 0 || len(text) == 0 {
		return append(dst, text...)
	}
	if c.one != 0 {
		r, n := utf8.DecodeRune(text)
		dst = appendCased(dst, text[:n], r, c.one == upperOne)
		text, c.one = text[n:], 0
	}
	for len(text) > 0 {
		if c.all == 0 {
			return append(dst, text...)
		}
		r, n := utf8.DecodeRune(text)
		dst = appendCased(dst, text[:n], r, c.all == upperAll)
		text = text[n:]
	}
	return dst
}

func appendCased(dst, raw []byte, r rune, up bool) []byte {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return append(dst, raw...)
	case up:
		return utf8.AppendRune(dst, unicode.ToUpper(r))
	}
	return utf8.AppendRune(dst, unicode.ToLower(r))
}

// transliteration is what y does: bytes for bytes, or characters where there
// are longer ones.
type transliteration struct {
	bytes sweep.Table
	chars map[rune]rune // nil if bytes will do
}

func (p *parser) transliterate(cmd *command) error {
	delim := p.next()
	if delim == eof || delim == '\n' || delim == '\\' {
		return p.fail("unterminated `y' command")
	}
	src, ok := p.slashed(byte(delim), false)
	if !ok {
		return p.fail("unterminated `y' command")
	}
	dst, ok := p.slashed(byte(delim), false)
	if !ok {
		return p.fail("unterminated `y' command")
	}
	from, to := p.chars(unescapeY(src)), p.chars(unescapeY(dst))
	if len(from) != len(to) {
		return p.fail("strings for `y' command are different lengths")
	}
	cmd.y = newTransliteration(from, to)
	return p.endOfCommand()
}

// chars splits text into characters; a stray byte is negative.
func (p *parser) chars(text []byte) []rune {
	var out []rune
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 || !p.o.utf8 {
			r, n = -rune(text[0])-1, 1
			if text[0] < utf8.RuneSelf {
				r = rune(text[0])
			}
		}
		out = append(out, r)
		text = text[n:]
	}
	return out
}

func newTransliteration(from, to []rune) *transliteration {
	t := &transliteration{}
	for i := range t.bytes {
		t.bytes[i] = byte(i)
	}
	for i := len(from) - 1; i >= 0; i-- {
		if from[i] < utf8.RuneSelf && to[i] < utf8.RuneSelf {
			t.bytes[plainByte(from[i])] = plainByte(to[i])
			continue
		}
		if t.chars == nil {
			t.chars = map[rune]rune{}
		}
	}
	if t.chars != nil {
		for i := len(from) - 1; i >= 0; i-- {
			t.chars[from[i]] = to[i]
		}
	}
	return t
}

func plainByte(r rune) byte {
	if r < 0 {
		return byte(-r - 1)
	}
	return byte(r)
}

// apply returns the text with the characters exchanged; it may reuse text.
func (t *transliteration) apply(text []byte) []byte {
	if t.chars == nil {
		t.bytes.Map(text, text)
		return text
	}
	var out bytes.Buffer
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			r = -rune(text[0]) - 1
		}
		to, ok := t.chars[r]
		switch {
		case !ok:
			out.Write(text[:n])
		case to < 0:
			out.WriteByte(plainByte(to))
		default:
			out.WriteRune(to)
		}
		text = text[n:]
	}
	return out.Bytes()
}
