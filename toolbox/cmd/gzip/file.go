package gzip

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"agentsandbox/toolbox/codec"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

var errUnexpectedEOF = io.ErrUnexpectedEOF

// standard compresses or decompresses standard input to standard output.
func (g *gzip) standard() error {
	if g.x.IsTerminal(0) && g.decompress && !g.force || g.x.IsTerminal(1) && !g.decompress && !g.force {
		what := "written to"
		if g.decompress {
			what = "read from"
		}
		g.x.Errorf("compressed data not %s a terminal. Use -f to force %scompression.", what, map[bool]string{true: "de"}[g.decompress])
		fmt.Fprintf(g.x.Stderr, "For help, type: gzip -h\n")
		g.status = statusError
		return nil
	}
	w := g.x.Writer()
	var h codec.GzipHeader
	if f, ok := g.x.Stdin.(*tool.File); ok && !f.Stream() && g.name >= 0 {
		if info, err := f.Stat(); err == nil {
			h.MTime = uint32(info.Mtime / 1e9)
		}
	}
	n, ok, err := g.pass("stdin", g.x.Stdin, w, h)
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if ok && g.verbose {
		g.say("", n, "")
	}
	return nil
}

// file replaces a file, or writes what it becomes to standard output.
func (g *gzip) file(name string, info vfs.Info) error {
	target := g.target(name)
	if target == "" {
		return nil
	}
	in, err := g.x.Open(name)
	if err != nil {
		g.fail("%s: %s", name, tool.ErrText(err))
		return nil
	}
	defer in.Close()
	if g.stdout {
		return g.toStdout(name, in)
	}
	if g.decompress && g.name > 0 {
		target = g.restore(name, target, &info)
	}
	return g.replace(name, target, in, info)
}

// restore is the name that a compressed file keeps, in its directory, or else
// the target; info gets the time that it keeps.
func (g *gzip) restore(name, target string, info *vfs.Info) string {
	f, err := g.x.Open(name)
	if err != nil {
		return target
	}
	defer f.Close()
	z, err := codec.NewGzipReader(bufio.NewReader(f))
	if err != nil {
		return target
	}
	if z.Header.MTime != 0 {
		info.Mtime = int64(z.Header.MTime) * 1e9
	}
	kept := path.Base(strings.ReplaceAll(z.Header.Name, "\\", "/"))
	if z.Header.Name == "" || kept == "." || kept == ".." || kept == "/" {
		return target
	}
	return path.Join(path.Dir(target), kept) // THREAT[AR-01]: no directories
}

// target is the name to write to, "" where the file is passed over.
func (g *gzip) target(name string) string {
	switch {
	case g.decompress:
		target := g.original(name)
		if target == "" && g.stdout {
			return name
		}
		if target == "" {
			g.warn("%s: unknown suffix -- ignored", name)
		}
		return target
	case g.known(name) && !g.force && !g.stdout:
		if g.verbose || !g.recursive && !g.quiet {
			g.warn("%s already has %s suffix -- unchanged", name, g.knownSuffix(name))
		}
		return ""
	}
	return name + g.suffix
}

func (g *gzip) toStdout(name string, in io.Reader) error {
	w := g.x.Writer()
	if g.test {
		w = bufio.NewWriter(io.Discard)
	}
	n, ok, err := g.pass(name, in, w, g.header(name))
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if ok && g.verbose {
		done := " -- replaced with stdout"
		if g.test {
			done = ""
		}
		g.say(name, n, done)
	}
	return nil
}

// header is what is kept of a file.
func (g *gzip) header(name string) codec.GzipHeader {
	info, err := g.x.Stat(name)
	if g.decompress || g.name < 0 || err != nil {
		return codec.GzipHeader{}
	}
	return codec.GzipHeader{Name: path.Base(name), MTime: uint32(info.Mtime / 1e9)}
}

// replace writes the target, and removes the file if that went well.
func (g *gzip) replace(name, target string, in io.Reader, info vfs.Info) error {
	out, err := g.create(target)
	if err != nil || out == nil {
		return err
	}
	w := bufio.NewWriterSize(out, 64<<10)
	mtime := info.Mtime
	n, ok, err := g.pass(name, in, w, g.header(name))
	if flushErr := w.Flush(); err == nil && ok && flushErr != nil {
		err = flushErr
	}
	out.Close()
	if err != nil || !ok {
		g.x.FS.Unlink(g.x.Abs(target))
		if err == nil || g.ctx.Err() != nil {
			return err
		}
		g.fail("%s: %s", target, tool.ErrText(err))
		return nil
	}
	g.x.FS.Chmod(g.x.Abs(target), info.Mode.Perm())
	g.x.FS.Chtimes(g.x.Abs(target), true, info.Atime, mtime)
	if !g.keep {
		if err := g.x.FS.Unlink(g.x.Abs(name)); err != nil {
			g.fail("%s: %s", name, tool.ErrText(err))
		}
	}
	if g.verbose {
		done := "replaced with"
		if g.keep {
			done = "created"
		}
		g.say(name, n, fmt.Sprintf(" -- %s %s", done, target))
	}
	return nil
}

// create makes the target; nil where it is there and must not be overwritten.
func (g *gzip) create(target string) (*tool.File, error) {
	if _, err := g.x.Lstat(target); err == nil {
		if !g.force {
			fmt.Fprintf(g.x.Stderr, "gzip: %s already exists;", target)
			if g.x.IsTerminal(0) {
				fmt.Fprintf(g.x.Stderr, " do you wish to overwrite (y or n)? ")
			}
			if !g.x.IsTerminal(0) || !g.x.Yes() {
				fmt.Fprintf(g.x.Stderr, "\tnot overwritten\n")
				if g.status == 0 {
					g.status = statusWarning
				}
				return nil, nil
			}
		}
		g.x.FS.Unlink(g.x.Abs(target))
	}
	out, err := g.x.OpenFile(target, vfs.Write|vfs.Create|vfs.Exclusive, 0o600)
	if err != nil {
		g.fail("%s: %s", target, tool.ErrText(err))
		return nil, nil
	}
	return out, nil
}

// counts are the bytes of a stream before and after, and those of header and
// trailer.
type counts struct{ in, out, head int64 }

// pass compresses or decompresses a stream. ok is false where it was damaged,
// which has been reported; the error is one of writing, or of the context.
func (g *gzip) pass(name string, r io.Reader, w io.Writer, h codec.GzipHeader) (n counts, ok bool, err error) {
	cr := &countReader{ctx: g.ctx, r: r}
	cw := &countWriter{w: w}
	if g.decompress {
		h, ok, err = g.expand(name, cr, cw)
	} else {
		ok, err = g.compress(name, cr, cw, h)
	}
	return counts{cr.n, cw.n, headerSize(h)}, ok, err
}

// headerSize is what header and trailer take.
func headerSize(h codec.GzipHeader) int64 {
	if h.Name == "" {
		return 18
	}
	return int64(18 + len(h.Name) + 1)
}

func (g *gzip) compress(name string, r *countReader, w *countWriter, h codec.GzipHeader) (bool, error) {
	z, err := codec.NewGzipWriter(w, g.level, h)
	if err != nil {
		return false, err
	}
	if _, err := io.Copy(z, r); err != nil {
		return g.broken(name, err)
	}
	return true, z.Close()
}

func (g *gzip) expand(name string, r *countReader, w *countWriter) (h codec.GzipHeader, ok bool, err error) {
	in := bufio.NewReaderSize(r, 32<<10)
	z, err := codec.NewGzipReader(in)
	switch {
	case err == nil:
		h = z.Header
		_, err = io.Copy(w, z)
	case err == codec.ErrMagic && g.force && g.stdout:
		_, err = io.Copy(w, in)
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	switch err {
	case nil:
		return h, true, nil
	case codec.ErrGarbage:
		if !g.quiet {
			g.x.Stderr.Write([]byte{'\n'})
		}
		g.warn("%s: %s", name, err)
		return h, true, nil
	}
	ok, err = g.broken(name, err)
	return h, ok, err
}

// broken sorts an error of reading or writing.
func (g *gzip) broken(name string, err error) (bool, error) {
	var re tool.ReadError
	var me codec.MethodError
	switch {
	case g.ctx.Err() != nil:
		return false, g.ctx.Err()
	case errors.As(err, &re):
		g.fail("%s: %s", name, re.Error())
		return false, nil
	case errors.As(err, &me):
		g.fail("%s: %s", name, me.Error())
		return false, nil
	case !isData(err):
		return false, err
	}
	g.damaged(name, err)
	return false, nil
}

// isData reports whether err is one of what was read.
func isData(err error) bool {
	for _, e := range []error{io.ErrUnexpectedEOF, codec.ErrMagic, codec.ErrChecksum, codec.ErrLength, codec.ErrFormat} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// say prints how much smaller a file got.
func (g *gzip) say(name string, n counts, done string) {
	w := g.x.Stderr
	if name != "" {
		fmt.Fprintf(w, "%s:\t", name)
	}
	switch {
	case g.test:
		fmt.Fprint(w, " OK")
	case g.decompress:
		fmt.Fprint(w, percent(n.out-(n.in-n.head), n.out))
	default:
		fmt.Fprint(w, percent(n.in-(n.out-n.head), n.in))
	}
	fmt.Fprintln(w, done)
}

// percent is a ratio in five characters and a sign.
func percent(num, den int64) string {
	if den == 0 {
		num, den = 0, 1
	}
	return fmt.Sprintf("%5.1f%%", 100*float64(num)/float64(den))
}

type countReader struct {
	ctx context.Context
	r   io.Reader
	n   int64
}

// Read reads, and tells errors of reading from others.
func (c *countReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		err = tool.ReadError{Err: err}
	}
	return n, err
}

type countWriter struct {
	w io.Writer
	n int64
}

func (c *countWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
