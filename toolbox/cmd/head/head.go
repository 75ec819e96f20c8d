/*
Package head writes the first part of files.

	head [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input. More than one file is
written with a header each.

	-c, --bytes=[-]N        the first N bytes; with "-" all but the last N
	-n, --lines=[-]N        the first N lines instead of 10; with "-" all but
	                        the last N
	-q, --quiet, --silent   never write headers
	-v, --verbose           always write headers
	-z, --zero-terminated   lines end in NUL
	-N                      as -n N

N may have a unit: b 512, kB 1000, K 1024, MB 1000*1000, M 1024*1024, and so on
for G, T, P, E, Z, Y; also KiB = K.
*/
package head

import (
	"bufio"
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
)

// units are the units that a count may have.
const units = "bkKmMGTPEZY0"

// options say what to write.
type options struct {
	n       uint64
	bytes   bool // n counts bytes, not lines
	butLast bool // all but the last n
	quiet   bool
	verbose bool
	delim   byte

	misplaced byte // a digit as an option that is not the first
}

// head is one run.
type head struct {
	options
	ctx    context.Context
	x      *tool.Exec
	w      *bufio.Writer
	header int // how many have been written
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, names, err := parse(x)
	if err != nil {
		return err
	}
	h := head{options: o, ctx: ctx, x: x, w: x.Writer()}
	h.verbose = !o.quiet && (o.verbose || len(names) > 1)
	if len(names) == 0 {
		names = []string{"-"}
	}
	failed := false
	for _, name := range names {
		ok, err := h.file(name)
		if err != nil {
			return err
		}
		failed = failed || !ok
	}
	if err := h.w.Flush(); err != nil {
		return err
	}
	if failed {
		return tool.Exit(1)
	}
	return nil
}

func parse(x *tool.Exec) (o options, names []string, err error) {
	o.n, o.delim = 10, '\n'
	f := tool.NewFlags(x)
	f.Func('c', "bytes", func(s string) error { return o.count(s, true) })
	f.Func('n', "lines", func(s string) error { return o.count(s, false) })
	quiet := func() { o.quiet, o.verbose = true, false }
	f.Switch('q', "quiet", quiet)
	f.Switch(0, "silent", quiet)
	f.Switch('v', "verbose", func() { o.quiet, o.verbose = false, true })
	f.Switch('z', "zero-terminated", func() { o.delim = 0 })
	for c := byte('0'); c <= '9'; c++ {
		f.Switch(c, "", func() { o.misplaced = c })
	}
	args := x.Args
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && args[0][1] >= '0' && args[0][1] <= '9' {
		if err := o.legacy(x, f, args[0][1:]); err != nil {
			return o, nil, err
		}
		args = args[1:]
	}
	names, err = f.ParseArgs(args)
	if err == nil && o.misplaced != 0 {
		err = f.Errorf("invalid trailing option -- %c", o.misplaced)
	}
	return o, names, err
}

func (o *options) count(s string, bytes bool) error {
	o.bytes = bytes
	digits, butLast := strings.CutPrefix(s, "-")
	n, err := tool.ParseSize(digits, units)
	if err != nil {
		return tool.SizeError("invalid number of "+unitName(bytes), digits, err)
	}
	o.n, o.butLast = n, butLast
	return nil
}

func unitName(bytes bool) string {
	if bytes {
		return "bytes"
	}
	return "lines"
}

// legacy reads NUM[bkm][clqvz]..., the first argument without its "-".
func (o *options) legacy(x *tool.Exec, f *tool.Flags, s string) error {
	end := len(s) - len(strings.TrimLeft(s, "0123456789"))
	digits, letters := s[:end], s[end:]
	unit := ""
	for _, c := range letters {
		switch c {
		case 'c':
			o.bytes = true
			unit = ""
		case 'b', 'k', 'm':
			o.bytes = true
			unit = string(c)
		case 'l':
			o.bytes = false
		case 'q':
			o.quiet, o.verbose = true, false
		case 'v':
			o.quiet, o.verbose = false, true
		case 'z':
			o.delim = 0
		default:
			return f.Errorf("invalid trailing option -- %c", c)
		}
	}
	if err := o.count(digits+unit, o.bytes); err != nil {
		return x.Fail(1, "%v", err)
	}
	return nil
}

// file writes the head of one file. ok is false where that was reported as
// impossible; the error is one that ends the run.
func (h *head) file(name string) (ok bool, err error) {
	shown := name
	if name == "-" {
		shown = "standard input"
	}
	f, closeFile, err := h.x.OpenInput(name)
	if err != nil {
		return false, h.report("cannot open %s for reading: %s", shown, err)
	}
	defer closeFile()
	if h.verbose {
		if h.header > 0 {
			h.w.WriteByte('\n')
		}
		h.header++
		h.w.WriteString("==> " + shown + " <==\n")
	}
	err = h.copy(f)
	if tool.ReadFailed(err) {
		return false, h.report("error reading %s: %s", shown, err)
	}
	return err == nil, err
}

func (h *head) report(format, name string, err error) error {
	if err := h.w.Flush(); err != nil {
		return err
	}
	h.x.Errorf(format, tool.Quote(name), tool.ErrText(err))
	return nil
}
