package digest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// entry is one line of a list of checksums.
type entry struct {
	Algorithm
	name, sum string
}

// list is one file of checksums while it is verified.
type list struct {
	*Options
	ctx  context.Context
	x    *tool.Exec
	w    *bufio.Writer
	name string

	// spaced says how names stand: behind two characters (the usual way) or
	// one (some BSD tools). The first line decides, so that a name that begins
	// with a blank cannot pass for another.
	spaced spacing

	proper, malformed, unread, wrong int
	matched                          bool
}

type spacing byte

const (
	undecided spacing = iota
	two
	one
)

// Check verifies the lists of checksums.
func (o *Options) Check(ctx context.Context, x *tool.Exec, names []string) error {
	if len(names) == 0 {
		names = []string{"-"}
	}
	w := x.Writer()
	ok := true
	for _, name := range names {
		l := list{Options: o, ctx: ctx, x: x, w: w, name: name}
		if name == "-" {
			l.name = "standard input"
		}
		good, err := l.verify(name)
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			return err
		}
		ok = ok && good
	}
	if !ok {
		return tool.Exit(1)
	}
	return nil
}

func (l *list) verify(name string) (bool, error) {
	f, closeFile, err := l.x.OpenInput(name)
	if err != nil {
		return false, l.say("%s: %s", tool.QuoteFile(l.name), tool.ErrText(err))
	}
	defer closeFile()
	lines := l.x.Lines(l.ctx, f, '\n')
	for n := 1; ; n++ {
		line, _, err := lines.NextText()
		switch {
		case err == io.EOF:
			return l.result()
		case tool.ReadFailed(err):
			return false, l.say("%s: read error", tool.QuoteFile(l.name))
		case err != nil:
			return false, err
		}
		if err := l.line(n, string(line), name == "-"); err != nil {
			return false, err
		}
	}
}

// say prints a message in its place among the output.
func (l *list) say(format string, args ...any) error {
	if err := l.w.Flush(); err != nil {
		return err
	}
	l.x.Errorf(format, args...)
	return nil
}

func (l *list) line(n int, line string, stdin bool) error {
	if strings.HasPrefix(line, "#") {
		return nil
	}
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return nil
	}
	e, ok := l.parse(line)
	if !ok || stdin && e.name == "-" {
		l.malformed++
		if l.Warn {
			return l.say("%s: %d: improperly formatted %s checksum line", tool.QuoteFile(l.name), n, l.Tag)
		}
		return nil
	}
	l.proper++
	return l.file(e)
}

// file verifies one file.
func (l *list) file(e entry) error {
	shown := e.name
	if strings.Contains(e.name, "\n") {
		shown = `\` + escape(e.name)
	}
	sum, err := l.fileSum(e)
	var pe *fs.PathError
	switch {
	case l.IgnoreMissing && errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil && !tool.ReadFailed(err) && !errors.As(err, &pe):
		return err
	case err != nil:
		l.unread++
		if err := l.say("%s: %s", tool.QuoteFile(e.name), tool.ErrText(err)); err != nil {
			return err
		}
		l.report(shown, "FAILED open or read")
	case !strings.EqualFold(sum, e.sum):
		l.wrong++
		l.report(shown, "FAILED")
	default:
		l.matched = true
		if !l.Quiet {
			l.report(shown, "OK")
		}
	}
	return nil
}

func (l *list) fileSum(e entry) (string, error) {
	f, closeFile, err := l.x.OpenInput(e.name)
	if err != nil {
		return "", err
	}
	defer closeFile()
	o := Options{Algorithm: e.Algorithm}
	return o.sum(l.ctx, f)
}

func (l *list) report(name, result string) {
	if !l.Status {
		fmt.Fprintf(l.w, "%s: %s\n", name, result)
	}
}

// result says how the list as a whole did.
func (l *list) result() (bool, error) {
	if l.proper == 0 {
		return false, l.say("%s: no properly formatted checksum lines found", tool.QuoteFile(l.name))
	}
	var err error
	if !l.Status {
		err = errors.Join(
			l.warn(l.malformed, "%d line is improperly formatted", "%d lines are improperly formatted"),
			l.warn(l.unread, "%d listed file could not be read", "%d listed files could not be read"),
			l.warn(l.wrong, "%d computed checksum did NOT match", "%d computed checksums did NOT match"))
		if l.IgnoreMissing && !l.matched && err == nil {
			err = l.say("%s: no file was verified", tool.QuoteFile(l.name))
		}
	}
	ok := l.matched && l.wrong == 0 && l.unread == 0 && !(l.Strict && l.malformed > 0)
	return ok, err
}

func (l *list) warn(n int, one, many string) error {
	switch n {
	case 0:
		return nil
	case 1:
		return l.say("WARNING: "+one, n)
	}
	return l.say("WARNING: "+many, n)
}

// parse reads a line in any of the formats.
func (l *list) parse(line string) (entry, bool) {
	s := strings.TrimLeft(line, " \t")
	s, escaped := strings.CutPrefix(s, `\`)
	e, ok, tagged := l.tagged(s)
	if !tagged {
		e, ok = l.plain(s)
	}
	if ok && escaped {
		e.name, ok = unescape(e.name)
	}
	return e, ok
}

// tagged reads "TAG (name) = sum"; tagged is false where no tag stands.
func (l *list) tagged(s string) (e entry, ok, tagged bool) {
	tag := s[:len(s)-len(strings.TrimLeft(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))]
	e.Algorithm, ok = l.Algorithm, l.New != nil && strings.HasPrefix(s, l.Tag)
	rest := strings.TrimPrefix(s, l.Tag)
	if digits, found := strings.CutPrefix(rest, "-"); ok && found && l.Sized != nil {
		number, after, _ := strings.Cut(digits, " ")
		if n, err := strconv.Atoi(number); err == nil && n > 0 && n%8 == 0 && n <= 8*l.Size {
			e.Algorithm, rest = l.Sized(n/8), " "+after
		}
	}
	if l.ByTag != nil {
		e.Algorithm, ok = l.ByTag(tag)
		rest = s[len(tag):]
	}
	if !ok {
		return e, false, false
	}
	rest, ok = strings.CutPrefix(strings.TrimPrefix(rest, " "), "(")
	end := strings.LastIndexByte(rest, ')')
	if !ok || end < 0 {
		return e, false, true
	}
	e.name = rest[:end]
	sum, ok := strings.CutPrefix(strings.TrimLeft(rest[end+1:], " \t"), "=")
	e.sum = strings.TrimLeft(sum, " \t")
	return e, ok && e.wellFormed(), true
}

// plain reads "sum  name", "sum *name" or "sum name".
func (l *list) plain(s string) (e entry, ok bool) {
	e.Algorithm = l.Algorithm
	if l.Sized != nil {
		// The sum says how long it is.
		digits := len(s) - len(strings.TrimLeft(s, "0123456789abcdefABCDEF"))
		if digits == 0 || digits%2 != 0 || digits > 2*l.Size {
			return e, false
		}
		e.Algorithm = l.Sized(digits / 2)
	}
	n := 2 * e.Size
	if l.New == nil || len(s) < n+2 || s[n] != ' ' && s[n] != '\t' {
		return e, false
	}
	e.sum, e.name = s[:n], s[n+1:]
	switch {
	case len(e.name) == 1 || e.name[0] != ' ' && e.name[0] != '*':
		if l.spaced == two {
			return e, false
		}
		l.spaced = one
	case l.spaced != one:
		l.spaced = two
		e.name = e.name[1:]
	}
	return e, e.wellFormed()
}

// wellFormed reports whether the sum is one of the algorithm.
func (e entry) wellFormed() bool {
	return len(e.sum) == 2*e.Size && strings.Trim(e.sum, "0123456789abcdefABCDEF") == ""
}
