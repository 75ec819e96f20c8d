/*
Package bzip2 compresses files, and decompresses them: bzip2, bunzip2 (bzip2 -d)
and bzcat (bzip2 -dc).

	bzip2 [OPTION]... [FILE]...

Each FILE is replaced by FILE.bz2, or with -d the other way round. Without FILE, or
for "-", it reads standard input and writes standard output.

	-z, --compress     compress, also as bunzip2
	-d, --decompress   decompress
	-t, --test         check compressed files
	-k, --keep         keep the files
	-f, --force        overwrite; take links; with -dc write what is not
	                   compressed as it is
	-c, --stdout       write to standard output, and keep the files
	-q, --quiet        no warnings
	-v, --verbose      say what is done
	-1 … -9, --fast, --best
	                   blocks of 100 to 900 kB (9)
	-s, --small        taken and ignored
*/
package bzip2

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	codec "agentsandbox/toolbox/codec/bzip2"
	"agentsandbox/toolbox/repack"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// What is to be done.
const (
	compress = iota
	decompress
	test
)

// Exit statuses.
const (
	statusError   = 1
	statusDamaged = 2
)

const magic = "BZh"

// runner is one run.
type runner struct {
	ctx context.Context
	x   *tool.Exec
	out *bufio.Writer

	mode                                int
	keep, force, stdout, quiet, verbose bool
	level                               int
	status                              int
	longest                             int // of the operands
}

// errMagic is the error of what is not compressed.
var errMagic = errors.New("bad magic number (file not created by bzip2)")

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := &runner{ctx: ctx, x: x, out: x.Writer()}
	switch x.Name {
	case "bunzip2":
		r.mode = decompress
	case "bzcat":
		r.mode, r.stdout = decompress, true
	}
	names, err := r.parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	r.longest = len("(stdin)")
	for _, name := range names {
		r.longest = max(r.longest, len(name))
	}
	for _, name := range names {
		if err := r.one(name); err != nil {
			return err
		}
	}
	if err := r.out.Flush(); err != nil {
		return err
	}
	return tool.Exit(r.status)
}

func (r *runner) parse() ([]string, error) {
	f := tool.NewFlags(r.x)
	mode := func(short byte, long string, to int) { f.Switch(short, long, func() { r.mode = to }) }
	mode('z', "compress", compress)
	mode('d', "decompress", decompress)
	mode('t', "test", test)
	f.BoolVar(&r.keep, true, 'k', "keep")
	f.BoolVar(&r.force, true, 'f', "force")
	f.BoolVar(&r.stdout, true, 'c', "stdout")
	f.BoolVar(&r.quiet, true, 'q', "quiet")
	f.BoolVar(&r.verbose, true, 'v', "verbose")
	f.Bool('s', "small")
	for level := range 9 {
		f.Switch('1'+byte(level), "", func() { r.level = level + 1 })
	}
	f.Switch(0, "fast", func() { r.level = 1 })
	f.Switch(0, "best", func() { r.level = 9 })
	f.Do('h', "", func() error { return tool.ErrHelp })
	f.Version('V')
	f.Version('L')
	return f.Parse()
}

func (r *runner) fail(status int, format string, args ...any) {
	r.x.Errorf(format, args...)
	r.status = max(r.status, status)
}

// one treats one operand. The error ends the run: others are reported.
func (r *runner) one(name string) error {
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case name == "-":
		return r.standard()
	case !r.regular(name):
		return nil
	}
	if r.stdout || r.mode == test {
		in, err := r.x.Open(name)
		if err != nil {
			return r.report(name, err)
		}
		defer in.Close()
		return r.report(name, r.pass(name)(repack.Reader(r.ctx, in), r.sink()))
	}
	target := r.target(name)
	if target == "" {
		return nil
	}
	if _, err := r.x.Lstat(target); err == nil {
		if !r.force {
			r.fail(statusError, "Output file %s already exists.", target)
			return nil
		}
		r.x.FS.Unlink(r.x.Abs(target))
	}
	return r.report(name, repack.File(r.ctx, r.x, name, target, r.keep, r.pass(name)))
}

// sink is where to write what goes to no file.
func (r *runner) sink() io.Writer {
	if r.mode == test {
		return io.Discard
	}
	return r.out
}

func (r *runner) standard() error {
	const advice = "For help, type: `%s --help'.\n"
	switch {
	case r.mode == compress && r.x.IsTerminal(1):
		r.fail(statusError, "I won't write compressed data to a terminal.\n%s: "+advice, r.x.Name, r.x.Name)
		return nil
	case r.mode != compress && r.x.IsTerminal(0):
		r.fail(statusError, "I won't read compressed data from a terminal.\n%s: "+advice, r.x.Name, r.x.Name)
		return nil
	}
	return r.report("(stdin)", r.pass("(stdin)")(repack.Reader(r.ctx, r.x.Stdin), r.sink()))
}

// regular reports whether a file is one to take; if not, that was said.
func (r *runner) regular(name string) bool {
	info, err := r.x.Stat(name)
	switch {
	case err != nil:
		r.report(name, err)
	case r.mode == compress && known(name) != "":
		r.fail(statusError, "Input file %s already has %s suffix.", name, known(name))
	case info.IsDir():
		r.fail(statusError, "Input file %s is a directory.", name)
	case !r.force && !r.stdout && r.mode != test:
		if info, err = r.x.Lstat(name); err == nil && info.Mode.IsRegular() {
			return true
		}
		r.fail(statusError, "Input file %s is not a normal file.", name)
	default:
		return true
	}
	return false
}

// suffixes are what names of compressed files end in, and end in without.
var suffixes = [...][2]string{{".bz2", ""}, {".bz", ""}, {".tbz2", ".tar"}, {".tbz", ".tar"}}

func known(name string) string {
	for _, s := range suffixes {
		if strings.HasSuffix(name, s[0]) {
			return s[0]
		}
	}
	return ""
}

// target is the name to write to.
func (r *runner) target(name string) string {
	if r.mode == compress {
		return name + ".bz2"
	}
	for _, s := range suffixes {
		if base, ok := strings.CutSuffix(name, s[0]); ok {
			return base + s[1]
		}
	}
	if !r.quiet {
		r.x.Errorf("Can't guess original name for %s -- using %s.out", name, name)
	}
	return name + ".out"
}

// pass compresses or decompresses a stream, and says how much smaller it got.
func (r *runner) pass(name string) repack.Pass {
	return func(in io.Reader, out io.Writer) error {
		if r.verbose {
			fmt.Fprintf(r.x.Stderr, "  %s: %*s", name, r.longest-len(name), "")
		}
		if r.mode == compress {
			return r.compress(in, out)
		}
		err := r.decompress(name, in.(*bufio.Reader), out)
		if r.verbose && err == nil {
			fmt.Fprintln(r.x.Stderr, map[bool]string{true: "ok", false: "done"}[r.mode == test])
		}
		return err
	}
}

func (r *runner) compress(in io.Reader, out io.Writer) error {
	packed := &counter{Writer: out}
	z := codec.NewWriter(packed, r.level)
	n, err := io.Copy(z, in)
	if err != nil {
		return err
	}
	if err := z.Close(); err != nil || !r.verbose {
		return err
	}
	if n == 0 {
		fmt.Fprintln(r.x.Stderr, " no data compressed.")
		return nil
	}
	ratio := float64(packed.n) / float64(n)
	fmt.Fprintf(r.x.Stderr, "%6.3f:1, %6.3f bits/byte, %5.2f%% saved, %d in, %d out.\n", 1/ratio, 8*ratio, 100*(1-ratio), n, packed.n)
	return nil
}

func (r *runner) decompress(name string, in *bufio.Reader, out io.Writer) error {
	head, err := in.Peek(len(magic))
	switch {
	case err != nil && err != io.EOF:
		return err
	case len(head) > 0 && string(head) != magic && r.force && r.stdout:
		_, err = io.Copy(out, in)
		return err
	case len(head) == len(magic) && string(head) != magic:
		return errMagic
	}
	_, err = io.Copy(out, codec.NewReader(in))
	if err == codec.ErrGarbage {
		if !r.quiet {
			fmt.Fprintf(r.x.Stderr, "\n%s: %s: %v\n", r.x.Name, name, err)
		}
		err = nil
	}
	return err
}

// counter counts what is written.
type counter struct {
	io.Writer
	n int64
}

// Write writes and counts.
func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// report says what was wrong with a file; what it returns ends the run.
func (r *runner) report(name string, err error) error {
	var pe *fs.PathError
	switch {
	case err == nil:
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case errors.As(err, &pe) && pe.Path == name:
		r.fail(statusError, "Can't open input file %s: %s.", name, tool.ErrText(err))
	case errors.As(err, &pe):
		r.fail(statusError, "Can't create output file %s: %s.", pe.Path, tool.ErrText(err))
	case tool.ReadFailed(err):
		r.fail(statusError, "I/O or other error, bailing out.  Possible reason follows.\n%s: %s", r.x.Name, tool.ErrText(err))
	case vfs.ToErrno(err) == vfs.EPIPE:
		return err
	default:
		return r.damaged(name, err)
	}
	return nil
}

const (
	notice  = "\nIt is possible that the compressed file(s) have become corrupted.\nYou can use the -tvv option to test integrity of such files.\n"
	recover = "\nYou can use the `bzip2recover' program to attempt to recover\ndata from undamaged sections of corrupted files.\n\n"
)

// damaged reports what is wrong with a compressed stream. All but a wrong beginning
// ends the run.
func (r *runner) damaged(name string, err error) error {
	r.out.Flush()
	switch {
	case r.mode == test:
		if !r.verbose {
			fmt.Fprintf(r.x.Stderr, "%s: %s: ", r.x.Name, name)
		}
		fmt.Fprintf(r.x.Stderr, "%s\n%s", reason(err), recover)
		r.status = statusDamaged
		return nil
	case err == errMagic:
		r.fail(statusDamaged, "%s is not a bzip2 file.", name)
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		fmt.Fprintf(r.x.Stderr, "\n%s: Compressed file ends unexpectedly;\n\tperhaps it is corrupted?  *Possible* reason follows.\n", r.x.Name)
		fmt.Fprintf(r.x.Stderr, "%s: %s\n", r.x.Name, vfs.ENOTTY.Error())
	default:
		fmt.Fprintf(r.x.Stderr, "\n%s: Data integrity error when decompressing.\n", r.x.Name)
	}
	out := "(stdout)"
	if !r.stdout && name != "(stdin)" {
		out = r.target(name)
	}
	fmt.Fprintf(r.x.Stderr, "\tInput file = %s, output file = %s\n%s%s", name, out, notice, recover)
	return tool.Exit(statusDamaged)
}

// reason is what -t says of damage.
func reason(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "file ends unexpectedly"
	}
	if err == errMagic {
		return err.Error()
	}
	return "data integrity (CRC) error in data"
}
