package shell

import (
	"runtime"

	"agentsandbox/toolbox/shell/syntax"
)

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

// enter makes a line the one of errors between commands, and returns which it
// was.
func (sh *Shell) enter(line int) (around int) {
	around = sh.around
	sh.at(line)
	sh.around = sh.line
	return around
}

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
	if sh.proc.halted.Load() {
		sh.proc.pause()
	}
	if sh.proc.over.Load() || sh.foreign && sh.ctx.Err() != nil {
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
		around := sh.enter(c.Line)
		sh.forCmd(c)
		sh.around = around
	case *syntax.ArithFor:
		sh.arithFor(c)
	case *syntax.Case:
		around := sh.enter(c.Line)
		sh.caseCmd(c)
		sh.around = around
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
	sub.loops = 0
	sub.runList(c.Body)
	sub.endFlow()
	sh.status = sub.finish()
	sh.pipes = []int{sh.status}
	sh.reportKill(sub.proc, c)
	sh.at(c.End)
	sh.noticeJobs()
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
		sh.warnf("%5d %-24s%s", p.pid, killText(sig), syntax.Print(c))
	}
}

// redirected runs a compound command with redirections.
func (sh *Shell) redirected(c *syntax.Redirected) {
	line := sh.line
	sh.line = sh.around
	if sub, ok := c.Cmd.(*syntax.Subshell); ok {
		sh.at(sub.End)
		line = sh.line
	}
	procs := len(sh.procFds)
	undo, ok := sh.redirect(c.Redirs)
	sh.line = line
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
