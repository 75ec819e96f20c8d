/*
Package uniq writes input with lines that repeat left out.

	uniq [OPTION]... [INPUT [OUTPUT]]

Only lines that follow one another are compared. Without options, the first of
equal lines is written.

	-c, --count            write before each line how often it occurs
	-d, --repeated         write only lines that repeat, one of each group
	-D, --all-repeated[=METHOD]
	                       write all lines that repeat; METHOD puts an empty
	                       line between groups: none, prepend, separate
	-f, --skip-fields=N    do not compare the first N fields
	    --group[=METHOD]   write all lines, an empty line between groups:
	                       separate, prepend, append, both
	-i, --ignore-case      ignore case
	-s, --skip-chars=N     do not compare the first N characters
	-u, --unique           write only lines that do not repeat
	-w, --check-chars=N    compare at most N characters
	-z, --zero-terminated  lines end in NUL
	-N, +N                 as -f N, -s N

A field is a run of blanks and what follows it up to the next blank. Fields are
skipped before characters.
*/
package uniq

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strconv"

	"agentsandbox/toolbox/tool"
)

// uniq is one run.
type uniq struct {
	options
	ctx context.Context
	x   *tool.Exec
	w   *bufio.Writer

	line   []byte // the first of the group
	key    []byte // what of it is compared
	count  int    // of the group
	groups int    // written
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	u := uniq{ctx: ctx, x: x}
	names, err := u.parse(x)
	if err != nil {
		return err
	}
	in, closeIn, err := x.OpenInput(names[0])
	if err != nil {
		return err
	}
	defer closeIn()
	u.w = x.Writer()
	closeOut := func() error { return nil }
	if names[1] != "-" {
		f, err := x.Create(names[1])
		if err != nil {
			return err
		}
		u.w, closeOut = bufio.NewWriterSize(tool.WriteErrors(f, "write error"), 64<<10), f.Close
	}
	err = u.run(in)
	if flushErr := u.w.Flush(); flushErr != nil {
		err = flushErr
	}
	if closeErr := closeOut(); err == nil {
		err = closeErr
	}
	if tool.ReadFailed(err) {
		return x.Fail(1, "error reading %s", tool.Quote(names[0]))
	}
	return err
}

func (u *uniq) run(in io.Reader) error {
	lines := u.x.Lines(u.ctx, in, u.delim)
	lines.BeforeRead = u.w.Flush
	for first := true; ; first = false {
		line, _, err := lines.NextText()
		if err == io.EOF {
			if !first {
				u.end()
			}
			if u.groups > 0 && (u.method == appended || u.method == both) {
				u.w.WriteByte(u.delim)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if err := u.next(line, first); err != nil {
			return err
		}
	}
}

// next takes a line into the group, or begins another with it.
func (u *uniq) next(line []byte, first bool) error {
	key := u.compared(line)
	if !first && u.same(key, u.key) {
		u.count++
		if u.all {
			if u.count == 2 && !u.group {
				u.begin()
				if u.repeated {
					u.write(u.line)
				}
			}
			u.write(line)
		}
		return nil
	}
	if !first {
		u.end()
	}
	u.count = 1
	u.line = append(u.line[:0], line...)
	u.key = u.compared(u.line)
	if u.group {
		u.begin()
		u.write(line)
	}
	return nil
}

// begin separates a group from the one before it.
func (u *uniq) begin() {
	if u.groups > 0 && u.method != none || u.method == prepended || u.method == both {
		u.w.WriteByte(u.delim)
	}
	u.groups++
}

// end writes the group, unless its lines were written as they came.
func (u *uniq) end() {
	switch {
	case u.all, u.count == 1 && !u.unique, u.count > 1 && !u.repeated:
		return
	case u.counts:
		u.writeCount()
	}
	u.write(u.line)
}

func (u *uniq) writeCount() {
	digits := strconv.AppendInt(make([]byte, 0, 20), int64(u.count), 10)
	const blanks = "       "
	u.w.WriteString(blanks[min(len(digits), len(blanks)):])
	u.w.Write(append(digits, ' '))
}

func (u *uniq) write(line []byte) {
	u.w.Write(line)
	u.w.WriteByte(u.delim)
}

func (u *uniq) same(a, b []byte) bool {
	if u.fold {
		return equalFold(a, b)
	}
	return bytes.Equal(a, b)
}

// equalFold compares without regard to the case of ASCII letters.
func equalFold(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i, c := range a {
		if lower(c) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// compared is the part of a line that is compared.
func (u *uniq) compared(line []byte) []byte {
	for n := u.fields; n > 0 && len(line) > 0; n-- {
		i := 0
		for i < len(line) && blank(line[i]) {
			i++
		}
		for i < len(line) && !blank(line[i]) {
			i++
		}
		line = line[i:]
	}
	line = line[min(u.chars, len(line)):]
	return line[:min(u.width, len(line))]
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
