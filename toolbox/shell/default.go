package shell

import "agentsandbox/toolbox/shell/syntax"

// defaultOp is ${x:-w}, ${x:=w}, ${x:?w} and ${x:+w}.
func (e *expander) defaultOp(p *syntax.Param, val paramValue, quoted bool) (empty bool) {
	sh := e.sh
	there := val.set
	if p.Colon && there {
		if val.list {
			there = p.Indirect && quoted || len(val.vals) > 1 || val.vals[0] != ""
			if val.star && quoted && !p.Indirect {
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
	raw := e.raw
	e.raw = w.Raw
	defer func() { e.raw = raw }()
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
