package tool

import (
	"bytes"

	"agentsandbox/vfs"
)

// MaxHeld is how much of its input a command that must hold input holds, in
// bytes; more is ENOMEM (THREAT[SH-10]).
const MaxHeld = 128 << 20

// Queue holds bytes that wait to be written, in the order in which they came.
// The zero value is empty.
type Queue struct {
	blocks [][]byte
	len    int
}

// Len returns how many bytes are held.
func (q *Queue) Len() int { return q.len }

// Last returns the byte that came last; there must be one.
func (q *Queue) Last() byte {
	last := q.blocks[len(q.blocks)-1]
	return last[len(last)-1]
}

// Push adds a copy of p. The error is ENOMEM.
func (q *Queue) Push(p []byte) error {
	if q.len+len(p) > MaxHeld {
		return vfs.ENOMEM
	}
	q.len += len(p)
	if n := len(q.blocks); n > 0 && cap(q.blocks[n-1])-len(q.blocks[n-1]) >= len(p) {
		q.blocks[n-1] = append(q.blocks[n-1], p...)
		return nil
	}
	if len(p) > 0 {
		q.blocks = append(q.blocks, append(make([]byte, 0, max(len(p), fullBlock)), p...))
	}
	return nil
}

// Pop takes at most n bytes off the front, at least one if there are any.
func (q *Queue) Pop(n int) []byte {
	if q.len == 0 {
		return nil
	}
	first := q.blocks[0]
	if n < len(first) {
		q.blocks[0] = first[n:]
		q.len -= n
		return first[:n]
	}
	q.blocks[0] = nil
	q.blocks = q.blocks[1:]
	q.len -= len(first)
	return first
}

// PopLines takes bytes off the front up to and with the n-th delim, or fewer;
// ends is how many delims are in part.
func (q *Queue) PopLines(n int, delim byte) (part []byte, ends int) {
	if q.len == 0 {
		return nil, 0
	}
	first := q.blocks[0]
	at := 0
	for ends < n {
		i := bytes.IndexByte(first[at:], delim)
		if i < 0 {
			return q.Pop(len(first)), ends
		}
		at += i + 1
		ends++
	}
	return q.Pop(at), ends
}
