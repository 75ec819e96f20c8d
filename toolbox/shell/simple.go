package shell

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// argument is a word of a command after expansion. Arguments of declaration
// builtins that are assignments keep their parts.
type argument struct {
	assign *syntax.Assign
	value  string // of a scalar assignment
}

// simple runs a simple command.
func (sh *Shell) simple(c *syntax.Simple) {
	if sh.opt.noexec {
		return
	}
	sh.at(c.Line)
	if !sh.tick() {
		return
	}
	sh.note(c)
	if !sh.debugTrap() {
		return
	}
	sh.subst = -1
	argv, args := sh.expandArgs(c)
	if sh.flow != flowNone {
		return
	}
	procs := len(sh.procFds)
	if len(argv) == 0 {
		sh.assignOnly(c)
	} else {
		sh.call(c, argv, args)
	}
	if len(sh.procFds) > procs {
		sh.closeProcSubs(procs)
	}
	sh.pipes = append(sh.pipes[:0], sh.status)
	sh.check()
}

// expandArgs expands the words of a command. args is nil unless it names a
// declaration builtin.
func (sh *Shell) expandArgs(c *syntax.Simple) (argv []string, args []argument) {
	if len(c.Args) == 0 {
		return nil, nil
	}
	e := expander{sh: sh, split: true}
	argv = make([]string, 0, len(c.Args)+1)
	for _, a := range c.Args {
		if c.Decl && a.Assign != nil {
			for len(args) < len(argv) {
				args = append(args, argument{})
			}
			text, value := sh.declWord(a.Assign)
			argv = append(argv, text)
			args = append(args, argument{a.Assign, value})
		} else {
			e.eq = a.Assign != nil && !sh.opt.posix
			e.tilde = e.eq
			argv = sh.wordFields(&e, argv, a.Word)
			e.tilde, e.eq = false, false
		}
		if sh.flow != flowNone {
			return nil, nil
		}
	}
	if c.Decl {
		for len(args) < len(argv) {
			args = append(args, argument{})
		}
	}
	return argv, args
}

// declWord expands an assignment that is an argument.
func (sh *Shell) declWord(a *syntax.Assign) (text, value string) {
	if a.IsArr {
		return a.Raw, ""
	}
	value = sh.assignText(a.Value)
	head := a.Raw[:len(a.Raw)-len(a.Value.Raw)]
	return head + value, value
}

// assignOnly runs a command without words: assignments and redirections.
func (sh *Shell) assignOnly(c *syntax.Simple) {
	sh.last = ""
	undo, ok := redirects{}, true
	if len(c.Redirs) > 0 {
		undo, ok = sh.redirect(c.Redirs)
		undo.restore(sh)
		if sh.flow != flowNone {
			return
		}
	}
	for _, a := range c.Assigns {
		if !sh.assignWord(a) {
			if sh.flow == flowNone && sh.opt.posix {
				sh.fatal(127)
			} else if sh.flow == flowNone {
				sh.giveUp(1)
			}
			return
		}
	}
	switch {
	case !ok:
		sh.status = 1
	case sh.subst >= 0:
		sh.status = sh.subst
	default:
		sh.status = 0
	}
}

// assignWord performs one assignment; false if it failed.
func (sh *Shell) assignWord(a *syntax.Assign) bool {
	if a.IsArr {
		return sh.assignCompound(a)
	}
	value := sh.assignText(a.Value)
	if sh.flow != flowNone {
		return false
	}
	if sh.opt.xtrace {
		sh.trace(a.Raw[:len(a.Raw)-len(a.Value.Raw)] + traceValue(value))
	}
	if a.Index == nil {
		return sh.assign(a.Name, value, a.Append)
	}
	return sh.assignSub(a.Name, a.Index, value, a.Append)
}

// assignSub sets name[index].
func (sh *Shell) assignSub(name string, x *syntax.Index, value string, add bool) bool {
	v := sh.binding(name)
	if v == nil {
		v = sh.bind(name)
	}
	if v.has(attrNameref) {
		return sh.assignElement(name, x.Raw, value, add)
	}
	if v.has(attrAssoc) {
		key := sh.key(x)
		if sh.flow != flowNone {
			return false
		}
		if key == "" {
			sh.errorf("%s[%s]: bad array subscript", name, x.Raw)
			return false
		}
		return sh.storeKey(v, key, value, add)
	}
	if x.All != 0 {
		sh.errorf("%s[%s]: bad array subscript", name, x.Raw)
		return false
	}
	if strings.TrimSpace(x.Raw) == "" {
		sh.errorf("%s[%s]: bad array subscript", name, x.Raw)
		return false
	}
	i, ok := sh.indexOf(x)
	if !ok {
		return false
	}
	return sh.storeIndex(v, i, x.Raw, value, add)
}

// call runs a command that has a name: a function, a builtin or a program.
func (sh *Shell) call(c *syntax.Simple, argv []string, args []argument) {
	name := argv[0]
	if sh.opt.posix && isSpecialBuiltin(name) {
		if run := sh.builtinFor(name); run != nil {
			sh.callBuiltin(c, run, argv, args)
			return
		}
	}
	if fn := sh.funcs[name]; fn != nil {
		sh.callFunc(c, fn, argv)
		return
	}
	if run := sh.builtinFor(name); run != nil {
		sh.callBuiltin(c, run, argv, args)
		return
	}
	sh.callProgram(c, argv)
}

// callBuiltin runs a builtin with its redirections and temporary variables.
func (sh *Shell) callBuiltin(c *syntax.Simple, run builtin, argv []string, args []argument) {
	undo, ok := redirects{}, true
	if len(c.Redirs) > 0 {
		if undo, ok = sh.redirect(c.Redirs); !ok {
			undo.restore(sh)
			if sh.flow == flowNone {
				sh.status = 1
				if sh.opt.posix && isSpecialBuiltin(argv[0]) {
					sh.fatal(1)
				}
			}
			return
		}
	}
	var temps []string
	if len(c.Assigns) > 0 {
		if temps, ok = sh.tempAssigns(c.Assigns, sh.depth); !ok && sh.flow != flowNone {
			undo.restore(sh)
			return
		}
	}
	if sh.opt.xtrace {
		sh.traceCommand(argv, args)
	}
	was, wasArgs := sh.builtin, sh.declArgs
	sh.builtin, sh.declArgs = argv[0], args
	status := run(sh, argv)
	if sh.flow != flowExit && sh.flow != flowAbort {
		// What ended the shell meanwhile has set the status itself.
		sh.status = status
	}
	sh.builtin, sh.declArgs = was, wasArgs
	sh.last = lastArg(argv)
	if status == 2 && sh.opt.posix && isSpecialBuiltin(argv[0]) && argv[0] != "eval" && sh.flow == flowNone {
		sh.fatal(2) // a usage error of a special builtin ends a POSIX shell
	}
	if temps != nil {
		sh.dropTemps(temps, sh.opt.posix && isSpecialBuiltin(argv[0]))
	}
	if argv[0] == "exec" && len(argv) == 1 && sh.flow == flowNone {
		undo.keep()
		return
	}
	undo.restore(sh)
}

func lastArg(argv []string) string { return argv[len(argv)-1] }

// tempAssigns binds variables for the time of one command. They are exported.
func (sh *Shell) tempAssigns(assigns []*syntax.Assign, depth int) (names []string, ok bool) {
	ok = true
	for _, a := range assigns {
		if a.IsArr || a.Index != nil {
			continue
		}
		value := sh.assignText(a.Value)
		if sh.flow != flowNone {
			return names, false
		}
		if sh.opt.xtrace {
			sh.trace(a.Name + "=" + traceValue(value))
		}
		old := sh.vars[a.Name]
		if old != nil && old.has(attrReadonly) {
			sh.warnf("%s: readonly variable", a.Name)
			ok = false
			continue
		}
		v := &variable{name: a.Name, attr: attrExport | attrTemp, set: true, depth: depth, outer: old}
		if old != nil && old.has(attrNameref) {
			if target, _, hasSub, ok := sh.deref(a.Name); ok && !hasSub && target != a.Name {
				v.name = target
				v.outer = sh.vars[target]
				old = v.outer
			}
		}
		prev := ""
		if old != nil {
			v.attr |= old.attr & (attrInteger | attrLower | attrUpper | attrCapital)
			prev, _ = old.scalar()
		}
		if value, ok = sh.cook(v, prev, value, a.Append); !ok {
			return names, false
		}
		v.str = value
		sh.put(v.name, v)
		names = append(names, v.name)
		sh.env = nil
		sh.noteAssign(v.name)
	}
	return names, ok
}

// dropTemps ends temporary variables; with keep they stay as ordinary ones.
func (sh *Shell) dropTemps(names []string, keep bool) {
	for i := len(names) - 1; i >= 0; i-- {
		name := names[i]
		v := sh.vars[name]
		if v == nil || !v.has(attrTemp) {
			continue
		}
		sh.env = nil
		switch {
		case keep:
			v.attr &^= attrTemp
			if v.outer != nil {
				v.attr, v.depth, v.outer = v.outer.attr|v.attr&^attrExport, v.outer.depth, v.outer.outer
			}
		case v.outer != nil:
			sh.put(name, v.outer)
		default:
			sh.drop(name)
		}
		sh.noteAssign(name)
	}
}

// callProgram finds a program in PATH and runs it.
func (sh *Shell) callProgram(c *syntax.Simple, argv []string) {
	undo, ok := redirects{}, true
	if len(c.Redirs) > 0 {
		if undo, ok = sh.redirect(c.Redirs); !ok {
			undo.restore(sh)
			if sh.flow == flowNone {
				sh.status = 1
			}
			return
		}
	}
	temps, _ := sh.tempAssigns(c.Assigns, sh.depth)
	if sh.flow == flowNone {
		if sh.opt.xtrace {
			sh.traceCommand(argv, nil)
		}
		sh.status = sh.runProgram(argv)
	}
	sh.last = lastArg(argv)
	sh.dropTemps(temps, false)
	undo.restore(sh)
}

// runProgram runs argv, found as bash finds it, and returns its status.
func (sh *Shell) runProgram(argv []string) int {
	file, status := sh.findProgram(argv)
	if file == "" {
		return status
	}
	return sh.spawn(file, argv)
}

// findProgram returns the file of a command, or reports why there is none and
// returns the status.
func (sh *Shell) findProgram(argv []string) (file string, status int) {
	name := argv[0]
	if !strings.Contains(name, "/") {
		if file = sh.searchPath(name); file != "" {
			return file, 0
		}
		if fn := sh.funcs["command_not_found_handle"]; fn != nil {
			sh.runFunc(fn, append([]string{"command_not_found_handle"}, argv...))
			return "", sh.status
		}
		sh.warnf("%s: %s", name, sh.notFound())
		return "", 127
	}
	info, err := sh.stat(name)
	switch {
	case err != nil && vfs.ToErrno(err) == vfs.ENOENT:
		sh.warnf("%s: No such file or directory", name)
		return "", 127
	case err != nil:
		sh.warnf("%s: %s", name, tool.ErrText(err))
		return "", 126
	case info.IsDir():
		sh.warnf("%s: Is a directory", name)
		return "", 126
	case info.Mode.Perm()&0o111 == 0:
		sh.warnf("%s: Permission denied", name)
		return "", 126
	}
	return name, 0
}

// notFound is why a name leads to no program.
func (sh *Shell) notFound() string {
	if path, ok := sh.value("PATH"); ok && path == "" {
		return "No such file or directory"
	}
	return "command not found"
}

// hashEntry is a command whose file is known.
type hashEntry struct {
	path string
	hits int
}

// searchPath finds a program in PATH, "" if there is none. What was found is
// remembered.
func (sh *Shell) searchPath(name string) string {
	if name == "" {
		return ""
	}
	if h := sh.hashed[name]; h != nil {
		h.hits++
		return h.path
	}
	file := sh.inPath(name)
	if file != "" && sh.opt.hashall && path.IsAbs(file) {
		if sh.hashed == nil {
			sh.hashed = map[string]*hashEntry{}
		}
		sh.hashed[name] = &hashEntry{file, 1}
	}
	return file
}

// inPath searches PATH. A file that is not executable is returned where no
// other is found, so that the error can be told.
func (sh *Shell) inPath(name string) string {
	second := ""
	for _, dir := range strings.Split(sh.getvar("PATH"), ":") {
		file := name
		if dir != "" && dir != "." {
			file = strings.TrimSuffix(dir, "/") + "/" + name
		} else {
			file = "./" + name
		}
		info, err := sh.stat(file)
		if err != nil || info.IsDir() {
			continue
		}
		if info.Mode.Perm()&0o111 != 0 {
			return file
		}
		if second == "" {
			second = file
		}
	}
	return second
}

func (sh *Shell) isProgram(file string) bool {
	info, err := sh.stat(file)
	return err == nil && info.Mode.IsRegular() && info.Mode.Perm()&0o111 != 0
}

// maxArgs bounds the arguments and environment of a command (THREAT[SH-08]).
const maxArgs = 2 << 20

// spawn runs a program through the hook of the Exec.
func (sh *Shell) spawn(file string, argv []string) int {
	env := sh.environ()
	size := 0
	for _, s := range argv {
		size += len(s) + 1
	}
	for _, s := range env {
		size += len(s) + 1
	}
	if size > maxArgs {
		sh.warnf("%s: Argument list too long", file)
		return 126
	}
	if sh.x.Spawn == nil {
		sh.warnf("%s: command not found", argv[0])
		return 127
	}
	x := sh.exec(sh.ctx, argv, append(env, "_="+file))
	args := append([]string{file}, argv[1:]...)
	status, err := sh.x.Spawn(sh.ctx, x, args)
	if err != nil {
		status = sh.spawnError(file, err, status)
	}
	if sh.hasTrap(sigCHLD) {
		sh.proc.signal(sigCHLD)
	}
	if sig := sh.proc.killedBy(); sig != 0 {
		return 128 + sig
	}
	return status & 0xff
}

// spawnError reports why a program could not be run.
func (sh *Shell) spawnError(file string, err error, status int) int {
	var pe *fs.PathError
	switch {
	case vfs.ToErrno(err) == vfs.ENOEXEC:
		sh.warnf("%s: cannot execute binary file: Exec format error", file)
	case strings.Contains(err.Error(), "bad interpreter"):
		sh.warnf("%s: cannot execute: required file not found", file)
		return 127
	case errors.As(err, &pe):
		sh.warnf("%s: %s", file, tool.ErrText(err))
	default:
		sh.warnf("%s: %s", file, tool.ErrText(err))
	}
	return status
}

// exec is the Exec of a program that the shell starts.
func (sh *Shell) exec(ctx context.Context, argv, env []string) *tool.Exec {
	x := *sh.x
	x.Name = path.Base(argv[0])
	x.Args = argv[1:]
	x.Env = env
	x.Dir = sh.cwd
	x.Umask = sh.umask
	x.Stdin = sh.inputOf(ctx, 0)
	x.Stdout = stream{ctx, sh.orClosed(1)}
	x.Stderr = stream{ctx, sh.orClosed(2)}
	x.OpenDev = func(name string, flag vfs.Flag) (*tool.File, bool, error) {
		f, ok, err := sh.openDev(name, flag)
		if !ok || err != nil {
			return nil, ok, err
		}
		if f.seekable() {
			f.settle()
		}
		s := stream{ctx, f}
		return tool.StreamFile(s, s), true, nil
	}
	x.Terminal = func(fd int) bool { return sh.isTerminal(fd) }
	return &x
}

// orClosed is the open file at fd, or one that fails with EBADF.
func (sh *Shell) orClosed(fd int) *openFile {
	if f := sh.fds.get(fd); f != nil {
		return f
	}
	return &openFile{}
}
