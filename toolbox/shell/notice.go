package shell

import "strconv"

// noticeJobs tells of the jobs that have ended or stopped, as bash does when a
// command that it waited for has ended; those that have ended are forgotten.
// Scripts hear only of jobs that a signal killed.
func (sh *Shell) noticeJobs() {
	if len(sh.jobs.list) == 0 {
		return
	}
	cur, prev := sh.jobs.current(), sh.jobs.previous()
	for _, k := range append([]*job(nil), sh.jobs.list...) {
		if sh.noticeJob(k, k.mark(cur, prev)) {
			sh.jobs.remove(k)
		}
	}
}

// noticeJob tells of one job, and reports whether it is to be forgotten.
func (sh *Shell) noticeJob(k *job, mark string) bool {
	script := sh.script != "-c" && !sh.opt.interactive
	sig := k.proc.killedBy()
	switch {
	case k.stopped():
		if !script && !k.told {
			sh.stderr("\n" + k.line(mark, false))
			k.told = true
		}
		return false
	case !k.proc.exited() || script && sig == 0:
		return false
	case !sh.opt.interactive && sig != 0 && sig != sigINT && sig != sigTERM && !sh.hasTrap(sig):
		sh.warnf("%5d %-24s%s", k.proc.pid, killText(sig), k.text)
	case sh.opt.monitor:
		sh.stderr(k.line(mark, false))
	}
	return true
}

// waited tells of a job that was waited for, and forgets it.
func (sh *Shell) waited(k *job) {
	sh.noticeJobs()
	sh.jobs.remove(k)
}

// jobsWith is jobs -x: a command runs with the pids of jobs for their names.
func (sh *Shell) jobsWith(argv []string) int {
	words := append([]string(nil), argv...)
	for i, w := range words {
		if w == "" || w[0] != '%' {
			continue
		}
		if k, _ := sh.jobs.find(w); k != nil {
			words[i] = strconv.Itoa(k.proc.pid)
		}
	}
	return sh.commandCmd(append([]string{"command", "--"}, words...))
}
