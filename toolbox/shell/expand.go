package shell

import (
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// expander expands one word. It collects text and knows of each byte whether
// it was quoted, which decides what is split and what can be a pattern.
type expander struct {
	sh    *Shell
	split bool // results of expansions are split by IFS
	tilde bool // an assignment: a tilde is special behind a colon, too
	eq    bool // an argument like an assignment: a tilde is special behind its =
	doc   bool // a here-document, in which $* is joined by spaces
	lits  bool // literal text is split as well: the operand of ${x:-…}

	raw string // source of what is expanded, for messages

	expandRoom
	quoted  bool  // state at the end of cur
	meta    bool  // an unquoted character of a pattern is in cur
	started bool  // a field is there, though it may be empty
	sep     uint8 // how the last field ended
}

// expandRoom is what an expander collects.
type expandRoom struct {
	out   []string // finished fields
	pats  []string // with each its pattern, "" where it is plain text
	cur   []byte
	marks []int // offsets in cur at which text turns quoted or unquoted
}

// maxRoom is how much of the text of an expansion is kept as room for the next.
const maxRoom = 4096

// takeRoom gives the expander the shell's room, unless another has it.
func (e *expander) takeRoom() { e.expandRoom, e.sh.expands = e.sh.expands, expandRoom{} }

// giveRoom gives it back.
func (e *expander) giveRoom() {
	if cap(e.cur) > maxRoom {
		e.cur = nil
	}
	clear(e.out)
	clear(e.pats)
	e.sh.expands = expandRoom{e.out[:0], e.pats[:0], e.cur[:0], e.marks[:0]}
}

// string ends an expansion to one string.
func (e *expander) string() string {
	text := string(e.cur)
	e.giveRoom()
	return text
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
		e.meta = hasMeta(s, e.sh.shopt(shExtglob))
	}
	if len(e.cur) > maxWord {
		e.cur = e.cur[:0]
		e.sh.errorf("word too long")
		e.sh.giveUp(1)
	}
}

// hasMeta reports whether text has a character of a pattern.
func hasMeta(s string, ext bool) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '*', '?', '[', '\\':
			return true
		case '(':
			if ext {
				return true
			}
		}
	}
	return false
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
		if ifs.class[s[i]] == 0 {
			continue
		}
		c, n := ifs.classAt(s, i)
		if c == 0 {
			continue
		}
		e.add(s[start:i], false)
		e.separate(c)
		start = i + n
		i = start - 1
	}
	e.add(s[start:], false)
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
	e.raw = w.Raw
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
	raw := e.raw
	e.raw = d.Raw
	defer func() { e.raw = raw }()
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

// giveUp abandons the current complete command with a status.
func (sh *Shell) giveUp(status int) {
	if sh.flow == flowNone {
		sh.status, sh.flow, sh.toTop = status, flowAbort, false
	}
}
