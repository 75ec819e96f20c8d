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
	changed bool // an operator was applied, or these are keys
	trimmed bool // the operator was # % or @
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
	if p.Open {
		sh.warnf("bad substitution: no closing `}' in %s", p.Raw)
		sh.giveUp(1)
		return false
	}
	if p.Bad {
		raw := e.raw
		if raw == "" {
			raw = p.Raw
		}
		sh.warnf("%s: bad substitution", raw)
		sh.giveUp(1)
		return false
	}
	if p.Index == nil && p.Op == syntax.OpNone && !p.Length && !p.Indirect && p.Name != "@" && p.Name != "*" && !sh.isRef(p.Name) {
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
		if val = sh.apply(p, val); sh.flow != flowNone {
			return false
		}
	}
	val.changed = val.changed || p.Op != syntax.OpNone || isKeys(p) && p.Indirect
	val.trimmed = p.Op == syntax.OpTrimFront || p.Op == syntax.OpTrimBack || p.Op == syntax.OpTransform
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
	if p.Indirect {
		name = "!" + name
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

// length is ${#name}.
func (sh *Shell) length(p *syntax.Param, val paramValue) string {
	if val.list {
		return strconv.Itoa(len(val.vals))
	}
	if !val.set && sh.unset(p) {
		return ""
	}
	if sh.bytewise {
		return strconv.Itoa(len(val.str))
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
	case (val.star || val.trimmed || val.changed && quoted) && !e.split:
		e.result(e.sh.joinIFS(val.vals), quoted)
		return len(val.vals) == 0
	}
	if val.star && e.sh.splitter().chars == "" && (val.name == "" || val.changed && val.name != "*") {
		// Without separators bash makes one word of these, not so of $* and ${a[*]}.
		sep := " "
		if val.name == "" {
			sep = ""
		}
		e.result(strings.Join(val.vals, sep), quoted)
		return len(val.vals) == 0
	}
	if e.lits && !quoted && !val.star {
		// Within an unquoted operand a list is its elements with spaces between.
		e.addResult(strings.Join(val.vals, " "))
		return false
	}
	e.list(val.vals, quoted)
	return len(val.vals) == 0
}
