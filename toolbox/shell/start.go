package shell

import (
	"context"
	"io"
	"strconv"
	"strings"
	"sync/atomic"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Spare is a shell made ahead, but for what its process gives it. It may be
// used by several goroutines.
type Spare struct{ sh atomic.Pointer[Shell] }

type spareKey struct{}

// NewSpare makes a shell ahead.
func NewSpare() *Spare {
	s := &Spare{}
	sh := bareShell()
	sh.sys = newSystem()
	sh.sys.spare = newProc()
	s.sh.Store(sh)
	return s
}

// With returns a context in which the first shell to start is the spare one.
func (s *Spare) With(ctx context.Context) context.Context {
	return context.WithValue(ctx, spareKey{}, s)
}

// spareShell takes the shell that was made ahead, or makes one.
func spareShell(ctx context.Context) *Shell {
	if s, ok := ctx.Value(spareKey{}).(*Spare); ok {
		if sh := s.sh.Swap(nil); sh != nil {
			return sh
		}
	}
	return bareShell()
}

// How much room a shell has at its start: for what most environments hold.
const (
	roomVars = 42
	roomFds  = 16
)

// bareShell makes a shell that knows nothing of its process: its variables are
// those that every shell has.
func bareShell() *Shell {
	sh := &Shell{
		traps: map[int]string{}, subst: -1, main: true, pipes: make([]int, 0, 4), opt: defaultOptions(), shopts: defaultShopts(),
		room: make([]variable, roomVars), newFiles: make([]openFile, 3),
	}
	sh.fds.open = make([]*openFile, 0, roomFds)
	sh.nodes = new(syntax.Arena)
	sh.nodes.Fill()
	sh.parses = new(parses)
	sh.words = make([]string, keepWords)
	sh.expands = expandRoom{make([]string, 0, 4), make([]string, 0, 4), make([]byte, 0, 64), make([]int, 0, 8)}
	sh.giveParser(syntax.NewIn(sh.nodes))
	sh.defaultVars()
	sh.splitter()
	return sh
}

func newShell(ctx context.Context, x *tool.Exec, opts Options) *Shell {
	sh := spareShell(ctx)
	sh.x, sh.name, sh.args = x, opts.Name, opts.Args
	sh.cwd, sh.umask, sh.seconds = x.Dir, x.Umask, x.Now()
	if sh.name == "" {
		sh.name = "bash"
	}
	sh.last = sh.name
	if sh.umask == 0 {
		sh.umask = 0o022
	}
	sh.opt.posix = opts.Posix
	sh.joinSystem(ctx)
	sh.pid = sh.proc.pid
	sh.stdio(x)
	sh.inherit(ctx)
	sh.importEnv(x.Env)
	return sh
}

// hostFile wraps a stream of the Exec; one that is a descriptor of an outer
// shell is shared with it.
func (sh *Shell) hostFile(r io.Reader, w io.Writer) *openFile {
	if s, ok := r.(stream); ok {
		return s.f.ref()
	}
	if s, ok := w.(stream); ok {
		return s.f.ref()
	}
	if file, ok := r.(*tool.File); ok && !file.Stream() {
		// The position is shared with the one who gave it.
		f := &openFile{file: file, access: vfs.Read, borrowed: true}
		return f.ref()
	}
	f := sh.newFile()
	f.r, f.w = r, w
	if r != nil {
		f.access |= vfs.Read
	}
	if w != nil {
		f.access |= vfs.Write
	}
	return f.ref()
}

// newFile takes an open file from the room.
func (sh *Shell) newFile() *openFile {
	if len(sh.newFiles) == 0 {
		return &openFile{}
	}
	f := &sh.newFiles[0]
	sh.newFiles = sh.newFiles[1:]
	return f
}

// variables makes so many variables at a time.
const varsAtOnce = 16

// newVar makes a variable like v. A variable of its own costs an allocation,
// which is more than all else about it.
func (sh *Shell) newVar(v variable) *variable {
	if len(sh.room) == 0 {
		sh.room = make([]variable, varsAtOnce)
	}
	out := &sh.room[0]
	sh.room = sh.room[1:]
	*out = v
	return out
}

// importEnv makes variables of the environment, and functions of what other
// shells exported.
func (sh *Shell) importEnv(env []string) {
	for _, e := range env {
		name, value, ok := strings.Cut(e, "=")
		if !ok {
			continue
		}
		if fn, ok := strings.CutPrefix(name, "BASH_FUNC_"); ok && strings.HasSuffix(fn, "%%") {
			sh.importFunc(strings.TrimSuffix(fn, "%%"), value)
			continue
		}
		if syntax.IsName(name) && !isOwnVar(name) {
			sh.put(sh.newVar(variable{name: name, attr: attrExport, set: true, str: value}))
		}
	}
	sh.processVars()
}

// isOwnVar reports whether the shell sets the variable at its start whatever
// the environment says.
func isOwnVar(name string) bool {
	switch name {
	case "IFS", "OPTIND", "OPTERR", "PS4", "UID", "EUID", "PPID", "BASH_VERSINFO":
		return true
	}
	return false
}

// processVars sets the variables that tell of the process.
func (sh *Shell) processVars() {
	level, _ := strconv.Atoi(sh.getvar("SHLVL"))
	sh.put(sh.newVar(variable{name: "SHLVL", attr: attrExport, set: true, str: itoa(max(level, 0) + 1)}))
	if v := sh.vars.get("PWD"); v == nil || !sh.sameDir(v.str) {
		sh.put(sh.newVar(variable{name: "PWD", attr: attrExport, set: true, str: sh.cwd}))
	} else {
		sh.cwd = v.str
	}
	if sh.vars.get("OLDPWD") == nil {
		sh.put(sh.newVar(variable{name: "OLDPWD", attr: attrExport}))
	}
	sh.vars.get("PPID").str = itoa(sh.proc.ppid)
	sh.bytewise = sh.locale() == "C"
	if v := sh.vars.get("_"); v != nil {
		sh.last = v.str
		sh.drop("_")
	}
	sh.noteLevel()
}
