package shell

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/manual"
	"agentsandbox/toolbox/shell/arith"
)

// let evaluates its arguments; the status tells whether the last is 0.
func (sh *Shell) let(argv []string) int {
	args := afterDashes(argv)
	if len(args) == 0 {
		sh.errorf("expression expected")
		return 1
	}
	var n int64
	for _, arg := range args {
		var err error
		if n, err = arith.Eval(arg, arithEnv{sh}); err != nil {
			sh.arithError(err)
			return 1
		}
	}
	return boolStatus(n != 0)
}

// times prints the time used. What is not known is 0.
func (sh *Shell) times([]string) int {
	d := sh.x.Now().Sub(sh.sys.start)
	return sh.write(showSeconds(d, 3, true) + " 0m0.000s\n0m0.000s 0m0.000s\n")
}

// caller is the builtin caller.
func (sh *Shell) caller(argv []string) int {
	if len(sh.frames) == 0 && sh.script != "" {
		return 1
	}
	args := argv[1:]
	n := 0
	if len(args) > 0 {
		var err error
		if n, err = strconv.Atoi(args[0]); err != nil {
			sh.errorf("%s: invalid number", args[0])
			return sh.usageError()
		}
	}
	lines, names, files := sh.callLines(), sh.funcNames(), sh.sources()
	if n < 0 || n >= len(lines) {
		return 1
	}
	file := "NULL"
	if n+1 < len(files) {
		file = files[n+1]
	}
	if len(args) == 0 {
		return sh.write(lines[n] + " " + file + "\n")
	}
	if n+1 >= len(names) || n+1 >= len(files) {
		return 1
	}
	return sh.write(lines[n] + " " + names[n+1] + " " + file + "\n")
}

// help prints the synopses of builtins.
func (sh *Shell) help(argv []string) int {
	opts, names, ok := sh.flags(argv, "dms")
	if !ok {
		return 2
	}
	if len(names) == 0 {
		var b strings.Builder
		b.WriteString("GNU bash, version " + Version + " (x86_64-pc-linux-gnu)\n" +
			"These shell commands are defined internally.  Type `help name' to find out more\nabout the function `name'.\n\n")
		for _, name := range builtinNames() {
			b.WriteString(" " + synopsis(name) + "\n")
		}
		return sh.write(b.String())
	}
	status := 0
	for _, name := range names {
		s := synopsis(name)
		if page, ok := manual.Page(name); ok && s == "" {
			sh.write(page)
			continue
		}
		if s == "" {
			sh.errorf("no help topics match `%s'.  Try `help help' or `man -k %s' or `info %s'.", name, name, name)
			status = 1
			continue
		}
		if has(opts, 'd') {
			sh.write(name + " - " + s + "\n")
			continue
		}
		sh.write(name + ": " + s + "\n")
	}
	return status
}

// shellPid is $$: the pid of the shell that is no subshell.
func (sh *Shell) shellPid() int { return sh.pid }

func trimSpace(s string) string { return strings.TrimSpace(s) }
