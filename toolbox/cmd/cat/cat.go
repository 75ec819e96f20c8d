/*
Package cat writes files to standard output, one after the other.

	cat [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-A, --show-all          as -vET
	-b, --number-nonblank   number the lines that are not empty
	-e                      as -vE
	-E, --show-ends         show $ at the end of each line
	-n, --number            number all lines
	-s, --squeeze-blank     of several empty lines in a row keep one
	-t                      as -vT
	-T, --show-tabs         show tabs as ^I
	-u                      ignored
	-v, --show-nonprinting  use ^ and M- notation, except for newline and tab
*/
package cat

import (
	"context"
	"io"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	var s show
	names, err := parse(x, &s)
	if err != nil {
		return err
	}
	same := sameAsOutput(x)
	if s.plain() {
		out := tool.WriteErrors(x.Stdout, "write error")
		return x.EachInput(nil, names, func(name string, f *tool.File) error {
			if same(f) {
				return x.Fail(1, "%s: input file is output file", tool.QuoteFile(name))
			}
			return tool.Blocks(ctx, f, func(block []byte) error {
				_, err := out.Write(block)
				return err
			})
		})
	}
	w := x.Writer()
	s.w = w
	s.bol = true
	err = x.EachInput(w, names, func(name string, f *tool.File) error {
		if same(f) {
			return x.Fail(1, "%s: input file is output file", tool.QuoteFile(name))
		}
		return tool.Blocks(ctx, f, func(block []byte) error {
			s.block(block)
			return w.Flush()
		})
	})
	s.end()
	if flushErr := w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func parse(x *tool.Exec, s *show) ([]string, error) {
	f := tool.NewFlags(x)
	f.Switch('A', "show-all", func() { s.nonprinting, s.ends, s.tabs = true, true, true })
	f.BoolVar(&s.nonblank, true, 'b', "number-nonblank")
	f.Switch('e', "", func() { s.nonprinting, s.ends = true, true })
	f.BoolVar(&s.ends, true, 'E', "show-ends")
	f.BoolVar(&s.number, true, 'n', "number")
	f.BoolVar(&s.squeeze, true, 's', "squeeze-blank")
	f.Switch('t', "", func() { s.nonprinting, s.tabs = true, true })
	f.BoolVar(&s.tabs, true, 'T', "show-tabs")
	f.Bool('u', "")
	f.BoolVar(&s.nonprinting, true, 'v', "show-nonprinting")
	return f.Parse()
}

// sameAsOutput returns a check for an input that is the output file and has
// not been read to its end: to copy it would never end.
func sameAsOutput(x *tool.Exec) func(*tool.File) bool {
	never := func(*tool.File) bool { return false }
	if f, ok := x.Stdout.(*tool.File); ok && f.Stream() {
		return never
	}
	out, ok := x.Stdout.(interface{ Stat() (vfs.Info, error) })
	if !ok {
		return never
	}
	to, err := out.Stat()
	if err != nil || !to.Mode.IsRegular() {
		return never
	}
	return func(in *tool.File) bool {
		if in.Stream() {
			return false
		}
		from, err := in.Stat()
		if err != nil || !sameFile(from, to) {
			return false
		}
		pos, err := in.Seek(0, io.SeekCurrent)
		return err == nil && pos < from.Size
	}
}

func sameFile(a, b vfs.Info) bool { return a.Dev == b.Dev && a.Ino == b.Ino && a.Ino != 0 }
