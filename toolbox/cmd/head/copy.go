package head

import (
	"bytes"
	"errors"
	"io"

	"agentsandbox/toolbox/sweep"
	"agentsandbox/toolbox/tool"
)

// errEnough ends a walk over blocks.
var errEnough = errors.New("enough")

// copy writes what is asked of f.
func (h *head) copy(f *tool.File) error {
	var err error
	switch {
	case h.butLast && h.n > 0 && h.bytes:
		err = h.butBytes(f)
	case h.butLast && h.n > 0:
		err = h.butLines(f)
	case h.butLast:
		err = tool.Blocks(h.ctx, f, h.write)
	case h.n == 0:
		// Nothing is read, so that all of a pipe is left.
	case h.bytes:
		err = h.firstBytes(f)
	default:
		err = h.firstLines(f)
	}
	if err == errEnough {
		return nil
	}
	return err
}

// write writes a block at once: what feeds the pipe may pause.
func (h *head) write(block []byte) error {
	h.w.Write(block)
	return h.w.Flush()
}

func (h *head) firstBytes(f *tool.File) error {
	left := h.n
	return tool.Blocks(h.ctx, io.LimitReader(f, int64(min(left, 1<<62))), func(block []byte) error {
		if err := h.write(block); err != nil {
			return err
		}
		if left -= uint64(len(block)); left == 0 {
			return errEnough
		}
		return nil
	})
}

func (h *head) firstLines(f *tool.File) error {
	left := h.n
	return tool.Blocks(h.ctx, f, func(block []byte) error {
		end, lines := 0, uint64(0)
		for lines < left {
			i := bytes.IndexByte(block[end:], h.delim)
			if i < 0 {
				end = len(block)
				break
			}
			end += i + 1
			lines++
		}
		if err := h.write(block[:end]); err != nil {
			return err
		}
		if left -= lines; left > 0 {
			return nil
		}
		giveBack(f, len(block)-end)
		return errEnough
	})
}

// butBytes writes all but the last n bytes: it holds back that many.
func (h *head) butBytes(f *tool.File) error {
	var held tool.Queue
	err := tool.Blocks(h.ctx, f, func(block []byte) error {
		if err := held.Push(block); err != nil {
			return err
		}
		for uint64(held.Len()) > h.n {
			part := held.Pop(int(uint64(held.Len()) - h.n))
			if _, err := h.w.Write(part); err != nil {
				return err
			}
		}
		return h.w.Flush()
	})
	giveBack(f, held.Len())
	return err
}

// giveBack leaves the n bytes that were read last to the next reader of f,
// where that is possible.
func giveBack(f *tool.File, n int) { f.Seek(int64(-n), io.SeekCurrent) }

// butLines writes all but the last n lines: it holds back that many, and what
// is begun of another.
func (h *head) butLines(f *tool.File) error {
	var held tool.Queue
	var lines uint64 // that end within held
	err := tool.Blocks(h.ctx, f, func(block []byte) error {
		lines += uint64(sweep.Count(block, h.delim))
		if err := held.Push(block); err != nil {
			return err
		}
		for lines > h.n {
			ends, err := h.pop(&held, int(min(lines-h.n, 1<<30)))
			if err != nil {
				return err
			}
			lines -= uint64(ends)
		}
		return h.w.Flush()
	})
	// A last line without its end is one of the n: one more goes out.
	begun := held.Len() > 0 && held.Last() != h.delim
	for err == nil && begun && lines == h.n && held.Len() > 0 {
		var ends int
		ends, err = h.pop(&held, 1)
		lines -= uint64(ends)
	}
	giveBack(f, held.Len())
	if err != nil {
		return err
	}
	return h.w.Flush()
}

// pop writes up to n of the lines that are held, and returns how many ended.
func (h *head) pop(held *tool.Queue, n int) (ends int, err error) {
	part, ends := held.PopLines(n, h.delim)
	_, err = h.w.Write(part)
	return ends, err
}
