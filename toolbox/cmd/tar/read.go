package tar

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"agentsandbox/toolbox/codec"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

const blockSize = 512

// reader reads an archive, member by member.
type reader struct {
	*tar.Reader
	t       *runner
	in      *bufio.Reader // what was decompressed
	closers []func() error
	failed  bool // a program that decompresses: its status
	started bool
	format  codec.Format
	counted *countingReader // of what the archive's own reader took
}

// compressed is the format of the archive, and whether it has one.
func (r *reader) compressed() (codec.Format, bool) {
	return r.format, r.format != codec.None || r.t.program != ""
}

// countingReader counts bytes.
type countingReader struct {
	r io.Reader
	n int64
}

// Read reads and counts.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// open opens the archive to read.
func (t *runner) open() (*reader, error) {
	in, closeFile, err := t.openArchive()
	if err != nil {
		return nil, err
	}
	r := &reader{t: t, closers: []func() error{closeFile}}
	raw := bufio.NewReaderSize(contextReader{t.ctx, in}, 32<<10)
	if t.program != "" {
		r.pipe(raw)
	} else if err := r.decompress(raw); err != nil {
		return nil, err
	}
	r.counted = &countingReader{r: r.in}
	r.Reader = tar.NewReader(r.counted)
	return r, nil
}

func (t *runner) openArchive() (*tool.File, func() error, error) {
	in, closeFile, err := t.x.OpenInput(t.archive)
	if err != nil {
		return nil, nil, fatalf("%s: Cannot open: %s", quoteColon(t.archive), tool.ErrText(err))
	}
	if t.archive == "-" && t.x.IsTerminal(0) {
		return nil, nil, fatalf("Refusing to read archive contents from terminal (missing -f option?)")
	}
	if !in.Stream() {
		if info, err := in.Stat(); err == nil && info.IsDir() {
			t.x.Errorf("%s: Cannot read: %s", quoteColon(t.archive), vfs.EISDIR.Error())
			return nil, nil, fatalf("At beginning of tape, quitting now")
		}
	}
	return in, closeFile, nil
}

// letters are the options that name a format.
var letters = [...]string{codec.Gzip: "-z", codec.Bzip2: "-j", codec.Xz: "-J", codec.Zstd: "--zstd"}

// decompress sets r.in to what raw holds. Without an option that says so the
// format is found out, but not of a stream, as that could not be done again.
func (r *reader) decompress(raw *bufio.Reader) error {
	head, err := raw.Peek(codec.HeadSize)
	if err != nil && err != io.EOF {
		return readError(r.t.archive, err)
	}
	if len(head) == 0 {
		r.t.fail("This does not look like a tar archive")
	}
	found := codec.Detect(head)
	want := r.t.format
	switch {
	case want == codec.None && found != codec.None && r.t.archive == "-":
		return fatalf("Archive is compressed. Use %s option", letters[found])
	case found != codec.None:
		want = found
	case want != codec.None:
		return r.child(errFormat, want)
	}
	r.format = want
	z, err := codec.NewReader(want, raw)
	if err != nil {
		return r.child(err, want)
	}
	r.in = bufio.NewReaderSize(z, 32<<10)
	if want != codec.None {
		r.in = bufio.NewReaderSize(childReader{r, z, want}, 32<<10)
	}
	return nil
}

var errFormat = errors.New("not in that format")

// child reports what the program that decompresses would say, were it one.
func (r *reader) child(err error, f codec.Format) error {
	r.t.out.Flush()
	io.WriteString(r.t.x.Stderr, complaint(err, f))
	status := 1
	if f == codec.Bzip2 {
		status = 2
	}
	r.t.x.Errorf("Child returned status %d", status)
	return fatalError{}
}

func complaint(err error, f codec.Format) string {
	text := tool.ErrText(err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) && f == codec.Bzip2:
		return "\nbzip2: Compressed file ends unexpectedly;\n\tperhaps it is corrupted?  *Possible* reason follows.\n"
	case errors.Is(err, io.ErrUnexpectedEOF) && f == codec.Xz:
		text = "Unexpected end of input"
	case errors.Is(err, io.ErrUnexpectedEOF):
		text = "unexpected end of file"
	case err == errFormat && f == codec.Gzip:
		text = "not in gzip format"
	case err == errFormat && f == codec.Bzip2:
		return "bzip2: (stdin) is not a bzip2 file.\n"
	case err == errFormat && f == codec.Xz:
		return "xz: (stdin): File format not recognized\n"
	}
	if f == codec.Gzip {
		return "\ngzip: stdin: " + text + "\n"
	}
	return f.Program() + ": (stdin): " + text + "\n"
}

// childReader turns the errors of a decompressor into those of a program.
type childReader struct {
	r *reader
	z io.Reader
	f codec.Format
}

// Read reads what was decompressed.
func (c childReader) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	switch {
	case err == nil, err == io.EOF, c.r.t.ctx.Err() != nil:
		return n, err
	case err == codec.ErrGarbage:
		io.WriteString(c.r.t.x.Stderr, complaint(err, c.f))
		return n, io.EOF
	}
	return n, brokenError{err, c.f}
}

// brokenError is a compressed archive that is damaged.
type brokenError struct {
	err error
	f   codec.Format
}

func (b brokenError) Error() string { return b.err.Error() }

// pipe runs the program of -I, with -d, on the archive.
func (r *reader) pipe(raw io.Reader) {
	pr, pw := io.Pipe()
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(r.t.ctx)
	child := *r.t.x
	child.Stdin, child.Stdout = raw, pw
	argv := append(strings.Fields(r.t.program), "-d")
	go func() {
		defer close(done)
		status, err := r.t.x.Spawn(ctx, &child, argv)
		if err != nil {
			r.t.x.Errorf("%s: Cannot exec: %s", argv[0], tool.ErrText(err))
		}
		r.failed = status != 0
		pw.Close()
	}()
	r.closers = append(r.closers, func() error {
		pr.Close()
		cancel()
		<-done
		return nil
	})
	r.in = bufio.NewReaderSize(pr, 32<<10)
}

func (r *reader) Close() {
	for i := len(r.closers) - 1; i >= 0; i-- {
		r.closers[i]()
	}
}

// next returns the header of the next member; io.EOF at the end. Other errors
// end the run, but io.ErrNoProgress, which was reported.
func (r *reader) next() (*tar.Header, error) {
	if err := r.t.ctx.Err(); err != nil {
		return nil, err
	}
	h, err := r.Reader.Next()
	switch {
	case err == nil:
		r.started = true
		return h, nil
	case err == io.EOF && r.t.ignoreZeros && r.skipZeros():
		r.Reader = tar.NewReader(r.counted)
		return r.next()
	case err == io.EOF:
		return nil, r.end()
	}
	return nil, r.trouble(err)
}

// skipZeros passes over blocks of zeros; it reports whether more follows.
func (r *reader) skipZeros() bool {
	var zero [blockSize]byte
	for {
		block, err := r.in.Peek(blockSize)
		if err != nil {
			return false
		}
		if !bytes.Equal(block, zero[:]) {
			return true
		}
		r.in.Discard(blockSize)
	}
}

// end reads what is left, so that a program before this one can end.
func (r *reader) end() error {
	if _, err := io.Copy(io.Discard, r.in); err != nil && r.t.ctx.Err() == nil {
		return r.trouble(err)
	}
	if r.failed && !r.started {
		return fatalf("Child returned status 1")
	}
	return io.EOF
}

// trouble sorts what may be wrong with an archive.
func (r *reader) trouble(err error) error {
	var broken brokenError
	var re tool.ReadError
	switch {
	case r.t.ctx.Err() != nil:
		return r.t.ctx.Err()
	case errors.As(err, &broken):
		return r.child(broken.err, broken.f)
	case errors.As(err, &re):
		return readError(r.t.archive, re.Err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		if !r.started {
			r.t.fail("This does not look like a tar archive")
			return io.EOF
		}
		return fatalf("Unexpected EOF in archive")
	}
	if !r.started {
		r.t.fail("This does not look like a tar archive")
	}
	r.t.fail("Skipping to next header")
	return io.EOF
}

func readError(name string, err error) error {
	return fatalf("%s: Cannot read: %s", quoteColon(name), tool.ErrText(err))
}

// contextReader reads until the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads, and tells errors of reading from others.
func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	if err != nil && err != io.EOF {
		err = tool.ReadError{Err: err}
	}
	return n, err
}
