package shell

import (
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

func (sh *Shell) ifCmd(c *syntax.If) {
	sh.errOff++
	sh.runList(c.Cond)
	sh.errOff--
	switch {
	case sh.flow != flowNone:
	case sh.status == 0:
		sh.runList(c.Then)
	case c.Else != nil:
		sh.run(c.Else)
	default:
		sh.status = 0
	}
}

func (sh *Shell) while(c *syntax.While) {
	status := 0
	sh.loops++
	defer func() { sh.loops-- }()
	for {
		sh.errOff++
		sh.runList(c.Cond)
		sh.errOff--
		if sh.flow != flowNone {
			if sh.loopEnds() {
				break
			}
			continue
		}
		if (sh.status != 0) != c.Until {
			break
		}
		sh.runList(c.Body)
		status = sh.status
		if sh.flow != flowNone && sh.loopEnds() {
			break
		}
		if !sh.tick() {
			return
		}
	}
	if sh.flow == flowNone {
		sh.status = status
	}
}

// loopEnds takes a break or continue that is meant for this loop; true if the
// loop is over.
func (sh *Shell) loopEnds() bool {
	if sh.flow != flowBreak && sh.flow != flowContinue {
		return true
	}
	if sh.flowN--; sh.flowN > 0 && sh.loops > 1 {
		return true
	}
	over := sh.flow == flowBreak
	sh.flow = flowNone
	return over
}

func (sh *Shell) forCmd(c *syntax.For) {
	if !syntax.IsName(c.Var) {
		sh.warnf("`%s': not a valid identifier", c.Var)
		sh.status = 1
		sh.check()
		return
	}
	words := sh.args
	if c.In {
		if words = sh.fields(c.Words); sh.flow != flowNone {
			return
		}
	}
	if c.Select {
		sh.selectCmd(c, words)
		return
	}
	sh.status = 0
	sh.loops++
	defer func() { sh.loops-- }()
	for _, w := range words {
		sh.at(c.Line)
		if !sh.traceFor(c, words) {
			return
		}
		if !sh.setLoopVar(c.Var, w) {
			return
		}
		sh.runList(c.Body)
		if sh.flow != flowNone && sh.loopEnds() {
			return
		}
		if !sh.tick() {
			return
		}
	}
}

// setLoopVar sets the variable of a loop; a nameref is made to refer to the word.
func (sh *Shell) setLoopVar(name, word string) bool {
	if v := sh.vars.get(name); v != nil && v.has(attrNameref) && !v.has(attrReadonly) {
		v.str, v.set = word, true
		return true
	}
	if !sh.assign(name, word, false) {
		sh.status = 1
		return false
	}
	return true
}

func (sh *Shell) arithFor(c *syntax.ArithFor) {
	sh.at(c.Line)
	sh.loops++
	defer func() { sh.loops-- }()
	if _, ok := sh.arithStep(c.Init, c.Line); !ok {
		return
	}
	status := 0
	for {
		n, ok := sh.arithStep(c.Cond, c.Line)
		if !ok {
			return
		}
		if n == 0 && !blank(c.Cond.Src) {
			break
		}
		sh.runList(c.Body)
		status = sh.status
		if sh.flow != flowNone && sh.loopEnds() {
			break
		}
		if !sh.tick() {
			return
		}
		if _, ok := sh.arithStep(c.Step, c.Line); !ok {
			return
		}
	}
	if sh.flow == flowNone {
		sh.status = status
	}
}

func blank(s string) bool {
	for _, c := range s {
		if c != ' ' && c != '\t' && c != '\n' {
			return false
		}
	}
	return true
}

// arithStep evaluates one of the expressions of an arithmetic for.
func (sh *Shell) arithStep(x *syntax.Arith, line int) (int64, bool) {
	sh.at(line)
	if sh.hasTrap(trapDEBUG) {
		shown := &syntax.Arith{Src: strings.TrimLeft(x.Src, " \t\n")}
		sh.note(&syntax.ArithCmd{Line: line, Expr: shown})
		if !sh.debugTrap() {
			return 0, false
		}
	}
	if blank(x.Src) {
		if sh.opt.xtrace {
			sh.trace("(( 1 ))")
		}
		return 1, true
	}
	if sh.opt.xtrace {
		sh.trace("(( " + trimSpace(x.Src) + " ))")
	}
	sh.builtin = "(("
	n, err := sh.arith(x)
	if err != nil {
		sh.arithError(err)
		sh.builtin = ""
		if sh.flow == flowNone {
			sh.status = 1
		}
		return 0, false
	}
	sh.builtin = ""
	return n, true
}

func (sh *Shell) caseCmd(c *syntax.Case) {
	sh.note(c)
	if !sh.debugTrap() {
		return
	}
	word := sh.text(c.Word)
	if sh.flow != flowNone {
		return
	}
	if sh.opt.xtrace {
		sh.trace("case " + c.Word.Raw + " in")
	}
	sh.status = 0
	for i := 0; i < len(c.Items); i++ {
		if !sh.caseMatches(c.Items[i], word) {
			if sh.flow != flowNone {
				return
			}
			continue
		}
		for {
			sh.status = 0
			sh.runList(c.Items[i].Body)
			if sh.flow != flowNone {
				return
			}
			if !c.Items[i].Fall || i+1 == len(c.Items) {
				break
			}
			i++
		}
		if !c.Items[i].Again {
			return
		}
	}
}

func (sh *Shell) caseMatches(item *syntax.CaseItem, word string) bool {
	for _, w := range item.Patterns {
		if w.Plain && !sh.shopt(shNocasematch) {
			if w.Lit == word {
				return true
			}
			continue
		}
		pat := sh.patternText(w)
		if sh.flow != flowNone {
			return false
		}
		if sh.compile(pat, sh.shopt(shNocasematch)).Match(word) {
			return true
		}
	}
	return false
}
