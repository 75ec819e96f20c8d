package shell

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// breakLoop is break and continue.
func (sh *Shell) breakLoop(argv []string) int {
	if sh.loops == 0 {
		sh.errorf("only meaningful in a `for', `while', or `until' loop")
		return 0
	}
	n := 1
	if args := afterDashes(argv); len(args) > 0 {
		var err error
		if n, err = strconv.Atoi(args[0]); err != nil {
			sh.errorf("%s: numeric argument required", args[0])
			sh.fatal(128)
			return 128
		}
		if len(args) > 1 {
			sh.errorf("too many arguments")
			sh.giveUpAll(1)
			return 1
		}
		if n < 1 {
			sh.errorf("%d: loop count out of range", n)
			sh.flow, sh.flowN = flowBreak, sh.loops
			return 1
		}
	}
	sh.flow, sh.flowN = flowBreak, min(n, sh.loops)
	if argv[0] == "continue" {
		sh.flow = flowContinue
	}
	return 0
}

// afterDashes are the arguments behind a "--" that may stand there.
func afterDashes(argv []string) []string {
	if len(argv) > 1 && argv[1] == "--" {
		return argv[2:]
	}
	return argv[1:]
}

// exit is exit and logout.
func (sh *Shell) exit(argv []string) int {
	if argv[0] == "logout" {
		sh.errorf("not login shell: use `exit'")
		return 1
	}
	status := sh.status
	if args := afterDashes(argv); len(args) > 0 {
		n, err := strconv.ParseInt(strings.TrimSpace(args[0]), 10, 64)
		switch {
		case err != nil:
			sh.errorf("%s: numeric argument required", args[0])
			n = 2
		case len(args) > 1:
			sh.errorf("too many arguments")
			sh.giveUpAll(1)
			return 1
		}
		status = int(n & 0xff)
	}
	if sh.opt.interactive && sh.main {
		sh.stderr("exit\n")
	}
	sh.leave(status)
	return status
}

func (sh *Shell) returnCmd(argv []string) int {
	status := sh.status
	if args := afterDashes(argv); len(args) > 0 {
		n, err := strconv.ParseInt(strings.TrimSpace(args[0]), 10, 64)
		switch {
		case err != nil:
			sh.errorf("%s: numeric argument required", args[0])
			n = 2
		case len(args) > 1:
			sh.errorf("too many arguments")
			sh.giveUpAll(1)
			return 1
		}
		status = int(n & 0xff)
	}
	if len(sh.frames) == 0 {
		sh.errorf("can only `return' from a function or sourced script")
		return 2
	}
	sh.flow = flowReturn
	return status
}

func (sh *Shell) shift(argv []string) int {
	n := 1
	if args := afterDashes(argv); len(args) > 0 {
		var err error
		if n, err = strconv.Atoi(args[0]); err != nil {
			sh.errorf("%s: numeric argument required", args[0])
			sh.giveUp(1)
			return 1
		}
		if len(args) > 1 {
			sh.errorf("too many arguments")
			sh.giveUpAll(1)
			return 1
		}
	}
	switch {
	case n < 0:
		sh.errorf("%d: shift count out of range", n)
		return 1
	case n > len(sh.args):
		if sh.shopt(shShiftVerbose) || sh.opt.posix {
			sh.errorf("%d: shift count out of range", n)
		}
		return 1
	}
	sh.args = sh.args[n:]
	return 0
}

func (sh *Shell) eval(argv []string) int {
	_, args, ok := sh.flags(argv, "")
	if !ok {
		return 2
	}
	text := strings.Join(args, " ")
	if text == "" {
		return 0
	}
	return sh.evalText(text)
}

// evalText runs text in this shell as eval does.
func (sh *Shell) evalText(text string) int {
	if !sh.descend() {
		return 1
	}
	builtin := sh.builtin
	sh.builtin = ""
	sh.evals++
	sh.status = 0
	sh.runText(text, "eval", sh.line)
	sh.evals--
	sh.builtin = builtin
	sh.nesting--
	return sh.status
}

// source is . and source.
func (sh *Shell) source(argv []string) int {
	_, args, ok := sh.flags(argv, "")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		sh.errorf("filename argument required")
		return sh.usageError()
	}
	name := args[0]
	text, err := sh.readSource(&name)
	if err != nil {
		sh.sourceError(args[0], err)
		if sh.opt.posix {
			sh.fatal(1)
		}
		return 1
	}
	return sh.sourceText(name, text, args[1:])
}

func (sh *Shell) sourceError(name string, err error) {
	builtin := sh.builtin
	if vfs.ToErrno(err) != vfs.EISDIR {
		sh.builtin = ""
	}
	if sh.opt.posix && !strings.Contains(name, "/") && vfs.ToErrno(err) == vfs.ENOENT {
		sh.builtin = builtin
		sh.errorf("%s: file not found", name)
		return
	}
	switch {
	case vfs.ToErrno(err) == vfs.EISDIR:
		sh.errorf("%s: is a directory", name)
	case strings.Contains(name, "/") || vfs.ToErrno(err) != vfs.ENOENT || sh.builtin == "":
		sh.errorf("%s: %s", name, tool.ErrText(err))
	}
	sh.builtin = builtin
}

// readSource reads a file that is found in PATH first, if its name has no
// slash; name becomes the path that was read.
func (sh *Shell) readSource(name *string) (string, error) {
	if !strings.Contains(*name, "/") && sh.shopt(shSourcepath) {
		for dir := range strings.SplitSeq(sh.getvar("PATH"), ":") {
			file := strings.TrimSuffix(dir, "/") + "/" + *name
			if dir == "" {
				continue
			}
			if info, err := sh.stat(file); err == nil && !info.IsDir() {
				*name = file
				return sh.readScript(file)
			}
		}
	}
	return sh.readScript(*name)
}

// sourceText runs the text of a file in this shell.
func (sh *Shell) sourceText(name, text string, args []string) int {
	if !sh.descend() {
		return 1
	}
	f := &frame{file: name, line: sh.line, args: args}
	sh.frames = append(sh.frames, f)
	saved, line, builtin, loops := sh.args, sh.line, sh.builtin, sh.loops
	var held *heldTraps
	if !sh.opt.functrace {
		held = sh.holdDebug()
	}
	if len(args) > 0 {
		sh.args = args
	}
	sh.builtin = ""
	sh.evals++
	sh.status = 0
	sh.runText(text, "", 1)
	sh.evals--
	if sh.flow == flowReturn {
		sh.flow = flowNone
	}
	sh.releaseTraps(held)
	if sh.flow != flowExit {
		sh.returnTrap()
	}
	if len(args) > 0 {
		sh.args = saved
	}
	sh.line, sh.builtin, sh.loops = line, builtin, loops
	sh.frames = sh.frames[:len(sh.frames)-1]
	sh.nesting--
	return sh.status
}

// holdDebug takes away the DEBUG trap, which sourced files do not inherit.
func (sh *Shell) holdDebug() *heldTraps {
	text, ok := sh.traps[trapDEBUG]
	if !ok {
		return nil
	}
	delete(sh.traps, trapDEBUG)
	return &heldTraps{texts: [3]string{text}, had: [3]bool{true}}
}

// execCmd replaces the shell by a program; without one, its redirections stay.
func (sh *Shell) execCmd(argv []string) int {
	opts, args, ok := sh.flags(argv, "cla:")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		sh.keepRedirects = true
		return 0
	}
	builtin := sh.builtin
	sh.builtin = ""
	file := ""
	status := 0
	if strings.Contains(args[0], "/") {
		file, status = sh.execFile(args[0])
	} else if file = sh.searchPath(args[0]); file == "" {
		sh.builtin = builtin
		sh.errorf("%s: not found", args[0])
		status = 127
	}
	sh.builtin = builtin
	if file == "" {
		if !sh.shopt(shExecfail) {
			sh.leave(status)
		}
		return status
	}
	sh.builtin = ""
	delete(sh.traps, trapEXIT)
	status = sh.spawnAs(file, args, sh.execProgram(opts, args[0]))
	sh.builtin = builtin
	sh.leave(status)
	return status
}

// execProgram is how exec starts its program: with -c without environment, and
// under the name of -a, or that of a login shell with -l.
func (sh *Shell) execProgram(opts []flag, name string) program {
	p := program{env: sh.environ()}
	for _, o := range opts {
		switch o.c {
		case 'a':
			p.name = o.value
		case 'c':
			p.env, p.bare = nil, true
		}
	}
	if has(opts, 'l') {
		if p.name == "" {
			p.name = name
		}
		p.name = "-" + p.name
	}
	return p
}

// execFile checks the file that exec is to run.
func (sh *Shell) execFile(name string) (string, int) {
	info, err := sh.stat(name)
	switch {
	case err != nil && vfs.ToErrno(err) == vfs.ENOENT:
		sh.warnf("%s: No such file or directory", name)
		return "", 127
	case err == nil && info.IsDir():
		sh.warnf("%s: Is a directory", name)
		return "", 126
	case err != nil || info.Mode.Perm()&0o111 == 0:
		sh.warnf("%s: Permission denied", name)
		return "", 126
	}
	return sh.abs(strings.TrimPrefix(name, "./")), 0
}
