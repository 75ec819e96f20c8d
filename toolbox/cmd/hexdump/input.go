package hexdump

import (
	"io"

	"agentsandbox/toolbox/tool"
)

// input reads the files as one.
type input struct {
	d      *dump
	names  []string
	stdin  bool
	f      *tool.File
	shut   func() error
	left   int64 // bytes that may be read, or -1
	failed int
}

// next opens the next file; ok is false if there is none.
func (in *input) next() (ok bool) {
	in.close()
	name := "-"
	for {
		switch {
		case in.stdin:
			in.stdin = false
		case len(in.names) == 0:
			return false
		default:
			name = in.names[0]
			in.names = in.names[1:]
		}
		f, shut, err := in.d.x.OpenInput(name)
		if err == nil {
			in.f, in.shut = f, shut
			return true
		}
		in.d.x.Errorf("%s: %s", name, tool.ErrText(err))
		in.failed++
	}
}

func (in *input) close() {
	if in.shut != nil {
		in.shut()
		in.shut, in.f = nil, nil
	}
}

// Read reads the next bytes of the files.
func (in *input) Read(p []byte) (int, error) {
	if in.left == 0 {
		return 0, io.EOF
	}
	if in.left > 0 {
		p = p[:min(int64(len(p)), in.left)]
	}
	for {
		if in.f == nil && !in.next() {
			return 0, io.EOF
		}
		n, err := in.f.Read(p)
		if n > 0 {
			if in.left > 0 {
				in.left -= int64(n)
			}
			return n, nil
		}
		if err != nil && err != io.EOF {
			in.d.x.Errorf("%s", tool.ErrText(err))
			in.failed++
		}
		if err != nil {
			in.close()
		}
	}
}

// skip passes over n bytes, and returns over how many.
func (in *input) skip(n int64) (int64, error) {
	if n == 0 {
		return 0, nil
	}
	left := in.left
	in.left = -1
	done, err := io.CopyN(io.Discard, in, n)
	in.left = left
	if err == io.EOF {
		err = nil
	}
	return done, err
}
