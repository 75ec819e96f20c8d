package shell

import (
	"strings"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/shell/syntax"
)

// ifsState is what word splitting wants to know of IFS.
type ifsState struct {
	stale bool
	chars string
	set   bool
	class [256]uint8 // 0, ifsBlank or ifsOther
}

const (
	ifsBlank = 1 // IFS white space: runs of it are one separator
	ifsOther = 2
)

// splitter returns the state of IFS.
func (sh *Shell) splitter() *ifsState {
	if sh.ifs.stale {
		s := ifsState{}
		s.chars, s.set = sh.value("IFS")
		if !s.set {
			s.chars = " \t\n"
		}
		for i := 0; i < len(s.chars); i++ {
			c := s.chars[i]
			s.class[c] = ifsOther
			if c == ' ' || c == '\t' || c == '\n' {
				s.class[c] = ifsBlank
			}
		}
		sh.ifs = s
	}
	return &sh.ifs
}

// ifsFirst is what joins the elements of "$*".
func (sh *Shell) ifsFirst() string {
	s := sh.splitter()
	if s.chars == "" {
		return ""
	}
	if c := s.chars[0]; c < 0x80 {
		return s.chars[:1]
	}
	for i := range s.chars {
		if i > 0 {
			return s.chars[:i]
		}
	}
	return s.chars
}

// expander expands one word. It collects text and knows of each byte whether
// it was quoted, which decides what is split and what can be a pattern.
type expander struct {
	sh    *Shell
	split bool // results of expansions are split by IFS
	tilde bool // an assignment: a tilde is special behind a colon, too
	eq    bool // an argument like an assignment: a tilde is special behind its =
	doc   bool // a here-document, in which $* is joined by spaces
	lits  bool // literal text is split as well: the operand of ${x:-…}

	out     []string // finished fields
	pats    []string // with each its pattern, "" where it is plain text
	cur     []byte
	marks   []int // offsets in cur at which text turns quoted or unquoted
	quoted  bool  // state at the end of cur
	meta    bool  // an unquoted character of a pattern is in cur
	started bool  // a field is there, though it may be empty
	sep     uint8 // how the last field ended
}

// reset makes e ready for another word; its fields stay.
func (e *expander) reset() {
	e.cur, e.marks = e.cur[:0], e.marks[:0]
	e.quoted, e.meta, e.started, e.sep = false, false, false, 0
}

// add appends text as it is.
func (e *expander) add(s string, quoted bool) {
	if s == "" {
		return
	}
	if quoted != e.quoted {
		e.marks = append(e.marks, len(e.cur))
		e.quoted = quoted
	}
	e.cur = append(e.cur, s...)
	e.started = true
	if !quoted && !e.meta {
		e.meta = strings.ContainsAny(s, "*?[\\") || e.sh.shopt(shExtglob) && strings.Contains(s, "(")
	}
	if len(e.cur) > maxWord {
		e.cur = e.cur[:0]
		e.sh.errorf("word too long")
		e.sh.giveUp(1)
	}
}

// addResult appends the unquoted result of an expansion, split by IFS.
func (e *expander) addResult(s string) {
	if !e.split {
		e.add(s, false)
		return
	}
	ifs := e.sh.splitter()
	start := 0
	for i := 0; i < len(s); i++ {
		c := ifs.class[s[i]]
		if c == 0 {
			continue
		}
		e.add(s[start:i], false)
		e.separate(c)
		start = i + 1
	}
	e.add(s[start:], false)
}

// separate ends a field at a character of IFS.
func (e *expander) separate(class uint8) {
	switch {
	case e.started:
		e.finish()
		e.sep = class
	case class == ifsBlank:
	case e.sep == ifsBlank:
		// The white space before this character belongs to it.
		e.sep = ifsOther
	default:
		e.started = true
		e.finish()
		e.sep = ifsOther
	}
}

// finish ends the field being collected.
func (e *expander) finish() {
	if !e.started {
		return
	}
	e.out = append(e.out, string(e.cur))
	pat := ""
	if e.meta {
		pat = e.pattern()
	}
	e.pats = append(e.pats, pat)
	e.reset()
}

// pattern is the text collected so far with its quoted characters escaped.
func (e *expander) pattern() string {
	var b strings.Builder
	quoted := false
	from := 0
	for i := 0; i <= len(e.marks); i++ {
		to := len(e.cur)
		if i < len(e.marks) {
			to = e.marks[i]
		}
		if quoted {
			escapePattern(&b, e.cur[from:to])
		} else {
			b.Write(e.cur[from:to])
		}
		from = to
		quoted = !quoted
	}
	return b.String()
}

func escapePattern(b *strings.Builder, s []byte) {
	for _, c := range s {
		if strings.IndexByte("*?[]\\()|+@!-^:", c) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
}

// word expands a word of a command into fields.
func (e *expander) word(w *syntax.Word) {
	e.reset()
	e.parts(w.Parts, false, true)
	e.finish()
}

// parts expands the pieces of a word. first says that a tilde may stand at
// its start.
func (e *expander) parts(parts []syntax.Part, quoted, first bool) {
	for i, part := range parts {
		if e.sh.flow != flowNone {
			return
		}
		switch part := part.(type) {
		case *syntax.Lit:
			e.lit(part.Text, quoted, first && i == 0, i+1 < len(parts))
		case *syntax.Quoted:
			e.add(part.Text, true)
			e.started = true
		case *syntax.Double:
			e.double(part)
		case *syntax.Param:
			e.param(part, quoted)
		case *syntax.CmdSub:
			e.result(e.sh.commandSub(part), quoted)
		case *syntax.ArithSub:
			e.result(e.sh.arithSub(part), quoted)
		case *syntax.ProcSub:
			e.add(e.sh.procSub(part), true)
		}
	}
}

// result appends the value of an expansion.
func (e *expander) result(s string, quoted bool) {
	if quoted {
		e.add(s, true)
	} else {
		e.addResult(s)
	}
}

// lit appends literal text, its tildes expanded.
func (e *expander) lit(s string, quoted, first, more bool) {
	if quoted {
		e.add(s, true)
		return
	}
	if first && s[0] == '~' {
		if dir, rest, ok := e.sh.tildePrefix(s, e.tilde, more); ok {
			e.add(dir, true)
			e.started = true
			s = rest
		}
	}
	if i := strings.IndexByte(s, '='); e.eq && first && i >= 0 && strings.HasPrefix(s[i+1:], "~") {
		if dir, rest, ok := e.sh.tildePrefix(s[i+1:], true, more); ok {
			e.litText(s[:i+1])
			e.add(dir, true)
			s = rest
		}
	}
	for e.tilde {
		i := strings.Index(s, ":~")
		if i < 0 {
			break
		}
		e.litText(s[:i+1])
		s = s[i+1:]
		dir, rest, ok := e.sh.tildePrefix(s, true, more)
		if !ok {
			e.litText(s[:1])
			s = s[1:]
			continue
		}
		e.add(dir, true)
		s = rest
	}
	e.litText(s)
}

func (e *expander) litText(s string) {
	if e.lits {
		e.addResult(s)
		return
	}
	e.add(s, false)
}

// double expands "…". It makes a field even if it is empty, unless all it
// held was an empty "$@".
func (e *expander) double(d *syntax.Double) {
	started := e.started
	before, fields := len(e.cur), len(e.out)
	emptyList := false
	for _, part := range d.Parts {
		if p, ok := part.(*syntax.Param); ok {
			if e.param(p, true) {
				emptyList = true
			}
			continue
		}
		e.parts([]syntax.Part{part}, true, false)
	}
	if emptyList && len(e.cur) == before && len(e.out) == fields {
		e.started = started
		return
	}
	e.started = true
}

// list appends the elements of "$@" or of an array, each a field of its own.
func (e *expander) list(vals []string, quoted bool) {
	for i, v := range vals {
		if i > 0 {
			e.breakField(quoted)
		}
		if quoted {
			e.add(v, true)
			e.started = true
		} else {
			e.addResult(v)
		}
	}
}

// breakField separates two elements of a list: by fields, or by a space where
// words are not split.
func (e *expander) breakField(quoted bool) {
	switch {
	case !e.split:
		e.add(" ", true)
	case quoted:
		e.started = true
		e.finish()
	default:
		e.breakUnquoted()
	}
}

// breakUnquoted separates two elements of an unquoted list as if the first
// character of IFS stood between them.
func (e *expander) breakUnquoted() {
	ifs := e.sh.splitter()
	if ifs.chars == "" {
		e.finish()
		e.sep = ifsBlank
		return
	}
	e.separate(ifs.class[ifs.chars[0]])
}

// giveUp abandons the current complete command with a status.
func (sh *Shell) giveUp(status int) {
	if sh.flow == flowNone {
		sh.status, sh.flow = status, flowAbort
	}
}

// fields expands the words of a command completely.
func (sh *Shell) fields(words []*syntax.Word) []string {
	e := expander{sh: sh, split: true}
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = sh.wordFields(&e, out, w)
		if sh.flow != flowNone {
			return nil
		}
	}
	return out
}

// wordFields appends the fields of one word.
func (sh *Shell) wordFields(e *expander, out []string, w *syntax.Word) []string {
	if w.Plain {
		return append(out, w.Lit)
	}
	if w.Brace && sh.opt.braceexpand {
		if list := sh.braces(w); list != nil {
			return sh.bracedFields(e, out, list)
		}
	}
	return sh.simpleFields(e, out, w)
}

func (sh *Shell) bracedFields(e *expander, out []string, list *braced) []string {
	if list.words == nil {
		return append(out, list.texts...)
	}
	for i, text := range list.texts {
		w := list.words[i]
		if w == nil {
			out = append(out, text)
			continue
		}
		if out = sh.simpleFields(e, out, w); sh.flow != flowNone {
			return out
		}
	}
	return out
}

// simpleFields expands a word after its braces.
func (sh *Shell) simpleFields(e *expander, out []string, w *syntax.Word) []string {
	if w.Plain {
		return append(out, w.Lit)
	}
	if len(w.Parts) == 1 {
		if s, ok := sh.single(w.Parts[0]); ok {
			return append(out, s)
		}
	}
	e.out, e.pats = e.out[:0], e.pats[:0]
	e.word(w)
	if sh.flow != flowNone {
		return out
	}
	for i, field := range e.out {
		if pat := e.pats[i]; pat != "" && !sh.opt.noglob && pattern.Has(pat, sh.shopt(shExtglob)) {
			out = sh.globField(out, field, pat)
			continue
		}
		out = append(out, field)
	}
	return out
}

// single expands a word that is one $name or "$name" and yields one field as it
// is, as most words do; not ok for all others, with nothing done.
func (sh *Shell) single(part syntax.Part) (string, bool) {
	switch part := part.(type) {
	case *syntax.Param:
		if s, ok := sh.scalar(part); ok && s != "" && sh.inert(s) {
			return s, true
		}
	case *syntax.Double:
		if len(part.Parts) == 1 {
			if p, ok := part.Parts[0].(*syntax.Param); ok {
				return sh.scalar(p)
			}
		}
	}
	return "", false
}

// scalar is the value of $name where that is a variable that is set.
func (sh *Shell) scalar(p *syntax.Param) (string, bool) {
	if p.Index != nil || p.Op != syntax.OpNone || p.Length || p.Indirect || p.Bad || !syntax.IsNameStart(p.Name[0]) {
		return "", false
	}
	v := sh.bound(p.Name)
	if v == nil || !v.set || v.attr&(attrNameref|attrArray|attrAssoc) != 0 {
		return "", false
	}
	return v.str, true
}

// inert reports whether unquoted text is neither split nor a pattern.
func (sh *Shell) inert(s string) bool {
	ifs := sh.splitter()
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case ifs.class[c] != 0, c == '*', c == '?', c == '[', c == '\\', c == '(':
			return false
		}
	}
	return true
}

// whole expands a word of one part that needs no putting together.
func (sh *Shell) whole(parts []syntax.Part) (string, bool) {
	if len(parts) != 1 {
		return "", false
	}
	switch part := parts[0].(type) {
	case *syntax.Param:
		return sh.scalar(part)
	case *syntax.ArithSub:
		return sh.arithSub(part), true
	case *syntax.CmdSub:
		return sh.commandSub(part), true
	case *syntax.Double:
		return sh.whole(part.Parts)
	}
	return "", false
}

// text expands a word to one string: no splitting, no pathnames.
func (sh *Shell) text(w *syntax.Word) string {
	if w == nil {
		return ""
	}
	if w.Plain {
		return w.Lit
	}
	if s, ok := sh.whole(w.Parts); ok {
		return s
	}
	e := expander{sh: sh}
	e.parts(w.Parts, false, true)
	return string(e.cur)
}

// assignText expands the right side of an assignment.
func (sh *Shell) assignText(w *syntax.Word) string {
	if w == nil {
		return ""
	}
	if w.Plain {
		return w.Lit
	}
	if s, ok := sh.whole(w.Parts); ok {
		return s
	}
	e := expander{sh: sh, tilde: true}
	e.parts(w.Parts, false, true)
	return string(e.cur)
}

// partsText expands pieces as inside double quotes.
func (sh *Shell) partsText(parts []syntax.Part) string {
	e := expander{sh: sh}
	e.parts(parts, true, false)
	return string(e.cur)
}

// patternText expands a word to a pattern: what was quoted is escaped.
func (sh *Shell) patternText(w *syntax.Word) string {
	e := expander{sh: sh}
	e.parts(w.Parts, false, true)
	return e.pattern()
}

// operandPattern expands the pattern of ${x#pat}: tildes are expanded.
func (sh *Shell) operandPattern(w *syntax.Word) *pattern.Pattern {
	return sh.compile(sh.patternText(w), false)
}

// compile compiles a pattern; fold says that case does not matter.
func (sh *Shell) compile(pat string, fold bool) *pattern.Pattern {
	flags := pattern.Flags(0)
	if sh.shopt(shExtglob) {
		flags |= pattern.Ext
	}
	if fold {
		flags |= pattern.Fold
	}
	return pattern.Compile(pat, flags)
}
