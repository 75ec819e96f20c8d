package join

// write writes the line that a and b make; either may be nil.
func (j *join) write(a, b *line) error {
	w := output{join: j}
	keyed, key := a, j.keys[0]
	if a == nil {
		keyed, key = b, j.keys[1]
	}
	if len(j.columns) > 0 {
		for _, c := range j.columns {
			switch c.file {
			case 0:
				w.field(keyed, key)
			case 1:
				w.field(a, c.field)
			default:
				w.field(b, c.field)
			}
		}
	} else {
		w.field(keyed, key)
		w.others(a, 0)
		w.others(b, 1)
	}
	return j.w.WriteByte(j.end)
}

// output writes the fields of one line.
type output struct {
	*join
	begun bool
}

func (w *output) field(l *line, n int) {
	if w.begun {
		w.w.WriteByte(w.separator())
	}
	w.begun = true
	var text []byte
	if l != nil {
		text = l.field(n)
	}
	if len(text) == 0 {
		w.w.WriteString(w.filler)
		return
	}
	w.w.Write(text)
}

func (w *output) separator() byte {
	switch {
	case w.tab == wholeLine:
		return '\n'
	case w.tab >= 0:
		return byte(w.tab)
	}
	return ' '
}

// others writes all fields of a line but its key.
func (w *output) others(l *line, file int) {
	n := 0
	switch {
	case w.autoFormat:
		n = w.auto[file]
	case l != nil:
		n = len(l.fields)
	}
	for i := range n {
		if i != w.keys[file] {
			w.field(l, i)
		}
	}
}
