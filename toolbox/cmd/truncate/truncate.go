/*
Package truncate sets the size of files.

	truncate [-co] (-s SIZE | -r FILE) FILE...

	-s, --size=SIZE       the size in bytes, with units K M G T P E (1024) or
	                      KB MB … (1000); in front: + longer by, - shorter by,
	                      < at most, > at least, / rounded down, % rounded up
	-r, --reference=FILE  the size of FILE
	-c, --no-create       make no files
	-o, --io-blocks       SIZE counts blocks
*/
package truncate

import (
	"context"
	"math"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	size := flags.String('s', "size", "")
	ref := flags.String('r', "reference", "")
	noCreate := flags.Bool('c', "no-create")
	blocks := flags.Bool('o', "io-blocks")
	names, err := flags.Parse()
	switch {
	case err != nil:
		return err
	case *size == "" && *ref == "":
		return flags.Errorf("you must specify either %s or %s", tool.QuoteText("--size"), tool.QuoteText("--reference"))
	case *blocks && *size == "":
		return flags.Errorf("%s was specified but %s was not", tool.QuoteText("--io-blocks"), tool.QuoteText("--size"))
	}
	t := truncater{x: x, create: !*noCreate, base: -1}
	if *size != "" && !t.parse(*size) {
		return x.Fail(1, "Invalid number: %s", tool.QuoteText(strings.TrimLeft(*size, "<>/% ")))
	}
	switch {
	case *ref != "" && *size != "" && t.op == 0:
		return flags.Errorf("you must specify a relative %s with %s", tool.QuoteText("--size"), tool.QuoteText("--reference"))
	case len(names) == 0:
		return flags.Errorf("missing file operand")
	case strings.IndexByte("/%", t.op) >= 0 && t.op != 0 && t.n == 0:
		return x.Fail(1, "division by zero")
	}
	if *blocks {
		t.n *= 4096
	}
	if *ref != "" {
		info, err := x.Stat(*ref)
		if err != nil {
			return x.Fail(1, "cannot stat %s: %s", tool.Quote(*ref), tool.ErrText(err))
		}
		t.base = info.Size
		if *size == "" {
			t.op = '+'
		}
	}
	for _, name := range names {
		t.file(name)
	}
	return tool.Exit(t.status)
}

type truncater struct {
	x      *tool.Exec
	create bool
	op     byte  // 0, or + - < > / %
	n      int64 // bytes
	base   int64 // the size to change; -1 is that of each file
	status int
}

// parse reads a size with its operator.
func (t *truncater) parse(s string) bool {
	s = strings.TrimLeft(s, " ")
	if s != "" && strings.IndexByte("<>/%", s[0]) >= 0 {
		t.op, s = s[0], strings.TrimLeft(s[1:], " ")
	}
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if t.op != 0 {
			return false
		}
		t.op, s = s[0], s[1:]
	}
	n, err := tool.ParseSize(s, "EgGkKmMPtTYZ")
	if err != nil || n > math.MaxInt64 {
		return false
	}
	t.n = int64(n)
	return true
}

func (t *truncater) file(name string) {
	flag := vfs.Write
	if t.create {
		flag |= vfs.Create
	}
	f, err := t.x.OpenFile(name, flag, 0o666)
	if err != nil {
		if !t.create && vfs.ToErrno(err) == vfs.ENOENT {
			return
		}
		t.fail("cannot open %s for writing: %s", tool.Quote(name), tool.ErrText(err))
		return
	}
	defer f.Close()
	if f.Stream() {
		t.fail("failed to truncate %s at %d bytes: %s", tool.Quote(name), t.n, vfs.EINVAL.Error())
		return
	}
	info, err := f.Stat()
	if err != nil {
		t.fail("cannot fstat %s: %s", tool.Quote(name), tool.ErrText(err))
		return
	}
	size := t.size(info.Size)
	if err := f.Truncate(size); err != nil {
		t.fail("failed to truncate %s at %d bytes: %s", tool.Quote(name), size, tool.ErrText(err))
	}
}

// size is what to make of a file that has old bytes.
func (t *truncater) size(old int64) int64 {
	if t.base >= 0 {
		old = t.base
	}
	switch t.op {
	case '+':
		return old + t.n
	case '-':
		return max(old-t.n, 0)
	case '<':
		return min(old, t.n)
	case '>':
		return max(old, t.n)
	case '/':
		return old / t.n * t.n
	case '%':
		return (old + t.n - 1) / t.n * t.n
	}
	return t.n
}

func (t *truncater) fail(format string, args ...any) {
	t.x.Errorf(format, args...)
	t.status = 1
}
