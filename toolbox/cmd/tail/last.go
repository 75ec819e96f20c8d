package tail

import (
	"bytes"
	"io"
	"math"

	"agentsandbox/toolbox/sweep"
	"agentsandbox/toolbox/tool"
)

// tail writes the tail of f and leaves its position at the end.
func (t *tail) tail(f *tool.File) error {
	switch {
	case t.fromStart && t.bytes:
		return t.skipBytes(f)
	case t.fromStart:
		return t.skipLines(f)
	}
	if start, end, ok := extent(f); ok {
		return t.seek(f, start, end)
	}
	if t.n == 0 {
		return nil
	}
	if t.bytes {
		return t.holdBytes(f)
	}
	return t.holdLines(f)
}

// extent is the part of a regular file from its position to its end; not of a
// file that says it is empty, which may be made up as it is read.
func extent(f *tool.File) (start, end int64, ok bool) {
	if f.Stream() {
		return 0, 0, false
	}
	info, err := f.Stat()
	if err != nil || !info.Mode.IsRegular() || info.Size == 0 {
		return 0, 0, false
	}
	start, err = f.Seek(0, io.SeekCurrent)
	return start, max(info.Size, start), err == nil
}

// skipBytes writes all but the first n bytes.
func (t *tail) skipBytes(f *tool.File) error {
	left := t.n
	if start, end, ok := extent(f); ok {
		f.Seek(start+int64(min(left, uint64(end-start))), io.SeekStart)
		left = 0
	}
	return tool.Blocks(t.ctx, f, func(block []byte) error {
		skip := min(left, uint64(len(block)))
		left -= skip
		return t.write(block[skip:])
	})
}

// skipLines writes all but the first n lines.
func (t *tail) skipLines(f *tool.File) error {
	left := t.n
	return tool.Blocks(t.ctx, f, func(block []byte) error {
		for left > 0 {
			i := bytes.IndexByte(block, t.delim)
			if i < 0 {
				return nil
			}
			block = block[i+1:]
			left--
		}
		return t.write(block)
	})
}

// seek writes the tail of the part of a file, found from its end.
func (t *tail) seek(f *tool.File, start, end int64) error {
	from := end
	switch {
	case t.n == 0:
	case t.bytes:
		from = max(start, end-int64(min(t.n, math.MaxInt64)))
	default:
		var err error
		if from, err = t.findLine(f, start, end); err != nil {
			return tool.ReadError{Err: err}
		}
	}
	f.Seek(from, io.SeekStart)
	if from == end {
		return nil
	}
	return tool.Blocks(t.ctx, f, t.write)
}

// findLine finds where the last n lines begin.
func (t *tail) findLine(f *tool.File, start, end int64) (int64, error) {
	const block = 64 << 10
	buf := make([]byte, min(block, end-start))
	left := t.n
	for pos := end; pos > start; {
		if err := t.ctx.Err(); err != nil {
			return 0, err
		}
		size := min(int64(len(buf)), pos-start)
		n, err := f.ReadAt(buf[:size], pos-size)
		if err != nil && err != io.EOF {
			return 0, err
		}
		part := buf[:n]
		if pos == end && n > 0 && part[n-1] == t.delim {
			part = part[:n-1] // what ends the last line begins none
		}
		pos -= size
		for {
			i := bytes.LastIndexByte(part, t.delim)
			if i < 0 {
				break
			}
			if left--; left == 0 {
				return pos + int64(i) + 1, nil
			}
			part = part[:i]
		}
	}
	return start, nil
}

func (t *tail) holdBytes(f *tool.File) error {
	var held tool.Queue
	err := tool.Blocks(t.ctx, f, func(block []byte) error {
		if over := held.Len() + len(block); over > 0 && uint64(over) > t.n {
			drop(&held, over-int(t.n))
		}
		if uint64(len(block)) > t.n {
			block = block[len(block)-int(t.n):]
		}
		return held.Push(block)
	})
	if err != nil {
		return err
	}
	return t.flush(&held)
}

func drop(held *tool.Queue, n int) {
	for n > 0 && held.Len() > 0 {
		n -= len(held.Pop(n))
	}
}

// holdLines holds the last n lines, and what is begun of another.
func (t *tail) holdLines(f *tool.File) error {
	var held tool.Queue
	var lines uint64 // that end within held
	pop := func() {
		_, ends := held.PopLines(int(min(lines-t.n, 1<<30)), t.delim)
		lines -= uint64(ends)
	}
	err := tool.Blocks(t.ctx, f, func(block []byte) error {
		lines += uint64(sweep.Count(block, t.delim))
		err := held.Push(block)
		for lines > t.n {
			pop()
		}
		return err
	})
	if err != nil {
		return err
	}
	if held.Len() > 0 && held.Last() != t.delim {
		lines++ // the last line, which does not end
	}
	for lines > t.n {
		pop()
	}
	return t.flush(&held)
}

func (t *tail) flush(held *tool.Queue) error {
	for held.Len() > 0 {
		if err := t.write(held.Pop(held.Len())); err != nil {
			return err
		}
	}
	return nil
}
