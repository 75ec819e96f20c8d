package shell

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/shell/syntax"
)

// apply applies the operators that change a value, to each element of a list.
func (sh *Shell) apply(p *syntax.Param, val paramValue) paramValue {
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
		change = sh.replacer(p)
	default:
		change = sh.recaser(p)
	}
	if sh.flow != flowNone {
		return val
	}
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
			return paramValue{list: !val.star}
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
