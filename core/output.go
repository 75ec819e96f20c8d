package core

import (
	"io"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
)

// output takes what a guest writes to one stream: into memory, or on to a
// writer. Beyond the limit the guest is told that nobody reads any more.
type output struct {
	to        io.Writer // nil: kept in buf
	buf       []byte
	left      int64 // negative: no limit
	truncated bool
}

// unlimited is what is left of no limit.
const unlimited = -1

func newOutput(to io.Writer, limit int64) *output {
	return &output{to: to, left: limit}
}

// Blocks reports whether a Write may block: one into memory does not, and a
// writer may say so of itself.
func (o *output) Blocks() bool {
	if b, ok := o.to.(wasi.Blocker); ok {
		return b.Blocks()
	}
	return o.to != nil
}

// Write keeps or passes on what the limit lets through. EPIPE for the rest,
// and where the writer behind fails.
func (o *output) Write(p []byte) (int, error) {
	n := len(p)
	if o.left >= 0 && int64(n) > o.left {
		n = int(o.left)
		o.truncated = true
	}
	if o.left >= 0 {
		o.left -= int64(n)
	}
	if o.to == nil {
		o.buf = append(o.buf, p[:n]...)
	} else if n > 0 {
		if m, err := o.to.Write(p[:n]); err != nil {
			return m, vfs.EPIPE
		}
	}
	if n < len(p) {
		return n, vfs.EPIPE
	}
	return n, nil
}
