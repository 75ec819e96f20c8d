// Package printf is the printf of shells: a format with C conversions, printed
// again while arguments are left. The command and the builtin of the shell
// share it; they differ in their words and in a few rules, which [Dialect]
// names.
//
// It is also where C's long double lives ([Long]), which printf and seq
// calculate in.
package printf

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// Dialect says whose rules and texts hold.
type Dialect int

const (
	// GNU is printf of coreutils.
	GNU Dialect = iota
	// Bash is the builtin of bash.
	Bash
)

// Options is what a run of Format may use. The zero value is coreutils'
// printf, its diagnostics dropped.
type Options struct {
	Dialect Dialect
	// Warn is given one diagnostic, without the name of the command.
	Warn func(msg string)
	// Time is strftime for bash's %(layout)T, of seconds since 1970, or -1 for
	// now and -2 for the shell's start. Nil: the conversion is refused.
	Time func(layout string, seconds int64) string
	// Store is bash's %n: the number of bytes so far goes to a variable. Nil:
	// it prints nothing.
	Store func(name string, n int64) error
}

// Format prints args to w as format says. status is 1 where a diagnostic
// makes it so; err is what w returned, or what Store did.
func Format(w io.Writer, format string, args []string, o Options) (status int, err error) {
	p := printer{Options: o, out: &output{w: w}, args: args}
	p.w = bufio.NewWriterSize(p.out, 1<<12)
	err = p.run(compile(format, o.Dialect))
	if flushErr := p.finish(); flushErr != nil {
		err = flushErr
	}
	return p.status, err
}

// printer is one run.
type printer struct {
	Options
	w      *bufio.Writer
	out    *output
	args   []string
	status int
	done   bool // \c or a fatal diagnostic: nothing more is printed
}

// output counts the bytes for %n, and can hold back a line that is not whole.
type output struct {
	w    io.Writer
	n    int64
	hold bool
	held []byte
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.n += int64(len(p))
	data := append(o.held, p...)
	o.held = nil
	if o.hold {
		whole := bytes.LastIndexByte(data, '\n') + 1
		o.held = bytes.Clone(data[whole:])
		data = data[:whole]
	}
	if len(data) == 0 {
		return len(p), nil
	}
	_, err := o.w.Write(data)
	return len(p), err
}

func (p *printer) run(pieces []piece) error {
	for {
		before := len(p.args)
		for _, c := range pieces {
			if err := p.piece(c); err != nil || p.done {
				return err
			}
		}
		if len(p.args) == 0 {
			return nil
		}
		if before == len(p.args) {
			if p.Dialect == GNU {
				p.warn("warning: ignoring excess arguments, starting with " + quote(p.args[0]))
			}
			return nil
		}
	}
}

func (p *printer) finish() error {
	if len(p.out.held) > 0 {
		if _, err := p.out.Write(nil); err != nil {
			return err
		}
	}
	return p.w.Flush()
}

func (p *printer) piece(c piece) error {
	switch c.kind {
	case literal:
		_, err := p.w.WriteString(c.text)
		return err
	case note:
		p.warn(c.text)
	case fatal:
		p.fail(c.text)
		p.done = true
	case stop:
		p.done = true
	case conversion:
		return p.convert(c.spec)
	}
	return nil
}

// convert prints one conversion of the next argument.
func (p *printer) convert(s spec) error {
	if !p.star(&s) {
		return nil
	}
	switch s.Verb {
	case 's':
		return p.text(s, p.next())
	case 'c':
		arg := p.next() + "\x00"
		s.Prec = -1
		return p.text(s, arg[:1])
	case 'b':
		return p.escaped(s)
	case 'q', 'Q':
		return p.quoted(s)
	case 'n':
		return p.store()
	case 'T':
		seconds := int64(-1)
		if len(p.args) > 0 {
			seconds = p.signed(p.next())
		}
		return p.text(s, p.Time(s.layout, seconds))
	case 'd', 'i', 'o', 'u', 'x', 'X':
		return p.integer(s)
	}
	return p.float(s)
}

// star takes the arguments of "*"; false where one is refused.
func (p *printer) star(s *spec) bool {
	if s.starWidth {
		n, ok := p.starArg("width")
		if !ok {
			return false
		}
		s.Width = n
		if n < 0 {
			s.Width, s.Minus = -n, true
		}
	}
	if s.starPrec {
		n, ok := p.starArg("precision")
		if !ok {
			return false
		}
		s.Prec = max(n, -1)
	}
	return true
}

func (p *printer) starArg(what string) (int, bool) {
	arg := p.next()
	n := p.signed(arg)
	if n != int64(int32(n)) {
		p.fail(fmt.Sprintf("invalid field %s: %s", what, quote(arg)))
		p.done = true
		return 0, false
	}
	return int(n), true
}

// next takes an argument; where none is left, it is the empty one.
func (p *printer) next() string {
	if len(p.args) == 0 {
		return ""
	}
	arg := p.args[0]
	p.args = p.args[1:]
	return arg
}

func (p *printer) text(s spec, text string) error {
	if s.Prec >= 0 && s.Prec < len(text) {
		text = text[:s.Prec]
	}
	s.Zero = false
	return s.write(p.w, number{body: text})
}

func (p *printer) escaped(s spec) error {
	b := make([]byte, 0, 64)
	arg := p.next()
	for i := 0; i < len(arg); {
		if arg[i] != '\\' {
			b = append(b, arg[i])
			i++
			continue
		}
		e := p.Dialect.escape(arg[i+1:], true)
		b = append(b, e.text...)
		i += 1 + e.n
		switch {
		case e.stop:
			p.done = true
		case e.msg != "" && p.Dialect == GNU:
			p.w.Write(b)
			p.fail(e.msg)
			p.done = true
			return nil
		case e.msg != "":
			p.warn(e.msg)
		}
		if p.done {
			break
		}
	}
	return p.text(s, string(b))
}

func (p *printer) quoted(s spec) error {
	arg := p.next()
	if p.Dialect == GNU {
		return p.text(s, quoteShell(arg))
	}
	if s.Verb == 'Q' && s.Prec >= 0 {
		arg = arg[:min(s.Prec, len(arg))]
		s.Prec = -1
	}
	return p.text(s, BashQuote(arg))
}

func (p *printer) store() error {
	name := p.next()
	if p.Store == nil || name == "" {
		return nil
	}
	return p.Store(name, p.out.n+int64(p.w.Buffered()))
}

// warn hands out a diagnostic. What was printed before goes out first, so that
// the two stay in order where they end in one place: all of it in coreutils,
// whole lines in bash.
func (p *printer) warn(msg string) {
	if p.Warn == nil {
		return
	}
	p.out.hold = p.Dialect == Bash
	p.w.Flush()
	p.out.hold = false
	p.Warn(msg)
}

func (p *printer) fail(msg string) {
	p.status = 1
	p.warn(msg)
}
