package tool

import (
	"bufio"
	"errors"
	"io"
	"io/fs"

	"agentsandbox/vfs"
)

// Writer buffers standard output. Flush it before the run ends. Its errors
// read "write error: REASON", as GNU's do.
func (x *Exec) Writer() *bufio.Writer {
	return bufio.NewWriterSize(WriteErrors(x.Stdout, "write error"), 32<<10)
}

// WriteErrors names the errors of a writer: they become *fs.PathError with
// name for a path, so that they print as "name: REASON".
func WriteErrors(w io.Writer, name string) io.Writer { return namedWriter{w, name} }

type namedWriter struct {
	w    io.Writer
	name string
}

// Write implements io.Writer.
func (n namedWriter) Write(p []byte) (int, error) {
	done, err := n.w.Write(p)
	return done, pathErr("write", n.name, err)
}

// OpenInput opens name for reading as Open does, but gives standard input its
// position where it has one, so that what a tool leaves unread is left for the
// next. close does nothing to standard input.
func (x *Exec) OpenInput(name string) (f *File, close func() error, err error) {
	if name != "-" {
		f, err := x.Open(name)
		if err != nil {
			return nil, nil, err
		}
		return f, f.Close, nil
	}
	f, ok := x.Stdin.(*File)
	if !ok {
		f = StreamFile(x.Stdin, nil)
	}
	return f, func() error { return nil }, nil
}

// EachInput opens the named files in turn, standard input for "-" and for no
// names at all, and hands them to read. A file that cannot be opened or read
// (a ReadError) is reported in GNU's words and passed over, as is one for which
// read returned Exit(1), having reported it; the result is then the error of
// exit status 1. Any other error ends the walk.
// out, if not nil, is flushed before a report, so that the two stay in order
// where they end in one place.
func (x *Exec) EachInput(out *bufio.Writer, names []string, read func(name string, f *File) error) error {
	if len(names) == 0 {
		names = []string{"-"}
	}
	var failed error
	for _, name := range names {
		err := x.oneInput(name, read)
		var pe *fs.PathError
		if err == nil {
			continue
		}
		if out != nil {
			if err := out.Flush(); err != nil {
				return err
			}
		}
		switch {
		case errors.As(err, &pe) && pe.Op == "open":
			x.WarnFile(pe.Path, pe.Err)
		case ReadFailed(err):
			x.WarnFile(name, err)
		case err == Exit(1): // reported
		default:
			return err
		}
		failed = Exit(1)
	}
	return failed
}

func (x *Exec) oneInput(name string, read func(name string, f *File) error) error {
	f, closeFile, err := x.OpenInput(name)
	if err != nil {
		return err
	}
	defer closeFile()
	return read(name, f)
}

// ReadError is an error of reading input, as Lines and Blocks return it. A
// command reports it and goes on with the next file; other errors end it.
type ReadError struct{ Err error }

// Error is the text of the reason.
func (e ReadError) Error() string { return ErrText(e.Err) }

// Unwrap returns the reason.
func (e ReadError) Unwrap() error { return e.Err }

// ReadFailed reports whether err is a ReadError.
func ReadFailed(err error) bool {
	var e ReadError
	return errors.As(err, &e)
}

// WarnFile prints "NAME: file: REASON", the file quoted for the shell where it
// needs that, as coreutils does.
func (x *Exec) WarnFile(file string, err error) {
	x.Errorf("%s: %s", QuoteFile(file), ErrText(err))
}

// Trouble reports whether err is one that is left to print: neither a status
// with everything said, nor a broken pipe, nor help.
func Trouble(err error) bool {
	var exit ExitError
	switch {
	case err == nil, errors.As(err, &exit), errors.Is(err, ErrHelp), vfs.ToErrno(err) == vfs.EPIPE:
		return false
	}
	return true
}

// OpenUpdate opens name for writing at its start, made if there is none, with
// what it holds left in place.
func (x *Exec) OpenUpdate(name string) (*File, error) {
	return x.OpenFile(name, vfs.Write|vfs.Create, 0o666)
}
