package shell

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"
)

// reading is one run of read.
type reading struct {
	raw     bool // -r
	array   string
	delim   byte
	chars   int  // -n or -N; -1 without
	exact   bool // -N
	prompt  string
	fd      int
	timeout time.Duration
	timed   bool
	escaped bool // a backslash was read
}

// read is the builtin read.
func (sh *Shell) read(argv []string) int {
	opts, names, ok := sh.flags(argv, "ersa:d:i:n:N:p:t:u:")
	if !ok {
		return 2
	}
	r := reading{delim: '\n', chars: -1}
	if s := sh.readOptions(&r, opts); s != 0 {
		return s
	}
	for _, name := range names {
		if !validTarget(name) {
			sh.errorf("`%s': not a valid identifier", name)
			return 1
		}
	}
	if sh.fds.get(r.fd) == nil {
		sh.errorf("%d: invalid file descriptor: Bad file descriptor", r.fd)
		return 1
	}
	if r.timed && r.timeout == 0 {
		if sh.inputReady(sh.fds.get(r.fd)) {
			return 0
		}
		return 1
	}
	text, quoted, status := sh.readText(&r)
	if s := sh.readStore(&r, names, text, quoted); s != 0 {
		return s
	}
	return status
}

func (sh *Shell) readOptions(r *reading, opts []flag) int {
	for _, f := range opts {
		switch f.c {
		case 'r':
			r.raw = true
		case 'a':
			r.array = f.value
		case 'd':
			r.delim = 0
			if f.value != "" {
				r.delim = f.value[0]
			}
		case 'n', 'N':
			n, err := strconv.Atoi(f.value)
			if err != nil || n < 0 {
				sh.errorf("%s: invalid number", f.value)
				return 1
			}
			r.chars, r.exact = n, f.c == 'N'
		case 'p':
			r.prompt = f.value
		case 't':
			d, err := strconv.ParseFloat(f.value, 64)
			if err != nil || d < 0 {
				sh.errorf("%s: invalid timeout specification", f.value)
				return 1
			}
			r.timeout, r.timed = time.Duration(d*float64(time.Second)), true
		case 'u':
			n, err := strconv.Atoi(f.value)
			if err != nil || n < 0 {
				sh.errorf("%s: invalid file descriptor specification", f.value)
				return 1
			}
			r.fd = n
		}
	}
	return 0
}

// readText reads the input. quoted marks the bytes that a backslash protects
// from splitting; nil if there are none.
func (sh *Shell) readText(r *reading) (text []byte, quoted []bool, status int) {
	f := sh.fds.get(r.fd)
	defer f.settle()
	if r.prompt != "" && sh.isTerminal(r.fd) {
		sh.stderr(r.prompt)
	}
	ctx := sh.ctx
	if r.timed {
		var cancel context.CancelFunc
		ctx, cancel = sh.deadline(r.timeout)
		defer cancel()
	}
	if r.chars == 0 {
		return nil, nil, 0
	}
	for {
		buf, err := f.fill(ctx)
		if err == nil {
			err = sh.ctx.Err()
		}
		if err != nil {
			if r.timed && ctx.Err() != nil && sh.ctx.Err() == nil {
				return text, quoted, 142
			}
			if sh.ctx.Err() != nil {
				sh.interrupted()
			}
			return text, quoted, 1
		}
		n, done := r.take(buf, &text, &quoted)
		f.discard(n)
		if done {
			return text, quoted, 0
		}
		if len(text) > maxWord {
			return text, quoted, 1
		}
	}
}

// deadline is a context that ends after d by the shell's clock.
func (sh *Shell) deadline(d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(sh.ctx)
	go func() {
		if sh.x.Sleep(ctx, d) == nil {
			cancel()
		}
	}()
	return ctx, cancel
}

// inputReady reports whether a read would not wait.
func (sh *Shell) inputReady(f *openFile) bool {
	f.rmu.Lock()
	defer f.rmu.Unlock()
	if p := f.rpipe; p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.n > 0 || p.noWrite || len(f.ahead) > 0
	}
	return true
}

// take moves bytes from buf to text until the line is complete, and returns
// how many it took.
func (r *reading) take(buf []byte, text *[]byte, quoted *[]bool) (n int, done bool) {
	for i := 0; i < len(buf); i++ {
		c := buf[i]
		if r.escaped {
			r.escaped = false
			if c == '\n' {
				continue
			}
			for len(*quoted) < len(*text) {
				*quoted = append(*quoted, false)
			}
			*text, *quoted = append(*text, c), append(*quoted, true)
			if r.full(*text) {
				return i + 1, true
			}
			continue
		}
		switch {
		case c == '\\' && !r.raw:
			r.escaped = true
			continue
		case c == r.delim && !r.exact:
			return i + 1, true
		case c == 0:
			continue
		}
		*text = append(*text, c)
		if r.full(*text) {
			return i + 1, true
		}
	}
	return len(buf), false
}

// full reports whether as many characters as asked for were read.
func (r *reading) full(text []byte) bool {
	if r.chars < 0 {
		return false
	}
	if len(text) < r.chars {
		return false
	}
	return utf8.RuneCount(text) >= r.chars && (utf8.Valid(text) || utf8.RuneCount(text) > r.chars || len(text) >= 4*r.chars)
}

// readStore splits what was read and sets the variables.
func (sh *Shell) readStore(r *reading, names []string, text []byte, quoted []bool) int {
	if r.array != "" {
		return sh.readArray(r, text, quoted)
	}
	if len(names) == 0 {
		return assigned(sh.assign("REPLY", string(text), false))
	}
	if r.exact {
		status := assigned(sh.assignTarget(names[0], string(text)))
		for _, name := range names[1:] {
			status = max(status, assigned(sh.assignTarget(name, "")))
		}
		return status
	}
	s := readSplitter{ifs: sh.splitter(), text: text, quoted: quoted}
	status := 0
	for i, name := range names {
		var field string
		if i == len(names)-1 {
			field = s.rest()
		} else {
			field, _ = s.next()
		}
		status = max(status, assigned(sh.assignTarget(name, field)))
	}
	return status
}

func assigned(ok bool) int {
	if ok {
		return 0
	}
	return 1
}

func (sh *Shell) readArray(r *reading, text []byte, quoted []bool) int {
	if !isName(r.array) {
		sh.errorf("`%s': not a valid identifier", r.array)
		return 1
	}
	v := sh.binding(r.array)
	if v == nil {
		v = sh.bind(r.array)
	}
	switch {
	case v.has(attrReadonly):
		sh.errorf("%s: readonly variable", r.array)
		return 1
	case v.has(attrAssoc):
		sh.errorf("%s: cannot convert associative to indexed array", r.array)
		return 1
	}
	var vals []string
	s := readSplitter{ifs: sh.splitter(), text: text, quoted: quoted}
	for {
		field, ok := s.next()
		if !ok {
			break
		}
		vals = append(vals, field)
	}
	sh.bind(v.name)
	v.toArray()
	v.arr, v.set = newArray(vals), true
	return 0
}

// readSplitter splits a line as read does.
type readSplitter struct {
	ifs    *ifsState
	text   []byte
	quoted []bool
	pos    int
}

// class is the class of the character at i, whose length is in n.
func (s *readSplitter) class(i int) (class uint8, n int) {
	if i < len(s.quoted) && s.quoted[i] {
		return 0, 1
	}
	if c := s.ifs.class[s.text[i]]; c != ifsWide {
		return c, 1
	}
	return s.ifs.classAt(string(s.text[i:min(i+utf8.UTFMax, len(s.text))]), 0)
}

func (s *readSplitter) blankAt(i int) bool {
	class, _ := s.class(i)
	return class == ifsBlank
}

func (s *readSplitter) skipBlank() {
	for s.pos < len(s.text) && s.blankAt(s.pos) {
		s.pos++
	}
}

// next returns the next field; false if nothing is left.
func (s *readSplitter) next() (string, bool) {
	s.skipBlank()
	if s.pos >= len(s.text) {
		return "", false
	}
	start := s.pos
	for s.pos < len(s.text) {
		if class, _ := s.class(s.pos); class != 0 {
			break
		}
		s.pos++
	}
	field := string(s.text[start:s.pos])
	s.skipBlank()
	if s.pos < len(s.text) {
		if class, n := s.class(s.pos); class == ifsOther {
			s.pos += n
			s.skipBlank()
		}
	}
	return field, true
}

// rest returns what is left for the last variable: all of it without the
// blanks around, or one field if there is only one.
func (s *readSplitter) rest() string {
	s.skipBlank()
	start := s.pos
	probe := *s
	if field, ok := probe.next(); ok && probe.pos >= len(s.text) {
		return field
	}
	end := len(s.text)
	for end > start && s.blankAt(end-1) {
		end--
	}
	return string(s.text[start:end])
}
