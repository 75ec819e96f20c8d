package awk

import (
	"bytes"
	"errors"
	"io"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
)

// separatorMode is how records end.
type separatorMode uint8

const (
	endsChar separatorMode = iota
	endsBlankLines
	endsRegex
)

// recordSeparator is what RS says.
type recordSeparator struct {
	mode separatorMode
	char byte
	re   *regex.Regexp
}

// setSeparator takes over a new RS.
func (m *machine) setSeparator() {
	rs := m.text(m.special[sRS])
	letter := len(rs) == 1 && rs[0]|0x20 >= 'a' && rs[0]|0x20 <= 'z'
	switch {
	case rs == "":
		m.separator = recordSeparator{mode: endsBlankLines}
	case len(rs) == 1 && !(m.fold && letter):
		m.separator = recordSeparator{char: rs[0]}
	default:
		m.separator = recordSeparator{mode: endsRegex, re: m.regex(rs)}
	}
}

// reader reads records of one file, pipe or standard input.
type reader struct {
	m          *machine
	in         io.Reader
	close      func() error
	buf        []byte
	start, end int
	eof        bool
}

const readSize = 64 << 10

var errLongRecord = errors.New("record too long")

// fill reads more behind what is there. At the end it sets eof.
func (r *reader) fill() error {
	if r.start > 0 {
		r.end = copy(r.buf, r.buf[r.start:r.end])
		r.start = 0
	}
	if r.end > 16*r.m.limit {
		return errLongRecord
	}
	if r.end == len(r.buf) {
		buf := make([]byte, max(4<<10, min(2*len(r.buf), len(r.buf)+1<<20), r.growth()))
		copy(buf, r.buf[:r.end])
		r.buf = buf
	}
	if err := r.m.ctx.Err(); err != nil {
		return err
	}
	for range 100 {
		n, err := r.in.Read(r.buf[r.end:])
		r.end += n
		if err == io.EOF {
			r.eof = true
			return nil
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// growth is how large the buffer gets once its first size was filled.
func (r *reader) growth() int {
	if len(r.buf) == 0 {
		return 0
	}
	return max(readSize, 2*len(r.buf))
}

// next returns the next record and what ended it. At the end the error is
// io.EOF.
func (r *reader) next() (rec, ends string, err error) {
	switch sep := r.m.separator; sep.mode {
	case endsBlankLines:
		return r.paragraph()
	case endsRegex:
		return r.untilRegex(sep.re)
	default:
		return r.untilChar(sep.char)
	}
}

func (r *reader) untilChar(c byte) (rec, ends string, err error) {
	seen := 0
	for {
		if i := bytes.IndexByte(r.buf[r.start+seen:r.end], c); i >= 0 {
			n := seen + i
			rec = string(r.buf[r.start : r.start+n])
			r.start += n + 1
			return rec, oneByte(c), nil
		}
		if r.eof {
			return r.rest("")
		}
		seen = r.end - r.start
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
}

// oneByte is the string of one byte, without making one.
func oneByte(c byte) string {
	if c == '\n' {
		return "\n"
	}
	return string([]byte{c})
}

// rest returns what is left at the end.
func (r *reader) rest(ends string) (string, string, error) {
	if r.start == r.end {
		return "", "", io.EOF
	}
	rec := string(r.buf[r.start : r.end-len(ends)])
	r.start = r.end
	return rec, ends, nil
}

func (r *reader) untilRegex(re *regex.Regexp) (rec, ends string, err error) {
	if re == nil {
		return "", "", io.EOF
	}
	for {
		text := r.buf[r.start:r.end]
		a, b, err := firstMatch(re, text)
		if err != nil {
			return "", "", err
		}
		// A match that ends where the buffer does may be longer.
		if a >= 0 && (b < len(text) || r.eof) {
			rec, ends = string(text[:a]), string(text[a:b])
			r.start += b
			return rec, ends, nil
		}
		if r.eof {
			return r.rest("")
		}
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
}

// firstMatch finds the first match that is not empty.
func firstMatch(re *regex.Regexp, text []byte) (a, b int, err error) {
	for from := 0; from <= len(text); from = a + 1 {
		a, b, err = re.FindIndex(text, from)
		if err != nil || a < 0 || b > a {
			return a, b, err
		}
	}
	return -1, -1, nil
}

// paragraph reads up to blank lines.
func (r *reader) paragraph() (rec, ends string, err error) {
	for {
		for r.start < r.end && r.buf[r.start] == '\n' {
			r.start++
		}
		if r.start < r.end || r.eof {
			break
		}
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
	for {
		text := r.buf[r.start:r.end]
		n := bytes.Index(text, []byte("\n\n"))
		after := n
		for after >= 0 && after < len(text) && text[after] == '\n' {
			after++
		}
		if n >= 0 && (after < len(text) || r.eof) {
			r.start += after
			return string(text[:n]), string(text[n:after]), nil
		}
		if r.eof {
			return r.rest(string(text[len(bytes.TrimRight(text, "\n")):]))
		}
		if err := r.fill(); err != nil {
			return "", "", err
		}
	}
}

// mainInput is the input that the rules run on: the files in ARGV, one after
// the other.
type mainInput struct {
	cur   *reader
	argAt int
	used  bool // some file was read, or standard input
	over  bool
}

// nextMain reads the next record of the main input into $0.
func (m *machine) nextMain() bool {
	rec, ends, ok := m.readMain()
	if !ok {
		return false
	}
	m.setRecord(rec)
	m.record.para = m.separator.mode == endsBlankLines
	m.nr++
	m.fnr++
	m.special[sRT] = str(ends)
	return true
}

// readMain reads the next record of the main input.
func (m *machine) readMain() (rec, ends string, ok bool) {
	for m.err == nil && !m.over {
		if m.cur == nil && !m.openNext() {
			continue
		}
		rec, ends, err := m.cur.next()
		switch {
		case err == nil:
			return rec, ends, true
		case err != io.EOF:
			m.readFailed(err)
		}
		m.finishFile()
	}
	return "", "", false
}

func (m *machine) readFailed(err error) {
	if m.ctx.Err() != nil {
		m.fail(m.ctx.Err())
		return
	}
	m.fatal("error reading input file `%s': %s", m.special[sFILENAME].str, reason(err))
}

// finishFile closes the current file, after ENDFILE.
func (m *machine) finishFile() {
	for _, body := range m.prog.endFile {
		if m.actionFlow(body) {
			break
		}
	}
	if m.cur != nil && m.cur.close != nil {
		m.cur.close()
	}
	m.cur = nil
}

// actionFlow runs BEGINFILE or ENDFILE and reports whether to stop.
func (m *machine) actionFlow(body []stmt) bool {
	switch m.action(body) {
	case doExit:
		m.over = true
		if m.err == nil {
			m.err = errLeft
		}
		return true
	case doNextFile:
		return true
	}
	return false
}

// skipFile is nextfile.
func (m *machine) skipFile() { m.finishFile() }

// openNext opens the next file of ARGV, or standard input where none is
// named. It reports false if there is nothing to read from yet.
func (m *machine) openNext() bool {
	argv := m.globals[gARGV].array()
	for m.err == nil {
		m.argAt++
		if m.argAt >= int(m.special[sARGC].toNum()) {
			if m.used {
				m.over = true
				return false
			}
			m.used = true
			return m.begin(&reader{m: m, in: m.x.Stdin}, "")
		}
		c := argv.cells[smallInt(int64(m.argAt))]
		if c == nil {
			continue
		}
		arg := m.text(c.v)
		if arg == "" || m.assign(arg) {
			continue
		}
		m.used = true
		m.special[sARGIND] = num(float64(m.argAt))
		return m.openFile(arg)
	}
	return false
}

// begin starts with a file, after BEGINFILE.
func (m *machine) begin(r *reader, name string) bool {
	m.cur = r
	m.fnr = 0
	m.special[sFILENAME] = given(name)
	for _, body := range m.prog.beginFile {
		if m.actionFlow(body) {
			if m.cur != nil {
				m.finishFile()
			}
			return false
		}
	}
	return true
}

func (m *machine) openFile(name string) bool {
	if name == "-" || name == "/dev/stdin" {
		return m.begin(&reader{m: m, in: m.x.Stdin}, name)
	}
	if info, err := m.x.Stat(name); err == nil && info.IsDir() {
		m.line = 0
		m.warn("command line argument `%s' is a directory: skipped", name)
		return false
	}
	f, err := m.x.Open(name)
	if err == nil {
		return m.begin(&reader{m: m, in: f, close: f.Close}, name)
	}
	if len(m.prog.beginFile) > 0 && m.skippable(name, err) {
		return false
	}
	m.flushAll()
	m.x.Errorf("fatal: cannot open file `%s' for reading: %s", name, tool.ErrText(err))
	m.fail(fatalError{2})
	return false
}

// skippable lets BEGINFILE see a file that cannot be opened, with ERRNO set;
// it passes it over with nextfile.
func (m *machine) skippable(name string, err error) bool {
	m.special[sFILENAME] = given(name)
	m.special[sERRNO] = str(reason(err))
	m.fnr = 0
	for _, body := range m.prog.beginFile {
		if m.action(body) == doNextFile {
			m.special[sERRNO] = str("")
			return true
		}
	}
	return m.err != nil
}

// assign carries out an argument of the form var=value.
func (m *machine) assign(arg string) bool {
	name, v, ok := cutAssignment(arg)
	if !ok {
		return false
	}
	m.setByName(name, given(unescape(v, nil)))
	return true
}

// cutAssignment splits var=value.
func cutAssignment(arg string) (name, v string, ok bool) {
	for i := range len(arg) {
		if arg[i] == '=' && i > 0 {
			return arg[:i], arg[i+1:], true
		}
		if !isName(arg[i]) || i == 0 && !isNameStart(arg[i]) {
			break
		}
	}
	return "", "", false
}

// setByName sets a variable that the program may not know.
func (m *machine) setByName(name string, v value) {
	if id, ok := specials[name]; ok {
		m.setSpecial(id, v)
		return
	}
	for at, known := range m.prog.globals {
		if known == name {
			if m.globals[at].arr != nil {
				m.fatal("cannot use array `%s' as a scalar", name)
				return
			}
			m.globals[at].v = v
			return
		}
	}
}
