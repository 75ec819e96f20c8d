/*
Package shuf writes lines in random order.

	shuf [OPTION]... [FILE]
	shuf -e [OPTION]... [ARG]...
	shuf -i LO-HI [OPTION]...

Without FILE, or for "-", it reads standard input.

	-e, --echo                take each ARG as a line
	-i, --input-range=LO-HI   take each number from LO to HI as a line
	-n, --head-count=N        write at most N lines
	-o, --output=FILE         write to FILE
	    --random-source=FILE  take random bytes from FILE
	-r, --repeat              lines may be written more than once
	-z, --zero-terminated     lines end in NUL
*/
package shuf

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// shuf is one run.
type shuf struct {
	echo, ranged, repeat bool
	lo, hi               uint64
	head                 uint64
	out                  string
	end                  byte

	ctx    context.Context
	x      *tool.Exec
	random *source
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	s := shuf{ctx: ctx, x: x, head: math.MaxUint64, end: '\n'}
	args, err := s.parse()
	if err != nil {
		return err
	}
	in, err := s.input(args)
	if err != nil {
		return err
	}
	w := x.Writer()
	if s.out != "" {
		f, err := x.Create(s.out)
		if err != nil {
			return x.Fail(1, "%s: %s", tool.QuoteFile(s.out), tool.ErrText(err))
		}
		defer f.Close()
		w = bufio.NewWriter(tool.WriteErrors(f, "write error"))
	}
	if err := s.write(w, in); err != nil {
		return err
	}
	return w.Flush()
}

func (s *shuf) parse() ([]string, error) {
	f := tool.NewFlags(s.x)
	var randomFile string
	var outSeen bool
	f.BoolVar(&s.echo, true, 'e', "echo")
	f.Func('i', "input-range", s.inputRange)
	f.Func('n', "head-count", func(v string) error {
		n, err := tool.ParseSize(v, "")
		if err != nil && vfs.ToErrno(err) != vfs.EOVERFLOW {
			return fmt.Errorf("invalid line count: %s", tool.QuoteText(v))
		}
		s.head = min(s.head, n)
		return nil
	})
	f.Func('o', "output", func(v string) error {
		if outSeen && v != s.out {
			return fmt.Errorf("multiple output files specified")
		}
		s.out, outSeen = v, true
		return nil
	})
	f.Func(0, "random-source", func(v string) error { randomFile = v; return nil })
	f.BoolVar(&s.repeat, true, 'r', "repeat")
	f.Switch('z', "zero-terminated", func() { s.end = 0 })
	args, err := f.Parse()
	most := 1
	if s.ranged {
		most = 0
	}
	switch {
	case err != nil:
		return nil, err
	case s.echo && s.ranged:
		return nil, f.Errorf("cannot combine -e and -i options")
	case !s.echo && len(args) > most:
		return nil, f.Errorf("extra operand %s", tool.QuoteText(args[most]))
	}
	s.random = &source{r: s.x.Rand}
	if randomFile != "" {
		r, err := s.x.Open(randomFile)
		if err != nil {
			return nil, s.x.Fail(1, "%s: %s", tool.QuoteFile(randomFile), tool.ErrText(err))
		}
		s.random = &source{r: bufio.NewReader(r), name: randomFile}
	}
	return args, nil
}

func (s *shuf) inputRange(v string) error {
	if s.ranged {
		return fmt.Errorf("multiple -i options specified")
	}
	s.ranged = true
	lo, hi, ok := strings.Cut(v, "-")
	if !ok {
		return fmt.Errorf("invalid input range: %s", tool.QuoteText(v))
	}
	for _, part := range []struct {
		text string
		to   *uint64
	}{{lo, &s.lo}, {hi, &s.hi}} {
		n, err := tool.ParseSize(part.text, "")
		if err != nil {
			return tool.SizeError("invalid input range", part.text, err)
		}
		*part.to = n
	}
	if s.lo > s.hi && s.lo != s.hi+1 || s.lo == 0 && s.hi == math.MaxUint64 {
		return fmt.Errorf("invalid input range: %s", tool.QuoteText(v))
	}
	return nil
}

// input is what there is to choose from: lines, or the numbers of a range.
type input struct {
	lines [][]byte
	lo, n uint64
	isNum bool
}

func (in *input) append(b []byte, i uint64) []byte {
	if in.isNum {
		return strconv.AppendUint(b, in.lo+i, 10)
	}
	return append(b, in.lines[i]...)
}

func (s *shuf) input(args []string) (*input, error) {
	switch {
	case s.ranged:
		return &input{lo: s.lo, n: s.hi - s.lo + 1, isNum: true}, nil
	case s.echo:
		in := &input{n: uint64(len(args))}
		for _, arg := range args {
			in.lines = append(in.lines, []byte(arg))
		}
		return in, nil
	}
	name := append(args, "-")[0]
	f, closeFile, err := s.x.OpenInput(name)
	if err != nil {
		return nil, s.x.Fail(1, "%s: %s", tool.QuoteFile(name), tool.ErrText(err))
	}
	defer closeFile()
	in, err := s.read(f)
	if tool.ReadFailed(err) {
		return nil, s.x.Fail(1, "read error: %s", tool.ErrText(err))
	}
	return in, err
}

// smallInput is the size up to which all lines are read before some are
// chosen; of a larger input only those that may be are kept.
const smallInput = 8 << 20

// read reads the lines. With a head count, of a large or endless input a
// sample of that many is kept.
func (s *shuf) read(f *tool.File) (*input, error) {
	in := &input{}
	sample := s.head < math.MaxUint64 && !s.repeat
	if sample && !f.Stream() && s.head > 0 {
		info, err := f.Stat()
		sample = err != nil || !info.Mode.IsRegular() || info.Size > smallInput
	}
	lines := s.x.Lines(s.ctx, f, s.end)
	held, seen := 0, uint64(0)
	for {
		full := sample && uint64(len(in.lines)) == s.head
		at := uint64(0) // the place of the next line, if all are taken
		if full && s.head > 0 {
			j, err := s.random.choose(seen + 1)
			if err != nil {
				return nil, s.noBytes(err)
			}
			at = j
		}
		line, _, err := lines.NextText()
		if err == io.EOF {
			in.n = uint64(len(in.lines))
			return in, nil
		}
		if err != nil {
			return nil, err
		}
		seen++
		switch {
		case !full:
			in.lines = append(in.lines, bytes.Clone(line))
			held += len(line) + 24
		case at < uint64(len(in.lines)):
			in.lines[at] = append(in.lines[at][:0], line...)
		}
		if held > tool.MaxHeld {
			return nil, s.x.Fail(1, "memory exhausted")
		}
	}
}

func (s *shuf) noBytes(err error) error {
	if s.random.name == "" {
		return err
	}
	return s.x.Fail(1, "%s: end of file", tool.Quote(s.random.name))
}

func (s *shuf) write(w *bufio.Writer, in *input) error {
	if s.repeat {
		return s.writeRepeated(w, in)
	}
	count := min(s.head, in.n)
	perm, ok := newPermutation(in.n, count)
	if !ok {
		return s.x.Fail(1, "memory exhausted")
	}
	for i := range count {
		j, err := s.random.choose(in.n - i)
		if err != nil {
			return s.noBytes(err)
		}
		if err := s.line(w, in, i, perm.take(i, i+j)); err != nil {
			return err
		}
	}
	return nil
}

func (s *shuf) writeRepeated(w *bufio.Writer, in *input) error {
	if s.head == 0 {
		return nil
	}
	if in.n == 0 {
		return s.x.Fail(1, "no lines to repeat")
	}
	for i := range s.head {
		j, err := s.random.choose(in.n)
		if err != nil {
			return s.noBytes(err)
		}
		if err := s.line(w, in, i, j); err != nil {
			return err
		}
	}
	return nil
}

func (s *shuf) line(w *bufio.Writer, in *input, count, i uint64) error {
	if count%1024 == 0 && s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	_, err := w.Write(append(in.append(w.AvailableBuffer(), i), s.end))
	return err
}

// permutation is what is left to choose from. Where few are chosen of many,
// only what was moved is held.
type permutation struct {
	all   []uint64
	moved map[uint64]uint64
}

// newPermutation is for count choices of n; ok is false if that is too much to
// hold.
func newPermutation(n, count uint64) (p *permutation, ok bool) {
	const each, eachMoved = 8, 64 // bytes
	if count < n/16 {
		return &permutation{moved: map[uint64]uint64{}}, count <= tool.MaxHeld/eachMoved
	}
	if n > tool.MaxHeld/each {
		return nil, false
	}
	p = &permutation{all: make([]uint64, n)}
	for i := range p.all {
		p.all[i] = uint64(i)
	}
	return p, true
}

// take takes what is at place j, and puts there what is at i.
func (p *permutation) take(i, j uint64) uint64 {
	if p.all != nil {
		v := p.all[j]
		p.all[j] = p.all[i]
		return v
	}
	at := func(k uint64) uint64 {
		if v, ok := p.moved[k]; ok {
			return v
		}
		return k
	}
	v := at(j)
	p.moved[j] = at(i)
	delete(p.moved, i)
	return v
}
