package diff

import "bytes"

// text is the content of a file as lines.
type text struct {
	lines      [][]byte // without newlines
	incomplete bool     // the last line has none
	classes    []int    // of each line: equal lines have the same
}

// splitText finds the lines of data.
func splitText(data []byte, stripCR bool) *text {
	t := &text{lines: make([][]byte, 0, bytes.Count(data, []byte("\n"))+1)}
	for len(data) > 0 {
		n := bytes.IndexByte(data, '\n')
		line := data
		if n < 0 {
			t.incomplete = true
			data = nil
		} else {
			line, data = data[:n], data[n+1:]
		}
		if stripCR && n >= 0 && len(line) > 0 && line[len(line)-1] == '\r' {
			line = line[:len(line)-1]
		}
		t.lines = append(t.lines, line)
	}
	return t
}

// classify numbers the lines of both files, so that two have the same number
// if they count as equal.
func (o *options) classify(a, b *text) {
	known := make(map[string]int, len(a.lines))
	var scratch []byte
	for _, t := range []*text{a, b} {
		t.classes = make([]int, len(t.lines))
		for i, line := range t.lines {
			key := o.canonical(&scratch, line)
			if t.incomplete && i == len(t.lines)-1 && o.space < noTrailing && o.style != ed {
				// Without its newline it is another line.
				scratch = append(append(scratch[:0], key...), "\nincomplete"...)
				key = scratch
			}
			class, ok := known[string(key)]
			if !ok {
				class = len(known)
				known[string(key)] = class
			}
			t.classes[i] = class
		}
	}
}

// canonical is a line without what does not count.
func (o *options) canonical(scratch *[]byte, line []byte) []byte {
	if o.space == allCount && !o.fold {
		return line
	}
	out := (*scratch)[:0]
	switch o.space {
	case noTrailing, noTabsTrailing, noChange:
		line = bytes.TrimRight(line, " \t\n\v\f\r")
	}
	column := 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case o.space == none && isSpace(c):
			continue
		case o.space == noChange && isSpace(c):
			out = append(out, ' ')
			for i+1 < len(line) && isSpace(line[i+1]) {
				i++
			}
			continue
		case (o.space == noTabs || o.space == noTabsTrailing) && c == '\t':
			for n := o.tabSize - column%o.tabSize; n > 0; n-- {
				out = append(out, ' ')
				column++
			}
			continue
		case o.fold && c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		out = append(out, c)
		column++
	}
	*scratch = out
	return out
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// common is how many lines at the beginning and at the end of two files are
// the same byte for byte.
func (o *options) common(a, b *text) (prefix, suffix int) {
	n := min(len(a.lines), len(b.lines))
	// A last line without its newline is not the same as one with it.
	equal := func(i, j int) bool {
		aEnd := a.incomplete && i == len(a.lines)-1
		bEnd := b.incomplete && j == len(b.lines)-1
		return (aEnd == bEnd || o.style == ed) && bytes.Equal(a.lines[i], b.lines[j])
	}
	for prefix < n && equal(prefix, prefix) {
		prefix++
	}
	for suffix < n-prefix && equal(len(a.lines)-1-suffix, len(b.lines)-1-suffix) {
		suffix++
	}
	return prefix, suffix
}
