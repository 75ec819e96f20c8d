package shell

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// paramValue is the value of a parameter before its operator acts.
type paramValue struct {
	list    bool // $@, $* or an array: vals
	star    bool // $* or [*]
	trimmed bool // # or % was applied
	vals    []string
	str     string
	set     bool
	name    string // of the variable, for assignments and messages
	sub     string
	isSub   bool
	v       *variable // where there is one
}

// param expands a parameter. It reports whether it was a list without
// elements, which makes no field even in double quotes.
func (e *expander) param(p *syntax.Param, quoted bool) (empty bool) {
	sh := e.sh
	if p.Bad {
		sh.warnf("%s: bad substitution", p.Raw)
		sh.giveUp(1)
		return false
	}
	if p.Index == nil && p.Op == syntax.OpNone && !p.Length && !p.Indirect && p.Name != "@" && p.Name != "*" {
		e.result(sh.simpleParam(p), quoted)
		return false
	}
	if p.Prefix != 0 {
		return e.emit(sh.prefixNames(p), quoted)
	}
	val := sh.fetch(p)
	if sh.flow != flowNone {
		return false
	}
	if p.Indirect && !isKeys(p) {
		if val = sh.indirect(p, val); sh.flow != flowNone {
			return false
		}
	}
	if p.Length {
		e.result(sh.length(p, val), quoted)
		return false
	}
	switch p.Op {
	case syntax.OpMinus, syntax.OpAssign, syntax.OpError, syntax.OpPlus:
		return e.defaultOp(p, val, quoted)
	}
	if !val.set && !val.list {
		if sh.unset(p) || p.Op != syntax.OpTransform {
			return false
		}
	}
	if p.Op != syntax.OpNone {
		if val = sh.apply(p, val, quoted); sh.flow != flowNone {
			return false
		}
	}
	return e.emit(val, quoted)
}

func isKeys(p *syntax.Param) bool {
	return p.Index != nil && p.Index.All != 0 && p.Op == syntax.OpNone
}

// simpleParam is the value of $name.
func (sh *Shell) simpleParam(p *syntax.Param) string {
	c := p.Name[0]
	if c >= '0' && c <= '9' || !syntax.IsNameByte(c) {
		val := sh.positional(p.Name)
		if !val.set {
			sh.unset(p)
		}
		return val.str
	}
	s, ok := sh.value(p.Name)
	if !ok {
		sh.unset(p)
	}
	return s
}

// unset reports an unset parameter under set -u; true if that ended the command.
func (sh *Shell) unset(p *syntax.Param) bool {
	if !sh.opt.nounset || p.Name == "@" || p.Name == "*" {
		return false
	}
	name := p.Name
	if p.Index != nil {
		name += "[" + p.Index.Raw + "]"
	} else if c := name[0]; c >= '0' && c <= '9' && !p.Indirect || name == "!" {
		name = "$" + name
	}
	sh.unboundError(name)
	return true
}

func (sh *Shell) unboundError(name string) {
	sh.warnf("%s: unbound variable", name)
	sh.fatal(127)
}

// fatal ends the shell, as errors do that a script does not survive. What is
// 127 for a command line given with -c is 1 elsewhere, and under set -e.
func (sh *Shell) fatal(status int) {
	if status == 127 && (sh.script != "-c" || sh.opt.errexit || sh.sublevel > 0) {
		status = 1
	}
	sh.leave(status)
}

// fetch reads the parameter itself.
func (sh *Shell) fetch(p *syntax.Param) paramValue {
	switch c := p.Name[0]; {
	case c == '@' || c == '*':
		return paramValue{list: true, star: c == '*', vals: sh.args, set: len(sh.args) > 0, name: p.Name}
	case c >= '0' && c <= '9' || !syntax.IsNameByte(c):
		return sh.positional(p.Name)
	}
	if p.Index != nil {
		return sh.fetchElement(p)
	}
	val := paramValue{name: p.Name}
	if p.Indirect {
		// ${!ref} of a nameref is the name it refers to.
		if v := sh.vars[p.Name]; v != nil && v.has(attrNameref) {
			val.str, val.set, val.v = v.str, v.set, v
			return val
		}
	}
	val.str, val.set = sh.value(p.Name)
	val.v = sh.binding(p.Name)
	return val
}

// positional reads $1, $# and the like.
func (sh *Shell) positional(name string) paramValue {
	val := paramValue{name: name}
	c := name[0]
	switch {
	case name == "0":
		val.str, val.set = sh.name, true
	case c >= '0' && c <= '9':
		n, err := strconv.Atoi(name)
		if err == nil && n >= 1 && n <= len(sh.args) {
			val.str, val.set = sh.args[n-1], true
		} else if n == 0 && err == nil {
			val.str, val.set = sh.name, true
		}
	default:
		val.str = sh.special(c)
		val.set = c != '!' || sh.lastBg != 0
	}
	return val
}

// fetchElement reads name[…].
func (sh *Shell) fetchElement(p *syntax.Param) paramValue {
	x := p.Index
	v := sh.binding(p.Name)
	val := paramValue{name: p.Name, v: v}
	if x.All != 0 {
		val.list, val.star = true, x.All == '*'
		if v != nil {
			if p.Indirect && p.Op == syntax.OpNone {
				val.vals = v.keys()
			} else {
				val.vals = v.values()
			}
		}
		val.set = len(val.vals) > 0
		return val
	}
	val.isSub = true
	if v != nil && v.has(attrAssoc) {
		val.sub = sh.key(x)
		if v.assoc != nil {
			val.str, val.set = v.assoc.get(val.sub)
		}
		return val
	}
	i, ok := sh.indexOf(x)
	if !ok || v == nil {
		return val
	}
	val.sub = strconv.FormatInt(i, 10)
	if i < 0 && v.has(attrArray) && v.arr != nil && i+v.arr.end() < 0 {
		sh.warnf("%s: bad array subscript", p.Name)
		return val
	}
	val.str, val.set = v.at(i)
	return val
}

// key expands the subscript of an associative array.
func (sh *Shell) key(x *syntax.Index) string {
	if x.Word.Plain {
		return x.Word.Lit
	}
	e := expander{sh: sh}
	e.parts(x.Word.Parts, false, true)
	return string(e.cur)
}

// indexOf evaluates the subscript of an indexed array.
func (sh *Shell) indexOf(x *syntax.Index) (int64, bool) {
	i, err := sh.arith(x.Arith)
	if err != nil {
		sh.arithError(err)
		sh.giveUp(1)
		return 0, false
	}
	return i, sh.flow == flowNone
}

func (v *variable) values() []string {
	switch {
	case v.has(attrAssoc):
		if v.assoc == nil {
			return nil
		}
		return v.assoc.values()
	case v.has(attrArray):
		if v.arr == nil {
			return nil
		}
		return v.arr.vals
	case v.set:
		return []string{v.str}
	}
	return nil
}

func (v *variable) keys() []string {
	switch {
	case v.has(attrAssoc):
		if v.assoc == nil {
			return nil
		}
		return v.assoc.keys()
	case v.has(attrArray):
		if v.arr == nil {
			return nil
		}
		return v.arr.indices()
	case v.set:
		return []string{"0"}
	}
	return nil
}

// indirect follows ${!name}: val is the name to look at.
func (sh *Shell) indirect(p *syntax.Param, val paramValue) paramValue {
	if v := sh.vars[p.Name]; v != nil && v.has(attrNameref) && p.Index == nil && p.Op == syntax.OpNone {
		return val
	}
	target := val.str
	if val.list {
		target = strings.Join(val.vals, " ")
	}
	if !val.set || target == "" {
		if !val.set && p.Op != syntax.OpNone && p.Op <= syntax.OpPlus {
			return paramValue{name: p.Name}
		}
		if !val.set {
			sh.warnf("%s: invalid indirect expansion", p.Name)
		} else {
			sh.warnf("%s: invalid variable name", target)
		}
		sh.giveUp(1)
		return val
	}
	ref, ok := sh.parseRef(target)
	if !ok {
		sh.warnf("%s: invalid variable name", target)
		sh.giveUp(1)
		return val
	}
	out := sh.fetch(ref)
	if !out.set && !out.list && p.Op == syntax.OpNone {
		sh.unset(&syntax.Param{Name: "!" + p.Name, Index: p.Index, Indirect: true})
	}
	return out
}

// parseRef reads the text of an indirect reference as a parameter.
func (sh *Shell) parseRef(target string) (*syntax.Param, bool) {
	p, ok := syntax.ParseRef(target)
	return p, ok
}

// length is ${#name}.
func (sh *Shell) length(p *syntax.Param, val paramValue) string {
	if val.list {
		return strconv.Itoa(len(val.vals))
	}
	if !val.set && sh.unset(p) {
		return ""
	}
	return strconv.Itoa(runeCount(val.str))
}

// prefixNames is ${!prefix*}.
func (sh *Shell) prefixNames(p *syntax.Param) paramValue {
	val := paramValue{list: true, star: p.Prefix == '*'}
	for _, name := range sh.varNames() {
		if strings.HasPrefix(name, p.Name) {
			if v := sh.lookup(name); v != nil && (v.set || v.isArray()) {
				val.vals = append(val.vals, name)
			}
		}
	}
	val.set = len(val.vals) > 0
	return val
}

// emit appends the value to the word.
func (e *expander) emit(val paramValue, quoted bool) (empty bool) {
	if !val.list {
		e.result(val.str, quoted)
		return false
	}
	switch {
	case val.star && quoted && e.doc && val.name == "*":
		e.result(strings.Join(val.vals, " "), quoted)
		return false
	case val.star && quoted:
		e.result(e.sh.joinIFS(val.vals), quoted)
		return false
	case (val.star || val.trimmed && !quoted) && !e.split:
		e.result(e.sh.joinIFS(val.vals), quoted)
		return len(val.vals) == 0
	}
	e.list(val.vals, quoted)
	return len(val.vals) == 0
}

// defaultOp is ${x:-w}, ${x:=w}, ${x:?w} and ${x:+w}.
func (e *expander) defaultOp(p *syntax.Param, val paramValue, quoted bool) (empty bool) {
	sh := e.sh
	there := val.set
	if p.Colon && there {
		if val.list {
			there = len(val.vals) > 1 || val.vals[0] != ""
			if val.star && !there {
				there = sh.joinIFS(val.vals) != ""
			}
		} else {
			there = val.str != ""
		}
	}
	switch p.Op {
	case syntax.OpPlus:
		if there {
			return e.operand(p.Word, quoted)
		}
		return val.list && !val.star
	case syntax.OpMinus:
		if there {
			return e.emit(val, quoted)
		}
		return e.operand(p.Word, quoted) && !val.star
	case syntax.OpError:
		if there {
			return e.emit(val, quoted)
		}
		sh.nullError(p)
		return false
	}
	if there {
		return e.emit(val, quoted)
	}
	e.result(sh.assignDefault(p, val, quoted), quoted)
	return false
}

// operand expands the word of an operator in place. Where the expansion is not
// quoted, its literal text is split, too.
func (e *expander) operand(w *syntax.Word, quoted bool) (empty bool) {
	if quoted {
		before, fields := len(e.cur), len(e.out)
		for _, part := range w.Parts {
			if p, ok := part.(*syntax.Param); ok {
				empty = e.param(p, true) || empty
				continue
			}
			e.parts([]syntax.Part{part}, true, false)
		}
		return empty && len(e.cur) == before && len(e.out) == fields
	}
	lits := e.lits
	e.lits = true
	e.parts(w.Parts, false, true)
	e.lits = lits
	return false
}

func (sh *Shell) nullError(p *syntax.Param) {
	msg := sh.operandText(p.Word, false)
	if sh.flow != flowNone {
		return
	}
	if msg == "" {
		msg = "parameter not set"
		if p.Colon {
			msg = "parameter null or not set"
		}
	}
	name := p.Name
	if p.Index != nil {
		name += "[" + p.Index.Raw + "]"
	}
	sh.warnf("%s: %s", name, msg)
	sh.fatal(127)
}

// operandText expands an operand to one string.
func (sh *Shell) operandText(w *syntax.Word, quoted bool) string {
	if w.Plain && !quoted {
		return w.Lit
	}
	e := expander{sh: sh}
	e.parts(w.Parts, quoted, true)
	return string(e.cur)
}

func (sh *Shell) assignDefault(p *syntax.Param, val paramValue, quoted bool) string {
	text := sh.operandText(p.Word, quoted)
	if sh.flow != flowNone {
		return ""
	}
	name := val.name
	if val.list || !syntax.IsName(name) {
		sh.warnf("$%s: cannot assign in this way", p.Name)
		sh.giveUp(1)
		return ""
	}
	ok := false
	if val.isSub {
		ok = sh.assignElement(name, val.sub, text, false)
	} else {
		ok = sh.assign(name, text, false)
	}
	if !ok {
		sh.giveUp(1)
		return ""
	}
	if val.isSub {
		return text
	}
	return sh.getvar(name)
}
