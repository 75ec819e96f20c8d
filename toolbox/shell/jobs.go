package shell

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/vfs"
)

// job is a background command.
type job struct {
	id      int
	proc    *proc
	text    string
	noHup   bool
	control bool // it was started under job control
	told    bool // that it is stopped
}

// jobs is the table of one shell.
type jobs struct {
	list      []*job
	inherited []*job        // of the parent shell: shown by jobs, not waited for
	gone      map[int]int   // statuses of jobs that were removed, by pid
	subs      map[int]*proc // process substitutions
}

func (j *jobs) all() []*job { return j.list }

// stopped reports whether the job is known to be stopped.
func (k *job) stopped() bool { return k.control && k.proc.halted.Load() && !k.proc.exited() }

func (j *jobs) add(p *proc, text string, control bool) {
	id := 1
	for _, k := range j.list {
		id = max(id, k.id+1)
	}
	j.list = append(j.list, &job{id: id, proc: p, text: text, control: control})
}

func (j *jobs) addProcSub(p *proc) {
	if j.subs == nil {
		j.subs = map[int]*proc{}
	}
	for pid, old := range j.subs {
		if old.exited() && len(j.subs) > 32 {
			delete(j.subs, pid)
		}
	}
	j.subs[p.pid] = p
}

// remove forgets a job, but not its status.
func (j *jobs) remove(k *job) {
	j.list = slices.DeleteFunc(j.list, func(o *job) bool { return o == k })
	if j.gone == nil {
		j.gone = map[int]int{}
	}
	if k.proc.exited() {
		j.gone[k.proc.pid] = k.proc.result()
	}
}

// byPid finds a job by the process id of its command.
func (j *jobs) byPid(pid int) *job {
	for _, k := range j.list {
		if k.proc.pid == pid {
			return k
		}
	}
	return nil
}

// find resolves a job specification: %n, %+, %-, %name, %?text.
func (j *jobs) find(spec string) (k *job, ambiguous bool) {
	s, _ := strings.CutPrefix(spec, "%")
	if len(j.list) == 0 {
		return nil, false
	}
	switch s {
	case "", "%", "+":
		return j.current(), false
	case "-":
		return j.previous(), false
	}
	if n, err := strconv.Atoi(s); err == nil {
		for _, k := range j.list {
			if k.id == n {
				return k, false
			}
		}
		return nil, false
	}
	for _, o := range j.list {
		text, anywhere := strings.CutPrefix(s, "?")
		if anywhere && strings.Contains(o.text, text) || !anywhere && strings.HasPrefix(o.text, s) {
			if k != nil {
				return nil, true
			}
			k = o
		}
	}
	return k, false
}

// current is the job that %+ means: the last that was stopped, or else started.
func (j *jobs) current() *job { return j.latest(nil) }

// previous is the job that %- means.
func (j *jobs) previous() *job {
	cur := j.current()
	if k := j.latest(cur); k != nil {
		return k
	}
	return cur
}

// latest is the last job but one that is not wanted: stopped, running or ended.
func (j *jobs) latest(but *job) *job {
	var running, ended *job
	for i := len(j.list) - 1; i >= 0; i-- {
		switch k := j.list[i]; {
		case k == but:
		case k.proc.exited():
			ended = cmp.Or(ended, k)
		case k.stopped():
			return k
		default:
			running = cmp.Or(running, k)
		}
	}
	return cmp.Or(running, ended)
}

// mark shows which jobs are %+ and %-.
func (k *job) mark(cur, prev *job) string {
	switch k {
	case cur:
		return "+"
	case prev:
		return "-"
	}
	return " "
}

// maxJobs bounds the background jobs of one shell (THREAT[SH-01]).
const maxJobs = 128

// background starts a command as a process of its own.
func (sh *Shell) background(item *syntax.Item) {
	sh.at(item.Line)
	if !sh.tick() {
		return
	}
	sh.reap()
	running := 0
	for _, k := range sh.jobs.list {
		if !k.proc.exited() {
			running++
		}
	}
	if running >= maxJobs {
		sh.errorf("fork: retry: Resource temporarily unavailable")
		sh.leave(254)
		for _, k := range sh.jobs.list {
			k.proc.signal(sigKILL)
		}
		return
	}
	if !sh.debugFirst(item.Cmd) {
		return
	}
	sub := sh.forkApart()
	if sub == nil {
		return
	}
	if !sh.opt.monitor {
		// Without job control a background command does not read the script's
		// input, and a keyboard's signals pass it by.
		sub.proc.setTrap(sigINT, true, false)
		sub.proc.setTrap(sigQUIT, true, false)
	}
	if !sh.opt.monitor || sh.isTerminal(0) {
		sub.fds.set(0, nullFile())
	}
	sh.lastBg = sub.proc.pid
	sh.jobs.add(sub.proc, jobText(item), sh.opt.monitor)
	go sub.stage(item.Cmd)
	sh.status = 0
}

// jobText is how jobs shows a command.
func jobText(item *syntax.Item) string { return syntax.Print(item.Cmd) }

// nullFile is an input that is at its end.
func nullFile() *openFile {
	f := &openFile{r: strings.NewReader(""), access: vfs.Read}
	return f.ref()
}

// reap forgets the oldest of the jobs that have ended when many pile up.
func (sh *Shell) reap() {
	for len(sh.jobs.list) > 2*maxJobs {
		i := slices.IndexFunc(sh.jobs.list, func(k *job) bool { return k.proc.exited() })
		if i < 0 {
			return
		}
		sh.jobs.remove(sh.jobs.list[i])
	}
}

// waitFor waits for a process. It returns the status; a trapped signal that
// arrives meanwhile ends the wait with 128 + its number.
func (sh *Shell) waitFor(p *proc) (status int, interrupted bool) {
	for {
		select {
		case <-p.done:
			return p.result(), false
		case <-sh.ctx.Done():
			sh.interrupted()
			return sh.status, true
		case <-sh.proc.wake:
			if sig := sh.interruption(); sig != 0 {
				return 128 + sig, true
			}
		}
	}
}

// interruption runs the traps of signals that arrived while the shell waits,
// and returns the one that ends the wait, 0 for none: SIGCHLD does not.
func (sh *Shell) interruption() int {
	first := 0
	for _, sig := range sh.proc.takeSignals() {
		if text := sh.traps[sig]; text != "" {
			sh.runTrap(text, 1)
		}
		if first == 0 && sig != sigCHLD {
			first = sig
		}
	}
	return first
}

// state is how jobs describes what a job does.
func (k *job) state() string {
	switch {
	case k.proc.exited():
	case k.stopped():
		return "Stopped"
	default:
		return "Running"
	}
	status := k.proc.result()
	if sig := k.proc.killedBy(); sig != 0 {
		return killText(sig)
	}
	if status == 0 {
		return "Done"
	}
	return fmt.Sprintf("Exit %d", status)
}

// killText says what a signal does.
func killText(sig int) string {
	if text := signalTexts[sig]; text != "" {
		return text
	}
	return "Signal " + strconv.Itoa(sig)
}

// line is one line of jobs.
func (k *job) line(mark string, long bool) string {
	pid := " "
	if long {
		pid = fmt.Sprintf("%5d ", k.proc.pid)
	}
	text, state := k.text, k.state()
	if state == "Running" {
		text += " &"
	}
	return fmt.Sprintf("[%d]%s %s%-24s%s\n", k.id, mark, pid, state, text)
}

// coproc starts a coprocess with a pipe to and from it.
func (sh *Shell) coproc(c *syntax.Coproc) {
	sh.at(c.Line)
	sub := sh.forkApart()
	if sub == nil {
		return
	}
	to, from := newPipe(), newPipe()
	sub.fds.set(0, (&openFile{rpipe: to, access: vfs.Read}).ref())
	sub.fds.set(1, (&openFile{wpipe: from, access: vfs.Write}).ref())
	rfd := 63
	for sh.fds.get(rfd) != nil {
		rfd--
	}
	sh.fds.set(rfd, (&openFile{rpipe: from, access: vfs.Read}).ref())
	wfd := rfd - 1
	for sh.fds.get(wfd) != nil {
		wfd--
	}
	sh.fds.set(wfd, (&openFile{wpipe: to, access: vfs.Write}).ref())
	v := sh.bind(c.Name)
	v.attr = v.attr&^attrAssoc | attrArray
	v.arr, v.set = newArray([]string{strconv.Itoa(rfd), strconv.Itoa(wfd)}), true
	sh.assign(c.Name+"_PID", strconv.Itoa(sub.proc.pid), false)
	sh.lastBg = sub.proc.pid
	sh.jobs.add(sub.proc, "coproc "+c.Name+" "+syntax.Print(c.Body), sh.opt.monitor)
	go sub.stage(c.Body)
	sh.status = 0
}
