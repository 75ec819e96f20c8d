/*
Package hexdump shows the bytes of files in hexadecimal and other forms: hexdump
and hd (hexdump -C).

	hexdump [OPTION]... [FILE]...

Without FILE it reads standard input. Several files are shown as one.

	-b, --one-byte-octal     -c, --one-byte-char
	-C, --canonical          hexadecimal and text
	-d, --two-bytes-decimal  -o, --two-bytes-octal  -x, --two-bytes-hex
	-e, --format=FORMAT      -f, --format-file=FILE
	-n, --length=N           show N bytes only
	-s, --skip=N             pass over N bytes first
	-v, --no-squeezing       do not write * for lines that repeat
	-L, --color              taken and ignored

FORMAT is units of [COUNT][/BYTES] "TEXT", where TEXT holds conversions as
printf has them, and %_c %_p %_u (characters), %_ad %_ao %_ax (the offset) and
%_A… (the offset at the end).
*/
package hexdump

import (
	"bytes"
	"context"
	"io"

	"agentsandbox/toolbox/tool"
)

// The formats of the options.
var presets = map[byte][]string{
	0:   {`"%07.7_Ax\n"`, `"%07.7_ax " 8/2 "%04x " "\n"`},
	'b': {`"%07.7_Ax\n"`, `"%07.7_ax " 16/1 "%03o " "\n"`},
	'c': {`"%07.7_Ax\n"`, `"%07.7_ax " 16/1 "%3_c " "\n"`},
	'C': {`"%08.8_Ax\n"`, `"%08.8_ax  " 8/1 "%02x " "  " 8/1 "%02x " `, `"  |" 16/1 "%_p" "|\n"`},
	'd': {`"%07.7_Ax\n"`, `"%07.7_ax " 8/2 "  %05u " "\n"`},
	'o': {`"%07.7_Ax\n"`, `"%07.7_ax " 8/2 " %06o " "\n"`},
	'x': {`"%07.7_Ax\n"`, `"%07.7_ax " 8/2 "   %04x " "\n"`},
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	d := &dump{ctx: ctx, x: x, limit: -1}
	names, err := d.parse()
	if err != nil {
		return err
	}
	in := &input{d: d, names: names, left: d.limit}
	if len(names) == 0 {
		in.stdin = true
	}
	defer in.close()
	w := x.Writer()
	if err := d.run(in, w); err != nil {
		w.Flush()
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(names) > 0 && in.failed == len(names) {
		return x.Fail(1, "all input file arguments failed")
	}
	if in.failed > 0 {
		return tool.Exit(1)
	}
	return nil
}

// dump is one run.
type dump struct {
	ctx     context.Context
	x       *tool.Exec
	formats []*format
	limit   int64 // bytes to show, or -1
	skip    int64
	all     bool // don't squeeze
}

func (d *dump) parse() ([]string, error) {
	f := tool.NewFlags(d.x)
	var texts []string
	for _, o := range []struct {
		short byte
		long  string
	}{{'b', "one-byte-octal"}, {'c', "one-byte-char"}, {'C', "canonical"}, {'d', "two-bytes-decimal"}, {'o', "two-bytes-octal"},
		{'x', "two-bytes-hex"}} {
		f.Switch(o.short, o.long, func() { texts = append(texts, presets[o.short]...) })
	}
	f.Func('e', "format", func(v string) error { texts = append(texts, v); return nil })
	f.Func('f', "format-file", func(v string) error {
		data, err := d.x.ReadFile(v, 1<<20)
		for line := range bytes.Lines(data) {
			if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
				texts = append(texts, string(line))
			}
		}
		return err
	})
	number := func(to *int64, what string) func(string) error {
		return func(v string) error {
			n, ok := parseNumber(v)
			if !ok {
				return d.x.Fail(1, "%s: %s: Invalid argument", what, tool.QuoteText(v))
			}
			*to = n
			return nil
		}
	}
	f.Func('n', "length", number(&d.limit, "failed to parse length"))
	f.Func('s', "skip", number(&d.skip, "failed to parse offset"))
	f.BoolVar(&d.all, true, 'v', "no-squeezing")
	f.Optional('L', "color", "", func(string) error { return nil })
	f.Do('h', "", func() error { return tool.ErrHelp })
	f.Version('V')
	names, err := f.Parse()
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		preset := byte(0)
		if d.x.Name == "hd" {
			preset = 'C'
		}
		texts = presets[preset]
	}
	for _, text := range texts {
		one, err := parseFormat(text)
		if err != nil {
			return nil, err
		}
		d.formats = append(d.formats, one)
	}
	return names, nil
}

// parseNumber reads a number: decimal, octal behind 0, hexadecimal behind 0x,
// with a unit.
func parseNumber(s string) (int64, bool) {
	var n int64
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		for _, c := range []byte(s[2:]) {
			v := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
			if c >= '0' && c <= '9' {
				v = int(c - '0')
			}
			if v < 0 || n >= 1<<58 {
				return 0, false
			}
			n = n<<4 | int64(v)
		}
		return n, true
	}
	u, err := tool.ParseSize(s, "bKkMmGgTtPE")
	return int64(u), err == nil && u < 1<<62
}

func (d *dump) run(in *input, w io.Writer) error {
	size := 0
	for _, f := range d.formats {
		size = max(size, f.size())
	}
	for _, f := range d.formats {
		f.fill(size)
	}
	skipped, err := in.skip(d.skip)
	if err != nil {
		return err
	}
	p := &printer{w: w, address: skipped}
	block, last := make([]byte, max(size, 1)), []byte(nil)
	dup := false
	for size > 0 {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(in, block)
		if n == 0 {
			break
		}
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		if n == size && !d.all && bytes.Equal(block, last) {
			if !dup {
				io.WriteString(w, "*\n")
			}
			dup = true
			p.address += int64(n)
			continue
		}
		dup = false
		clear(block[n:])
		if err := p.block(d.formats, block, n); err != nil {
			return err
		}
		last = append(last[:0], block[:n]...)
		if n < size {
			break
		}
	}
	return p.end(d.formats)
}
