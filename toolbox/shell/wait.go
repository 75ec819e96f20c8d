package shell

import (
	"strconv"
	"strings"
)

// wait is the builtin wait.
func (sh *Shell) wait(argv []string) int {
	opts, args, ok := sh.flags(argv, "fnp:")
	if !ok {
		return 2
	}
	target := ""
	for _, f := range opts {
		if f.c == 'p' {
			target = f.value
		}
	}
	if target != "" {
		sh.unsetVar(target)
	}
	switch {
	case has(opts, 'n'):
		return sh.waitNext(args, target)
	case len(args) == 0:
		return sh.waitAll()
	}
	status := 0
	for _, arg := range args {
		var stop bool
		if status, stop = sh.waitOne(arg, target); stop {
			return status
		}
	}
	return status
}

func (sh *Shell) waitAll() int {
	for len(sh.jobs.list) > 0 {
		k := sh.jobs.list[0]
		if status, stop := sh.waitFor(k.proc); stop {
			return status
		}
		sh.waited(k)
	}
	if p := sh.jobs.subs[sh.lastBg]; p != nil {
		if status, stop := sh.waitFor(p); stop {
			return status
		}
	}
	sh.jobs.gone = nil
	return 0
}

// waitOne waits for a process or job; stop reports that a signal ended it.
func (sh *Shell) waitOne(arg, target string) (status int, stop bool) {
	var p *proc
	var k *job
	if strings.HasPrefix(arg, "%") {
		if k, _ = sh.jobSpec(arg); k == nil {
			sh.errorf("%s: no such job", arg)
			return 127, false
		}
		p = k.proc
	} else {
		pid, err := strconv.Atoi(arg)
		if err != nil || pid < 0 {
			sh.errorf("`%s': not a pid or valid job spec", arg)
			return 1, false
		}
		if k = sh.jobs.byPid(pid); k != nil {
			p = k.proc
		} else if p = sh.jobs.subs[pid]; p == nil {
			if status, ok := sh.jobs.gone[pid]; ok {
				return status, false
			}
			sh.errorf("pid %d is not a child of this shell", pid)
			return 127, false
		}
	}
	if status, stop = sh.waitFor(p); stop {
		return status, true
	}
	if target != "" {
		sh.assign(target, strconv.Itoa(p.pid), false)
	}
	if k != nil {
		sh.waited(k)
	}
	return status, false
}

// waitNext waits until one of the jobs ends.
func (sh *Shell) waitNext(args []string, target string) int {
	var list []*job
	if len(args) == 0 {
		list = append(list, sh.jobs.list...)
	}
	for _, arg := range args {
		k, _ := sh.jobs.find(arg)
		if !strings.HasPrefix(arg, "%") {
			pid, _ := strconv.Atoi(arg)
			k = sh.jobs.byPid(pid)
		}
		if k == nil {
			sh.errorf("%s: no such job", arg)
			continue
		}
		list = append(list, k)
	}
	if len(list) == 0 {
		return 127
	}
	k, status, stop := sh.waitAny(list)
	if stop {
		return status
	}
	if target != "" {
		sh.assign(target, strconv.Itoa(k.proc.pid), false)
	}
	sh.waited(k)
	return status
}

// waitAny waits for the first of the jobs to end.
func (sh *Shell) waitAny(list []*job) (k *job, status int, stop bool) {
	for _, k := range list {
		if k.proc.exited() {
			return k, k.proc.result(), false
		}
	}
	first := make(chan *job, len(list))
	for _, k := range list {
		go func() {
			<-k.proc.done
			first <- k
		}()
	}
	for {
		select {
		case k := <-first:
			return k, k.proc.result(), false
		case <-sh.ctx.Done():
			sh.interrupted()
			return nil, sh.status, true
		case <-sh.proc.wake:
			if sig := sh.interruption(); sig != 0 {
				return nil, 128 + sig, true
			}
		}
	}
}

// jobSpec finds a job by its name, and says so if several have it.
func (sh *Shell) jobSpec(spec string) (k *job, ambiguous bool) {
	if k, ambiguous = sh.jobs.find(spec); ambiguous {
		sh.errorf("%s: ambiguous job spec", strings.TrimPrefix(strings.TrimPrefix(spec, "%"), "?"))
	}
	return k, ambiguous
}

// jobsCmd is the builtin jobs.
func (sh *Shell) jobsCmd(argv []string) int {
	opts, args, ok := sh.flags(argv, "lpnrsx")
	if !ok {
		return 2
	}
	if has(opts, 'x') {
		return sh.jobsWith(args)
	}
	from := &sh.jobs
	if len(from.list) == 0 && len(args) == 0 {
		from = &jobs{list: sh.jobs.inherited}
	}
	list, status := from.list, 0
	if len(args) > 0 {
		list = nil
		for _, arg := range args {
			k, _ := sh.jobSpec(arg)
			if k == nil {
				sh.errorf("%s: no such job", arg)
				status = 1
				continue
			}
			list = append(list, k)
		}
	}
	var b strings.Builder
	cur, prev := from.current(), from.previous()
	var ended []*job
	for _, k := range list {
		done, stopped := k.proc.exited(), k.stopped()
		switch {
		case has(opts, 'r') && (done || stopped), has(opts, 's') && !stopped, has(opts, 'n') && !done && (!stopped || k.told):
			continue
		case has(opts, 'p'):
			b.WriteString(strconv.Itoa(k.proc.pid) + "\n")
		default:
			b.WriteString(k.line(k.mark(cur, prev), has(opts, 'l')))
			k.told = true
		}
		if done {
			ended = append(ended, k)
		}
	}
	for _, k := range ended {
		sh.jobs.remove(k)
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return status
}

// foreground is fg and bg: without job control they fail, as in a script.
func (sh *Shell) foreground(argv []string) int {
	if !sh.opt.monitor {
		sh.errorf("no job control")
		return 1
	}
	_, specs, ok := sh.flags(argv, "")
	if !ok {
		return 2
	}
	if len(specs) == 0 {
		specs = []string{"%+"}
	}
	if argv[0] == "fg" {
		return sh.bringOne(specs[0], sh.bringFront)
	}
	status := 0
	for _, spec := range specs {
		status = sh.bringOne(spec, sh.bringBack)
	}
	return status
}

// bringOne finds a job that lives, for fg or bg.
func (sh *Shell) bringOne(spec string, bring func(*job) int) int {
	k, ambiguous := sh.jobSpec(spec)
	switch {
	case ambiguous:
		return 1
	case k == nil:
		if spec == "%+" {
			spec = "current"
		}
		sh.errorf("%s: no such job", spec)
		return 1
	case k.proc.exited():
		sh.errorf("job has terminated")
		return 1
	}
	return bring(k)
}

func (sh *Shell) bringFront(k *job) int {
	sh.write(k.text + "\n")
	k.proc.signal(sigCONT)
	k.told = false
	status, stop := sh.waitFor(k.proc)
	if !stop {
		sh.jobs.remove(k)
	}
	return status
}

func (sh *Shell) bringBack(k *job) int {
	if !k.stopped() {
		sh.errorf("job %d already in background", k.id)
		return 0
	}
	mark := k.mark(sh.jobs.current(), sh.jobs.previous())
	k.proc.signal(sigCONT)
	k.told = false
	return sh.write("[" + strconv.Itoa(k.id) + "]" + mark + " " + k.text + " &\n")
}

func (sh *Shell) disown(argv []string) int {
	opts, args, ok := sh.flags(argv, "ahr")
	if !ok {
		return 2
	}
	if has(opts, 'a') || has(opts, 'r') && len(args) == 0 {
		for len(sh.jobs.list) > 0 && !has(opts, 'h') {
			sh.jobs.remove(sh.jobs.list[0])
		}
		return 0
	}
	if len(args) == 0 {
		args = []string{"%+"}
	}
	status := 0
	for _, arg := range args {
		k, _ := sh.jobs.find(arg)
		if pid, err := strconv.Atoi(arg); err == nil {
			k = sh.jobs.byPid(pid)
		}
		if k == nil {
			if arg == "%+" {
				arg = "current"
			}
			sh.errorf("%s: no such job", arg)
			status = 1
			continue
		}
		if has(opts, 'h') {
			k.noHup = true
		} else {
			sh.jobs.remove(k)
		}
	}
	return status
}

func (sh *Shell) suspend(argv []string) int {
	if _, _, ok := sh.flags(argv, "f"); !ok {
		return 2
	}
	sh.errorf("cannot suspend: no job control")
	return 1
}
