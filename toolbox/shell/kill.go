package shell

import (
	"strconv"
	"strings"
)

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
			return 1
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
		k, ambiguous := sh.jobSpec(arg)
		switch {
		case ambiguous:
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
