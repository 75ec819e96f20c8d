package awk

import (
	"bufio"
	"errors"
	"io"
	"slices"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// stream is a file or command that the program reads or writes, known by its
// name until it is closed.
type stream struct {
	name   string
	kind   redirect // of an output; toStdout for an input
	w      *bufio.Writer
	prompt bool // each print is written at once
	r      *reader
	close  func() error // ends the writing, or the reading
	wait   func() int   // the status of the command, nil for a file
	to     *io.PipeWriter
}

// streamKey tells what is read from what is written under one name.
func streamKey(name string, reading bool, command bool) string {
	switch {
	case reading && command:
		return "|" + name
	case reading:
		return "<" + name
	}
	return ">" + name
}

func (m *machine) keep(key string, s *stream) {
	m.streams[key] = s
	m.order = append(m.order, key)
}

// output finds or opens what print writes to; nil if that fails.
func (m *machine) output(name string, how redirect) *stream {
	key := streamKey(name, false, false)
	if how == toCoprocess {
		if s := m.coprocess(name); s != nil {
			return s
		}
		return nil
	}
	if s := m.streams[key]; s != nil {
		return s
	}
	if name == "" {
		m.fatal("expression for `%s' redirection has null string value", redirectText[how])
		return nil
	}
	s, err := m.openOutput(name, how)
	if err != nil {
		m.fatal("cannot redirect to `%s': %s", name, tool.ErrText(err))
		return nil
	}
	m.keep(key, s)
	return s
}

var redirectText = map[redirect]string{toFile: ">", toAppend: ">>", toPipe: "|", toCoprocess: "|&"}

func (m *machine) openOutput(name string, how redirect) (*stream, error) {
	switch {
	case how == toPipe:
		return m.pipeTo(name)
	case name == "/dev/stdout" || name == "-":
		return &stream{name: name, kind: how, w: m.out}, nil
	case name == "/dev/stderr":
		return &stream{name: name, kind: how, w: bufio.NewWriterSize(m.x.Stderr, 512), prompt: true}, nil
	}
	var f *tool.File
	var err error
	if how == toAppend {
		f, err = m.x.OpenAppend(name)
	} else {
		f, err = m.x.Create(name)
	}
	if err != nil {
		return nil, err
	}
	return &stream{name: name, kind: how, w: bufio.NewWriterSize(f, 32<<10), close: f.Close}, nil
}

// spawn starts a command with the shell. It runs beside the program; wait
// waits for its end. done is called then.
func (m *machine) spawn(line string, stdin io.Reader, stdout io.Writer, done func()) (wait func() int, err error) {
	if m.x.Spawn == nil {
		return nil, vfs.ENOSYS
	}
	x := *m.x
	x.Env = m.environ()
	if stdin != nil {
		x.Stdin = stdin
	}
	if stdout != nil {
		x.Stdout = stdout
	}
	status := make(chan int, 1)
	go func() {
		code, err := m.x.Spawn(m.ctx, &x, []string{"sh", "-c", line})
		if err != nil && code == 0 {
			code = 127
		}
		done()
		status <- code
	}()
	return func() int { return <-status }, nil
}

// pipeTo starts a command that reads what is printed.
func (m *machine) pipeTo(line string) (*stream, error) {
	m.flushAll()
	r, w := io.Pipe()
	wait, err := m.spawn(line, r, nil, func() { r.CloseWithError(vfs.EPIPE) })
	if err != nil {
		return nil, err
	}
	return &stream{name: line, kind: toPipe, w: bufio.NewWriterSize(w, 32<<10), close: w.Close, wait: wait, to: w}, nil
}

// broken is a writer of a pipe whose reader may have gone.
type broken struct{ w *io.PipeWriter }

// Write implements io.Writer.
func (b broken) Write(p []byte) (int, error) {
	n, err := b.w.Write(p)
	if errors.Is(err, io.ErrClosedPipe) {
		err = vfs.EPIPE
	}
	return n, err
}

// pipeFrom starts a command whose output is read.
func (m *machine) pipeFrom(line string) (*stream, error) {
	m.flushAll()
	r, w := io.Pipe()
	wait, err := m.spawn(line, nil, broken{w}, func() { w.Close() })
	if err != nil {
		return nil, err
	}
	return &stream{name: line, r: &reader{m: m, in: r}, close: r.Close, wait: wait}, nil
}

// coprocess finds or starts a command that is written and read.
func (m *machine) coprocess(line string) *stream {
	key := "&" + line
	if s := m.streams[key]; s != nil {
		return s
	}
	m.flushAll()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	wait, err := m.spawn(line, inR, broken{outW}, func() {
		inR.CloseWithError(vfs.EPIPE)
		outW.Close()
	})
	if err != nil {
		m.fatal("cannot open two-way pipe `%s' for input/output: %s", line, tool.ErrText(err))
		return nil
	}
	s := &stream{name: line, kind: toCoprocess, w: bufio.NewWriterSize(inW, 32<<10), r: &reader{m: m, in: outR}, wait: wait, to: inW}
	s.close = func() error { inW.Close(); return outR.Close() }
	m.keep(key, s)
	return s
}

// input finds or opens what getline reads; err says why it cannot.
func (m *machine) input(name string, kind getlineKind) (*stream, error) {
	if kind == getlineCoprocess {
		s := m.coprocess(name)
		if s == nil {
			return nil, vfs.EIO
		}
		return s, s.w.Flush()
	}
	key := streamKey(name, true, kind == getlineCommand)
	if s := m.streams[key]; s != nil {
		return s, nil
	}
	s, err := m.openInput(name, kind)
	if err != nil {
		return nil, err
	}
	m.keep(key, s)
	return s, nil
}

func (m *machine) openInput(name string, kind getlineKind) (*stream, error) {
	if kind == getlineCommand {
		return m.pipeFrom(name)
	}
	if name == "-" || name == "/dev/stdin" {
		return &stream{name: name, r: &reader{m: m, in: m.x.Stdin}}, nil
	}
	f, err := m.x.Open(name)
	if err != nil {
		return nil, err
	}
	return &stream{name: name, r: &reader{m: m, in: f}, close: f.Close}, nil
}

// getline reads a record: 1 for one, 0 at the end, -1 for an error.
func (e *getlineExpr) num(m *machine) float64 {
	rec, ends, code := e.read(m)
	if code <= 0 {
		return code
	}
	m.special[sRT], m.ends = str(ends), 0
	if e.kind == getlineMain {
		m.nr++
		m.fnr++
	}
	if e.to != nil {
		e.to.set(m, given(rec))
		return 1
	}
	m.record.para = m.separator.mode == endsBlankLines
	m.setRecord(rec)
	return 1
}
func (e *getlineExpr) eval(m *machine) value { return num(e.num(m)) }
func (e *getlineExpr) cond(m *machine) bool  { return e.num(m) != 0 }

func (e *getlineExpr) read(m *machine) (rec, ends string, code float64) {
	if e.kind == getlineMain {
		rec, ends, ok := m.readMain()
		if !ok {
			return "", "", 0
		}
		return rec, ends, 1
	}
	v := e.from.eval(m)
	m.line = e.line
	s, err := m.input(m.text(v), e.kind)
	if err == nil {
		rec, ends, err = s.r.next()
	}
	switch {
	case err == nil:
		return rec, ends, 1
	case err == io.EOF:
		return "", "", 0
	}
	m.fail(m.ctx.Err())
	m.special[sERRNO] = str(reason(err))
	return "", "", -1
}

// flushAll writes out all that is buffered.
func (m *machine) flushAll() {
	m.fail(m.out.Flush())
	for _, key := range m.order {
		if s := m.streams[key]; s != nil && s.w != nil && s.w != m.out {
			if err := s.w.Flush(); err != nil && vfs.ToErrno(err) != vfs.EPIPE {
				m.fail(err)
			}
		}
	}
}

// closeStream closes a stream and returns its status: that of its command, 0
// for a file.
func (m *machine) closeStream(key string) float64 {
	s := m.streams[key]
	delete(m.streams, key)
	m.order = slices.DeleteFunc(m.order, func(k string) bool { return k == key })
	var err error
	if s.w != nil {
		err = s.w.Flush()
	}
	if s.close != nil {
		err = errors.Join(err, s.close())
	}
	if s.wait != nil {
		return float64(s.wait())
	}
	if err != nil {
		return -1
	}
	return 0
}

// closeNamed is close(): all streams of a name. how, if not "", says which end
// of a coprocess.
func (m *machine) closeNamed(name, how string) float64 {
	result := -1.0
	for _, key := range []string{streamKey(name, false, false), streamKey(name, true, false), streamKey(name, true, true), "&" + name} {
		s := m.streams[key]
		switch {
		case s == nil:
		case how == "to" && s.to != nil:
			s.w.Flush()
			s.to.Close()
			result = 0
		default:
			result = m.closeStream(key)
		}
	}
	return result
}

// closeAll closes everything at the end, in the order in which it was opened.
func (m *machine) closeAll() error {
	for len(m.order) > 0 {
		m.closeStream(m.order[0])
	}
	if m.cur != nil && m.cur.close != nil {
		m.cur.close()
	}
	return m.out.Flush()
}

// environ is the environment for commands: ENVIRON as it is now.
func (m *machine) environ() []string {
	a := m.globals[gENVIRON].arr
	if a == nil {
		return m.x.Env
	}
	var env []string
	for _, c := range a.list() {
		env = append(env, c.key+"="+m.text(c.v))
	}
	return env
}
