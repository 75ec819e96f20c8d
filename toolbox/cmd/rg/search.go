package rg

import (
	"bytes"
	"fmt"
	"io"

	"agentsandbox/toolbox/regex"
)

// block is a run of selected lines: one, or those that a match spans.
type block struct{ start, end int }

// file is one file under search.
type file struct {
	*rg
	target
	data   []byte
	blocks []block
	count  int // matches
	lines  int
	binary int // where the first zero byte is, negative for none
}

// search searches the contents of one file and prints what is found.
func (r *rg) search(t target, data []byte) error {
	f := &file{rg: r, target: t, data: data, binary: bytes.IndexByte(data, 0)}
	r.stats.searches++
	r.stats.bytes += int64(len(data))
	if r.text {
		f.binary = -1
	}
	if f.binary >= 0 && !t.given && !r.options.binary {
		return nil
	}
	if err := f.find(); err != nil {
		return f.matchFailed(err)
	}
	if err := f.print(); err != nil {
		return err
	}
	if len(f.blocks) > 0 != (r.list == asFilesWithout) {
		r.matched = true
		r.quit = r.quiet && !r.showStats
	}
	return nil
}

func (f *file) matchFailed(err error) error {
	if err == regex.ErrBudget {
		return f.fail(f.name, err)
	}
	return err
}

// find finds the blocks of selected lines.
func (f *file) find() error {
	text := bytes.TrimSuffix(f.data, []byte("\n"))
	pos := 0
	for pos < len(f.data) && len(f.blocks) < f.maxCount {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		b, ok, err := f.next(text, pos)
		if err != nil {
			return err
		}
		if !ok {
			b = block{len(f.data), len(f.data)}
		}
		if f.invert {
			f.between(pos, b.start)
		} else if ok {
			f.add(b)
		}
		if f.binary >= 0 && len(f.blocks) > 0 || (f.quiet && !f.showStats || f.list == asFiles || f.list == asFilesWithout) && len(f.blocks) > 0 {
			break
		}
		pos = max(b.end, pos+1)
	}
	f.total()
	return nil
}

// next finds the next lines that match.
func (f *file) next(text []byte, pos int) (b block, ok bool, err error) {
	if f.multiline {
		start, end, err := f.re.FindIndex(text, pos)
		if start < 0 || err != nil {
			return b, false, err
		}
		return block{f.lineStart(start), f.lineEnd(max(start, end-1))}, true, nil
	}
	at, err := f.re.Scan(text, pos)
	if at < 0 || err != nil {
		return b, false, err
	}
	start := bytes.LastIndexByte(text[pos:at], '\n') + 1 + pos
	return block{start, f.lineEnd(at)}, true, nil
}

func (f *file) lineStart(at int) int { return bytes.LastIndexByte(f.data[:at], '\n') + 1 }

func (f *file) lineEnd(at int) int {
	if n := bytes.IndexByte(f.data[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(f.data)
}

// add adds a block; one that starts where another ends on the same line joins
// it.
func (f *file) add(b block) {
	if n := len(f.blocks); n > 0 && b.start < f.blocks[n-1].end {
		f.blocks[n-1].end = max(b.end, f.blocks[n-1].end)
		return
	}
	f.blocks = append(f.blocks, b)
}

// between selects the lines of a stretch one by one.
func (f *file) between(start, end int) {
	for start < end && len(f.blocks) < f.maxCount {
		next := f.lineEnd(start)
		f.blocks = append(f.blocks, block{start, next})
		start = next
	}
}

// total counts what was found.
func (f *file) total() {
	if len(f.blocks) == 0 {
		return
	}
	f.stats.withMatch++
	for _, b := range f.blocks {
		f.lines += max(1, bytes.Count(f.data[b.start:b.end], []byte("\n")))
	}
	f.stats.lines += f.lines
	if f.invert {
		if f.list == asMatchCount {
			f.count = len(f.blocks)
		}
	} else if f.list == asMatchCount || f.list == asCount && f.only || f.showStats || f.json {
		for _, b := range f.blocks {
			f.count += len(f.matches(b))
		}
	}
	f.stats.matches += f.count
}

// matches are the bounds of the matches in a block.
func (f *file) matches(b block) []block {
	var out []block
	end := len(bytes.TrimSuffix(f.data[:b.end], []byte("\n")))
	for from := b.start; from <= end; {
		start, stop, err := f.re.FindIndex(f.data[:end], from)
		if start < 0 || err != nil {
			break
		}
		if n := len(out); start < stop || n == 0 || out[n-1].end < start {
			out = append(out, block{start, stop})
		}
		if from = stop; start == stop {
			from++
		}
	}
	return out
}

// summary prints what --stats and --json say in the end.
func (r *rg) summary() error {
	switch {
	case r.json:
		return r.jsonSummary()
	case !r.showStats:
		return nil
	}
	_, err := io.WriteString(r.out, fmt.Sprintf("\n%d matches\n%d matched lines\n%d files contained matches\n%d files searched\n%d bytes printed\n%d bytes searched\n%.6f seconds\n",
		r.stats.matches, r.stats.lines, r.stats.withMatch, r.stats.searches, r.out.count(), r.stats.bytes, r.x.Now().Sub(r.started).Seconds()))
	return err
}
