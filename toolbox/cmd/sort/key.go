package sort

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

// kind is what a key is compared as.
type kind byte

const (
	bytewise kind = iota
	numeric
	general // floating point
	human   // with a unit
	month
	version
	random
)

// key is one sort key: where it lies in a line, and its order. lastField is
// huge where no end was given.
type key struct {
	field, char         int // where it begins, from 0
	lastField, lastChar int // where it ends; lastChar 0 is the end of the field
	skipStart, skipEnd  bool
	fold, reverse       bool
	dictionary, printed bool // -d, -i

	kinds [8]bool // all that were asked for
	kind  kind
}

// set acts on one letter of an option or key; start and end say for which end
// of the key b holds. It reports whether there is such a letter.
func (k *key) set(c byte, start, end bool) bool {
	kinds := map[byte]kind{'n': numeric, 'g': general, 'h': human, 'M': month, 'V': version, 'R': random}
	if kd, ok := kinds[c]; ok {
		k.kinds[kd] = true
		k.kind = kd
		return true
	}
	switch c {
	case 'b':
		k.skipStart = k.skipStart || start
		k.skipEnd = k.skipEnd || end
	case 'd':
		k.dictionary = true
	case 'f':
		k.fold = true
	case 'i':
		k.printed = true
	case 'r':
		k.reverse = true
	default:
		return false
	}
	return true
}

// ordered reports whether any order but reverse was asked for.
func (k *key) ordered() bool {
	return k.kind != bytewise || k.skipStart || k.skipEnd || k.fold || k.dictionary || k.printed
}

// inherit takes the order of the command line.
func (k *key) inherit(g key) {
	k.skipStart, k.skipEnd, k.fold, k.reverse = g.skipStart, g.skipEnd, g.fold, g.reverse
	k.dictionary, k.printed, k.kinds, k.kind = g.dictionary, g.printed, g.kinds, g.kind
}

// compatible checks that at most one order was asked for; letters names them
// all where not.
func (k *key) compatible() (letters string, ok bool) {
	groups := 0
	for _, kd := range []kind{numeric, general, human, month} {
		if k.kinds[kd] {
			groups++
		}
	}
	if k.kinds[version] || k.kinds[random] || k.dictionary || k.printed {
		groups++
	}
	if groups <= 1 {
		return "", true
	}
	for _, l := range []struct {
		letter string
		on     bool
	}{{"d", k.dictionary}, {"f", k.fold}, {"g", k.kinds[general]}, {"h", k.kinds[human]},
		{"i", k.printed && !k.dictionary}, {"M", k.kinds[month]}, {"n", k.kinds[numeric]},
		{"R", k.kinds[random]}, {"V", k.kinds[version]}} {
		if l.on {
			letters += l.letter
		}
	}
	return letters, false
}

// parseKey reads a KEYDEF.
func parseKey(s string) (key, error) {
	k := key{lastField: huge}
	p := keyParser{spec: s, rest: s}
	k.field = p.position("invalid number at field start", &k.char)
	k.letters(&p, true, false)
	if strings.HasPrefix(p.rest, ",") && p.err == nil {
		p.rest = p.rest[1:]
		k.lastField, k.lastChar = p.end()
		k.letters(&p, false, true)
	}
	if p.err == nil && p.rest != "" {
		p.fail("stray character in field spec")
	}
	return k, p.err
}

func (k *key) letters(p *keyParser, start, end bool) {
	for p.err == nil && p.rest != "" && k.set(p.rest[0], start, end) {
		p.rest = p.rest[1:]
	}
}

// keyParser reads the numbers of a KEYDEF.
type keyParser struct {
	spec, rest string
	err        error
}

func (p *keyParser) fail(what string) {
	if p.err == nil {
		p.err = fmt.Errorf("%s: invalid field specification %s", what, tool.QuoteText(p.spec))
	}
}

func (p *keyParser) count(what string) int {
	if p.err != nil {
		return 0
	}
	digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
	if digits == 0 {
		p.err = fmt.Errorf("%s: invalid count at start of %s", what, tool.QuoteText(p.rest))
		return 0
	}
	n, err := tool.ParseSize(p.rest[:digits], "")
	p.rest = p.rest[digits:]
	if err != nil || n > huge {
		return huge
	}
	return int(n)
}

// position reads F[.C] where a key begins, both from 1.
func (p *keyParser) position(what string, char *int) (field int) {
	field = p.count(what)
	if field == 0 {
		p.fail("field number is zero")
	}
	if strings.HasPrefix(p.rest, ".") {
		p.rest = p.rest[1:]
		n := p.count("invalid number after '.'")
		if n == 0 {
			p.fail("character offset is zero")
		}
		*char = n - 1
	}
	return field - 1
}

// end reads F[.C] where a key ends; C may be 0, for the end of the field.
func (p *keyParser) end() (field, char int) {
	field = p.count("invalid number after ','")
	if field == 0 {
		p.fail("field number is zero")
	}
	if strings.HasPrefix(p.rest, ".") {
		p.rest = p.rest[1:]
		char = p.count("invalid number after '.'")
	}
	return field - 1, char
}

// obsolete rewrites the old keys +F[.C][OPTS] [-F[.C][OPTS]], which count from
// 0, as -k.
func obsolete(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(out, args[i:]...)
		}
		start, ok := oldPosition(arg, '+')
		if !ok {
			out = append(out, arg)
			if takesValue(arg) && i+1 < len(args) {
				i++
				out = append(out, args[i])
			}
			continue
		}
		def := fmt.Sprintf("%d.%d%s", start.field+1, start.char+1, start.opts)
		if i+1 < len(args) {
			if end, ok := oldPosition(args[i+1], '-'); ok {
				i++
				if end.char == 0 {
					end.field--
				}
				def += fmt.Sprintf(",%d.%d%s", end.field+1, end.char, end.opts)
			}
		}
		out = append(out, "-k", def)
	}
	return out
}

func takesValue(arg string) bool {
	return len(arg) == 2 && arg[0] == '-' && strings.IndexByte("kotST", arg[1]) >= 0
}

type position struct {
	field, char int
	opts        string
}

func oldPosition(arg string, sign byte) (p position, ok bool) {
	if len(arg) < 2 || arg[0] != sign || arg[1] < '0' || arg[1] > '9' {
		return p, false
	}
	kp := keyParser{rest: arg[1:]}
	p.field = kp.count("")
	if strings.HasPrefix(kp.rest, ".") {
		kp.rest = kp.rest[1:]
		p.char = kp.count("")
	}
	p.opts = kp.rest
	ok = kp.err == nil && p.field < huge-1 && strings.Trim(p.opts, "bdfgiMhnRrV") == "" && (sign != '-' || p.field > 0 || p.char > 0)
	return p, ok
}

// bounds finds the key in a line.
func (k *key) bounds(line []byte, tab int) (from, to int) {
	from = k.begin(line, tab)
	if k.lastField == huge {
		return from, len(line)
	}
	return from, max(from, k.end(line, tab))
}

func (k *key) begin(line []byte, tab int) int {
	at := 0
	if tab >= 0 {
		at = afterTabs(line, k.field, tab)
	} else {
		at = afterFields(line, k.field)
	}
	if k.skipStart {
		at = skipBlanks(line, at)
	}
	return min(at+min(k.char, len(line)), len(line))
}

func (k *key) end(line []byte, tab int) int {
	fields := k.lastField
	if k.lastChar == 0 {
		fields++
	}
	if tab < 0 {
		return k.endChar(line, afterFields(line, fields))
	}
	at := 0
	for ; fields > 0 && at < len(line); fields-- {
		i := indexByte(line[at:], byte(tab))
		if i < 0 {
			at = len(line)
			break
		}
		at += i
		if fields > 1 || k.lastChar != 0 {
			at++
		}
	}
	return k.endChar(line, at)
}

// endChar goes on from the beginning of the last field to its last character.
func (k *key) endChar(line []byte, at int) int {
	if k.lastChar == 0 {
		return at
	}
	if k.skipEnd {
		at = skipBlanks(line, at)
	}
	return min(at+min(k.lastChar, len(line)), len(line))
}

// afterTabs is where field n begins, from 0: behind n separators.
func afterTabs(line []byte, n, tab int) int {
	at := 0
	for ; n > 0 && at < len(line); n-- {
		i := indexByte(line[at:], byte(tab))
		if i < 0 {
			return len(line)
		}
		at += i + 1
	}
	return at
}

// afterFields is where n fields end, each with the blanks before it.
func afterFields(line []byte, n int) int {
	at := 0
	for ; n > 0 && at < len(line); n-- {
		at = skipBlanks(line, at)
		for at < len(line) && !blank(line[at]) {
			at++
		}
	}
	return at
}

func skipBlanks(line []byte, at int) int {
	for at < len(line) && blank(line[at]) {
		at++
	}
	return at
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
