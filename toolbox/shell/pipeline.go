package shell

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/vfs"
)

// pipeline runs commands joined by |, with ! and time.
func (sh *Shell) pipeline(c *syntax.Pipeline) {
	start := sh.x.Now()
	errOff, notOff := sh.errOff, sh.notOff
	if c.Not {
		sh.errOff++
		if !sh.opt.errexit {
			sh.notOff++
		}
	}
	switch len(c.Cmds) {
	case 0:
		sh.status = 0
	case 1:
		sh.run(c.Cmds[0])
	default:
		sh.at(c.Line)
		sh.stages(c)
	}
	if c.Not {
		sh.errOff, sh.notOff = errOff, notOff
		if sh.flow == flowNone {
			sh.status = boolStatus(sh.status != 0)
		}
	} else if len(c.Cmds) > 1 {
		sh.check()
	}
	if c.Time {
		sh.reportTime(sh.x.Now().Sub(start), c.TimePosix)
	}
}

func boolStatus(ok bool) int {
	if ok {
		return 0
	}
	return 1
}

// stages runs a pipeline: each command but perhaps the last is a process of
// its own.
func (sh *Shell) stages(c *syntax.Pipeline) {
	n := len(c.Cmds)
	lastHere := sh.shopt(shLastpipe) && !sh.opt.monitor
	procs := make([]*Shell, 0, n)
	var in *openFile
	for i, cmd := range c.Cmds {
		last := i == n-1
		if last && lastHere {
			break
		}
		if _, ok := cmd.(*syntax.Simple); ok || isSubshell(cmd) {
			sh.note(cmd)
		}
		if !sh.debugFirst(cmd) {
			in.drop()
			return
		}
		sub := sh.fork()
		if sub == nil {
			in.drop()
			return
		}
		in = sub.plumb(in, last, c.Both[i])
		procs = append(procs, sub)
		if last {
			// The stages before it start first, as processes do.
			runtime.Gosched()
			sub.stage(cmd)
			break
		}
		go sub.stage(cmd)
	}
	if lastHere {
		sh.lastStage(c.Cmds[n-1], in)
	}
	statuses := make([]int, 0, n)
	for _, p := range procs {
		<-p.proc.done
		statuses = append(statuses, p.proc.result())
	}
	if lastHere {
		statuses = append(statuses, sh.status)
	}
	sh.noticeJobs()
	if sh.ctx.Err() != nil {
		sh.interrupted()
		return
	}
	if sh.flow == flowNone {
		sh.pipes = statuses
		if isSubshell(c.Cmds[n-1]) {
			// Bash looks at a subshell at the end twice.
			sh.status = statuses[n-1]
			sh.check()
		}
		sh.status = sh.pipeStatus(statuses)
	}
}

func isSubshell(c syntax.Command) bool {
	if r, ok := c.(*syntax.Redirected); ok {
		c = r.Cmd
	}
	_, ok := c.(*syntax.Subshell)
	return ok
}

func (f *openFile) drop() {
	if f != nil {
		f.close()
	}
}

// plumb connects a stage: in is its standard input, the pipe from the stage
// before; the reading end of the pipe to the next stage is returned.
func (sh *Shell) plumb(in *openFile, last, both bool) *openFile {
	if in != nil {
		sh.fds.set(0, in)
	}
	if last {
		return nil
	}
	p := newPipe()
	w := (&openFile{wpipe: p, access: vfs.Write}).ref()
	sh.fds.set(1, w)
	if both {
		sh.fds.set(2, w.ref())
	}
	return (&openFile{rpipe: p, access: vfs.Read}).ref()
}

// stage runs one command of a pipeline to its end.
func (sh *Shell) stage(c syntax.Command) {
	sh.nesting = 0
	if _, ok := c.(*syntax.Simple); ok {
		sh.sublevel-- // bash counts only what is a subshell by its form
		sh.debugged = sh.hasTrap(trapDEBUG)
		sh.errOff++ // its status is the business of the shell that started it
		sh.notOff++
	} else {
		sh.loops = 0
	}
	sh.runStage(c)
	sh.endFlow()
	sh.finish()
}

// runStage runs a subshell stage in the process that the stage is already.
func (sh *Shell) runStage(c syntax.Command) {
	if s, ok := c.(*syntax.Subshell); ok {
		sh.at(s.Line)
		sh.runList(s.Body)
		return
	}
	sh.run(c)
}

// lastStage runs the last command of a pipeline in this shell (lastpipe).
func (sh *Shell) lastStage(c syntax.Command, in *openFile) {
	var undo redirects
	undo.save(sh, 0)
	sh.fds.set(0, in)
	sh.run(c)
	undo.restore(sh)
}

func (sh *Shell) pipeStatus(statuses []int) int {
	status := statuses[len(statuses)-1]
	if sh.opt.pipefail {
		for _, s := range statuses {
			if s != 0 {
				status = s
			}
		}
	}
	return status
}

// reportTime prints what the keyword time does. User and system time are not
// known apart: all of it is user time.
func (sh *Shell) reportTime(real time.Duration, posix bool) {
	if posix {
		sh.stderr(fmt.Sprintf("real %.2f\nuser %.2f\nsys %.2f\n", real.Seconds(), real.Seconds(), 0.0))
		return
	}
	format, ok := sh.value("TIMEFORMAT")
	if !ok {
		format = "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS"
	}
	if format != "" {
		sh.stderr(formatTime(format, real) + "\n")
	}
}

// formatTime fills in a TIMEFORMAT.
func formatTime(format string, real time.Duration) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		if format[i] == '%' {
			b.WriteByte('%')
			continue
		}
		prec, long := 3, false
		if c := format[i]; c >= '0' && c <= '9' {
			prec = min(int(c-'0'), 3)
			i++
		}
		if i < len(format) && format[i] == 'l' {
			long = true
			i++
		}
		if i == len(format) {
			break
		}
		switch format[i] {
		case 'R', 'U':
			b.WriteString(showSeconds(real, prec, long))
		case 'S':
			b.WriteString(showSeconds(0, prec, long))
		case 'P':
			b.WriteString("100.00")
		}
	}
	return b.String()
}

func showSeconds(d time.Duration, prec int, long bool) string {
	if !long {
		return fmt.Sprintf("%.*f", prec, d.Seconds())
	}
	minutes := d / time.Minute
	return fmt.Sprintf("%dm%.*fs", minutes, prec, (d - minutes*time.Minute).Seconds())
}
