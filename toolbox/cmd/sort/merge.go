package sort

import (
	"bytes"
	"container/heap"
	"io"

	"agentsandbox/toolbox/tool"
)

// source is one of the files to merge, with its next line.
type source struct {
	name  string
	line  []byte
	lines *tool.Lines
	rank  int // of equal lines, those of the earlier file come first
}

// sources is a heap of what is left to merge.
type sources struct {
	list []*source
	cmp  *comparer
}

// Len implements heap.Interface.
func (h *sources) Len() int { return len(h.list) }

// Less implements heap.Interface: the run whose line comes first.
func (h *sources) Less(i, j int) bool {
	d := h.cmp.lines(h.list[i].line, h.list[j].line)
	return d < 0 || d == 0 && h.list[i].rank < h.list[j].rank
}

// Swap implements heap.Interface.
func (h *sources) Swap(i, j int) { h.list[i], h.list[j] = h.list[j], h.list[i] }

// Push implements heap.Interface.
func (h *sources) Push(x any) { h.list = append(h.list, x.(*source)) }

// Pop implements heap.Interface.
func (h *sources) Pop() any {
	last := h.list[len(h.list)-1]
	h.list = h.list[:len(h.list)-1]
	return last
}

// mergeFiles merges files that are sorted.
func (s *sorter) mergeFiles(names []string) error {
	h := sources{cmp: s.cmp}
	for i, name := range names {
		f, closeFile, err := s.x.OpenInput(name)
		if err != nil {
			return s.openFailed(name, err)
		}
		defer closeFile()
		var r io.Reader = f
		if s.out != "" && name != "-" && s.sameAsOutput(name) {
			// The file is cut to nothing before it has been read.
			data, err := s.x.ReadFile(name, tool.MaxHeld)
			if err != nil {
				return s.readFailed(name, tool.ReadError{Err: err})
			}
			r = bytes.NewReader(data)
		}
		src := &source{name: name, lines: s.x.Lines(s.ctx, r, s.delim), rank: i}
		if err := s.advance(&h, src, heap.Push); err != nil {
			return err
		}
	}
	return s.writeMerged(&h)
}

func (s *sorter) sameAsOutput(name string) bool {
	a, errA := s.x.Stat(name)
	b, errB := s.x.Stat(s.out)
	return errA == nil && errB == nil && a.Dev == b.Dev && a.Ino == b.Ino
}

// advance reads the next line of src and hands src to push if there is one.
func (s *sorter) advance(h *sources, src *source, push func(heap.Interface, any)) error {
	line, ok, err := record(src.lines)
	if err != nil {
		return s.readFailed(src.name, err)
	}
	if ok {
		src.line = line
		push(h, src)
	}
	return nil
}

func (s *sorter) writeMerged(h *sources) error {
	w, closeOut, err := s.output()
	if err != nil {
		return err
	}
	var last []byte
	written := false
	for h.Len() > 0 {
		src := h.list[0]
		if !s.unique || !written || s.cmp.lines(last, src.line) != 0 {
			w.Write(src.line)
			if err := w.WriteByte(s.delim); err != nil {
				return err
			}
			if s.unique {
				last = append(last[:0], src.line...)
			}
			written = true
		}
		more := false
		err := s.advance(h, src, func(heap.Interface, any) { more = true })
		if err != nil {
			return err
		}
		if more {
			heap.Fix(h, 0)
		} else {
			heap.Pop(h)
		}
	}
	return closeOut()
}

// checkOrder says whether a file is sorted.
func (s *sorter) checkOrder(name string) error {
	f, closeFile, err := s.x.OpenInput(name)
	if err != nil {
		return s.openFailed(name, err)
	}
	defer closeFile()
	lines := s.x.Lines(s.ctx, f, s.delim)
	var last []byte
	for n := 1; ; n++ {
		line, ok, err := record(lines)
		if err != nil {
			return s.readFailed(name, err)
		}
		if !ok {
			return nil
		}
		if n > 1 {
			if d := s.cmp.lines(last, line); d > 0 || d == 0 && s.unique {
				return s.disorder(name, n, line)
			}
		}
		last = append(last[:0], line...)
	}
}

func (s *sorter) disorder(name string, n int, line []byte) error {
	if s.check == diagnose {
		s.x.Errorf("%s:%d: disorder: %s", tool.QuoteFile(name), n, line)
	}
	return tool.Exit(1)
}
