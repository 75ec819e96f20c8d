package awk

import (
	"io"

	"agentsandbox/toolbox/tool"
)

// mainInput is the input that the rules run on: the files in ARGV, one after
// the other.
type mainInput struct {
	cur   *reader
	argAt int
	used  bool // some file was read, or standard input
	over  bool
	ends  byte // what ended the record, if not 0: RT
}

// nextMain reads the next record of the main input into $0.
func (m *machine) nextMain() bool {
	if r := m.cur; r != nil && m.separator.mode == endsChar && !m.over {
		if rec, ok := r.buffered(m.separator.char); ok {
			m.record.para = false
			m.setRecord(rec)
			m.nr++
			m.fnr++
			m.ends = m.separator.char
			return true
		}
	}
	rec, ends, ok := m.readMain()
	if !ok {
		return false
	}
	m.record.para = m.separator.mode == endsBlankLines
	m.setRecord(rec)
	m.nr++
	m.fnr++
	m.special[sRT], m.ends = str(ends), 0
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
			return m.begin(&reader{m: m, in: m.x.Stdin}, "-")
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
