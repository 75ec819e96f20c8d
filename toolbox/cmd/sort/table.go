package sort

import (
	"bytes"
	"context"
	"io"

	"agentsandbox/toolbox/sweep"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

const (
	firstChunk = 64 << 10
	chunkSize  = 1 << 20
	// lineCost is what a line takes beside its text: a span and two items.
	lineCost = 56
)

// table holds all lines. It holds no pointers but those to its chunks, which
// leaves the collector little to do.
type table struct {
	chunks [][]byte
	lines  []span
	used   int // bytes, of text and for lines
}

// span is a line: its place, and that of its first key within it.
type span struct {
	chunk, from, len uint32
	keyFrom, keyTo   uint32
}

// item is a line on its way to its place. prefix orders as its first key does
// as far as it goes; exact says that it tells all there is about the key, more that
// more bytes of it follow.
type item struct {
	prefix uint64
	line   uint32
	exact  bool
	more   bool
}

func (t *table) text(line uint32) []byte {
	s := &t.lines[line]
	return t.chunks[s.chunk][s.from : s.from+s.len]
}

// whole is a line with its delimiter.
func (t *table) whole(line uint32) []byte {
	s := &t.lines[line]
	return t.chunks[s.chunk][s.from : s.from+s.len+1]
}

func (t *table) key(line uint32) []byte {
	s := &t.lines[line]
	return t.chunks[s.chunk][s.from+s.keyFrom : s.from+s.keyTo]
}

func indexByte(b []byte, c byte) int { return bytes.IndexByte(b, c) }

// read adds the lines of r. A line lies within one chunk: what is begun at the
// end of one moves to the next.
func (t *table) read(ctx context.Context, r io.Reader, delim byte) error {
	chunk := make([]byte, 0, firstChunk)
	begun := 0 // where the line that has not ended begins
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(chunk) == cap(chunk) {
			rest := chunk[begun:]
			next := make([]byte, len(rest), max(chunkSize, 2*len(rest)))
			copy(next, rest)
			t.chunks = append(t.chunks, chunk[:begun])
			if t.used += cap(next); t.used > tool.MaxHeld {
				return vfs.ENOMEM
			}
			chunk, begun = next, 0
		}
		n, err := r.Read(chunk[len(chunk):cap(chunk)])
		from := len(chunk)
		chunk = chunk[:from+n]
		if i := sweep.LastIndexByte(chunk[from:], delim); i >= 0 {
			begun = from + i + 1
		}
		switch {
		case err == io.EOF:
			return t.last(chunk, delim)
		case err != nil:
			return tool.ReadError{Err: err}
		}
	}
}

// last adds the last chunk, its last line ended, and finds the lines of all
// chunks that are new.
func (t *table) last(chunk []byte, delim byte) error {
	if n := len(chunk); n > 0 && chunk[n-1] != delim {
		chunk = append(chunk, delim)
	}
	first := len(t.chunks)
	for first > 0 && (len(t.lines) == 0 || int(t.lines[len(t.lines)-1].chunk) < first-1) {
		first--
	}
	t.chunks = append(t.chunks, chunk)
	count := 0
	for _, c := range t.chunks[first:] {
		count += sweep.Count(c, delim)
	}
	if t.used += count * lineCost; t.used > tool.MaxHeld {
		return vfs.ENOMEM
	}
	if cap(t.lines)-len(t.lines) < count {
		t.lines = append(make([]span, 0, len(t.lines)+count), t.lines...)
	}
	for i, c := range t.chunks[first:] {
		t.split(uint32(first+i), c, delim)
	}
	return nil
}

func (t *table) split(chunk uint32, text []byte, delim byte) {
	for from := 0; from < len(text); {
		n := bytes.IndexByte(text[from:], delim)
		t.lines = append(t.lines, span{chunk: chunk, from: uint32(from), len: uint32(n)})
		from += n + 1
	}
}
