/*
Package join writes the lines of two files that have a field in common.

	join [OPTION]... FILE1 FILE2

Both files are sorted by that field. "-" is standard input.

	-a FILENUM             write also lines of file 1 or 2 without a partner
	-e STRING              write STRING for fields that are missing
	-i, --ignore-case      ignore case
	-j FIELD               as -1 FIELD -2 FIELD
	-o FORMAT              which fields to write: FILENUM.FIELD or 0 (the one in
	                       common), with commas; or auto
	-t CHAR                fields are separated by CHAR, not by blanks
	-v FILENUM             as -a, but without the lines that have a partner
	-1 FIELD, -2 FIELD     the field in common of file 1, 2 (the first)
	    --check-order      fail if a file is not sorted
	    --nocheck-order    do not check that
	    --header           the first lines are headers
	-z, --zero-terminated  lines end in NUL
*/
package join

import (
	"bufio"
	"context"

	"agentsandbox/toolbox/tool"
)

// join is one run.
type join struct {
	options
	x     *tool.Exec
	w     *bufio.Writer
	files [2]*file
	auto  [2]int // fields of the first lines, for -o auto
	// unpaired is set once a line had no partner: from then on the order is
	// checked, unless options say otherwise.
	unpaired bool
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	j := join{x: x, w: x.Writer()}
	names, err := j.parse(x)
	if err != nil {
		return err
	}
	for i, name := range names {
		f, closeFile, err := x.OpenInput(name)
		if err != nil {
			return x.Fail(1, "%s: %s", tool.QuoteFile(name), tool.ErrText(err))
		}
		defer closeFile()
		lines := x.Lines(ctx, f, j.end)
		j.files[i] = &file{name: name, lines: lines, key: j.keys[i]}
	}
	err = j.run()
	if flushErr := j.w.Flush(); flushErr != nil {
		return flushErr
	}
	if err == nil && (j.files[0].warned || j.files[1].warned) {
		return x.Fail(1, "input is not in sorted order")
	}
	return err
}

func (j *join) run() error {
	a, b := j.files[0], j.files[1]
	for i := range j.files {
		if err := j.advance(i); err != nil {
			return err
		}
		j.auto[i] = len(j.files[i].line.fields)
	}
	if j.header && (a.ok || b.ok) {
		if err := j.headers(); err != nil {
			return err
		}
	}
	for a.ok && b.ok {
		d := j.compare(a.line, a.key, b.line, b.key)
		var err error
		switch {
		case d < 0:
			err = j.alone(0)
		case d > 0:
			err = j.alone(1)
		default:
			err = j.group()
		}
		if err != nil {
			return err
		}
	}
	for i := range j.files {
		if err := j.tail(i); err != nil {
			return err
		}
	}
	return nil
}

func (j *join) headers() error {
	j.write(j.present(0), j.present(1))
	for i, f := range j.files {
		if f.ok {
			f.last.ok = false
			f.skipCheck = true
			if err := j.advance(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// present is the line of a file, nil where there is none.
func (j *join) present(i int) *line {
	if !j.files[i].ok {
		return nil
	}
	return &j.files[i].line
}

// alone passes over a line without a partner.
func (j *join) alone(i int) error {
	j.writeAlone(i)
	err := j.advance(i)
	j.unpaired = true
	return err
}

func (j *join) writeAlone(i int) {
	if !j.unpairable[i] {
		return
	}
	if i == 0 {
		j.write(&j.files[0].line, nil)
	} else {
		j.write(nil, &j.files[1].line)
	}
}

// group joins all lines of both files that have the same key.
func (j *join) group() error {
	var groups [2][]line
	for i, f := range j.files {
		first := f.line.clone()
		groups[i] = []line{first}
		other := first
		if i == 1 {
			other = groups[0][0]
		}
		otherKey := j.keys[0]
		held := len(first.text)
		for {
			if err := j.advance(i); err != nil {
				return err
			}
			if !f.ok || j.compare(f.line, f.key, other, otherKey) != 0 {
				break
			}
			if held += len(f.line.text); held > tool.MaxHeld {
				return j.x.Fail(1, "memory exhausted")
			}
			groups[i] = append(groups[i], f.line.clone())
		}
	}
	if !j.pairable {
		return nil
	}
	for a := range groups[0] {
		for b := range groups[1] {
			if err := j.write(&groups[0][a], &groups[1][b]); err != nil {
				return err
			}
		}
	}
	return nil
}

// tail goes through what one file has left when the other has come to its
// end: to write it, or only to see that it is sorted.
func (j *join) tail(i int) error {
	f, other := j.files[i], j.files[1-i]
	checks := j.order != noCheck && !(j.files[0].warned && j.files[1].warned)
	if !f.ok || !j.unpairable[i] && !checks {
		return nil
	}
	j.writeAlone(i)
	if other.ok {
		j.unpaired = true
	}
	for {
		if err := j.advance(i); err != nil {
			return err
		}
		if !f.ok {
			return nil
		}
		j.writeAlone(i)
		if f.warned && !j.unpairable[i] {
			return nil
		}
	}
}
