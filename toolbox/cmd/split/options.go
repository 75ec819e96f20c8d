package split

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

type method byte

const (
	byLines method = iota
	byBytes
	byLineBytes
	byChunks
	byLineChunks
	byTurns
)

const units = "bEGKkMmPTYZ0"

// options say how to split.
type options struct {
	by       method
	size     uint64 // lines, bytes or pieces
	only     uint64 // the piece to write to standard output, from 1; 0 for files
	end      byte
	elide    bool
	filter   string
	verbose  bool
	names    names
	methods  int // given
	endGiven bool
}

func (s *split) parse() (input string, err error) {
	o := &s.options
	o.size, o.end = 1000, '\n'
	o.names = names{prefix: "x", alphabet: lowerCase, length: 2, grows: true}
	f := tool.NewFlags(s.x)
	f.Func('a', "suffix-length", o.suffixLength)
	f.Func(0, "additional-suffix", func(v string) error {
		if strings.Contains(v, "/") {
			return f.Errorf("invalid suffix %s, contains directory separator", tool.Quote(v))
		}
		o.names.suffix = v
		return nil
	})
	f.Func('b', "bytes", o.sized(byBytes, "bytes"))
	f.Func('C', "line-bytes", o.sized(byLineBytes, "bytes"))
	numeric := func(alphabet, what string) func(string) error {
		return func(v string) error {
			o.names.alphabet = alphabet
			if v == "" {
				return nil
			}
			if strings.Trim(v, alphabet) != "" {
				return f.Errorf("%s: invalid start value for %s suffix", tool.QuoteText(v), what)
			}
			o.names.start, o.names.grows = v, false
			return nil
		}
	}
	f.Switch('d', "", func() { o.names.alphabet = decimal })
	f.Optional(0, "numeric-suffixes", "", numeric(decimal, "numerical"))
	f.Switch('x', "", func() { o.names.alphabet = hexadecimal })
	f.Optional(0, "hex-suffixes", "", numeric(hexadecimal, "hexadecimal"))
	f.BoolVar(&o.elide, true, 'e', "elide-empty-files")
	f.Func(0, "filter", func(v string) error { o.filter = v; return nil })
	f.Func('l', "lines", o.sized(byLines, "lines"))
	f.Func('n', "number", o.number)
	f.Func('t', "separator", o.separator)
	f.Bool('u', "unbuffered")
	f.BoolVar(&o.verbose, true, 0, "verbose")
	f.Legacy = func(arg string) bool {
		return arg[0] == '-' && strings.Trim(arg[1:], "0123456789") == "" && o.sized(byLines, "lines")(arg[1:]) == nil
	}
	operands, err := f.Parse()
	switch {
	case err != nil:
		return "", err
	case o.methods > 1:
		return "", f.Errorf("cannot split in more than one way")
	case len(operands) > 2:
		return "", f.Errorf("extra operand %s", tool.Quote(operands[2]))
	case o.filter != "" && o.only > 0:
		return "", f.Errorf("--filter does not process a chunk extracted to stdout")
	}
	operands = append(operands, []string{"-", "x"}[len(operands):]...)
	o.names.prefix = operands[1]
	if err := o.names.fit(o); err != nil {
		return "", err
	}
	return operands[0], nil
}

func (o *options) suffixLength(v string) error {
	n, err := tool.ParseSize(v, "")
	if err != nil {
		return tool.SizeError("invalid suffix length", v, err)
	}
	if n > 0 {
		o.names.length, o.names.grows, o.names.fixed = int(min(n, 255)), false, true
	}
	return nil
}

func (o *options) sized(by method, what string) func(string) error {
	return func(v string) error {
		o.methods++
		o.by = by
		return count(&o.size, v, units, "invalid number of "+what)
	}
}

// count reads a number that is at least 1.
func count(to *uint64, v, units, what string) error {
	n, err := tool.ParseSize(v, units)
	switch {
	case err != nil && vfs.ToErrno(err) != vfs.EOVERFLOW:
		return tool.SizeError(what, v, err)
	case n == 0:
		return fmt.Errorf("%s: %s: %s", what, tool.QuoteText(v), vfs.ERANGE.Error())
	}
	*to = n
	return nil
}

// number reads [l/|r/][K/]N.
func (o *options) number(v string) error {
	o.methods++
	o.by = byChunks
	switch {
	case strings.HasPrefix(v, "l/"):
		o.by, v = byLineChunks, v[2:]
	case strings.HasPrefix(v, "r/"):
		o.by, v = byTurns, v[2:]
	}
	k, n, both := strings.Cut(v, "/")
	if !both {
		return count(&o.size, v, "", "invalid number of chunks")
	}
	if err := count(&o.size, n, "", "invalid number of chunks"); err != nil {
		return err
	}
	if err := count(&o.only, k, "", "invalid chunk number"); err != nil {
		return err
	}
	if o.only > o.size {
		return fmt.Errorf("invalid chunk number: %s: %s", tool.QuoteText(k), vfs.ERANGE.Error())
	}
	return nil
}

func (o *options) separator(v string) error {
	switch {
	case v == "":
		return fmt.Errorf("empty record separator")
	case v == `\0`:
		v = "\x00"
	case len(v) > 1:
		return fmt.Errorf("multi-character separator %s", tool.QuoteText(v))
	}
	if o.endGiven && o.end != v[0] {
		return fmt.Errorf("multiple separator characters specified")
	}
	o.end, o.endGiven = v[0], true
	return nil
}
