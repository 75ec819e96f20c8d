package shell

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// commandSub runs $(…) and returns what it printed, without the newlines at
// its end.
func (sh *Shell) commandSub(c *syntax.CmdSub) string {
	plan, ok := sh.plan(c)
	if !ok {
		return ""
	}
	if plan.file != nil {
		return sh.fileSub(plan.file)
	}
	if !sh.descend() {
		return ""
	}
	text := ""
	if plan.lean && sh.mayLean() {
		text = sh.leanSub(plan.body, c.Line)
	} else {
		text = sh.fullSub(plan.body, c.Line)
	}
	sh.nesting--
	return text
}

// fullSub runs the commands of a substitution in a process of their own.
func (sh *Shell) fullSub(body *syntax.List, line int) string {
	sub := sh.fork()
	if sub == nil {
		return ""
	}
	out := newSink()
	f := (&openFile{sink: out, access: vfs.Write}).ref()
	sub.fds.set(1, f)
	sub.enterSubst()
	sub.shifted = sh.line - line
	sub.runList(body)
	sub.endFlow()
	sh.subst = sub.finish()
	sh.status = sh.subst
	// What it started in the background may still print.
	select {
	case <-out.closed:
	case <-sh.ctx.Done():
	}
	return sh.collect(out)
}

// collect returns what a substitution printed.
func (sh *Shell) collect(out *sink) string {
	out.mu.Lock()
	text, over := string(bytes.TrimRight(out.buf.Bytes(), "\n")), out.over
	out.mu.Unlock()
	if over {
		sh.errorf("command substitution: output too long")
		sh.giveUp(1)
	}
	if strings.IndexByte(text, 0) >= 0 {
		sh.warnf("warning: command substitution: ignored null byte in input")
		text = strings.TrimRight(strings.ReplaceAll(text, "\x00", ""), "\n")
	}
	return text
}

// enterSubst sets what differs in a command substitution.
func (sh *Shell) enterSubst() {
	if !sh.shopt(shInheritErrexit) && !sh.opt.posix {
		sh.opt.errexit = false
	}
	sh.evals++
}

// subBody is the commands of a substitution; backquotes are parsed now.
func (sh *Shell) subBody(c *syntax.CmdSub) (*syntax.List, bool) {
	if !c.Back {
		return c.Body, true
	}
	p := sh.parser(c.Src, c.Line)
	defer sh.giveParser(p)
	all := &syntax.List{}
	for {
		list, err := p.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			sh.syntaxError(shiftError(err, 1-c.Line), "command substitution")
			sh.subst = sh.status
			return nil, false
		}
		all.Items = append(all.Items, list.Items...)
	}
	return all, true
}

// fileOnly returns the redirection of $(<file).
func fileOnly(list *syntax.List) *syntax.Redir {
	if len(list.Items) != 1 || list.Items[0].Background {
		return nil
	}
	c, ok := list.Items[0].Cmd.(*syntax.Simple)
	if !ok || len(c.Args)+len(c.Assigns) > 0 || len(c.Redirs) != 1 {
		return nil
	}
	if r := c.Redirs[0]; r.Op == syntax.RedirIn && r.Fd <= 0 && r.Var == "" {
		return r
	}
	return nil
}

func (sh *Shell) fileSub(r *syntax.Redir) string {
	name, ok := sh.redirTarget(r)
	if !ok {
		sh.subst = 1
		return ""
	}
	f, err := sh.openFor(name, vfs.Read)
	if err != nil {
		sh.warnf("%s: %s", name, tool.ErrText(err))
		sh.subst = 1
		return ""
	}
	defer f.close()
	data, err := io.ReadAll(io.LimitReader(stream{sh.ctx, f}, maxCapture+1))
	sh.subst = 0
	if err != nil || len(data) > maxCapture {
		if err == nil {
			err = vfs.EFBIG
		}
		sh.warnf("%s: %s", name, tool.ErrText(err))
		sh.subst = 1
	}
	out := &sink{}
	out.buf.Write(data)
	return sh.collect(out)
}

// procSub starts <(…) or >(…) and returns the name of its descriptor.
func (sh *Shell) procSub(c *syntax.ProcSub) string {
	sub := sh.forkApart()
	if sub == nil {
		return ""
	}
	p := newPipe()
	r := (&openFile{rpipe: p, access: vfs.Read}).ref()
	w := (&openFile{wpipe: p, access: vfs.Write}).ref()
	fd := 63
	for sh.fds.get(fd) != nil {
		fd--
	}
	if c.Out {
		sub.fds.set(0, r)
		sh.fds.set(fd, w)
		w.fdDev = true
	} else {
		sub.fds.set(1, w)
		sh.fds.set(fd, r)
		r.fdDev = true
	}
	sh.procFds = append(sh.procFds, fd)
	sh.lastBg = sub.proc.pid
	sh.jobs.addProcSub(sub.proc)
	sub.loops = 0
	go func() {
		sub.enterSubst()
		sub.runList(c.Body)
		sub.endFlow()
		sub.finish()
	}()
	return "/dev/fd/" + strconv.Itoa(fd)
}

// closeProcSubs closes the descriptors of process substitutions made since
// there were n of them.
func (sh *Shell) closeProcSubs(n int) {
	for len(sh.procFds) > n {
		fd := sh.procFds[len(sh.procFds)-1]
		sh.procFds = sh.procFds[:len(sh.procFds)-1]
		if f := sh.fds.get(fd); f != nil && f.fdDev {
			sh.fds.set(fd, nil)
		}
	}
}

// maxNesting bounds subshells, substitutions, functions, sourced files and
// evals that are nested in one goroutine (THREAT[SH-06]).
const maxNesting = 2000
