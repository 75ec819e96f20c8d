package shell

import (
	"errors"
	"io"
	"runtime"

	"agentsandbox/toolbox/shell/syntax"
)

// parserOptions is what the parser has to know.
func (sh *Shell) parserOptions() syntax.Options {
	opts := syntax.Options{ExtGlob: sh.shopt(shExtglob), Posix: sh.opt.posix}
	if sh.shopt(shExpandAliases) {
		opts.Alias = func(name string) (string, bool) {
			text, ok := sh.aliases[name]
			return text, ok
		}
	}
	opts.Warn = func(line int, msg string) {
		was := sh.line
		sh.line = line
		sh.warnf("%s", msg)
		sh.line = was
	}
	return opts
}

// runText parses and runs a script, one complete command after the other.
// kind says how messages name it: "-c", "eval" or "" for a file.
func (sh *Shell) runText(text, kind string, line int) {
	p := syntax.New(text, line)
	sh.runParser(p, kind)
}

func (sh *Shell) runParser(p *syntax.Parser, kind string) {
	shifted := sh.shifted
	sh.shifted = 0
	defer func() { sh.shifted = shifted }()
	for sh.flow == flowNone {
		p.Opts = sh.parserOptions()
		list, err := p.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			sh.syntaxError(err, kind)
			return
		}
		if sh.opt.verbose {
			sh.stderr(p.Text())
		}
		if sh.opt.noexec {
			continue
		}
		sh.runList(list)
		if sh.flow == flowAbort {
			sh.flow = flowNone
			if !sh.main {
				sh.leave(sh.status)
			} else if sh.opt.errexit && sh.status != 0 {
				sh.leave(sh.status)
			}
		}
	}
}

// shiftError moves the line of a syntax error.
func shiftError(err error, n int) error {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return err
	}
	shifted := *e
	shifted.Line += n
	return &shifted
}

// syntaxError reports an error of the parser and sets the status.
func (sh *Shell) syntaxError(err error, kind string) {
	var e *syntax.Error
	if !errors.As(err, &e) {
		sh.errorf("%s", err)
		sh.status = 2
		return
	}
	prefix := sh.syntaxName(kind)
	sh.reportSyntax(prefix, e)
	switch e.Status {
	case -1:
		sh.status = 0
	case 0:
		sh.status = 2
	default:
		sh.status = e.Status
	}
}

// endFlow ends what cannot leave a subshell.
func (sh *Shell) endFlow() {
	switch sh.flow {
	case flowExit:
	case flowReturn, flowAbort, flowBreak, flowContinue:
		sh.flow = flowNone
	}
	sh.flow = flowExit
}

// at notes the line of the command that runs.
func (sh *Shell) at(line int) { sh.line = line + sh.shifted }

// note remembers the command for BASH_COMMAND, which stands still in traps.
func (sh *Shell) note(c syntax.Command) {
	if sh.inTrap == 0 {
		sh.current = c
	}
}

// runList runs commands in sequence.
func (sh *Shell) runList(list *syntax.List) {
	for i := range list.Items {
		item := &list.Items[i]
		if item.Background {
			sh.background(item)
		} else {
			sh.run(item.Cmd)
		}
		if sh.flow != flowNone {
			return
		}
	}
}

// yieldEvery is how many commands run before other goroutines get a turn.
const yieldEvery = 64

// tick is called for every command: it lets other processes run, delivers
// signals, and ends the shell when its time is over.
func (sh *Shell) tick() bool {
	if sh.ticks++; sh.ticks%yieldEvery == 0 {
		runtime.Gosched()
	}
	if sh.ctx.Err() != nil {
		sh.interrupted()
		return false
	}
	if len(sh.traps) > 0 {
		sh.runSignalTraps()
	}
	return sh.flow == flowNone
}

// interrupted ends the shell because its context has ended: by a signal, or
// because the whole run is over.
func (sh *Shell) interrupted() {
	if sig := sh.proc.killedBy(); sig != 0 {
		sh.leave(128 + sig)
		return
	}
	sh.leave(124)
}

// run runs one command of any kind and leaves its status in sh.status.
func (sh *Shell) run(c syntax.Command) {
	switch c := c.(type) {
	case *syntax.Simple:
		sh.simple(c)
	case *syntax.AndOr:
		sh.andOr(c)
	case *syntax.Pipeline:
		sh.pipeline(c)
	case *syntax.Redirected:
		sh.redirected(c)
	case *syntax.Subshell:
		sh.subshell(c)
	case *syntax.Group:
		sh.runList(c.Body)
	case *syntax.If:
		sh.ifCmd(c)
	case *syntax.While:
		sh.while(c)
	case *syntax.For:
		sh.forCmd(c)
	case *syntax.ArithFor:
		sh.arithFor(c)
	case *syntax.Case:
		sh.caseCmd(c)
	case *syntax.ArithCmd:
		sh.arithCmd(c)
	case *syntax.Cond:
		sh.condCmd(c)
	case *syntax.FuncDef:
		sh.define(c)
	case *syntax.Coproc:
		sh.coproc(c)
	case *syntax.List:
		sh.runList(c)
	}
}

// andOr runs && and ||: only what decides the result can end a shell under -e.
func (sh *Shell) andOr(c *syntax.AndOr) {
	sh.errOff++
	sh.run(c.Left)
	sh.errOff--
	if sh.flow != flowNone || (sh.status == 0) == c.Or {
		return
	}
	sh.run(c.Right)
}

// check acts on a failed command: the ERR trap and errexit.
func (sh *Shell) check() {
	if sh.status == 0 || sh.errOff > 0 || sh.flow != flowNone {
		return
	}
	if sh.hasTrap(trapERR) {
		sh.runErrTrap()
	}
	if sh.opt.errexit && sh.flow == flowNone {
		sh.leave(sh.status)
	}
}

// descend counts a level of nesting within this goroutine. Yielding lets the
// WebAssembly stack of a deep recursion unwind.
func (sh *Shell) descend() bool {
	if sh.nesting++; sh.nesting > maxNesting {
		sh.nesting--
		sh.warnf("maximum nesting level exceeded (%d)", maxNesting)
		sh.fatal(1)
		return false
	}
	if sh.nesting%4 == 0 {
		runtime.Gosched()
	}
	return true
}

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
	sh.at(c.Line)
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
	if v := sh.vars[name]; v != nil && v.has(attrNameref) && !v.has(attrReadonly) {
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
	if blank(x.Src) {
		return 1, true
	}
	sh.at(line)
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

func (sh *Shell) arithCmd(c *syntax.ArithCmd) {
	sh.at(c.Line)
	sh.note(c)
	if !sh.debugTrap() {
		return
	}
	if sh.opt.xtrace {
		sh.trace("(( " + trimSpace(sh.arithSource(c.Expr)) + " ))")
	}
	sh.builtin = "(("
	n, err := sh.arith(c.Expr)
	if err != nil {
		sh.arithError(err)
	}
	sh.builtin = ""
	if sh.flow != flowNone {
		return
	}
	sh.status = 0
	if err != nil || n == 0 {
		sh.status = 1
	}
	sh.check()
}

// arithSource is the expression as it will be evaluated, for tracing.
func (sh *Shell) arithSource(x *syntax.Arith) string {
	if x.Plain {
		return x.Src
	}
	return sh.partsText(x.Parts)
}

func (sh *Shell) caseCmd(c *syntax.Case) {
	sh.at(c.Line)
	sh.note(c)
	if !sh.debugTrap() {
		return
	}
	word := sh.text(c.Word)
	if sh.flow != flowNone {
		return
	}
	if sh.opt.xtrace {
		sh.trace("case " + traceWord(word) + " in")
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

// subshell runs ( list ) in a copy of the shell, in this goroutine.
func (sh *Shell) subshell(c *syntax.Subshell) {
	sh.at(c.Line)
	sh.note(c)
	if !sh.descend() {
		return
	}
	defer func() { sh.nesting-- }()
	sub := sh.fork()
	if sub == nil {
		return
	}
	sub.runList(c.Body)
	sub.endFlow()
	sh.status = sub.finish()
	sh.pipes = []int{sh.status}
	sh.reportKill(sub.proc, c)
	sh.check()
}

// reportKill says that a signal ended a command, as bash does for all but
// the most usual signals.
func (sh *Shell) reportKill(p *proc, c syntax.Command) {
	switch sig := p.killedBy(); sig {
	case 0, sigINT, sigPIPE:
	case sigTERM:
		sh.stderr("Terminated\n")
	default:
		sh.warnf("%d %-24s%s", p.pid, killText(sig), syntax.Print(c))
	}
}

// redirected runs a compound command with redirections.
func (sh *Shell) redirected(c *syntax.Redirected) {
	sh.at(c.Line)
	procs := len(sh.procFds)
	undo, ok := sh.redirect(c.Redirs)
	if !ok {
		undo.restore(sh)
		if sh.flow == flowNone {
			sh.status = 1
			sh.check()
		}
		sh.closeProcSubs(procs)
		return
	}
	sh.run(c.Cmd)
	undo.restore(sh)
	sh.closeProcSubs(procs)
}
