/*
Package rev writes lines with their characters in reverse.

	rev [FILE]...

Without FILE it reads standard input. A byte that is no part of a character
counts as one.
*/
package rev

import (
	"context"
	"io"
	"slices"
	"unicode/utf8"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	f.Version('V')
	names, err := f.Parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	w := x.Writer()
	failed := false
	for _, name := range names {
		message, err := file(ctx, x, w, name)
		if flushErr := w.Flush(); err == nil {
			err = flushErr
		}
		if err != nil {
			return err
		}
		if message != "" {
			x.Errorf("%s", message)
			failed = true
		}
	}
	if failed {
		return tool.Exit(1)
	}
	return nil
}

// file reverses the lines of one file; message says why it could not.
func file(ctx context.Context, x *tool.Exec, w io.Writer, name string) (message string, err error) {
	f, closeFile, err := x.OpenInput(name)
	if err != nil {
		return "cannot open " + name + ": " + tool.ErrText(err), nil
	}
	defer closeFile()
	lines := x.Lines(ctx, f, '\n')
	for {
		line, whole, err := lines.NextText()
		switch {
		case err == io.EOF:
			return "", nil
		case tool.ReadFailed(err):
			return name + ": 0: " + tool.ErrText(err), nil
		case err != nil:
			return "", err
		}
		reverse(line)
		if whole {
			line = line[:len(line)+1]
		}
		if _, err := w.Write(line); err != nil {
			return "", err
		}
	}
}

// reverse reverses the characters of a line in place: all bytes, and then
// those of each character again.
func reverse(line []byte) {
	for i := 0; i < len(line); {
		_, n := utf8.DecodeRune(line[i:])
		if n > 1 {
			slices.Reverse(line[i : i+n])
		}
		i += n
	}
	slices.Reverse(line)
}
