package shell

import (
	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/vfs"
)

// lean is a subshell for a command substitution whose commands are builtins
// that print: it shares the process and, until something is assigned, the
// variables of its parent. Most substitutions of a script are such, and a
// process of their own would cost ten times as much.
type lean struct {
	sub  Shell
	fds  [leanFds]*openFile
	pipe [1]int
	out  openFile
	sink sink
}

// leanFds is how many descriptors a shell may have for a lean subshell.
const leanFds = 16

// subPlan is what is known of a substitution once it has been looked at.
type subPlan struct {
	body *syntax.List
	file *syntax.Redir // $(<file)
	lean bool
}

// plan looks at the commands of a substitution; not ok if they can't be parsed.
func (sh *Shell) plan(c *syntax.CmdSub) (*subPlan, bool) {
	if p, ok := c.Cache.Load().(*subPlan); ok {
		return p, true
	}
	body, ok := sh.subBody(c)
	if !ok {
		return nil, false
	}
	p := &subPlan{body: body, file: fileOnly(body), lean: leanList(body)}
	c.Cache.Store(p)
	return p, true
}

// leanList reports whether all commands of a list may run in a lean subshell.
func leanList(list *syntax.List) bool {
	if list == nil {
		return true
	}
	for i := range list.Items {
		if list.Items[i].Background || !leanCommand(list.Items[i].Cmd) {
			return false
		}
	}
	return true
}

func leanCommand(c syntax.Command) bool {
	switch c := c.(type) {
	case nil:
		return true
	case *syntax.Simple:
		return leanSimple(c)
	case *syntax.AndOr:
		return leanCommand(c.Left) && leanCommand(c.Right)
	case *syntax.Group:
		return leanList(c.Body)
	case *syntax.If:
		return leanList(c.Cond) && leanList(c.Then) && leanCommand(c.Else)
	case *syntax.Case:
		for _, item := range c.Items {
			if !leanList(item.Body) {
				return false
			}
		}
		return leanWord(c.Word)
	case *syntax.Cond:
		return true
	}
	return false
}

// leanSimple reports whether a command is a builtin that prints or tests. What
// its words assign is no hindrance.
func leanSimple(c *syntax.Simple) bool {
	if len(c.Assigns)+len(c.Redirs) > 0 || len(c.Args) == 0 || !isLeanBuiltin(c.Args[0].Word.Lit) {
		return false
	}
	for i := range c.Args {
		if !leanWord(c.Args[i].Word) {
			return false
		}
	}
	return true
}

// isLeanBuiltin reports whether a builtin changes nothing but variables.
func isLeanBuiltin(name string) bool {
	switch name {
	case "echo", "printf", "test", "[", "true", "false", ":", "pwd":
		return true
	}
	return false
}

// leanWord refuses process substitutions, which are processes that live on.
func leanWord(w *syntax.Word) bool {
	for _, part := range w.Parts {
		if _, ok := part.(*syntax.ProcSub); ok {
			return false
		}
	}
	return true
}

// mayLean reports whether the shell's state allows lean subshells: traps are for
// processes, and nobody gave the builtins other meanings.
func (sh *Shell) mayLean() bool {
	return len(sh.traps) == 0 && !sh.overridden && len(sh.fds.open) <= leanFds
}

// override notes that a name which may be that of a lean builtin has got another
// meaning.
func (sh *Shell) override(name string) {
	sh.overridden = sh.overridden || isLeanBuiltin(name)
}

// leanSub runs the commands of a substitution in a lean subshell.
func (sh *Shell) leanSub(body *syntax.List, line int) string {
	l := sh.takeLean()
	sub := &l.sub
	*sub = *sh
	n := copy(l.fds[:], sh.fds.open)
	sub.fds.open = l.fds[:max(n, 2)]
	l.out.refs.Store(1)
	sub.fds.open[1] = &l.out
	sub.lean, sub.borrows, sub.main = true, true, false
	sub.sublevel++
	sub.leanPid, sub.seeded = 0, false
	sub.hashed = sh.hashed.fork()
	sub.pipes = append(l.pipe[:0], sh.status)
	sub.procFds, sub.regexes, sub.parsers, sub.parses, sub.room, sub.newFiles = nil, nil, nil, nil, nil, nil
	sub.enterSubst()
	sub.shifted = sh.line - line
	sub.runList(body)
	sh.subst, sh.status = sub.status, sub.status
	if l.out.refs.Load() > 1 {
		return sh.awaitLean(l)
	}
	text := sh.collect(&l.sink)
	clear(l.fds[:])
	l.sub = Shell{}
	l.sink.buf.Reset()
	l.sink.over = false
	sh.leans = append(sh.leans, l)
	return text
}

// takeLean takes a lean subshell that nobody uses, or makes one.
func (sh *Shell) takeLean() *lean {
	if n := len(sh.leans); n > 0 {
		l := sh.leans[n-1]
		sh.leans = sh.leans[:n-1]
		return l
	}
	l := &lean{}
	l.out.sink, l.out.access = &l.sink, vfs.Write
	return l
}

// awaitLean waits until nobody has the output of a lean subshell open any more,
// which is then not used again.
func (sh *Shell) awaitLean(l *lean) string {
	closed := make(chan struct{})
	l.sink.mu.Lock()
	l.sink.closed = closed
	l.sink.mu.Unlock()
	l.out.close()
	select {
	case <-closed:
	case <-sh.ctx.Done():
	}
	return sh.collect(&l.sink)
}

// own makes the variables the shell's own before one changes.
func (sh *Shell) own() {
	if sh.borrows {
		sh.vars = sh.vars.clone()
		sh.borrows = false
	}
}
