package awk

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
	"unsafe"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// machine runs a program.
//
// An error ends the run by sticking: it is kept in err, expressions go on with
// empty values, and the next statement that looks returns doExit.
type machine struct {
	ctx  context.Context
	x    *tool.Exec
	prog *program
	src  []*source
	utf8 bool

	globals []variable
	special [specialCount]value
	frame   []variable
	depth   int
	result  value // of the function that returns
	ticks   int

	record    // $0 and its fields
	mainInput // where they come from
	nr, fnr   float64
	splitter  splitter // FS, FPAT or FIELDWIDTHS
	separator recordSeparator
	fold      bool // IGNORECASE
	subsep    string
	ofs, ors  string
	convfmt   string
	ofmt      string
	regexes   map[string]*regex.Regexp
	loc       []int
	streams   map[string]*stream
	order     []string // names of streams as they were opened
	out       *bufio.Writer
	rand      random
	line      int // of the statement that runs
	status    int
	exiting   bool // exit was called
	inEnd     bool
	err       error
	warned    bool // of text that is not UTF-8
	limit     int
	grown     []byte   // see join
	formatted []byte   // what was formatted last
	pieces    []string // what was split last
}

// fatalError ends the run; what was wrong has been reported.
type fatalError struct{ status int }

// Error implements error.
func (e fatalError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

func newMachine(ctx context.Context, x *tool.Exec, prog *program, src []*source) *machine {
	m := &machine{ctx: ctx, x: x, prog: prog, src: src, utf8: x.UTF8(), regexes: map[string]*regex.Regexp{}, streams: map[string]*stream{}}
	m.globals = make([]variable, len(prog.globals), len(prog.globals)+16)
	m.out = bufio.NewWriterSize(x.Stdout, 64<<10)
	if m.limit = x.Budget.Record; m.limit == 0 {
		m.limit = tool.DefaultRecord
	}
	for id, v := range specialDefaults {
		m.setSpecial(special(id), v)
	}
	m.setSplitter(sFS) // FPAT was set after it
	return m
}

// failed reports whether the run is to end.
func (m *machine) failed() bool { return m.err != nil }

// fail makes an error stick.
func (m *machine) fail(err error) {
	if m.err == nil && err != nil {
		m.err = err
	}
}

// fatal reports an error of the program at the statement that runs.
func (m *machine) fatal(format string, args ...any) {
	if m.err != nil {
		return
	}
	m.flushAll()
	m.x.Errorf("%s%sfatal: %s", m.place(m.line), m.where(), fmt.Sprintf(format, args...))
	m.fail(fatalError{2})
}

func (m *machine) warn(format string, args ...any) {
	m.flushAll()
	m.x.Errorf("%s%swarning: %s", m.place(m.line), m.where(), fmt.Sprintf(format, args...))
}

func (m *machine) place(line int) string {
	if len(m.src) == 0 || line == 0 {
		return ""
	}
	return placeIn(m.src[0], line)
}

// where names the record that is worked on.
func (m *machine) where() string {
	if m.fnr == 0 {
		return ""
	}
	name := m.special[sFILENAME].str
	if name == "" {
		name = "-"
	}
	return fmt.Sprintf("(FILENAME=%s FNR=%s) ", name, strconv.FormatFloat(m.fnr, 'f', -1, 64))
}

// tick looks at the context now and then; loops call it.
func (m *machine) tick() bool {
	if m.ticks++; m.ticks&1023 == 0 {
		m.fail(m.ctx.Err())
	}
	return m.err == nil
}

// text is a value as a string.
func (m *machine) text(v value) string {
	if v.kind == number {
		return numText(v.num, m.convfmt)
	}
	return v.str
}

// shown is a value as print shows it.
func (m *machine) shown(v value) string {
	if v.kind == number {
		return numText(v.num, m.ofmt)
	}
	return v.str
}

// length is the number of characters in a string.
func (m *machine) length(s string) int {
	if !m.utf8 || isASCII(s) {
		return len(s)
	}
	if !m.warned && !utf8.ValidString(s) {
		m.warned = true
		m.warn("Invalid multibyte data detected. There may be a mismatch between your data and your locale")
	}
	return utf8.RuneCountInString(s)
}

func isASCII(s string) bool {
	const high = 0x8080808080808080
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&high != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// run runs the whole program and returns its exit status as an error.
func (m *machine) run() error {
	m.phases()
	var fatal fatalError
	err := m.err
	m.err = nil
	closing := m.closeAll()
	switch {
	case errors.As(err, &fatal):
		return tool.Exit(fatal.status)
	case err != nil:
		return err
	case closing != nil:
		return closing
	}
	return tool.Exit(m.status)
}

func (m *machine) phases() {
	m.line = 0
	for _, body := range m.prog.begin {
		if m.action(body) >= doExit {
			break
		}
	}
	if !m.exiting && m.err == nil && (len(m.prog.rules) > 0 || len(m.prog.end) > 0 || len(m.prog.beginFile) > 0 || len(m.prog.endFile) > 0) {
		m.mainLoop()
	}
	if m.err != nil {
		return
	}
	m.exiting, m.inEnd = false, true
	for _, body := range m.prog.end {
		if m.action(body) >= doExit {
			break
		}
	}
}

// action runs the action of a rule.
func (m *machine) action(body []stmt) flow { return m.landed(m.execAll(body)) }

// mainLoop runs the rules on every record.
func (m *machine) mainLoop() {
	for m.err == nil {
		ok := m.nextMain()
		if !ok || m.err != nil {
			return
		}
		if !m.tick() {
			return
		}
		switch m.runRules() {
		case doExit:
			return
		case doNextFile:
			m.skipFile()
		}
	}
}

func (m *machine) runRules() flow {
	for _, r := range m.prog.rules {
		if r.from != nil && !m.selects(r) {
			if m.err != nil {
				return m.landed(doExit)
			}
			continue
		}
		if r.print {
			m.writeRecord()
			continue
		}
		f := m.execAll(r.body)
		if m.err != nil {
			f = m.landed(f)
		}
		if f != goOn {
			return f
		}
	}
	return goOn
}

// selects reports whether a rule applies to the record.
func (m *machine) selects(r *rule) bool {
	switch {
	case r.from == nil:
		return true
	case r.to == nil:
		return r.from.cond(m)
	case !r.inside && !r.from.cond(m):
		return false
	}
	r.inside = !r.to.cond(m)
	return true
}

func (m *machine) writeRecord() {
	m.out.WriteString(m.whole())
	if _, err := m.out.WriteString(m.ors); err != nil {
		m.fail(err)
	}
}

// regex compiles a regular expression, once.
func (m *machine) regex(src string) *regex.Regexp {
	if re, ok := m.regexes[src]; ok {
		return re
	}
	flags := regex.Flags(0)
	if m.fold {
		flags |= regex.IgnoreCase
	}
	if !m.utf8 {
		flags |= regex.Bytes
	}
	re, err := regex.Compile(src, regex.Awk, flags)
	if err != nil {
		m.fatal("invalid regexp: %s: /%s/", err, src)
		return nil
	}
	if len(m.regexes) > 500 {
		clear(m.regexes)
	}
	m.regexes[src] = re
	return re
}

// matches reports whether s holds a match of re, which may be nil.
func (m *machine) matches(re *regex.Regexp, s string) bool {
	if re == nil {
		return false
	}
	ok, err := re.MatchString(s)
	if err != nil {
		m.fatal("%s", err)
	}
	return ok
}

// bound fails if a string grew too long.
func (m *machine) bound(n int) bool {
	if n > 16*m.limit {
		m.fatal("string longer than %d bytes", 16*m.limit)
		return false
	}
	return true
}

// reason is the text of an error for ERRNO and messages.
func reason(err error) string {
	if err == io.EOF {
		return ""
	}
	if errors.Is(err, vfs.EISDIR) {
		return vfs.EISDIR.Error()
	}
	return tool.ErrText(err)
}
