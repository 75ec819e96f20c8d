package od

import (
	"bufio"
	"io"
	"math"
)

// input is all files as one.
type input struct {
	*od
	names  []string
	f      *bufio.Reader
	name   string
	close  func() error
	limit  uint64 // bytes that may still be read
	failed bool
}

// next opens the next file that can be opened; false if there is none.
func (in *input) next() (bool, error) {
	for len(in.names) > 0 {
		in.name = in.names[0]
		in.names = in.names[1:]
		f, closeFile, err := in.x.OpenInput(in.name)
		if err != nil {
			if err := in.report(err); err != nil {
				return false, err
			}
			continue
		}
		in.f, in.close = bufio.NewReaderSize(f, 64<<10), closeFile
		return true, nil
	}
	return false, nil
}

func (in *input) report(err error) error {
	in.failed = true
	if err := in.w.Flush(); err != nil {
		return err
	}
	in.x.WarnFile(in.name, err)
	return nil
}

// read fills p as far as there is data.
func (in *input) read(p []byte) (n int, err error) {
	p = p[:min(uint64(len(p)), in.limit)]
	for n < len(p) {
		if in.f == nil {
			ok, err := in.next()
			if err != nil || !ok {
				return n, err
			}
		}
		if err := in.ctx.Err(); err != nil {
			return n, err
		}
		got, err := in.f.Read(p[n:])
		n += got
		in.limit -= uint64(got)
		if err == nil {
			continue
		}
		in.f = nil
		in.close()
		if err != io.EOF {
			if err := in.report(err); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// skip passes over n bytes.
func (in *input) skip(n uint64) error {
	limit := in.limit
	in.limit = math.MaxUint64
	buf := make([]byte, 32<<10)
	for n > 0 {
		got, err := in.read(buf[:min(n, uint64(len(buf)))])
		if err != nil {
			return err
		}
		if got == 0 {
			return in.x.Fail(1, "cannot skip past end of combined input")
		}
		n -= uint64(got)
	}
	in.limit = limit
	return nil
}
