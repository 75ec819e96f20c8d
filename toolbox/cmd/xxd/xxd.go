/*
Package xxd makes a hex dump, or turns one back into bytes.

	xxd [OPTION]... [INFILE [OUTFILE]]
	xxd -r [-p] [-s OFF] [-c N] [INFILE [OUTFILE]]

Without INFILE, or for "-", it reads standard input.

	-a          one * for lines of NUL bytes after the first
	-b          bits instead of hex digits
	-C          with -i, names in capitals
	-c N        N bytes a line (16; -i 12, -p 30, -b 6)
	-d          offsets in decimal
	-e          groups of bytes in little-endian order
	-g N        N bytes a group (2; -e 4, -b 1)
	-i          as an array of C
	-l N        at most N bytes
	-n NAME     with -i, the name of the array
	-o N        add N to the offsets shown
	-p, -ps     hex digits alone
	-r          turn a dump into bytes
	-s [+][-]N  begin at offset N, with "-" from the end
	-u          hex digits in capitals
*/
package xxd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

type mode byte

const (
	hexDump mode = iota
	bits
	little
	include
	plain
)

// xxd is one run.
type xxd struct {
	mode    mode
	reverse bool
	skipNUL bool
	columns int // -1 for the mode's own
	group   int
	limit   uint64
	seek    int64
	fromEnd bool
	add     int64
	decimal bool
	upper   bool
	capital bool
	name    string

	ctx context.Context
	x   *tool.Exec
	w   *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	d := xxd{columns: -1, group: -1, limit: math.MaxUint64, ctx: ctx, x: x}
	files, err := d.parse(x.Args)
	if err != nil {
		return err
	}
	in, closeIn, err := x.OpenInput(files[0])
	if err != nil {
		return x.Fail(2, "%s: %s", files[0], tool.ErrText(err))
	}
	defer closeIn()
	out, closeOut, err := d.output(files[1])
	if err != nil {
		return x.Fail(3, "%s: %s", files[1], tool.ErrText(err))
	}
	d.w = bufio.NewWriterSize(out, 32<<10)
	if d.reverse {
		err = d.revert(in, out)
	} else {
		err = d.dump(in, files[0])
	}
	if flushErr := d.w.Flush(); err == nil {
		err = flushErr
	}
	if closeErr := closeOut(); err == nil {
		err = closeErr
	}
	if tool.ReadFailed(err) {
		return x.Fail(2, "%s", tool.ErrText(err))
	}
	return err
}

// output opens where the result goes; a dump that is turned back goes into a
// file that may be there already.
func (d *xxd) output(name string) (io.Writer, func() error, error) {
	if name == "-" {
		return d.x.Stdout, func() error { return nil }, nil
	}
	open := d.x.Create
	if d.reverse {
		open = d.x.OpenUpdate
	}
	f, err := open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

var errUsage = errors.New("usage")

// parse reads options in xxd's own way: one dash, values attached or not.
func (d *xxd) parse(args []string) (files [2]string, err error) {
	files = [2]string{"-", "-"}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		opt := strings.TrimPrefix(args[0][1:], "-")
		args = args[1:]
		if opt == "" {
			break
		}
		if args, err = d.option(opt, args); err != nil {
			break
		}
	}
	if err == nil && len(args) > 2 {
		err = errUsage
	}
	if err == errUsage {
		io.WriteString(d.x.Stderr, usage)
		return files, tool.Exit(1)
	}
	copy(files[:], args)
	if err == nil {
		err = d.defaults()
	}
	return files, err
}

const usage = "Usage:\n       xxd [options] [infile [outfile]]\n    or\n       xxd -r [-s [-]offset] [-c cols] [-ps] [infile [outfile]]\n"

// option reads one option and, for some, its value, which may be the next
// argument.
func (d *xxd) option(opt string, args []string) ([]string, error) {
	switch {
	case opt == "help":
		return args, tool.ErrHelp
	case strings.HasPrefix(opt, "cols"):
		opt = "c" + opt[4:]
	case strings.HasPrefix(opt, "len"):
		opt = "l" + opt[3:]
	case strings.HasPrefix(opt, "seek"), strings.HasPrefix(opt, "skip"):
		opt = "s" + opt[4:]
	}
	switch opt[0] {
	case 'a':
		d.skipNUL = !d.skipNUL
	case 'b':
		d.mode = bits
	case 'C':
		d.capital = true
	case 'd':
		d.decimal = true
	case 'e':
		d.mode = little
	case 'i':
		d.mode = include
	case 'p':
		d.mode = plain
	case 'r':
		d.reverse = true
	case 'u':
		d.upper = true
	case 'h':
		return args, tool.ErrHelp
	case 'v':
		return args, d.version()
	case 'c', 'g', 'l', 'n', 'o', 's':
		value := opt[1:]
		if value == "" {
			if len(args) == 0 {
				return args, errUsage
			}
			value, args = args[0], args[1:]
		}
		return args, d.value(opt[0], value)
	default:
		return args, errUsage
	}
	return args, nil
}

func (d *xxd) version() error {
	io.WriteString(d.x.Stderr, "xxd 2022-01-14 by Juergen Weigert et al.\n")
	return tool.Exit(0)
}

func (d *xxd) value(opt byte, value string) error {
	if opt == 'n' {
		d.name = value
		return nil
	}
	if opt == 's' {
		value = strings.TrimPrefix(value, "+")
		d.fromEnd = strings.HasPrefix(value, "-")
	}
	n := number(value)
	switch opt {
	case 'c':
		d.columns = int(min(n, math.MaxInt32))
	case 'g':
		d.group = int(min(n, math.MaxInt32))
	case 'l':
		d.limit = uint64(max(n, 0))
	case 'o':
		d.add = n
	case 's':
		d.seek = n
	}
	return nil
}

// number reads as much of a number in C's notation as there is.
func number(s string) int64 {
	for end := len(s); end > 0; end-- {
		if n, err := strconv.ParseInt(s[:end], 0, 64); err == nil && !strings.Contains(s[:end], "_") {
			return n
		}
	}
	return 0
}

const mostColumns = 256

func (d *xxd) defaults() error {
	columns := map[mode]int{hexDump: 16, bits: 6, little: 16, include: 12, plain: 30}[d.mode]
	group := map[mode]int{hexDump: 2, bits: 1, little: 4}[d.mode]
	if d.columns < 0 || d.columns == 0 && d.mode != plain {
		d.columns = columns
	}
	if d.group < 0 {
		d.group = group
	}
	if d.group == 0 || d.group > d.columns {
		d.group = max(d.columns, 1)
	}
	switch {
	case d.columns > mostColumns && (d.mode == hexDump || d.mode == bits || d.mode == little):
		return d.x.Fail(1, "invalid number of columns (max. %d).", mostColumns)
	case d.mode == little && d.group&(d.group-1) != 0:
		return d.x.Fail(1, "number of octets per group must be a power of 2 with -e.")
	}
	return nil
}

// start moves to where the dump begins, and returns its offset.
func (d *xxd) start(in *tool.File) (int64, error) {
	if d.seek == 0 {
		return 0, nil
	}
	whence := io.SeekStart
	if d.fromEnd {
		whence = io.SeekEnd
	}
	if at, err := in.Seek(d.seek, whence); err == nil {
		return at, nil
	}
	if d.fromEnd {
		return 0, d.x.Fail(4, "sorry cannot seek.")
	}
	_, err := io.CopyN(io.Discard, in, d.seek)
	if err != nil {
		return 0, d.x.Fail(4, "sorry cannot seek.")
	}
	return d.seek, nil
}

func (d *xxd) dump(in *tool.File, name string) error {
	offset, err := d.start(in)
	if err != nil {
		return err
	}
	r := bufio.NewReaderSize(io.LimitReader(in, int64(min(d.limit, math.MaxInt64))), 64<<10)
	switch d.mode {
	case include:
		return d.include(r, name)
	case plain:
		return d.plain(r)
	}
	return d.lines(r, offset+d.add)
}

// block fills p as far as there is data.
func (d *xxd) block(r io.Reader, p []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r, p)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return n, nil
	}
	if err != nil {
		err = tool.ReadError{Err: err}
	}
	return n, err
}

func (d *xxd) digits() string {
	if d.upper {
		return "0123456789ABCDEF"
	}
	return "0123456789abcdef"
}

func (d *xxd) plain(r io.Reader) error {
	size := d.columns
	if size == 0 {
		size = 4096
	}
	buf, digits, any := make([]byte, size), d.digits(), false
	for {
		n, err := d.block(r, buf)
		if err != nil {
			return err
		}
		for _, c := range buf[:n] {
			d.w.WriteByte(digits[c>>4])
			d.w.WriteByte(digits[c&15])
		}
		any = any || n > 0
		if n > 0 && d.columns > 0 || n < len(buf) && d.columns == 0 && any {
			d.w.WriteByte('\n')
		}
		if n < len(buf) {
			return nil
		}
	}
}

func (d *xxd) include(r *bufio.Reader, file string) error {
	name := d.name
	if name == "" && file != "-" {
		name = file
	}
	name = d.identifier(name)
	if name != "" {
		fmt.Fprintf(d.w, "unsigned char %s[] = {\n", name)
	}
	count := 0
	prefix := "0x"
	if d.upper {
		prefix = "0X"
	}
	for ; ; count++ {
		c, err := r.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			return tool.ReadError{Err: err}
		}
		switch {
		case count == 0:
			d.w.WriteString("  ")
		case count%d.columns == 0:
			d.w.WriteString(",\n  ")
		default:
			d.w.WriteString(", ")
		}
		d.w.WriteString(prefix)
		d.w.WriteByte(d.digits()[c>>4])
		d.w.WriteByte(d.digits()[c&15])
		if count%4096 == 0 && d.ctx.Err() != nil {
			return d.ctx.Err()
		}
	}
	if count > 0 {
		d.w.WriteByte('\n')
	}
	if name != "" {
		length := "_len"
		if d.capital {
			length = "_LEN"
		}
		fmt.Fprintf(d.w, "};\nunsigned int %s%s = %d;\n", name, length, count)
	}
	return nil
}

// identifier makes a name that C takes.
func (d *xxd) identifier(name string) string {
	out := []byte(name)
	for i, c := range out {
		if !(c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9') {
			out[i] = '_'
		}
	}
	s := string(out)
	if s != "" && s[0] >= '0' && s[0] <= '9' {
		s = "__" + s
	}
	if d.capital {
		s = strings.ToUpper(s)
	}
	return s
}

// lines writes the usual dump.
func (d *xxd) lines(r io.Reader, offset int64) error {
	buf := make([]byte, d.columns)
	nuls := 0 // lines of NUL bytes in a row
	var held, spare []byte
	for {
		n, err := d.block(r, buf)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		line := d.line(spare[:0], offset, buf[:n])
		spare = line
		offset += int64(n)
		if d.skipNUL && strings.Trim(string(buf[:n]), "\x00") == "" {
			nuls++
			switch {
			case nuls == 2, nuls > 3:
				held = append(held[:0], line...)
				continue
			case nuls == 3:
				d.w.WriteString("*\n")
				held = append(held[:0], line...)
				continue
			}
		} else {
			if nuls == 2 {
				d.w.Write(held)
			}
			nuls, held = 0, held[:0]
		}
		if _, err := d.w.Write(line); err != nil {
			return err
		}
	}
	// The last line is written in any case.
	d.w.Write(held)
	return nil
}

func (d *xxd) line(b []byte, offset int64, data []byte) []byte {
	b = d.offset(b, offset)
	each, digits := 2, d.digits()
	if d.mode == bits {
		each = 8
	}
	columns := d.columns
	if d.mode == little {
		columns = (columns + d.group - 1) / d.group * d.group
	}
	for i := range columns {
		if i > 0 && i%d.group == 0 {
			b = append(b, ' ')
		}
		at := i
		if d.mode == little {
			at = i - i%d.group + d.group - 1 - i%d.group
		}
		switch {
		case at >= len(data):
			b = append(b, "        "[:each]...)
		case d.mode == bits:
			for bit := 7; bit >= 0; bit-- {
				b = append(b, '0'+data[at]>>bit&1)
			}
		default:
			b = append(b, digits[data[at]>>4], digits[data[at]&15])
		}
	}
	b = append(b, ' ', ' ')
	for _, c := range data {
		if c < ' ' || c > '~' {
			c = '.'
		}
		b = append(b, c)
	}
	return append(b, '\n')
}

// offset writes an offset, of eight digits at least.
func (d *xxd) offset(b []byte, offset int64) []byte {
	base := 16
	if d.decimal {
		base = 10
	}
	var buf [20]byte
	text := strconv.AppendUint(buf[:0], uint64(offset), base)
	for n := 8 - len(text); n > 0; n-- {
		b = append(b, '0')
	}
	return append(append(b, text...), ':', ' ')
}
