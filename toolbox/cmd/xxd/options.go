package xxd

import (
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

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

var errUsage = errors.New("usage")
