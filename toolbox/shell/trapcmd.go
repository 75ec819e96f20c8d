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
			b.WriteString("trap -- " + quoteAlways(text) + " " + signalName(n) + "\n")
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

// quoteAlways quotes always with quotes, a lone quote included.
func quoteAlways(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
