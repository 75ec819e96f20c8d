package sed

import (
	"bufio"
	"bytes"
	"io"
	"strconv"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// output is one file that is written. A newline that the input lacked is
// added once more is written behind it.
type output struct {
	buf     *bufio.Writer
	close   func() error
	missing bool
}

func (m *machine) newOutput(w io.Writer, close func() error) *output {
	return &output{buf: bufio.NewWriterSize(w, 64<<10), close: close}
}

// line writes a line, with its delimiter if it is whole.
func (m *machine) line(o *output, text []byte, whole bool) error {
	m.text(o, text)
	if whole {
		o.buf.WriteByte(m.delim)
	}
	o.missing = !whole
	return m.wrote(o)
}

// text writes text behind what is there.
func (m *machine) text(o *output, text []byte) {
	if o.missing {
		o.buf.WriteByte(m.delim)
		o.missing = false
	}
	o.buf.Write(text)
}

func (m *machine) wrote(o *output) error {
	if m.unbuffered || o != m.stdout && o != m.out {
		return o.buf.Flush()
	}
	if o.buf.Buffered() == 0 {
		return o.buf.Flush()
	}
	return nil
}

// openOutputs makes the files that the script writes.
func (m *machine) openOutputs() error {
	m.outputs = map[string]*output{"/dev/stdout": m.stdout}
	for _, name := range m.prog.files {
		if m.outputs[name] != nil {
			continue
		}
		f, err := m.x.Create(name)
		if err != nil {
			return m.x.Fail(4, "couldn't open file %s: %s", name, tool.ErrText(err))
		}
		m.outputs[name] = m.newOutput(f, f.Close)
	}
	return nil
}

// to is the output of a w command: /dev/stdout is standard output even while
// a file is edited in place.
func (m *machine) to(name string) *output { return m.outputs[name] }

// pending is what is written at the end of a cycle: text, or what a file holds.
type pending struct {
	text []byte
	file string
	line bool // only the next line of the file
}

// dump writes what is pending.
func (m *machine) dump() error {
	for _, p := range m.queue {
		var err error
		switch {
		case p.file == "":
			m.text(m.out, p.text)
			err = m.wrote(m.out)
		case p.line:
			err = m.dumpLine(p.file)
		default:
			err = m.dumpFile(p.file)
		}
		if err != nil {
			return err
		}
	}
	m.queue = m.queue[:0]
	return nil
}

// dumpFile copies a file; one that cannot be read is empty.
func (m *machine) dumpFile(name string) error {
	f, err := m.openRead(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	err = tool.Blocks(m.ctx, f, func(block []byte) error {
		m.text(m.out, block)
		return m.wrote(m.out)
	})
	if tool.ReadFailed(err) {
		return nil
	}
	return err
}

func (m *machine) openRead(name string) (*tool.File, error) {
	if name == "/dev/stdin" {
		name = "-"
	}
	return m.x.Open(name)
}

// dumpLine copies the next line of a file that R reads.
func (m *machine) dumpLine(name string) error {
	r, ok := m.readers[name]
	if !ok {
		if f, err := m.openRead(name); err == nil {
			r = &reader{m.x.Lines(m.ctx, f, m.delim), f}
		}
		m.readers[name] = r
	}
	if r == nil {
		return nil
	}
	text, whole, err := r.lines.NextText()
	if err == io.EOF || tool.ReadFailed(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.line(m.out, text, whole)
}

// reader is a file that R reads line by line.
type reader struct {
	lines *tool.Lines
	file  *tool.File
}

// flush writes out what is buffered.
func (m *machine) flush() error {
	if m.out != m.stdout {
		if err := m.out.buf.Flush(); err != nil {
			return err
		}
	}
	return m.stdout.buf.Flush()
}

// close ends all that is open, and drops an edit that was not finished.
func (m *machine) close() {
	for name, o := range m.outputs {
		if name != "/dev/stdout" {
			o.buf.Flush()
			o.close()
		}
	}
	for _, r := range m.readers {
		if r != nil {
			r.file.Close()
		}
	}
	if m.in.close != nil {
		m.in.close()
	}
	if m.temp != "" {
		m.out.close()
		m.x.FS.Unlink(m.x.Abs(m.temp))
	}
}

// list writes the text as l shows it, wrapped at width.
func (m *machine) list(text []byte, width int) error {
	m.text(m.out, nil)
	out := m.out.buf
	column := 0
	for _, c := range text {
		shown := shownByte(c)
		if width > 0 && column+len(shown) > width-1 {
			out.WriteString("\\\n")
			column = 0
		}
		out.WriteString(shown)
		column += len(shown)
	}
	out.WriteString("$\n")
	return m.wrote(m.out)
}

const listEscapes = "\a\b\f\n\r\t\v\\"

func shownByte(c byte) string {
	if at := bytes.IndexByte([]byte(listEscapes), c); at >= 0 {
		return `\` + `abfnrtv\`[at:at+1]
	}
	if c < ' ' || c >= 0x7f {
		octal := strconv.FormatUint(uint64(c), 8)
		return `\` + "000"[len(octal):] + octal
	}
	return string(c)
}

// shell runs a command line and hands its output to w.
func (m *machine) shell(line string, w io.Writer) error {
	if m.x.Spawn == nil {
		return m.x.Fail(4, "couldn't run a command: %s", vfs.ENOSYS)
	}
	if err := m.flush(); err != nil {
		return err
	}
	x := *m.x
	x.Stdout = w
	_, err := m.x.Spawn(m.ctx, &x, []string{"sh", "-c", line})
	return err
}
