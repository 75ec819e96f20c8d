package shell

import (
	"context"
	"fmt"
	"io"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run is the command bash, and sh.
func Run(ctx context.Context, x *tool.Exec) error {
	name := x.Name
	if name == "" {
		name = "bash"
	}
	sh := newShell(ctx, x, Options{Name: name, Posix: name == "sh"})
	defer sh.close()
	inv, status := sh.invocation(x.Args)
	if inv == nil {
		return tool.Exit(status)
	}
	sh.start(inv)
	sh.flow = flowExit
	sh.runExitTrap()
	status = sh.status
	if sig := sh.proc.killedBy(); sig != 0 {
		status = 128 + sig
	}
	return tool.Exit(status & 0xff)
}

// close ends the process of the shell. The outermost shell waits for what
// still holds its standard streams, as whoever reads them would.
func (sh *Shell) close() {
	outer := []*openFile{sh.fds.get(1), sh.fds.get(2)}
	for _, f := range outer {
		if f != nil {
			f.ref()
		}
	}
	sh.fds.closeAll()
	sh.proc.end(sh.status)
	if sh.proc.ppid == 1 {
		sh.sys.drain(outer)
	}
	for _, f := range outer {
		if f != nil {
			f.refs.Add(-1)
		}
	}
}

// invocation is what the arguments of bash ask for.
type invocation struct {
	command string
	hasCmd  bool
	stdin   bool
	file    string
	rcFile  string // the start-up file of an interactive shell, "" for ~/.bashrc
	noRC    bool   // none is read
}

// invocation reads the arguments; nil if there is nothing to run.
func (sh *Shell) invocation(args []string) (*invocation, int) {
	inv := &invocation{}
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		arg := args[0]
		args = args[1:]
		if arg == "--" || arg == "-" {
			break
		}
		var status int
		var stop bool
		if strings.HasPrefix(arg, "--") {
			args, stop, status = sh.longOption(inv, arg[2:], args)
		} else {
			args, stop, status = sh.shortOptions(inv, arg, args)
		}
		if stop {
			return nil, status
		}
	}
	if len(args) > 0 && args[0] == "-" {
		args = args[1:]
	}
	switch {
	case inv.hasCmd:
		if len(args) == 0 {
			sh.stderr(fmt.Sprintf("%s: -c: option requires an argument\n", sh.name))
			return nil, 2
		}
		inv.command = args[0]
		if len(args) > 1 {
			sh.name = args[1]
			args = args[1:]
		}
		sh.args = args[1:]
	case inv.stdin || len(args) == 0:
		inv.stdin = true
		sh.opt.stdin = true
		sh.args = args
	default:
		inv.file = args[0]
		sh.args = args[1:]
	}
	return inv, 0
}

func (sh *Shell) longOption(inv *invocation, name string, args []string) (rest []string, stop bool, status int) {
	switch name {
	case "version":
		sh.write("GNU bash, version " + Version + " (x86_64-pc-linux-gnu)\n" +
			"Copyright (C) 2022 Free Software Foundation, Inc.\n" +
			"License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\n" +
			"This is free software; you are free to change and redistribute it.\n" +
			"There is NO WARRANTY, to the extent permitted by law.\n")
		return nil, true, 0
	case "help":
		sh.write(usage)
		return nil, true, 0
	case "posix":
		sh.opt.posix = true
	case "verbose":
		sh.opt.verbose = true
	case "rcfile", "init-file":
		if len(args) == 0 {
			sh.stderr(fmt.Sprintf("%s: --%s: option requires an argument\n", sh.name, name))
			return nil, true, 2
		}
		inv.rcFile, args = args[0], args[1:]
	case "norc":
		inv.noRC = true
	case "noprofile", "login", "noediting", "restricted", "debugger", "dump-strings", "dump-po-strings", "debug", "protected", "wordexp", "pretty-print":
	default:
		sh.stderr(fmt.Sprintf("%s: --%s: invalid option\n", sh.name, name) + usage)
		return nil, true, 2
	}
	return args, false, 0
}

const usage = `Usage:	bash [GNU long option] [option] ...
	bash [GNU long option] [option] script-file ...
GNU long options:
	--debug
	--debugger
	--dump-po-strings
	--dump-strings
	--help
	--init-file
	--login
	--noediting
	--noprofile
	--norc
	--posix
	--pretty-print
	--rcfile
	--restricted
	--verbose
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
`

// shortOptions acts on a group of letters such as -euo.
func (sh *Shell) shortOptions(inv *invocation, group string, args []string) (rest []string, stop bool, status int) {
	on := group[0] == '-'
	for i := 1; i < len(group); i++ {
		switch c := group[i]; c {
		case 'c':
			inv.hasCmd = true
			sh.opt.command = true
		case 's':
			inv.stdin = true
		case 'i':
			sh.opt.interactive = true
		case 'l', 'r', 'D':
		case 'o':
			if len(args) == 0 {
				sh.opt.listNames(sh, on)
				return nil, true, 0
			}
			p := sh.opt.byName(args[0])
			if p == nil {
				sh.stderr(fmt.Sprintf("%s: line 0: %s: %s: invalid option name\n", sh.name, sh.name, args[0]))
				return nil, true, 2
			}
			*p = on
			args = args[1:]
		case 'O':
			if len(args) == 0 {
				return args, true, 0
			}
			if !sh.setShopt(args[0], on) {
				sh.stderr(fmt.Sprintf("%s: %s: invalid shell option name\n", sh.name, args[0]))
				return nil, true, 2
			}
			args = args[1:]
		default:
			p := sh.opt.byLetter(c)
			if p == nil {
				sh.stderr(fmt.Sprintf("%s: %c%c: invalid option\n", sh.name, group[0], c) + usage)
				return nil, true, 2
			}
			*p = on
		}
	}
	return args, false, 0
}

// start runs what was asked for.
func (sh *Shell) start(inv *invocation) {
	if sh.opt.interactive {
		sh.startInteractive(inv)
		defer sh.endInteractive()
	}
	switch {
	case inv.hasCmd:
		sh.script = "-c"
		sh.command = inv.command
		sh.runText(inv.command, "-c", 1)
	case inv.stdin:
		sh.script = "stdin"
		sh.runInput()
	default:
		sh.runFile(inv.file)
	}
}

// maxScript bounds the text of one script.
const maxScript = 64 << 20

// runFile runs a script file.
func (sh *Shell) runFile(name string) {
	text, err := sh.readScript(name)
	if err != nil && !strings.Contains(name, "/") && vfs.ToErrno(err) == vfs.ENOENT {
		if file := sh.inPath(name); file != "" {
			if again, err2 := sh.readScript(file); err2 == nil {
				text, err = again, nil
				name = file
			}
		}
	}
	if err != nil {
		sh.stderr(fmt.Sprintf("%s: %s: %s\n", sh.name, name, tool.ErrText(err)))
		sh.status = 126
		if vfs.ToErrno(err) == vfs.ENOENT {
			sh.status = 127
		}
		return
	}
	if strings.IndexByte(text[:min(len(text), 80)], 0) >= 0 && isBinary(text) {
		sh.stderr(fmt.Sprintf("%s: %s: cannot execute binary file\n", name, name))
		sh.status = 126
		return
	}
	sh.name = name
	sh.runText(text, "", 1)
}

// isBinary reports whether text is no script: a NUL in its first line.
func isBinary(text string) bool {
	line, _, _ := strings.Cut(text, "\n")
	return strings.IndexByte(line, 0) >= 0
}

func (sh *Shell) readScript(name string) (string, error) {
	f, err := sh.openFor(name, vfs.Read)
	if err != nil {
		return "", err
	}
	defer f.close()
	if info, err := f.stat(); err == nil && info.IsDir() {
		return "", vfs.EISDIR
	}
	data, err := io.ReadAll(io.LimitReader(stream{sh.ctx, f}, maxScript+1))
	if err == nil && len(data) > maxScript {
		err = vfs.EFBIG
	}
	return string(data), err
}

func (f *openFile) stat() (vfs.Info, error) {
	if f.file == nil || f.file.Stream() {
		return vfs.Info{}, vfs.ESPIPE
	}
	return f.file.Stat()
}

// runInput runs commands from standard input, read line by line, so that the
// commands can read what follows them.
func (sh *Shell) runInput() {
	f := sh.fds.get(0)
	if f == nil {
		return
	}
	f.ref()
	defer f.close()
	sh.runLines(func() (string, bool) {
		line, err := sh.readLine(f, '\n')
		if line == "" && err != nil {
			return "", false
		}
		f.settle()
		return line, true
	}, "", 1)
	if sh.opt.interactive && sh.flow != flowExit {
		sh.stderr("exit\n")
	}
}

// readLine reads up to and with delim.
func (sh *Shell) readLine(f *openFile, delim byte) (string, error) {
	var line []byte
	for {
		buf, err := f.fill(sh.ctx)
		if err != nil {
			return string(line), err
		}
		for i, c := range buf {
			if c == delim {
				line = append(line, buf[:i+1]...)
				f.discard(i + 1)
				return string(line), nil
			}
		}
		line = append(line, buf...)
		f.discard(len(buf))
		if len(line) > maxWord {
			return string(line), vfs.ENOMEM
		}
	}
}

// syntaxName is the prefix of syntax errors, before the line.
func (sh *Shell) syntaxName(kind string) string {
	name := sh.name
	if src := sh.sourceName(); src != "" && src != "environment" {
		name = src
	}
	if kind == "" {
		return name
	}
	return name + ": " + kind
}

func (sh *Shell) reportSyntax(prefix string, e *syntax.Error) {
	if e.Msg == "" {
		return
	}
	for msg := range strings.SplitSeq(e.Msg, "\x00") {
		if sh.opt.interactive {
			sh.stderr(prefix + ": " + msg + "\n")
			continue
		}
		sh.stderr(fmt.Sprintf("%s: line %d: %s\n", prefix, e.Line, msg))
	}
	if e.Echo != "" && !sh.opt.interactive {
		sh.stderr(fmt.Sprintf("%s: line %d: `%s'\n", prefix, e.Line, e.Echo))
	}
}

// drain waits until no process holds one of the files, then ends the rest.
func (s *system) drain(files []*openFile) {
	for {
		held := false
		for _, f := range files {
			held = held || f != nil && f.refs.Load() > 1
		}
		p := s.any()
		if p == nil || !held {
			break
		}
		select {
		case <-p.done:
		case <-s.ctx.Done():
			held = false
		}
		if s.ctx.Err() != nil {
			break
		}
	}
	s.mu.Lock()
	procs := make([]*proc, 0, len(s.procs))
	for _, p := range s.procs {
		procs = append(procs, p)
	}
	s.mu.Unlock()
	for _, p := range procs {
		p.cancel()
	}
	for _, p := range procs {
		<-p.done
	}
}

// any returns a living process.
func (s *system) any() *proc {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.procs {
		return p
	}
	return nil
}
