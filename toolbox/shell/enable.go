package shell

import "strings"

// commandCmd is the builtin command.
func (sh *Shell) commandCmd(argv []string) int {
	opts, args, ok := sh.flags(argv, "pvV")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		return 0
	}
	if has(opts, 'v') || has(opts, 'V') {
		return sh.commandShow(args, has(opts, 'V'))
	}
	name := args[0]
	if run := sh.builtinFor(name); run != nil {
		was, wasArgs := sh.builtin, sh.declArgs
		sh.builtin = name
		sh.declArgs = sh.shiftArgs(len(argv) - len(args))
		status := run(sh, args)
		sh.builtin, sh.declArgs = was, wasArgs
		return status
	}
	was := sh.builtin
	sh.builtin = ""
	defer func() { sh.builtin = was }()
	if has(opts, 'p') {
		path := sh.getvar("PATH")
		sh.assign("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", false)
		defer sh.assign("PATH", path, false)
	}
	return sh.runProgram(args)
}

// shiftArgs are the arguments of a declaration builtin that stands behind
// "command" or "builtin".
func (sh *Shell) shiftArgs(n int) []argument {
	if n >= len(sh.declArgs) {
		return nil
	}
	return sh.declArgs[n:]
}

func (sh *Shell) commandShow(names []string, long bool) int {
	status := 1
	var b strings.Builder
	for _, name := range names {
		found := sh.meanings(name, false, false, false)
		if len(found) == 0 {
			if long {
				sh.flushOut(&b)
				sh.errorf("%s: not found", name)
			}
			continue
		}
		status = 0 // one found is enough
		m := found[0]
		switch {
		case long:
			b.WriteString(sh.describe(name, m, false, false))
		case m.kind == "alias":
			b.WriteString(sh.showAlias(name))
		case m.path != "":
			b.WriteString(m.path + "\n")
		default:
			b.WriteString(name + "\n")
		}
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return status
}

// runBuiltin is the builtin builtin.
func (sh *Shell) runBuiltin(argv []string) int {
	args := afterDashes(argv)
	if len(args) == 0 {
		return 0
	}
	run := sh.builtinFor(args[0])
	if run == nil {
		sh.errorf("%s: not a shell builtin", args[0])
		return 1
	}
	was, wasArgs := sh.builtin, sh.declArgs
	sh.builtin = args[0]
	sh.declArgs = sh.shiftArgs(len(argv) - len(args))
	status := run(sh, args)
	sh.builtin, sh.declArgs = was, wasArgs
	sh.keepRedirects = false
	return status
}

// enable is the builtin enable. Nothing can be loaded.
func (sh *Shell) enable(argv []string) int {
	opts, names, ok := sh.flags(argv, "af:ndps")
	if !ok {
		return 2
	}
	for _, f := range opts {
		if f.c == 'f' {
			sh.errorf("cannot open shared object %s: No such file or directory", f.value)
			return 1
		}
		if f.c == 'd' {
			for _, name := range names {
				sh.errorf("%s: not dynamically loaded", name)
			}
			return 1
		}
	}
	off := has(opts, 'n')
	if len(names) == 0 || has(opts, 'p') {
		return sh.enableList(off, has(opts, 'a'), has(opts, 's'))
	}
	status := 0
	for _, name := range names {
		if findBuiltin(name) == nil {
			sh.errorf("%s: not a shell builtin", name)
			status = 1
			continue
		}
		sh.disabled.put(name, off)
		sh.override(name)
	}
	return status
}

func (sh *Shell) enableList(off, all, special bool) int {
	var b strings.Builder
	for _, name := range builtinNames() {
		switch {
		case special && !isSpecialBuiltin(name):
		case sh.disabled.get(name) && (off || all):
			b.WriteString("enable -n " + name + "\n")
		case !sh.disabled.get(name) && !off:
			b.WriteString("enable " + name + "\n")
		}
	}
	return sh.write(b.String())
}
