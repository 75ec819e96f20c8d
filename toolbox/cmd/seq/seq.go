/*
Package seq writes a sequence of numbers.

	seq [OPTION]... LAST
	seq [OPTION]... FIRST LAST
	seq [OPTION]... FIRST INCREMENT LAST

FIRST and INCREMENT are 1 unless given.

	-f, --format=FORMAT     write as FORMAT, which holds one of %e %f %g %a
	-s, --separator=STRING  write STRING between numbers instead of a newline
	-w, --equal-width       pad with zeros to the same width
*/
package seq

import (
	"bufio"
	"context"
	"strings"

	"agentsandbox/toolbox/printf"
	"agentsandbox/toolbox/tool"
)

// seq is one run.
type seq struct {
	first, step, last number

	format     *format // of -f
	separator  string
	equalWidth bool

	ctx context.Context
	w   *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	s := seq{ctx: ctx, w: x.Writer(), separator: "\n", first: one(), step: one()}
	if err := s.parse(x); err != nil {
		return err
	}
	err := s.run()
	if flushErr := s.w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (s *seq) parse(x *tool.Exec) error {
	f := tool.NewFlags(x)
	f.Posix = true
	var layout *string
	f.Func('f', "format", func(v string) error { layout = &v; return nil })
	f.Func('s', "separator", func(v string) error { s.separator = v; return nil })
	f.BoolVar(&s.equalWidth, true, 'w', "equal-width")
	args, err := f.ParseArgs(endOptions(x.Args))
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return f.Errorf("missing operand")
	case len(args) > 3:
		return f.Errorf("extra operand %s", tool.QuoteText(args[3]))
	}
	if layout != nil {
		if s.format, err = parseFormat(*layout); err != nil {
			return err
		}
		if s.equalWidth {
			return f.Errorf("format string may not be specified when printing equal width strings")
		}
	}
	return s.operands(f, args)
}

func (s *seq) operands(f *tool.Flags, args []string) (err error) {
	to := map[int][]*number{1: {&s.last}, 2: {&s.first, &s.last}, 3: {&s.first, &s.step, &s.last}}[len(args)]
	for i, arg := range args {
		if *to[i], err = parseNumber(arg); err != nil {
			return f.Errorf("%v", err)
		}
		if to[i] == &s.step && s.step.value.Zero() {
			return f.Errorf("invalid Zero increment value: %s", tool.QuoteText(arg))
		}
	}
	return nil
}

// endOptions puts "--" before the first operand that is a negative number.
func endOptions(args []string) []string {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--" || !strings.HasPrefix(arg, "-"):
			return args
		case len(arg) > 1 && strings.IndexByte(".0123456789", arg[1]) >= 0:
			out := append([]string{}, args[:i]...)
			return append(append(out, "--"), args[i:]...)
		case arg == "-f" || arg == "-s" || arg == "--format" || arg == "--separator":
			i++
		}
	}
	return args
}

// run writes the numbers in the quickest way that gives them exactly.
func (s *seq) run() error {
	if s.format == nil {
		if s.digitsOnly() {
			return s.count()
		}
		if scaled, ok := s.scale(); ok {
			return scaled.run(s)
		}
		s.format = s.defaultFormat()
	}
	return s.long()
}

// long calculates in long doubles, as C's seq does.
func (s *seq) long() error {
	x := s.first.value
	if s.beyond(x) {
		return nil
	}
	scaled, whole := s.scale()
	whole = whole && scaled.shift == 0
	for i := 1; ; i++ {
		before := x
		if err := s.format.write(s.w, x); err != nil {
			return err
		}
		if i%1024 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if whole {
			x = printf.NewLong(float64(scaled.first + int64(i)*scaled.step))
		} else {
			x = s.first.value.Add(printf.NewLong(float64(i)).Mul(s.step.value))
		}
		if s.beyond(x) && !s.extra(before, x) {
			break
		}
		if _, err := s.w.WriteString(s.separator); err != nil {
			return err
		}
		if s.beyond(x) {
			if err := s.format.write(s.w, x); err != nil {
				return err
			}
			break
		}
	}
	return s.w.WriteByte('\n')
}

// beyond reports whether x is past the last number.
func (s *seq) beyond(x printf.Long) bool {
	if x.NaN() {
		return false
	}
	if s.step.value.Neg() {
		return x.Cmp(s.last.value) < 0
	}
	return s.last.value.Cmp(x) < 0
}

// extra reports whether x, which is past the last number, is so only by an
// error of rounding: it prints as that number, and not as the one before.
func (s *seq) extra(before, x printf.Long) bool {
	text := s.format.number(x)
	v, n, _ := printf.ParseLong(text)
	return n == len(text) && !v.NaN() && v.Cmp(s.last.value) == 0 && text != s.format.number(before)
}
