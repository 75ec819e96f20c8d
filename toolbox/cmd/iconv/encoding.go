package iconv

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// encoding is a way to write characters.
type encoding struct {
	kind   int
	big    bool
	marked bool // begins with a byte order mark
	upper  *[32]rune
}

// The kinds of encodings.
const (
	ascii = iota
	latin // a byte a character
	utf8Kind
	ucs2
	utf16Kind
	utf32Kind
)

// cp1252 are the characters of 0x80 to 0x9f; 0 where there is none.
var cp1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// latin9 are the characters by which ISO-8859-15 is not ISO-8859-1.
var latin9 = map[byte]rune{0xa4: '€', 0xa6: 'Š', 0xa8: 'š', 0xb4: 'Ž', 0xb8: 'ž', 0xbc: 'Œ', 0xbd: 'œ', 0xbe: 'Ÿ'}

// kindLatin9 stands beside latin.
const kindLatin9 = utf32Kind + 1

// encodings are the encodings, each with its names.
var encodings = [...]struct {
	names string
	encoding
}{
	{"ASCII US-ASCII ANSI_X3.4-1968 646 US", encoding{kind: ascii}},
	{"CP1252 WINDOWS-1252 MS-ANSI", encoding{kind: latin, upper: &cp1252}},
	{"ISO-8859-1 ISO8859-1 ISO88591 ISO_8859-1 LATIN1 L1 CP819", encoding{kind: latin}},
	{"ISO-8859-15 ISO8859-15 ISO885915 ISO_8859-15 LATIN-9 LATIN9", encoding{kind: kindLatin9}},
	{"UCS-2 UCS2 ISO-10646-UCS-2", encoding{kind: ucs2}},
	{"UCS-2BE", encoding{kind: ucs2, big: true}},
	{"UCS-2LE", encoding{kind: ucs2}},
	{"UCS-4 UCS4 UCS-4BE", encoding{kind: utf32Kind, big: true}},
	{"UCS-4LE", encoding{kind: utf32Kind}},
	{"UTF-16 UTF16", encoding{kind: utf16Kind, marked: true}},
	{"UTF-16BE UTF16BE", encoding{kind: utf16Kind, big: true}},
	{"UTF-16LE UTF16LE", encoding{kind: utf16Kind}},
	{"UTF-32 UTF32", encoding{kind: utf32Kind, marked: true}},
	{"UTF-32BE UTF32BE", encoding{kind: utf32Kind, big: true}},
	{"UTF-32LE UTF32LE", encoding{kind: utf32Kind}},
	{"UTF-8 UTF8", encoding{kind: utf8Kind}},
}

func lookup(name string) (encoding, bool) {
	if name == "" {
		name = "UTF-8" // that of the locale
	}
	for _, e := range encodings {
		for known := range strings.FieldsSeq(e.names) {
			if strings.EqualFold(known, name) {
				return e.encoding, true
			}
		}
	}
	return encoding{}, false
}

// listing is what -l prints.
func listing() string {
	var b strings.Builder
	for _, e := range encodings {
		b.WriteString(strings.ReplaceAll(e.names, " ", "// ") + "//\n")
	}
	return b.String()
}

// errIllegal is the error of what is no character.
var errIllegal = errors.New("illegal input sequence")

// byteOrderMark says which byte comes first.
const byteOrderMark = 0xfeff

// decoder reads characters.
type decoder struct {
	encoding
	r     *bufio.Reader
	at    int64
	began bool
}

// next reads a character. What is illegal stays; what breaks off is
// io.ErrUnexpectedEOF.
func (d *decoder) next() (rune, error) {
	c, n, err := d.look()
	if err != nil {
		return 0, err
	}
	d.skip(n)
	if first := !d.began; first && d.marked {
		d.began = true
		switch {
		case c == byteOrderMark:
			return d.next()
		case c == 0xfffe && d.kind == utf16Kind, uint32(c) == 0xfffe0000 && d.kind == utf32Kind:
			d.big = !d.big
			return d.next()
		}
	}
	return c, nil
}

func (d *decoder) skip(n int) {
	d.r.Discard(n)
	d.at += int64(n)
}

// pass goes over what is illegal.
func (d *decoder) pass() { d.skip(d.unit()) }

// unit is how many bytes there are at least in a character.
func (d *decoder) unit() int {
	switch d.kind {
	case ucs2, utf16Kind:
		return 2
	case utf32Kind:
		return 4
	}
	return 1
}

// look decodes the next character, of n bytes.
func (d *decoder) look() (c rune, n int, err error) {
	n = d.unit()
	p, err := d.r.Peek(n)
	switch {
	case err == io.EOF && len(p) > 0:
		return 0, 0, io.ErrUnexpectedEOF
	case err != nil:
		return 0, 0, err
	}
	switch d.kind {
	case utf8Kind:
		return d.utf8()
	case ucs2, utf16Kind:
		return d.utf16(rune(d.number(p)))
	case utf32Kind:
		c = rune(d.number(p))
		swapped := d.marked && !d.began && uint32(c) == 0xfffe0000
		if !swapped && (c < 0 || c > utf8.MaxRune || isSurrogate(c)) {
			return 0, 0, errIllegal
		}
		return c, n, nil
	}
	c, ok := d.single(p[0])
	if !ok {
		return 0, 0, errIllegal
	}
	return c, 1, nil
}

func isSurrogate(c rune) bool { return c >= 0xd800 && c < 0xe000 }

// number is a number of p in the byte order.
func (d *decoder) number(p []byte) (n uint32) {
	for i := range p {
		if d.big {
			n = n<<8 | uint32(p[i])
		} else {
			n |= uint32(p[i]) << (8 * i)
		}
	}
	return n
}

func (d *decoder) utf8() (rune, int, error) {
	p, _ := d.r.Peek(utf8.UTFMax)
	c, n := utf8.DecodeRune(p)
	if c == utf8.RuneError && n == 1 {
		if !utf8.FullRune(p) {
			return 0, 0, io.ErrUnexpectedEOF
		}
		return 0, 0, errIllegal
	}
	return c, n, nil
}

func (d *decoder) utf16(c rune) (rune, int, error) {
	switch {
	case !isSurrogate(c):
		return c, 2, nil
	case d.kind == ucs2 || c >= 0xdc00:
		return 0, 0, errIllegal
	}
	p, err := d.r.Peek(4)
	if err == io.EOF {
		return 0, 0, io.ErrUnexpectedEOF
	}
	if err != nil {
		return 0, 0, err
	}
	low := rune(d.number(p[2:]))
	if low < 0xdc00 || low >= 0xe000 {
		return 0, 0, errIllegal
	}
	return (c-0xd800)<<10 + low - 0xdc00 + 0x10000, 4, nil
}

// single is the character of a byte.
func (e encoding) single(b byte) (rune, bool) {
	switch {
	case b < 0x80:
		return rune(b), true
	case e.kind == ascii:
		return 0, false
	case e.kind == kindLatin9 && latin9[b] != 0:
		return latin9[b], true
	case e.upper != nil && b < 0xa0:
		c := e.upper[b-0x80]
		return c, c != 0
	}
	return rune(b), true
}

// byteOf is the byte of a character.
func (e encoding) byteOf(c rune) (byte, bool) {
	if c < 0x80 {
		return byte(c), true
	}
	for b := 0x80; b < 0x100; b++ {
		if have, ok := e.single(byte(b)); ok && have == c {
			return byte(b), true
		}
	}
	return 0, false
}

// put writes a character, or what stands for it; false where nothing does.
func (r *runner) put(c rune) bool {
	if !r.began && r.to.marked {
		r.write(byteOrderMark)
	}
	r.began = true
	if r.write(c) {
		return true
	}
	if !r.translit {
		return false
	}
	for _, c := range transliterate(c) {
		r.write(c)
	}
	return true
}

// write writes a character, if the encoding has it.
func (r *runner) write(c rune) bool {
	switch r.to.kind {
	case utf8Kind:
		r.w.WriteRune(c)
	case ucs2:
		if c > 0xffff {
			return false
		}
		r.number(uint32(c), 2)
	case utf16Kind:
		if c > 0xffff {
			c -= 0x10000
			r.number(uint32(0xd800+c>>10), 2)
			c = 0xdc00 + c&0x3ff
		}
		r.number(uint32(c), 2)
	case utf32Kind:
		r.number(uint32(c), 4)
	default:
		b, ok := r.to.byteOf(c)
		if ok {
			r.w.WriteByte(b)
		}
		return ok
	}
	return true
}

// number writes n in the byte order.
func (r *runner) number(n uint32, size int) {
	for i := range size {
		shift := 8 * i
		if r.to.big {
			shift = 8 * (size - 1 - i)
		}
		r.w.WriteByte(byte(n >> shift))
	}
}

// spellings are what the C library writes for characters that are not there.
var spellings = [...]struct{ characters, spelling string }{
	{"\u00a0\u2003\u2009", " "},
	{"½", " 1/2 "},
	{"¼", " 1/4 "},
	{"¾", " 3/4 "},
	{"¡¬", "!"},
	{"“”", "\""},
	{"´‘’‛", "'"},
	{"©", "(C)"},
	{"®", "(R)"},
	{"™", "(TM)"},
	{"†", "+"},
	{"±", "+-"},
	{"¸‚", ","},
	{"„", ",,"},
	{"\u00ad‐‑‒–―−\u00ad", "-"},
	{"—", "--"},
	{"→", "->"},
	{"·", "."},
	{"…", "..."},
	{"÷", "/"},
	{"¹", "1"},
	{"²", "2"},
	{"³", "3"},
	{"‹", "<"},
	{"←", "<-"},
	{"«", "<<"},
	{"≤", "<="},
	{"⇒", "=>"},
	{"›", ">"},
	{"≥", ">="},
	{"»", ">>"},
	{"ÀÁÂÃÄÅ", "A"},
	{"Æ", "AE"},
	{"Ç", "C"},
	{"Ð", "D"},
	{"ÈÉÊË", "E"},
	{"€", "EUR"},
	{"£", "GBP"},
	{"ÌÍÎÏ", "I"},
	{"¥", "JPY"},
	{"Ñ", "N"},
	{"ÒÓÔÕÖØ", "O"},
	{"Œ", "OE"},
	{"Š", "S"},
	{"Þ", "TH"},
	{"ÙÚÛÜ", "U"},
	{"ÝŸ", "Y"},
	{"Ž", "Z"},
	{"ªàáâãäåą", "a"},
	{"æ", "ae"},
	{"¢çćč", "c"},
	{"ð", "d"},
	{"èéêëěę", "e"},
	{"ﬁ", "fi"},
	{"ﬂ", "fl"},
	{"ìíîïı", "i"},
	{"ł", "l"},
	{"ñ", "n"},
	{"ºòóôõöø•", "o"},
	{"œ", "oe"},
	{"ř", "r"},
	{"šş", "s"},
	{"ß", "ss"},
	{"þ", "th"},
	{"µùúûü", "u"},
	{"×", "x"},
	{"ýÿ", "y"},
	{"žż", "z"},
	{"¦", "|"},
}

// transliterate spells a character in others.
func transliterate(c rune) string {
	for _, s := range spellings {
		if strings.ContainsRune(s.characters, c) {
			return s.spelling
		}
	}
	return "?"
}
