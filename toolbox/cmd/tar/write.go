package tar

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"agentsandbox/toolbox/codec"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// writer writes an archive. What is written is compressed, and counted for the
// records that it fills.
type writer struct {
	*tar.Writer
	t       *runner
	n       int64 // bytes before compression
	z       io.WriteCloser
	closers []func() error
	self    vfs.Info // the archive, to pass it over
	own     bool     // self is known
	started time.Time
}

// errWrite is what went wrong when the archive was written.
type errWrite struct{ err error }

func (e errWrite) Error() string { return tool.ErrText(e.err) }
func (e errWrite) Unwrap() error { return e.err }

// Write writes what the archive's own writer makes.
func (w *writer) Write(p []byte) (int, error) {
	n, err := w.z.Write(p)
	w.n += int64(n)
	if err != nil {
		err = errWrite{err}
	}
	return n, err
}

// newArchive makes the archive to write.
func (t *runner) newArchive() (*writer, error) {
	w := &writer{t: t, started: t.x.Now()}
	var out io.Writer = t.x.Stdout
	if t.archive == "-" {
		if t.x.IsTerminal(1) {
			return nil, fatalf("Refusing to write archive contents to terminal (missing -f option?)")
		}
	} else {
		f, err := t.x.Create(t.archive)
		if err != nil {
			return nil, fatalf("%s: Cannot open: %s", quoteColon(t.archive), tool.ErrText(err))
		}
		w.closers = append(w.closers, f.Close)
		w.self, err = t.x.Stat(t.archive)
		w.own = err == nil
		out = f
	}
	if err := w.compress(out); err != nil {
		return nil, err
	}
	w.Writer = tar.NewWriter(w)
	return w, nil
}

// compress sets w.z to what ends in out.
func (w *writer) compress(out io.Writer) error {
	if w.t.program != "" {
		w.pipe(out)
		return nil
	}
	buffered := &bufferedWriter{w: out}
	w.closers = append(w.closers, buffered.Flush)
	z, err := codec.NewWriter(w.t.format, buffered, 0)
	if errors.Is(err, codec.ErrUnsupported) {
		w.t.x.Errorf("%s: Cannot compress: %s", w.t.format.Program(), err)
		return fatalError{}
	}
	w.z = z
	return err
}

// bufferedWriter writes whole blocks to an archive.
type bufferedWriter struct {
	w   io.Writer
	buf []byte
}

// Write keeps p, and writes what is enough.
func (b *bufferedWriter) Write(p []byte) (int, error) {
	b.buf = append(b.buf, p...)
	if len(b.buf) >= 64<<10 {
		return len(p), b.Flush()
	}
	return len(p), nil
}

// Flush writes what is kept.
func (b *bufferedWriter) Flush() error {
	_, err := b.w.Write(b.buf)
	b.buf = b.buf[:0]
	return err
}

// pipe has the program of -I compress.
func (w *writer) pipe(out io.Writer) {
	pr, pw := io.Pipe()
	done := make(chan int, 1)
	ctx, cancel := context.WithCancel(w.t.ctx)
	child := *w.t.x
	child.Stdin, child.Stdout = pr, out
	argv := strings.Fields(w.t.program)
	go func() {
		status, err := w.t.x.Spawn(ctx, &child, argv)
		if err != nil {
			w.t.x.Errorf("%s: Cannot exec: %s", argv[0], tool.ErrText(err))
		}
		pr.CloseWithError(vfs.EPIPE)
		done <- status
	}()
	w.z = pw
	w.closers = append(w.closers, func() error {
		defer cancel()
		if status := <-done; status != 0 {
			w.t.x.Errorf("Child returned status %d", status)
			return fatalError{}
		}
		return nil
	})
}

// finish ends the archive: two blocks of zeros, and as many more as its last
// record needs.
func (w *writer) finish(broken error) error {
	err := broken
	if err == nil {
		err = w.pad()
	}
	if cerr := w.z.Close(); err == nil {
		err = cerr
	}
	for i := len(w.closers) - 1; i >= 0; i-- {
		if cerr := w.closers[i](); err == nil {
			err = cerr
		}
	}
	if err == nil && w.t.totals {
		w.total()
	}
	return w.sort(err)
}

func (w *writer) pad() error {
	if err := w.Writer.Close(); err != nil {
		return err
	}
	record := int64(w.t.blocks * blockSize)
	if over := w.n % record; over > 0 {
		_, err := w.Write(make([]byte, record-over))
		return err
	}
	return nil
}

// sort makes an error of writing the end of the run.
func (w *writer) sort(err error) error {
	var fatal fatalError
	switch {
	case err == nil, w.t.ctx.Err() != nil, errors.As(err, &fatal):
		return err
	case vfs.ToErrno(err) == vfs.EPIPE && w.t.archive == "-":
		return vfs.EPIPE
	case vfs.ToErrno(err) != 0:
		return fatalf("%s: Cannot write: %s", quoteColon(w.t.archive), tool.ErrText(err))
	}
	return err
}

func (w *writer) total() {
	seconds := max(w.t.x.Now().Sub(w.started).Seconds(), 1e-6)
	rate := uint64(float64(w.n) / seconds)
	fmt.Fprintf(w.t.x.Stderr, "Total bytes written: %d (%siB, %siB/s)\n", w.n,
		tool.HumanSize(uint64(w.n), 1024), tool.HumanSize(rate, 1024))
}
