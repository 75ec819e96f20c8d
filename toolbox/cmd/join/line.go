package join

import (
	"bytes"
	"io"

	"agentsandbox/toolbox/tool"
)

// line is a line and its fields, which lie within it.
type line struct {
	text   []byte
	fields [][]byte
	ok     bool
}

func (l line) clone() line {
	c := line{text: bytes.Clone(l.text), ok: l.ok}
	for _, f := range l.fields {
		at := cap(l.text) - cap(f)
		c.fields = append(c.fields, c.text[at:at+len(f)])
	}
	return c
}

// field is the n-th field, empty if there is none.
func (l line) field(n int) []byte {
	if n < len(l.fields) {
		return l.fields[n]
	}
	return nil
}

// file is one of the files, with the line that is next and the one before.
type file struct {
	name      string
	lines     *tool.Lines
	key       int
	line      line
	ok        bool // there is a line
	last      line
	number    int
	warned    bool
	skipCheck bool // of the next line, which follows a header
}

// advance reads the next line of a file, and checks that it may follow.
func (j *join) advance(i int) error {
	f := j.files[i]
	if f.ok && !f.skipCheck {
		f.last.text = append(f.last.text[:0], f.line.text...)
		j.split(&f.last)
		f.last.ok = true
	}
	f.skipCheck = false
	text, _, err := f.lines.NextText()
	switch {
	case err == io.EOF:
		f.ok = false
		return nil
	case tool.ReadFailed(err):
		j.w.Flush()
		return j.x.Fail(1, "read error: %s", tool.ErrText(err))
	case err != nil:
		return err
	}
	f.number++
	f.ok = true
	f.line.text = text[:len(text):len(text)]
	j.split(&f.line)
	return j.checkOrder(f)
}

func (j *join) checkOrder(f *file) error {
	if j.order == noCheck || j.order == checkUnpaired && !j.unpaired || f.warned || !f.last.ok {
		return nil
	}
	if j.compare(f.last, f.key, f.line, f.key) <= 0 {
		return nil
	}
	f.warned = true
	if err := j.w.Flush(); err != nil {
		return err
	}
	j.x.Errorf("%s:%d: is not sorted: %s", f.name, f.number, f.line.text)
	if j.order == check {
		return tool.Exit(1)
	}
	return nil
}

func (j *join) compare(a line, aKey int, b line, bKey int) int {
	x, y := a.field(aKey), b.field(bKey)
	if j.fold {
		x, y = bytes.ToUpper(x), bytes.ToUpper(y)
	}
	return bytes.Compare(x, y)
}

// split finds the fields of a line.
func (j *join) split(l *line) {
	l.fields = l.fields[:0]
	text := l.text
	if len(text) == 0 {
		return
	}
	switch {
	case j.tab == wholeLine:
		l.fields = append(l.fields, text)
		return
	case j.tab >= 0:
		for {
			i := bytes.IndexByte(text, byte(j.tab))
			if i < 0 {
				break
			}
			l.fields = append(l.fields, text[:i])
			text = text[i+1:]
		}
		l.fields = append(l.fields, text)
		return
	}
	j.splitBlanks(l)
}

// splitBlanks splits at runs of blanks. A run at the end has an empty field
// behind it, one at the beginning has none before it.
func (j *join) splitBlanks(l *line) {
	text := l.text
	i := 0
	for i < len(text) && blank(text[i]) {
		i++
	}
	if i == len(text) {
		return
	}
	for {
		from := i
		for i < len(text) && !blank(text[i]) {
			i++
		}
		l.fields = append(l.fields, text[from:i])
		if i == len(text) {
			return
		}
		for i < len(text) && blank(text[i]) {
			i++
		}
		if i == len(text) {
			l.fields = append(l.fields, text[i:])
			return
		}
	}
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
