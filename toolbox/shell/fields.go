package shell

import (
	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/shell/syntax"
)

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
	e := expander{sh: sh, raw: w.Raw}
	e.takeRoom()
	e.parts(w.Parts, false, true)
	return e.string()
}

// literalText is text without tildes.
func (sh *Shell) literalText(w *syntax.Word) string {
	e := expander{sh: sh, raw: w.Raw}
	e.parts(w.Parts, false, false)
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
	e := expander{sh: sh, tilde: true, raw: w.Raw}
	e.takeRoom()
	e.parts(w.Parts, false, true)
	return e.string()
}

// partsText expands pieces as inside double quotes.
func (sh *Shell) partsText(parts []syntax.Part) string {
	e := expander{sh: sh}
	e.takeRoom()
	e.parts(parts, true, false)
	return e.string()
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
	if sh.bytewise {
		flags |= pattern.Bytes
	}
	return pattern.Compile(pat, flags)
}
