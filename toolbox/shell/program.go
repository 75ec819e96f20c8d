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

// callProgram finds a program in PATH and runs it.
func (sh *Shell) callProgram(c *syntax.Simple, argv []string) {
	temps, ok := sh.prepareTemps(c, argv, nil, sh.depth)
	if !ok {
		return
	}
	undo, ok := sh.prepareRedirs(c, temps)
	if !ok {
		if sh.ctx.Err() == nil {
			sh.flow = flowNone // bash expands them in the process of the program, which alone ends
		}
		return
	}
	sh.status = sh.runProgram(argv)
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
		if fn := sh.funcs.get("command_not_found_handle"); fn != nil {
			sh.runFunc(fn, append([]string{"command_not_found_handle"}, argv...))
			return "", sh.status
		}
		sh.warnf("%s: %s", printable(name), sh.notFound())
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
	if h := sh.hashed.get(name); h.path != "" {
		h.hits++
		sh.hashed.put(name, h)
		return h.path
	}
	file := sh.inPath(name)
	if file != "" && sh.opt.hashall && !strings.HasPrefix(file, "./") && sh.isProgram(file) {
		sh.hashed.put(name, hashEntry{file, 1})
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

// program is how a program is started.
type program struct {
	env  []string
	bare bool   // nothing is added to env
	name string // its argv[0], if that is not the command's name
}

// spawn runs a program through the hook of the Exec.
func (sh *Shell) spawn(file string, argv []string) int {
	return sh.spawnAs(file, argv, program{env: sh.environ()})
}

func (sh *Shell) spawnAs(file string, argv []string, p program) int {
	env := p.env
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
	sh.proc.files = sh.fds.open
	if !p.bare {
		env = append(env, "_="+file)
	}
	x := sh.exec(sh.ctx, argv, env)
	x.Arg0 = p.name
	args := append([]string{file}, argv[1:]...)
	status, err := sh.x.Spawn(sh.ctx, x, args)
	if err != nil {
		status = sh.spawnError(file, err, status)
	}
	if sh.hasTrap(sigCHLD) {
		sh.proc.signal(sigCHLD)
	}
	sh.proc.pause()
	sh.noticeJobs()
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
		f, ok, err := sh.openDev(name)
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
