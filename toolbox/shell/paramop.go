package shell

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/shell/syntax"
)

// apply applies the operators that change a value, to each element of a list.
func (sh *Shell) apply(p *syntax.Param, val paramValue, quoted bool) paramValue {
	switch p.Op {
	case syntax.OpSlice:
		return sh.slice(p, val)
	case syntax.OpTransform:
		return sh.transform(p, val)
	}
	var change func(string) string
	switch p.Op {
	case syntax.OpTrimFront:
		pat := sh.operandPattern(p.Word)
		change = func(s string) string { return s[max(pat.Prefix(s, p.Double), 0):] }
	case syntax.OpTrimBack:
		pat := sh.operandPattern(p.Word)
		change = func(s string) string {
			if i := pat.Suffix(s, p.Double); i >= 0 {
				return s[:i]
			}
			return s
		}
	case syntax.OpReplace:
		change = sh.replacer(p, quoted)
	default:
		change = sh.recaser(p)
	}
	if sh.flow != flowNone {
		return val
	}
	val.trimmed = p.Op == syntax.OpTrimFront || p.Op == syntax.OpTrimBack
	return val.each(change)
}

// each applies a change to the value or to all elements.
func (val paramValue) each(change func(string) string) paramValue {
	if !val.list {
		val.str = change(val.str)
		return val
	}
	out := make([]string, len(val.vals))
	for i, s := range val.vals {
		out[i] = change(s)
	}
	val.vals = out
	return val
}

// replacer makes the change of ${x/pat/with}.
func (sh *Shell) replacer(p *syntax.Param, quoted bool) func(string) string {
	text := sh.patternText(p.Word)
	if sh.flow != flowNone {
		return nil
	}
	pat := sh.compile(text, sh.shopt(shNocasematch))
	with, amp := sh.replacement(p, quoted)
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
		_ = amp
		return replace(s, pat, with, p.Anchor == '/')
	}
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
func (sh *Shell) replacement(p *syntax.Param, quoted bool) (template, bool) {
	if p.With == nil {
		return template{[]string{""}}, false
	}
	e := expander{sh: sh}
	e.parts(p.With.Parts, false, true)
	if !sh.shopt(shPatsubRepl) || !strings.Contains(string(e.cur), "&") {
		return template{[]string{string(e.cur)}}, false
	}
	return template{e.ampersands()}, true
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

// recaser makes the change of ^ , and ~.
func (sh *Shell) recaser(p *syntax.Param) func(string) string {
	var pat *pattern.Pattern
	if p.Word != nil && len(p.Word.Parts) > 0 {
		pat = sh.operandPattern(p.Word)
	}
	turn := unicode.ToUpper
	switch p.Op {
	case syntax.OpLower:
		turn = unicode.ToLower
	case syntax.OpToggle:
		turn = toggle
	}
	return func(s string) string {
		var b strings.Builder
		for i, r := range s {
			if r == utf8.RuneError {
				b.WriteByte(s[i])
				continue
			}
			if (i == 0 || p.Double) && (pat == nil || pat.Match(string(r))) {
				r = turn(r)
			}
			b.WriteRune(r)
		}
		return b.String()
	}
}

func toggle(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}

// slice is ${x:off:len}.
func (sh *Shell) slice(p *syntax.Param, val paramValue) paramValue {
	off, n, ok := sh.sliceBounds(p)
	if !ok {
		return val
	}
	hasLen := p.Len != nil
	if val.list {
		return sh.sliceList(p, val, off, n, hasLen)
	}
	s := val.str
	ascii := isASCII(s)
	total := int64(len(s))
	if !ascii {
		total = int64(utf8.RuneCountInString(s))
	}
	if off < 0 {
		off += total
	}
	if off < 0 || off > total {
		val.str = ""
		return val
	}
	end := total
	if hasLen {
		if n < 0 {
			end = total + n
			if end < off {
				sh.warnf("%s: substring expression < 0", strings.TrimSpace(p.Len.Src))
				sh.giveUp(1)
				return val
			}
		} else if n < total-off {
			end = off + n
		}
	}
	if !ascii {
		off, end = int64(byteOffset(s, int(off))), int64(byteOffset(s, int(end)))
	}
	val.str = s[off:end]
	return val
}

// sliceBounds evaluates offset and length. Errors in them name the parameter.
func (sh *Shell) sliceBounds(p *syntax.Param) (off, n int64, ok bool) {
	builtin := sh.builtin
	sh.builtin = p.Name
	off, err := sh.arith(p.Off)
	if err == nil && p.Len != nil {
		n, err = sh.arith(p.Len)
	}
	if err != nil {
		sh.arithError(err)
		sh.giveUp(1)
	}
	sh.builtin = builtin
	return off, n, sh.flow == flowNone
}

// sliceList slices an array by index, the positional parameters from $1
// (from $0 with offset 0).
func (sh *Shell) sliceList(p *syntax.Param, val paramValue, off, n int64, hasLen bool) paramValue {
	vals := val.vals
	positional := p.Name == "@" || p.Name == "*"
	start := 0
	switch {
	case positional:
		vals = append([]string{sh.name}, sh.args...)
		if off < 0 {
			off += int64(len(vals))
		}
		if off < 0 || off > int64(len(vals)) {
			vals, off = nil, 0
		}
		start = int(off)
	case val.v != nil && val.v.has(attrArray) && val.v.arr != nil:
		if off < 0 {
			if off += val.v.arr.end(); off < 0 {
				vals = nil
			}
		}
		for start < len(vals) && val.v.arr.index(start) < off {
			start++
		}
	case val.v != nil && val.v.has(attrAssoc):
		if off < 0 {
			off += int64(len(vals)) + 1
		}
		start = int(min(max(off-1, 0), int64(len(vals))))
	default:
		start = int(min(max(off, 0), int64(len(vals))))
	}
	if vals == nil {
		val.vals = nil
		return val
	}
	end := len(vals)
	if hasLen {
		if n < 0 {
			sh.warnf("%s: substring expression < 0", strings.TrimSpace(p.Len.Src))
			sh.giveUp(1)
			return val
		}
		end = int(min(int64(end), int64(start)+n))
	}
	val.vals = vals[start:end]
	return val
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }

// byteOffset is where the n-th character of s starts.
func byteOffset(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}

// transform is ${x@X}.
func (sh *Shell) transform(p *syntax.Param, val paramValue) paramValue {
	switch p.Letter {
	case 'Q':
		if !val.list && !val.set {
			return val
		}
		return val.each(quoteWord)
	case 'E':
		return val.each(syntax.DecodeANSI)
	case 'P':
		return val.each(sh.prompt)
	case 'U':
		return val.each(strings.ToUpper)
	case 'L':
		return val.each(strings.ToLower)
	case 'u':
		return val.each(func(s string) string {
			r, n := utf8.DecodeRuneInString(s)
			if n == 0 {
				return s
			}
			return string(unicode.ToUpper(r)) + s[n:]
		})
	case 'a':
		return sh.attrsOf(p, val)
	case 'A':
		return sh.assignmentOf(p, val)
	}
	return sh.pairsOf(p, val)
}

// attrsOf is ${x@a}.
func (sh *Shell) attrsOf(p *syntax.Param, val paramValue) paramValue {
	letters := ""
	if val.v != nil {
		letters = val.v.attr.letters()
	}
	if val.list {
		return val.each(func(string) string { return letters })
	}
	val.str = letters
	return val
}

// assignmentOf is ${x@A}: a command that makes the variable anew.
func (sh *Shell) assignmentOf(p *syntax.Param, val paramValue) paramValue {
	if p.Name == "@" || p.Name == "*" {
		if len(val.vals) == 0 {
			return paramValue{list: true}
		}
		star := val.star
		val = val.each(quoteWord)
		if star {
			return paramValue{str: "set -- " + sh.joinIFS(val.vals), set: true}
		}
		val.vals = append([]string{"set", "--"}, val.vals...)
		return val
	}
	if val.v == nil {
		return paramValue{}
	}
	if val.list && val.v.isArray() {
		return paramValue{str: strings.TrimSuffix(declaration(val.v), "\n"), set: true}
	}
	text := ""
	if val.set {
		text = val.v.name + "=" + quoteWord(val.str)
	}
	if letters := val.v.attr.letters(); letters != "" {
		text = "declare -" + letters + " " + text
		if !val.set {
			text += val.v.name
		}
	}
	return paramValue{str: text, set: true}
}

// pairsOf is ${x@K} and ${x@k}.
func (sh *Shell) pairsOf(p *syntax.Param, val paramValue) paramValue {
	if !val.list && !val.set {
		return val
	}
	if !val.list || val.v == nil || !val.v.isArray() {
		return val.each(quoteWord)
	}
	keys, vals := val.v.keys(), val.v.values()
	words := make([]string, 0, 2*len(keys))
	for i, key := range keys {
		if p.Letter == 'k' {
			words = append(words, key, vals[i])
			continue
		}
		if val.v.has(attrAssoc) {
			key = quoteKey(key)
		}
		words = append(words, key, quoteDouble(vals[i]))
	}
	if p.Letter == 'k' {
		val.vals = words
		return val
	}
	text := strings.Join(words, " ")
	if val.v.has(attrAssoc) {
		text += " "
	}
	return paramValue{str: text, set: true}
}
