/*
Package sort writes the lines of files in order.

	sort [OPTION]... [FILE]...
	sort [OPTION]... --files0-from=F

Without FILE, or for "-", it reads standard input. Lines are compared byte by
byte unless an option says otherwise; lines that compare equal are ordered by
all their bytes in the end.

Order:

	-b, --ignore-leading-blanks  ignore leading blanks
	-d, --dictionary-order       compare blanks, letters and digits only
	-f, --ignore-case            compare as upper case
	-g, --general-numeric-sort   compare as floating point numbers
	-i, --ignore-nonprinting     compare printable characters only
	-M, --month-sort             unknown < JAN < ... < DEC
	-h, --human-numeric-sort     2K < 1G
	-n, --numeric-sort           compare as numbers
	-R, --random-sort            shuffle, equal keys together
	    --random-source=FILE     take random bytes from FILE
	-r, --reverse                reverse the result
	    --sort=WORD              general-numeric, human-numeric, month,
	                             numeric, random, version
	-V, --version-sort           compare the numbers within the text

Others:

	-c, --check[=diagnose-first] say whether the input is sorted
	-C, --check=quiet            as -c, silently
	    --files0-from=F          read the names of files from F
	-k, --key=KEYDEF             sort by a key; may be given again
	-m, --merge                  merge files that are sorted
	-o, --output=FILE            write to FILE, which may be an input
	-s, --stable                 leave lines that compare equal as they are
	-t, --field-separator=SEP    fields are separated by SEP, not by blanks
	-u, --unique                 of lines that compare equal keep the first
	-z, --zero-terminated        lines end in NUL
	-S, -T, --parallel, --batch-size, --compress-program
	                             accepted; the input is sorted in memory

KEYDEF is F[.C][OPTS][,F[.C][OPTS]]: field and character where the key begins
and ends, from 1, and letters of the order options for this key.
*/
package sort

import (
	"bufio"
	"context"
	"io"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, names, err := parse(ctx, x)
	if err != nil {
		return err
	}
	s := sorter{options: o, ctx: ctx, x: x, cmp: newComparer(&o)}
	if err := s.run(names); err != nil {
		return s.explain(err)
	}
	return nil
}

// sorter is one run.
type sorter struct {
	options
	ctx context.Context
	x   *tool.Exec
	cmp *comparer
}

func (s *sorter) run(names []string) error {
	if s.check != noCheck {
		return s.checkOrder(names[0])
	}
	if err := s.readable(names); err != nil {
		return err
	}
	if s.merge {
		return s.mergeFiles(names)
	}
	if err := s.writable(); err != nil {
		return err
	}
	var t table
	for _, name := range names {
		if err := s.load(&t, name); err != nil {
			return err
		}
	}
	order := s.sort(&t)
	w, closeOut, err := s.output()
	if err != nil {
		return err
	}
	if err := s.write(w, &t, order); err != nil {
		return err
	}
	return closeOut()
}

// explain gives an error the status that sort has for trouble.
func (s *sorter) explain(err error) error {
	switch {
	case err == vfs.ENOMEM:
		return s.x.Fail(2, "memory exhausted")
	case tool.Trouble(err):
		s.x.Warn(err)
		return tool.Exit(2)
	}
	return err
}

// readable refuses the first input that cannot be opened, before any is read.
func (s *sorter) readable(names []string) error {
	for _, name := range names {
		if name == "-" {
			continue
		}
		f, err := s.x.Open(name)
		if err != nil {
			return s.x.Fail(2, "cannot read: %s: %s", tool.QuoteFile(name), tool.ErrText(err))
		}
		f.Close()
	}
	return nil
}

// writable refuses an output that cannot be opened, before any input is read.
// The file is left as it is: it may be an input.
func (s *sorter) writable() error {
	if s.out == "" {
		return nil
	}
	f, err := s.x.OpenAppend(s.out)
	if err != nil {
		return s.openFailed(s.out, err)
	}
	return f.Close()
}

func (s *sorter) openFailed(name string, err error) error {
	return s.x.Fail(2, "open failed: %s: %s", tool.QuoteFile(name), tool.ErrText(err))
}

// output opens where the result goes; closeOut flushes and closes it.
func (s *sorter) output() (w *bufio.Writer, closeOut func() error, err error) {
	if s.out == "" {
		w = bufio.NewWriterSize(tool.WriteErrors(s.x.Stdout, "write failed: 'standard output'"), 64<<10)
		return w, w.Flush, nil
	}
	f, err := s.x.Create(s.out)
	if err != nil {
		return nil, nil, s.openFailed(s.out, err)
	}
	w = bufio.NewWriterSize(tool.WriteErrors(f, "write failed: "+tool.QuoteFile(s.out)), 64<<10)
	return w, func() error {
		err := w.Flush()
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		return err
	}, nil
}

func (s *sorter) readFailed(name string, err error) error {
	if !tool.ReadFailed(err) {
		return err
	}
	return s.x.Fail(2, "read failed: %s: %s", tool.QuoteFile(name), tool.ErrText(err))
}

// load reads all of one file into t.
func (s *sorter) load(t *table, name string) error {
	f, closeFile, err := s.x.OpenInput(name)
	if err != nil {
		return s.openFailed(name, err)
	}
	defer closeFile()
	return s.readFailed(name, t.read(s.ctx, f, s.delim))
}

// write writes the lines in order; with unique, the first of equals.
func (s *sorter) write(w *bufio.Writer, t *table, order []item) error {
	last := -1
	for i, it := range order {
		if s.unique && last >= 0 && s.cmp.lines(t.text(order[last].line), t.text(it.line)) == 0 {
			continue
		}
		last = i
		if i%4096 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if _, err := w.Write(t.whole(it.line)); err != nil {
			return err
		}
	}
	return nil
}

// record reads the next line of a stream without its delimiter; ok is false at
// the end.
func record(lines *tool.Lines) (line []byte, ok bool, err error) {
	line, _, err = lines.NextText()
	if err == io.EOF {
		return nil, false, nil
	}
	return line, err == nil, err
}
