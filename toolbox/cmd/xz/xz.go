/*
Package xz compresses files, and decompresses them: xz, unxz (xz -d) and xzcat
(xz -dc).

	xz [OPTION]... [FILE]...

Each FILE is replaced by FILE.xz, or with -d the other way round. Without FILE, or
for "-", it reads standard input and writes standard output.

	-z, --compress       compress, also as unxz
	-d, --decompress     decompress
	-t, --test           check compressed files
	-l, --list           list what compressed files hold
	-k, --keep           keep the files
	-f, --force          overwrite; take links; with -dc write what is not
	                     compressed as it is
	-c, --stdout         write to standard output, and keep the files
	-S, --suffix=SUFFIX  instead of .xz
	-C, --check=CHECK    none, crc32, crc64 (usual) or sha256
	-0 … -9, --fast, --best
	                     how hard to try (6)
	-q, --quiet          no warnings; twice, no errors
	-Q, --no-warn        a warning is no failure
	-e, -T, -F xz, -M, --block-size, --no-sparse, --single-stream, -v
	                     taken and ignored
*/
package xz

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	codec "agentsandbox/toolbox/codec/xz"
	"agentsandbox/toolbox/repack"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// What is to be done.
const (
	compress = iota
	decompress
	test
	list
)

// Exit statuses.
const (
	statusError   = 1
	statusWarning = 2
)

// runner is one run.
type runner struct {
	ctx context.Context
	x   *tool.Exec
	out *bufio.Writer

	mode                        int
	keep, force, stdout, noWarn bool
	quiet                       int
	suffix                      string
	check                       codec.Check
	level                       int
	status                      int
}

// checks are the checks by name.
var checks = map[string]codec.Check{"none": codec.CheckNone, "crc32": codec.CheckCRC32, "crc64": codec.CheckCRC64, "sha256": codec.CheckSHA256}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := &runner{ctx: ctx, x: x, out: x.Writer(), level: codec.DefaultLevel, check: codec.CheckCRC64, suffix: ".xz"}
	switch x.Name {
	case "unxz":
		r.mode = decompress
	case "xzcat":
		r.mode, r.stdout = decompress, true
	}
	names, err := r.parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	if r.mode == list {
		err = r.listAll(names)
	} else {
		for _, name := range names {
			if err = r.one(name); err != nil {
				break
			}
		}
	}
	if flushErr := r.out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return err
	}
	if r.status == statusWarning && r.noWarn {
		r.status = 0
	}
	return tool.Exit(r.status)
}

func (r *runner) parse() ([]string, error) {
	f := tool.NewFlags(r.x)
	f.OnUsage = func() { fmt.Fprintf(r.x.Stderr, "%s: Try `%s --help' for more information.\n", r.x.Name, r.x.Name) }
	mode := func(short byte, long string, to int) { f.Switch(short, long, func() { r.mode = to }) }
	mode('z', "compress", compress)
	mode('d', "decompress", decompress)
	mode(0, "uncompress", decompress)
	mode('t', "test", test)
	mode('l', "list", list)
	f.BoolVar(&r.keep, true, 'k', "keep")
	f.BoolVar(&r.force, true, 'f', "force")
	f.BoolVar(&r.stdout, true, 'c', "stdout")
	f.BoolVar(&r.stdout, true, 0, "to-stdout")
	f.BoolVar(&r.noWarn, true, 'Q', "no-warn")
	f.Switch('q', "quiet", func() { r.quiet++ })
	f.Func('S', "suffix", func(s string) error { r.suffix = s; return nil })
	f.Func('C', "check", func(s string) error {
		c, ok := checks[s]
		if !ok {
			return r.x.Fail(statusError, "%s: Unsupported integrity check type", s)
		}
		r.check = c
		return nil
	})
	f.Func('F', "format", func(s string) error {
		switch s {
		case "xz", "auto":
			return nil
		case "lzma", "alone", "lzip", "raw":
			return r.x.Fail(statusError, "%s: format not supported in this sandbox", s)
		}
		return r.x.Fail(statusError, "%s: Unknown file format type", s)
	})
	for level := range 10 {
		f.Switch('0'+byte(level), "", func() { r.level = level })
	}
	f.Switch(0, "fast", func() { r.level = 0 })
	f.Switch(0, "best", func() { r.level = 9 })
	f.Bool('e', "extreme")
	f.Bool('v', "verbose")
	f.Bool(0, "no-sparse")
	f.Bool(0, "single-stream")
	f.String('T', "threads", "")
	f.String('M', "memlimit", "")
	f.String(0, "memory", "")
	f.String(0, "block-size", "")
	f.Version('V')
	names, err := f.Parse()
	if err == nil && (r.suffix == "" || strings.Contains(r.suffix, "/")) {
		return nil, r.x.Fail(statusError, "%s: Invalid filename suffix", r.suffix)
	}
	return names, err
}

func (r *runner) warn(format string, args ...any) {
	if r.quiet == 0 {
		r.x.Errorf(format, args...)
	}
	if r.status == 0 {
		r.status = statusWarning
	}
}

func (r *runner) fail(format string, args ...any) {
	if r.quiet < 2 {
		r.x.Errorf(format, args...)
	}
	r.status = statusError
}

// one treats one operand. The error ends the run: others are reported.
func (r *runner) one(name string) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if name == "-" {
		return r.standard()
	}
	if !r.regular(name) {
		return nil
	}
	if r.stdout || r.mode == test {
		in, err := r.x.Open(name)
		if err != nil {
			r.fail("%s: %s", name, tool.ErrText(err))
			return nil
		}
		defer in.Close()
		return r.report(name, r.pass(repack.Reader(r.ctx, in), r.sink()))
	}
	target := r.target(name)
	if target == "" {
		return nil
	}
	if r.force {
		r.x.FS.Unlink(r.x.Abs(target))
	}
	return r.report(name, repack.File(r.ctx, r.x, name, target, r.keep, r.pass))
}

// sink is where to write what goes to no file.
func (r *runner) sink() io.Writer {
	if r.mode == test {
		return io.Discard
	}
	return r.out
}

// standard passes standard input to standard output.
func (r *runner) standard() error {
	switch {
	case r.mode == compress && r.x.IsTerminal(1):
		r.fail("Compressed data cannot be written to a terminal")
		return nil
	case r.mode != compress && r.x.IsTerminal(0):
		r.fail("Compressed data cannot be read from a terminal")
		return nil
	}
	return r.report("(stdin)", r.pass(repack.Reader(r.ctx, r.x.Stdin), r.sink()))
}

// regular reports whether a file is one to take; if not, that was said.
func (r *runner) regular(name string) bool {
	follow := r.stdout || r.force || r.mode >= test
	stat := r.x.Lstat
	if follow {
		stat = r.x.Stat
	}
	info, err := stat(name)
	switch {
	case err != nil:
		r.fail("%s: %s", name, tool.ErrText(err))
	case info.IsDir():
		r.warn("%s: Is a directory, skipping", name)
	case info.Mode.Type() == fs.ModeSymlink:
		r.warn("%s: Is a symbolic link, skipping", name)
	case !info.Mode.IsRegular() && !follow:
		r.warn("%s: Not a regular file, skipping", name)
	default:
		return true
	}
	return false
}

// target is the name to write to, "" where the file is passed over.
func (r *runner) target(name string) string {
	known := r.known(name)
	if r.mode == compress {
		if known != "" {
			r.warn("%s: File already has `%s' suffix, skipping", name, known)
			return ""
		}
		return name + r.suffix
	}
	switch known {
	case "":
		if r.isXz(name) {
			r.warn("%s: Filename has an unknown suffix, skipping", name)
		}
		return ""
	case ".txz":
		return strings.TrimSuffix(name, known) + ".tar"
	}
	return strings.TrimSuffix(name, known)
}

// isXz reports whether a file begins as compressed ones do; if not, that was said.
func (r *runner) isXz(name string) bool {
	in, err := r.x.Open(name)
	if err == nil {
		defer in.Close()
		_, err = codec.NewReader(repack.Reader(r.ctx, in))
	}
	r.report(name, err)
	return err == nil
}

// known is the suffix of compressed files that a name ends in.
func (r *runner) known(name string) string {
	base := path.Base(name)
	for _, suffix := range []string{r.suffix, ".xz", ".txz"} {
		if len(base) > len(suffix) && strings.HasSuffix(base, suffix) {
			return suffix
		}
	}
	return ""
}

// pass compresses or decompresses a stream.
func (r *runner) pass(in io.Reader, out io.Writer) error {
	if r.mode == compress {
		z := codec.NewWriter(out, r.level, r.check)
		if _, err := io.Copy(z, in); err != nil {
			return err
		}
		return z.Close()
	}
	b := in.(*bufio.Reader)
	if head, _ := b.Peek(len(codec.Magic)); r.force && r.stdout && string(head) != codec.Magic {
		_, err := io.Copy(out, b)
		return err
	}
	z, err := codec.NewReader(b)
	if err == nil {
		_, err = io.Copy(out, z)
	}
	return err
}

// report says what was wrong with a file; what it returns ends the run.
func (r *runner) report(name string, err error) error {
	var pe *fs.PathError
	switch {
	case err == nil:
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF):
		r.fail("%s: Unexpected end of input", name)
	case errors.As(err, &pe):
		r.fail("%s: %s", pe.Path, tool.ErrText(pe))
	case tool.ReadFailed(err):
		r.fail("%s: Read error: %s", name, tool.ErrText(err))
	case vfs.ToErrno(err) == vfs.EPIPE:
		return err
	default:
		r.fail("%s: %s", name, tool.ErrText(err))
	}
	return nil
}
