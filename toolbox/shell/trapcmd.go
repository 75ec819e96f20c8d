package shell

import (
	"strconv"
	"strings"
)

// trap is the builtin trap.
func (sh *Shell) trap(argv []string) int {
	opts, args, ok := sh.flags(argv, "lp")
	if !ok {
		return 2
	}
	switch {
	case has(opts, 'l'):
		return sh.write(listSignals())
	case has(opts, 'p') || len(args) == 0:
		return sh.showTraps(args)
	}
	text, remove := args[0], false
	if len(args) == 1 {
		if _, ok := signalNumber(text); !ok {
			return sh.usageError()
		}
		remove = true
	} else if _, err := strconv.Atoi(text); err == nil {
		if _, ok := signalNumber(text); ok {
			remove = true
		}
	}
	switch {
	case text == "-":
		remove = true
		args = args[1:]
	case !remove:
		args = args[1:]
	}
	status := 0
	for _, name := range args {
		n, ok := signalNumber(name)
		if !ok {
			sh.errorf("%s: invalid signal specification", name)
			status = 1
			continue
		}
		sh.setTrap(n, text, remove)
	}
	return status
}

// showTraps prints traps as commands that set them.
func (sh *Shell) showTraps(names []string) int {
	var b strings.Builder
	status := 0
	show := func(n int) {
		text, ok := sh.traps[n]
		if !ok {
			text, ok = sh.shownTraps[n]
		}
		if ok {
			b.WriteString("trap -- " + singleQuote2(text) + " " + signalName(n) + "\n")
		}
	}
	if len(names) == 0 {
		for n := 0; n <= trapRETURN; n++ {
			show(n)
		}
	}
	for _, name := range names {
		n, ok := signalNumber(name)
		if !ok {
			sh.errorf("%s: invalid signal specification", name)
			status = 1
			continue
		}
		show(n)
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return status
}

// singleQuote2 quotes always with quotes, a lone quote included.
func singleQuote2(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// listSignals is trap -l and kill -l.
func listSignals() string {
	var b strings.Builder
	column := 0
	for n := 1; n < len(signalNames); n++ {
		if signalNames[n] == "" {
			continue
		}
		b.WriteString(padLeft(n, 2) + ") SIG" + signalNames[n])
		if column++; column%5 == 0 {
			b.WriteByte('\n')
		} else {
			b.WriteByte('\t')
		}
	}
	if column%5 != 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

func padLeft(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = " " + s
	}
	return s
}

// killCmd is the builtin kill.
func (sh *Shell) killCmd(argv []string) int {
	args := argv[1:]
	if len(args) == 0 {
		return sh.usageError()
	}
	sig := sigTERM
	switch arg := args[0]; {
	case arg == "-l" || arg == "-L":
		return sh.killList(args[1:])
	case arg == "--":
		args = args[1:]
	case arg == "-s" || arg == "-n":
		if len(args) < 2 {
			sh.errorf("%s: option requires an argument", arg)
			return sh.usageError()
		}
		n, ok := signalNumber(args[1])
		if !ok {
			sh.errorf("%s: invalid signal specification", args[1])
			return 1
		}
		sig, args = n, args[2:]
	case len(arg) > 1 && arg[0] == '-':
		n, ok := signalNumber(arg[1:])
		if !ok {
			sh.errorf("%s: invalid signal specification", arg[1:])
			return 1
		}
		sig, args = n, args[1:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return sh.usageError()
	}
	status := 1
	for _, arg := range args {
		if sh.killOne(arg, sig) {
			status = 0
		}
	}
	sh.runSignalTraps()
	if sh.ctx.Err() != nil && sh.flow == flowNone {
		sh.interrupted()
		return sh.status
	}
	return status
}

// killOne signals a process or a job.
func (sh *Shell) killOne(arg string, sig int) bool {
	if strings.HasPrefix(arg, "%") {
		k, ambiguous := sh.jobs.find(arg)
		switch {
		case ambiguous:
			sh.errorf("%s: ambiguous job spec", arg)
			return false
		case k == nil:
			sh.errorf("%s: no such job", arg)
			return false
		}
		k.proc.signal(sig)
		return true
	}
	pid, err := strconv.Atoi(arg)
	if err != nil {
		sh.errorf("%s: arguments must be process or job IDs", arg)
		return false
	}
	if pid < 0 {
		pid = -pid
	}
	if pid == 0 {
		pid = sh.proc.pid
	}
	p := sh.sys.find(pid)
	if p == nil {
		sh.errorf("(%s) - No such process", arg)
		return false
	}
	p.signal(sig)
	return true
}

// killList is kill -l with signals or exit statuses.
func (sh *Shell) killList(args []string) int {
	if len(args) == 0 {
		return sh.write(listSignals())
	}
	status := 0
	for _, arg := range args {
		n, err := strconv.Atoi(arg)
		if err == nil {
			if n > 128 {
				n -= 128
			}
			if n == 0 {
				sh.write("EXIT\n")
			} else if n > 0 && n < len(signalNames) && signalNames[n] != "" {
				sh.write(signalNames[n] + "\n")
			} else {
				sh.errorf("%s: invalid signal specification", arg)
				status = 1
			}
			continue
		}
		if n, ok := signalNumber(arg); ok && n < trapDEBUG {
			sh.write(strconv.Itoa(n) + "\n")
			continue
		}
		sh.errorf("%s: invalid signal specification", arg)
		status = 1
	}
	return status
}

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
		sh.jobs.remove(k)
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
		if k, _ = sh.jobs.find(arg); k == nil {
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
		sh.jobs.remove(k)
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
	sh.jobs.remove(k)
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

// jobsCmd is the builtin jobs.
func (sh *Shell) jobsCmd(argv []string) int {
	opts, args, ok := sh.flags(argv, "lpnrsx")
	if !ok {
		return 2
	}
	list := sh.jobs.list
	if len(list) == 0 && len(args) == 0 {
		list = sh.jobs.inherited
	}
	status := 0
	if len(args) > 0 {
		list = nil
		for _, arg := range args {
			k, _ := sh.jobs.find(arg)
			if k == nil {
				sh.errorf("%s: no such job", arg)
				status = 1
				continue
			}
			list = append(list, k)
		}
	}
	var b strings.Builder
	cur, prev := sh.jobs.current(), sh.jobs.previous()
	var ended []*job
	for _, k := range list {
		mark := " "
		if k == cur {
			mark = "+"
		} else if k == prev {
			mark = "-"
		}
		done := k.proc.exited()
		switch {
		case has(opts, 'r') && done, has(opts, 's'):
			continue
		case has(opts, 'p'):
			b.WriteString(strconv.Itoa(k.proc.pid) + "\n")
		default:
			b.WriteString(k.line(mark, has(opts, 'l')))
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
	spec := "%+"
	if args := afterDashes(argv); len(args) > 0 {
		spec = args[0]
	}
	k, _ := sh.jobs.find(spec)
	if k == nil {
		if spec == "%+" {
			spec = "current"
		}
		sh.errorf("%s: no such job", spec)
		return 1
	}
	if argv[0] == "bg" {
		sh.errorf("job %d already in background", k.id)
		return 0
	}
	sh.write(k.text + "\n")
	status, stop := sh.waitFor(k.proc)
	if !stop {
		sh.jobs.remove(k)
	}
	return status
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

func (sh *Shell) suspend([]string) int {
	sh.errorf("cannot suspend: no job control")
	return 1
}
