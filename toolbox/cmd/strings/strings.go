/*
Package strings writes the text that is in files.

	strings [OPTION]... [FILE]...

Without FILE it reads standard input.

	-a, --all                scan all of the file (always done)
	-e, --encoding=ENCODING  s (7-bit, the default), S (8-bit), b and l (16-bit,
	                         big and little-endian), B and L (32-bit)
	-f, --print-file-name    write the name of the file before each string
	-n, --bytes=N, -N        strings of at least N characters (4)
	-o                       as -t o
	-s, --output-separator=STRING
	                         write STRING after each string instead of a newline
	-t, --radix=RADIX        write the offset of each string as d, o or x
	-w, --include-all-whitespace
	                         all white space is text
*/
package strings

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// finder looks for strings.
type finder struct {
	least      int
	radix      byte // 0 for no offsets
	names      bool
	separator  string
	whitespace bool
	size       int  // bytes of a character
	big        bool // the first byte is the most significant
	eightBit   bool

	w *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	s := finder{least: 4, separator: "\n", size: 1, w: x.Writer()}
	names, err := s.parse(x)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		if err := s.scan(ctx, x.Stdin, "{standard input}"); err != nil {
			return err
		}
		return s.w.Flush()
	}
	failed := false
	for _, name := range names {
		problem, err := s.file(ctx, x, name)
		if flushErr := s.w.Flush(); err == nil {
			err = flushErr
		}
		if err != nil {
			return err
		}
		if problem != "" {
			x.Errorf("%s", problem)
			failed = true
		}
	}
	if failed {
		return tool.Exit(1)
	}
	return nil
}

func (s *finder) parse(x *tool.Exec) ([]string, error) {
	f := tool.NewFlags(x)
	f.Bool('a', "all")
	f.Bool('d', "data")
	usage := func() error {
		fmt.Fprintf(x.Stderr, "Usage: %s [option(s)] [file(s)]\n", x.Name)
		return tool.Exit(1)
	}
	f.Func('e', "encoding", func(v string) error {
		if len(v) != 1 || !strings.Contains("sSbBlL", v) {
			return usage()
		}
		s.eightBit = v == "S"
		s.big = v == "b" || v == "B"
		s.size = map[string]int{"s": 1, "S": 1, "b": 2, "l": 2, "B": 4, "L": 4}[v]
		return nil
	})
	f.BoolVar(&s.names, true, 'f', "print-file-name")
	f.Func('n', "bytes", func(v string) error {
		n, err := strconv.ParseInt(v, 0, 32)
		switch {
		case err != nil:
			return x.Fail(1, "invalid integer argument %s", v)
		case n < 1:
			return x.Fail(1, "invalid minimum string length %d", n)
		}
		s.least = int(n)
		return nil
	})
	f.Switch('o', "", func() { s.radix = 'o' })
	f.Func('s', "output-separator", func(v string) error { s.separator = v; return nil })
	f.Func('t', "radix", func(v string) error {
		if v != "d" && v != "o" && v != "x" {
			return usage()
		}
		s.radix = v[0]
		return nil
	})
	f.BoolVar(&s.whitespace, true, 'w', "include-all-whitespace")
	f.Func('T', "target", func(string) error { return nil })
	f.Func('U', "unicode", func(string) error { return nil })
	f.Legacy = func(arg string) bool {
		n, err := strconv.Atoi(arg[1:])
		if arg[0] != '-' || err != nil || n < 1 {
			return false
		}
		s.least = n
		return true
	}
	return f.Parse()
}

// file scans one file; problem says why it could not.
func (s *finder) file(ctx context.Context, x *tool.Exec, name string) (problem string, err error) {
	info, err := x.Stat(name)
	switch {
	case err != nil:
		return "'" + name + "': No such file", nil
	case info.IsDir():
		return "Warning: '" + name + "' is a directory", nil
	}
	f, err := x.Open(name)
	if err != nil {
		return name + ": " + tool.ErrText(err), nil
	}
	defer f.Close()
	err = s.scan(ctx, f, name)
	if tool.ReadFailed(err) {
		return name + ": " + tool.ErrText(err), nil
	}
	return "", err
}

// longest bounds what is held of a string before it is written.
const longest = 64 << 10

// scan writes the strings of r.
func (s *finder) scan(ctx context.Context, r io.Reader, name string) error {
	var found []byte // begun
	begun := false   // and written in part
	offset := uint64(0)
	var char [4]byte
	have := 0
	end := func() {
		if begun || len(found) >= s.least {
			if !begun {
				s.begin(name, offset-uint64((len(found)+1)*s.size)+uint64(s.size))
			}
			s.w.Write(found)
			s.w.WriteString(s.separator)
		}
		found, begun = found[:0], false
	}
	err := tool.Blocks(ctx, r, func(block []byte) error {
		for _, b := range block {
			char[have] = b
			if have++; have < s.size {
				continue
			}
			have = 0
			c, ok := s.text(char[:s.size])
			if !ok {
				end()
				offset += uint64(s.size)
				continue
			}
			offset += uint64(s.size)
			if found = append(found, c); len(found) >= longest {
				if !begun {
					s.begin(name, offset-uint64(len(found)*s.size))
				}
				s.w.Write(found)
				found, begun = found[:0], true
			}
		}
		return s.w.Flush()
	})
	end()
	return err
}

// begin writes what stands before a string.
func (s *finder) begin(name string, offset uint64) {
	if s.names {
		s.w.WriteString(name + ": ")
	}
	switch s.radix {
	case 'd':
		fmt.Fprintf(s.w, "%7d ", offset)
	case 'o':
		fmt.Fprintf(s.w, "%7o ", offset)
	case 'x':
		fmt.Fprintf(s.w, "%7x ", offset)
	}
}

// text reports whether a character is text, and which.
func (s *finder) text(b []byte) (byte, bool) {
	c := b[0]
	rest := b[1:]
	if s.big {
		c, rest = b[len(b)-1], b[:len(b)-1]
	}
	for _, r := range rest {
		if r != 0 {
			return 0, false
		}
	}
	switch {
	case c >= ' ' && c < 0x7f, c == '\t':
		return c, true
	case s.whitespace && c >= '\n' && c <= '\r':
		return c, true
	}
	return c, s.eightBit && c > 0x7f
}
