package sed

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// machine runs a script on its input.
type machine struct {
	ctx context.Context
	x   *tool.Exec
	options
	prog *program
	in   input

	stages            []stage // the script as it runs on blocks of lines, if it can
	blockIn, blockOut []byte

	stdout, out *output // out is the edited file, if there is one
	outputs     map[string]*output
	readers     map[string]*reader
	queue       []pending
	edited      string // file edited in place
	temp        string // what takes its place

	space, hold           []byte
	spaceWhole, holdWhole bool // they end in a newline
	replaced              bool // an s succeeded since the last t
	restart               bool // D: the next cycle reads no line
	last                  *regex.Regexp
	loc                   []int
	accum                 []byte
	limit                 int
	status                int
}

func newMachine(ctx context.Context, x *tool.Exec, o options, p *program, files []string) *machine {
	if len(files) == 0 {
		files = []string{"-"}
	}
	m := &machine{ctx: ctx, x: x, options: o, prog: p, holdWhole: true, limit: x.Budget.Record, readers: map[string]*reader{}}
	if m.limit == 0 {
		m.limit = tool.DefaultRecord
	}
	m.stdout = m.newOutput(x.Stdout, func() error { return nil })
	m.out = m.stdout
	m.in = input{m: m, files: files}
	m.stages = m.plan()
	return m
}

// outcome is how a cycle goes on after a command.
type outcome uint8

const (
	goOn     outcome = iota
	endCycle         // print, and start the next
	nextOne          // start the next without printing
	quit             // print, and end
	quitNow          // end
)

func (m *machine) run() error {
	err := m.openOutputs()
	if err == nil {
		err = m.cycles()
	}
	if err == nil {
		err = m.in.finish()
	}
	if flushErr := m.flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return m.stop(err)
	}
	return tool.Exit(m.status)
}

// stop turns an error of matching into the end of the run.
func (m *machine) stop(err error) error {
	if errors.Is(err, regex.ErrBudget) {
		return m.x.Fail(4, "regular expression: %s", err)
	}
	return err
}

func (m *machine) cycles() error {
	for {
		if m.stages != nil {
			if err := m.blocks(); err != nil {
				return err
			}
		}
		if !m.restart {
			ok, err := m.read()
			if !ok || err != nil {
				return err
			}
		}
		m.restart = false
		how, err := m.cycle()
		if err != nil {
			return err
		}
		if (how == endCycle || how == quit) && !m.quiet {
			if err := m.line(m.out, m.space, m.spaceWhole); err != nil {
				return err
			}
		}
		if how != quitNow {
			if err := m.dump(); err != nil {
				return err
			}
		}
		if how == quit || how == quitNow {
			return m.in.unread()
		}
	}
}

// read reads the next line into the pattern space.
func (m *machine) read() (ok bool, err error) {
	m.space, m.spaceWhole, ok, err = m.in.next(m.space)
	m.replaced = false
	return ok, err
}

// cycle runs the commands once.
func (m *machine) cycle() (outcome, error) {
	cmds := m.prog.cmds
	for pc := 0; pc < len(cmds); {
		cmd := cmds[pc]
		pc++
		if cmd.from != nil || cmd.negate {
			ok, err := m.applies(cmd)
			if err != nil {
				return 0, err
			}
			if ok == cmd.negate {
				if cmd.name == '{' {
					pc = cmd.target
				}
				continue
			}
		}
		if m.jumps(cmd) {
			if pc = cmd.target; pc < len(cmds) && m.ctx.Err() != nil {
				return 0, m.ctx.Err()
			}
			continue
		}
		how, err := m.command(cmd)
		if how != goOn || err != nil {
			return how, err
		}
	}
	return endCycle, nil
}

// jumps reports whether the command is a jump that is taken.
func (m *machine) jumps(cmd *command) bool {
	switch cmd.name {
	case 'b':
		return true
	case 't':
		taken := m.replaced
		m.replaced = false
		return taken
	case 'T':
		taken := !m.replaced
		m.replaced = false
		return taken
	}
	return false
}

func (m *machine) command(cmd *command) (outcome, error) {
	switch cmd.name {
	case 's':
		return goOn, m.substitute(cmd.subst)
	case 'y':
		m.space = cmd.y.apply(m.space)
	case 'd':
		return nextOne, nil
	case 'D':
		return m.deleteLine()
	case 'g':
		m.space, m.spaceWhole = append(m.space[:0], m.hold...), m.holdWhole
	case 'G':
		m.space = append(append(m.space, m.delim), m.hold...)
		return goOn, m.bounded(m.space)
	case 'h':
		m.hold, m.holdWhole = append(m.hold[:0], m.space...), m.spaceWhole
	case 'H':
		m.hold = append(append(m.hold, m.delim), m.space...)
		return goOn, m.bounded(m.hold)
	case 'x':
		m.space, m.hold = m.hold, m.space
		m.spaceWhole, m.holdWhole = m.holdWhole, m.spaceWhole
	case 'z':
		m.space = m.space[:0]
	case 'n', 'N':
		return m.nextLine(cmd.name == 'N')
	case 'q', 'Q':
		return m.quit(cmd)
	}
	return m.print(cmd)
}

// bounded refuses a space that grew too large.
func (m *machine) bounded(space []byte) error {
	if len(space) > m.limit {
		return m.x.Fail(4, "pattern space longer than %d bytes", m.limit)
	}
	return nil
}

// print runs the commands that write.
func (m *machine) print(cmd *command) (outcome, error) {
	switch cmd.name {
	case 'p':
		return goOn, m.line(m.out, m.space, m.spaceWhole)
	case 'P':
		return goOn, m.line(m.out, m.firstLine(), true)
	case '=':
		m.text(m.out, strconv.AppendInt(nil, int64(m.in.line), 10))
		m.out.buf.WriteByte('\n')
		return goOn, m.wrote(m.out)
	case 'F':
		m.text(m.out, []byte(m.in.name))
		m.out.buf.WriteByte('\n')
		return goOn, m.wrote(m.out)
	case 'l':
		width := m.wrap
		if cmd.number >= 0 {
			width = cmd.number
		}
		return goOn, m.list(m.space, width)
	case 'i':
		m.text(m.out, cmd.text)
		return goOn, m.wrote(m.out)
	case 'a':
		m.queue = append(m.queue, pending{text: cmd.text})
	case 'c':
		return m.change(cmd)
	case 'r', 'R':
		m.queue = append(m.queue, pending{file: cmd.file, line: cmd.name == 'R'})
	case 'w':
		return goOn, m.line(m.to(cmd.file), m.space, m.spaceWhole)
	case 'W':
		return goOn, m.line(m.to(cmd.file), m.firstLine(), true)
	case 'e':
		return goOn, m.execute(cmd)
	}
	return goOn, nil
}

// firstLine is the pattern space up to its first newline.
func (m *machine) firstLine() []byte {
	if n := bytes.IndexByte(m.space, m.delim); n >= 0 {
		return m.space[:n]
	}
	return m.space
}

// change prints its text in the place of a line, or of a whole range.
func (m *machine) change(cmd *command) (outcome, error) {
	if cmd.to == nil || cmd.state != active || cmd.negate {
		m.text(m.out, cmd.text)
		if err := m.wrote(m.out); err != nil {
			return 0, err
		}
	}
	return nextOne, nil
}

func (m *machine) deleteLine() (outcome, error) {
	n := bytes.IndexByte(m.space, m.delim)
	if n < 0 {
		return nextOne, nil
	}
	m.space = append(m.space[:0], m.space[n+1:]...)
	m.restart = true
	return nextOne, m.ctx.Err()
}

// nextLine runs n and N. At the end of the input they end the script; without
// --posix, N prints first.
func (m *machine) nextLine(join bool) (outcome, error) {
	last, err := m.in.last()
	if err != nil {
		return 0, err
	}
	if last && !m.moreFiles() {
		if m.posix && join {
			return quitNow, m.dump()
		}
		return quit, nil
	}
	if !join && !m.quiet {
		if err := m.line(m.out, m.space, m.spaceWhole); err != nil {
			return 0, err
		}
	}
	if err := m.dump(); err != nil {
		return 0, err
	}
	if !join {
		ok, err := m.read()
		if err == nil && !ok {
			return quitNow, nil
		}
		return goOn, err
	}
	line, whole, ok, err := m.in.next(nil)
	if err != nil || !ok {
		return quit, err
	}
	m.space = append(append(m.space, m.delim), line...)
	m.spaceWhole, m.replaced = whole, false
	return goOn, m.bounded(m.space)
}

// moreFiles reports whether lines of further files follow where files are
// separate.
func (m *machine) moreFiles() bool { return m.separate && len(m.in.files) > 0 }

func (m *machine) quit(cmd *command) (outcome, error) {
	if cmd.number > 0 {
		m.status = cmd.number & 0xff
	}
	if cmd.name == 'Q' {
		return quitNow, nil
	}
	return quit, nil
}

// execute runs e: a command of its own before the line, or the line itself.
func (m *machine) execute(cmd *command) error {
	if cmd.shell != "" {
		m.text(m.out, nil)
		return m.shell(cmd.shell, m.out.buf)
	}
	var out bytes.Buffer
	err := m.shell(string(m.space), &out)
	m.space = append(m.space[:0], bytes.TrimSuffix(out.Bytes(), []byte{m.delim})...)
	return err
}
