/*
Package tac writes files with their lines in reverse.

	tac [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-b, --before            a separator belongs to the line behind it
	-r, --regex             the separator is a regular expression
	-s, --separator=STRING  lines are separated by STRING instead of newline
*/
package tac

import (
	"bufio"
	"bytes"
	"context"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// tac is one run.
type tac struct {
	before    bool
	separator []byte
	re        *regex.Regexp // nil: the separator is plain

	ctx context.Context
	x   *tool.Exec
	w   *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	t := tac{ctx: ctx, x: x, w: x.Writer()}
	f := tool.NewFlags(x)
	f.BoolVar(&t.before, true, 'b', "before")
	isRegex := f.Bool('r', "regex")
	separator := f.String('s', "separator", "\n")
	names, err := f.Parse()
	if err != nil {
		return err
	}
	switch {
	case *isRegex && *separator == "":
		return x.Fail(1, "separator cannot be empty")
	case *isRegex:
		if t.re, err = regex.Compile(*separator, regex.Emacs, regex.Anchored); err != nil {
			return err
		}
	case *separator == "":
		*separator = "\x00"
	}
	t.separator = []byte(*separator)
	if len(names) == 0 {
		names = []string{"-"}
	}
	failed := false
	for _, name := range names {
		ok, err := t.file(name)
		if err != nil {
			return err
		}
		failed = failed || !ok
	}
	if err := t.w.Flush(); err != nil {
		return err
	}
	if failed {
		return tool.Exit(1)
	}
	return nil
}

// file writes one file; ok is false where that was reported as impossible.
func (t *tac) file(name string) (ok bool, err error) {
	f, closeFile, err := t.x.OpenInput(name)
	if err != nil {
		return false, t.say("failed to open %s for reading: %s", tool.Quote(name), tool.ErrText(err))
	}
	defer closeFile()
	var data []byte
	err = tool.Blocks(t.ctx, f, func(block []byte) error {
		if len(data)+len(block) > tool.MaxHeld {
			return vfs.ENOMEM
		}
		data = append(data, block...)
		return nil
	})
	switch {
	case err == vfs.ENOMEM:
		return false, t.x.Fail(1, "memory exhausted")
	case tool.ReadFailed(err):
		return false, t.say("%s: read error: %s", tool.QuoteFile(name), tool.ErrText(err))
	case err != nil:
		return false, err
	}
	return true, t.reverse(data)
}

func (t *tac) say(format string, args ...any) error {
	if err := t.w.Flush(); err != nil {
		return err
	}
	t.x.Errorf(format, args...)
	return nil
}

// reverse writes the pieces of data between separators, the last first.
func (t *tac) reverse(data []byte) error {
	end := len(data) // of what has not been written
	for at := len(data); ; {
		start, length, err := t.last(data[:at])
		if err != nil {
			return err
		}
		if start < 0 {
			_, err := t.w.Write(data[:end])
			return err
		}
		from := start
		if !t.before {
			from += length
		}
		// Data that ends in a separator has no piece behind it.
		if from < len(data) || t.before {
			if _, err := t.w.Write(data[from:end]); err != nil {
				return err
			}
			end = from
		}
		at = start
		if err := t.ctx.Err(); err != nil {
			return err
		}
	}
}

// last finds the last separator in data; start is -1 for none.
func (t *tac) last(data []byte) (start, length int, err error) {
	if t.re == nil {
		return bytes.LastIndex(data, t.separator), len(t.separator), nil
	}
	for at := len(data) - 1; at >= 0; at-- {
		from, to, err := t.re.FindIndex(data, at)
		if err != nil {
			return -1, 0, err
		}
		if from >= 0 && to > from {
			return from, to - from, nil
		}
	}
	return -1, 0, nil
}
