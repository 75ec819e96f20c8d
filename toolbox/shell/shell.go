/*
Package shell is the bash of the sandbox.

	bash [OPTION]... [-c COMMAND [NAME [ARG]...]]
	bash [OPTION]... FILE [ARG]...
	bash [OPTION]... -s [ARG]...

It runs scripts as bash 5.2 does, with its expansions, builtins, messages and
exit statuses. Without operands it reads commands from standard input.

	-c COMMAND  run COMMAND; NAME is $0, the ARGs are $1 and up
	-s          read standard input; the operands are $1 and up
	-e -u -x …  what the builtin set takes, also +e and -o NAME
	-O NAME     switch an option of shopt on (+O off)
	--posix     keep to POSIX where bash differs; the name sh does so too
	--version   print the version
	-i          interactive: with prompts, history and the start-up file ~/.bashrc
	--rcfile FILE, --norc  another start-up file, none
	--noprofile, --login, -l  accepted; the files of a login are not read

A subshell, a stage of a pipeline and a background command is a goroutine with
a copy of the shell's state; commands run through the hook Spawn of their
Exec. Pipes are in-process: a writer whose reader is gone ends with status 141.
*/
package shell

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"time"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Options say how a shell starts.
type Options struct {
	Name  string   // $0, "bash" unless set
	Args  []string // $1 and up
	Posix bool
}

// Shell is one shell process and its state: variables, functions, options,
// descriptors, jobs. A subshell is another Shell. Not for use by several
// goroutines at once.
type Shell struct {
	x       *tool.Exec
	sys     *system
	proc    *proc
	ctx     context.Context
	foreign bool            // ctx is not the process
	base    context.Context // of the run that the shell belongs to

	name   string // $0
	args   []string
	status int // $?

	vars    varTable
	funcs   shared[*function]
	aliases shared[string]
	hashed  shared[hashEntry]
	env     []string // of commands; nil when out of date
	opt     options
	shopts  shopts
	umask   fs.FileMode
	cwd     string
	dirs    []string // below the top of the directory stack

	fds      fds
	host     [3]*openFile // the standard streams of the Exec
	jobs     jobs
	traps    map[int]string
	frames   []*frame
	depth    int // of functions
	line     int
	around   int  // the line of errors between commands: where the complete command ends, or the for, case or function begins
	shifted  int  // what the lines of the running text are shifted by
	texts    int  // texts that run, each within the one before
	toTop    bool // with flowAbort: all of them are given up
	loops    int
	errOff   int // contexts in which errexit and the ERR trap are off
	notOff   int // how many of them are a ! that functions do not inherit
	flow     flow
	flowN    int
	subst    int       // status of the last command substitution, -1 for none
	ifs      *ifsState // of $IFS; nil when out of date
	bytewise bool      // the locale is C: each byte is a character
	getopts  getoptsState
	rand     uint32
	seeded   bool // rand has its start
	seconds  time.Time
	pipes    []int        // PIPESTATUS
	last     string       // $_
	lastBg   int          // $!
	gone     shared[bool] // special variables that were unset

	script   string // where the commands come from: "-c", "stdin" or "", a file
	command  string // $BASH_EXECUTION_STRING
	main     bool   // the outermost shell
	leanPid  int    // of a lean subshell, once it was asked for
	lean     bool   // a lean subshell: the process is the parent's
	borrows  bool   // the variables are the parent's
	sublevel int    // $BASH_SUBSHELL
	ticks    int
	inTrap   int
	nesting  int
	current  syntax.Command // $BASH_COMMAND
	disabled shared[bool]
	builtin  string     // the builtin that runs, for messages
	declArgs []argument // of the declaration builtin that runs
	procFds  []int      // descriptors of process substitutions
	regexes  map[string]*regex.Regexp
	evals    int             // nesting of eval, source and traps, for xtrace
	pid      int             // $$
	out      []byte          // reused by echo
	limits   map[byte]string // of ulimit

	nodes   *syntax.Arena    // for what is parsed
	parsers []*syntax.Parser // that nobody uses now
	parses  *parses          // nil in subshells
	warned  bool             // by the parser
	leans   []*lean          // that nobody uses now
	words   []string         // for the words of builtins
	expands expandRoom       // for the words that are expanded

	overridden bool // a lean builtin has got another meaning

	room     []variable // for variables to come
	newFiles []openFile // for open files to come

	heldTrace     string // a declaration that xtrace shows when its arrays are assigned
	completions   shared[*compSpec]
	completing    *compSpec // the one that is being followed
	hist          history
	lastSubst     substitution  // of history expansion
	lines         *commandLines // that the commands come from, if they come line by line
	numbered      int           // complete commands that were read, for prompts
	keepRedirects bool          // the builtin that ran was an exec that keeps its redirections

	shownTraps               map[int]string // of the parent, as trap -p lists them
	negated                  bool           // the test that runs in [[ ]] stands behind a !
	inErr, inDebug, inReturn bool
	debugged                 bool // the DEBUG trap of the first command has run
}

// flow is why commands are being left.
type flow uint8

const (
	flowNone flow = iota
	flowBreak
	flowContinue
	flowReturn
	flowAbort // the current complete command is given up
	flowExit
)

// New makes a shell for many scripts: state stays from one to the next. x
// supplies environment and directory; the rest of it is given anew to each
// Exec. The context is that of background commands, and may have a Spare.
func New(ctx context.Context, x *tool.Exec) *Shell {
	sh := newShell(ctx, x, Options{Name: "bash"})
	sh.script = "-c"
	return sh
}

// joinSystem makes the shell the process that ctx belongs to, or the first
// process of a new system.
func (sh *Shell) joinSystem(ctx context.Context) {
	sh.base = ctx
	if p := procOf(ctx); p != nil {
		sh.sys = p.sys
		if sub := p.sys.spawn(ctx, p.pid); sub != nil {
			sh.proc = sub
			sh.ctx = sub
			return
		}
		sh.proc, sh.ctx, sh.foreign = p, ctx, true
		return
	}
	if sh.sys == nil {
		sh.sys = newSystem()
	}
	sh.sys.ctx, sh.sys.start = ctx, sh.seconds
	sh.proc = sh.sys.spawn(ctx, 1)
	sh.ctx = sh.proc
}

// stdio gives the shell the standard streams of x. In a session the
// descriptors stay what they are, and what is still the host's leads to the
// new streams: for jobs that run on, too.
func (sh *Shell) stdio(x *tool.Exec) {
	if sh.host[0] != nil {
		sh.host[0].retarget(x.Stdin, nil)
		sh.host[1].retarget(nil, x.Stdout)
		sh.host[2].retarget(nil, x.Stderr)
		return
	}
	sh.host = [3]*openFile{sh.hostFile(x.Stdin, nil), sh.hostFile(nil, x.Stdout), sh.hostFile(nil, x.Stderr)}
	for fd, f := range sh.host {
		sh.fds.set(fd, f)
	}
}

// inherit takes over the descriptors of the shell that started this one, behind
// the standard streams.
func (sh *Shell) inherit(ctx context.Context) {
	p := procOf(ctx)
	if p == nil {
		return
	}
	for fd := 3; fd < len(p.files); fd++ {
		if f := p.files[fd]; f != nil {
			sh.fds.set(fd, f.ref())
		}
	}
}

// Exec runs a script and returns its exit status. The script may end the
// shell ("exit"), which Exited reports.
//
// Of x the standard streams, the clock and the hooks are used; Args, if not
// nil, become the positional parameters. The Exec of the call before stands for
// the same streams. The script's text is copied.
func (sh *Shell) Exec(ctx context.Context, x *tool.Exec, script string) int {
	if x == sh.x {
		sh.host[0].forget()
	} else {
		sh.x = x
		sh.stdio(x)
	}
	if x.Args != nil {
		sh.args = x.Args
	}
	sh.proc.renew(ctx)
	sh.ctx = sh.proc
	sh.flow = flowNone
	sh.runPassing(script, "-c", 1)
	if sh.flow == flowExit {
		sh.runExitTrap()
	}
	if sh.opt.monitor {
		sh.noticeJobs()
	}
	return sh.status
}

// wholeLine is a copy of the text that ends with a newline.
func wholeLine(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return strings.Clone(text)
	}
	return text + "\n"
}

// Exited reports whether a script has ended the shell.
func (sh *Shell) Exited() bool { return sh.flow == flowExit }

// Dir is the shell's working directory.
func (sh *Shell) Dir() string { return sh.cwd }

// fork makes a subshell: a copy of the state that shares nothing that either
// may change. nil, with a message, when there are too many processes.
func (sh *Shell) fork() *Shell { return sh.forkIn(sh.ctx) }

// forkApart makes a subshell that outlives this process.
func (sh *Shell) forkApart() *Shell { return sh.forkIn(sh.base) }

func (sh *Shell) forkIn(ctx context.Context) *Shell {
	p := sh.sys.spawn(ctx, sh.proc.pid)
	if p == nil {
		sh.errorf("fork: retry: Resource temporarily unavailable")
		sh.leave(254)
		sh.sys.exhausted(sh.proc)
		return nil
	}
	sub := *sh
	sub.proc, sub.ctx, sub.foreign = p, p, false
	sub.vars = sh.vars.clone()
	sub.funcs = sh.funcs.fork()
	sub.aliases = sh.aliases.fork()
	sub.hashed = sh.hashed.fork()
	sub.gone = sh.gone.fork()
	sub.disabled = sh.disabled.fork()
	sub.frames = append([]*frame(nil), sh.frames...)
	sub.fds = sh.fds.clone()
	sub.jobs = jobs{inherited: sh.jobs.all()}
	sub.nodes, sub.parsers, sub.parses, sub.leans, sub.words, sub.expands = nil, nil, nil, nil, nil, expandRoom{}
	sub.lean, sub.borrows, sub.leanPid = false, false, 0
	sub.seeded = false // as in bash, its random numbers are others
	sub.main = false
	sub.sublevel++
	sub.traps = sh.forkTraps(p)
	sub.shownTraps = nil
	if len(sh.traps) > 0 {
		sub.shownTraps = maps.Clone(sh.traps)
	}
	sub.procFds, sub.regexes, sub.out, sub.room, sub.newFiles = nil, nil, nil, nil, nil
	sub.completions = sh.completions.fork()
	sub.hist = sh.hist.fork()
	sub.pipes = append([]int(nil), sh.pipes...)
	return &sub
}

// finish ends the process of a subshell: its EXIT trap runs, its descriptors
// close.
func (sh *Shell) finish() int {
	sh.runExitTrap()
	sh.fds.closeAll()
	status := sh.status
	if sig := sh.proc.killedBy(); sig != 0 {
		status = 128 + sig
	}
	sh.proc.end(status)
	return status
}

// leave makes the shell exit with status.
func (sh *Shell) leave(status int) {
	sh.status = status
	sh.flow = flowExit
}

// where is the prefix of messages: the script and the line.
func (sh *Shell) where() string {
	name := sh.name
	if src := sh.sourceName(); src != "" {
		name = src
	}
	if sh.opt.interactive {
		return name + ": "
	}
	return fmt.Sprintf("%s: line %d: ", name, sh.line)
}

// errorf prints a message of the shell itself, or of the builtin that runs.
func (sh *Shell) errorf(format string, args ...any) {
	prefix := sh.where()
	if sh.builtin != "" {
		prefix += sh.builtin + ": "
	}
	sh.stderr(prefix + fmt.Sprintf(format, args...) + "\n")
}

// warnf prints a message of the shell itself.
func (sh *Shell) warnf(format string, args ...any) {
	sh.stderr(sh.where() + fmt.Sprintf(format, args...) + "\n")
}

func (sh *Shell) stderr(text string) {
	if f := sh.fds.get(2); f != nil {
		f.write(sh.ctx, []byte(text))
	}
}

// write prints to standard output. A failure is reported and returned as the
// builtin's status; a closed pipe ends the process as SIGPIPE does.
func (sh *Shell) write(text string) int { return sh.writeFd(1, []byte(text)) }

func (sh *Shell) writeFd(fd int, text []byte) int {
	if len(text) == 0 {
		return 0
	}
	var err error = vfs.EBADF
	if f := sh.fds.get(fd); f != nil {
		_, err = f.write(sh.ctx, text)
	}
	if err == nil {
		return 0
	}
	if vfs.ToErrno(err) == vfs.EPIPE {
		if _, trapped := sh.traps[sigPIPE]; !trapped {
			sh.kill(sigPIPE)
			return 141
		}
	}
	sh.errorf("write error: %s", tool.ErrText(err))
	return 1
}

// kill ends this process as the signal does.
func (sh *Shell) kill(sig int) {
	if sh.lean {
		sh.leave(128 + sig)
		return
	}
	sh.proc.mu.Lock()
	sh.proc.killed = sig
	sh.proc.mu.Unlock()
	sh.leave(128 + sig)
}
