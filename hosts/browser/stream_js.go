package main

import (
	"io"

	"agentsandbox/hosts/browser/wire"
	"agentsandbox/vfs"
)

// emitter is a writer that hands each piece of a call's output to the embedder.
type emitter struct{ call, fd uint32 }

// Blocks reports that it never does.
func (emitter) Blocks() bool { return false }

func (e emitter) Write(p []byte) (int, error) {
	if glueEmit(e.call, e.fd, pointer(p), uint32(len(p))) == 0 {
		return 0, vfs.EPIPE
	}
	return len(p), nil
}

// input is a reader that asks the embedder for more when it has run out.
type input struct {
	call uint32
	more chan []byte // holds one piece
	rest []byte
	end  bool
}

// Blocks reports that it may.
func (*input) Blocks() bool { return true }

func (in *input) Read(p []byte) (int, error) {
	if len(in.rest) == 0 && !in.end {
		gluePull(in.call)
		in.rest = <-in.more
		in.end = len(in.rest) == 0
	}
	if in.end {
		return 0, io.EOF
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}

// input takes what was pulled: call, bytes; none is the end.
func (h *host) input(_ uint32, r *wire.Reader, _ *wire.Writer) error {
	in, data := h.inputs[r.Uint()], r.Bytes()
	if in != nil && r.Err() == nil {
		in.more <- data
	}
	return r.Err()
}

// endInput lets go of a call's input. A read that is still waiting for more ends.
func (h *host) endInput(call uint32) {
	in := h.inputs[call]
	if in == nil {
		return
	}
	delete(h.inputs, call)
	select {
	case in.more <- nil:
	default:
	}
}
