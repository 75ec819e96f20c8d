package sed

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// input is the stream of lines of all files, read one line ahead so that the
// last line is known.
type input struct {
	m     *machine
	files []string
	lines *tool.Lines
	close func() error
	name  string // of the file that is open

	ahead     []byte // the next line, in ready
	ready     bool
	aheadEnds bool // it ended in a delimiter
	line      int  // number of the line that was read last
}

// next reads the next line into dst; ok is false at the end of all input.
// whole reports whether it ended in a delimiter.
func (in *input) next(dst []byte) (line []byte, whole, ok bool, err error) {
	if ok, err = in.peek(true); !ok || err != nil {
		return dst[:0], true, false, err
	}
	in.ready = false
	in.line++
	return append(dst[:0], in.ahead...), in.aheadEnds, true, nil
}

// peek makes the next line ready. Only with cross does it go on to another
// file where files are separate.
func (in *input) peek(cross bool) (bool, error) {
	for !in.ready {
		if in.lines == nil {
			if len(in.files) == 0 || in.m.separate && !cross {
				return false, nil
			}
			if err := in.open(); err != nil {
				return false, err
			}
			continue
		}
		text, whole, err := in.lines.NextText()
		switch {
		case err == nil:
			in.ahead, in.aheadEnds, in.ready = text, whole, true
		case err == io.EOF:
			if !cross && in.m.separate {
				return false, nil
			}
			if err := in.finish(); err != nil {
				return false, err
			}
		case tool.ReadFailed(err):
			return false, in.readFailed(err)
		default:
			return false, err
		}
	}
	return true, nil
}

func (in *input) readFailed(err error) error {
	if err := in.m.flush(); err != nil {
		return err
	}
	return in.m.x.Fail(4, "read error on %s: %s", in.name, tool.ErrText(err))
}

// last reports whether the line that was read last is the last one.
func (in *input) last() (bool, error) {
	more, err := in.peek(false)
	return !more && err == nil, err
}

// open opens the next file that can be opened. One that cannot is reported.
func (in *input) open() error {
	name := in.files[0]
	in.files = in.files[1:]
	f, closeFile, err := in.m.x.OpenInput(name)
	if err == nil && name == "-" && in.m.inPlace {
		err = &fs.PathError{Op: "open", Path: name, Err: vfs.ENOENT}
	}
	if err != nil {
		return in.m.inputFailed("can't read", name, err)
	}
	in.name = name
	if in.m.inPlace {
		if ok, err := in.m.edit(name); !ok {
			closeFile()
			return err
		}
	}
	in.close = closeFile
	in.lines = in.m.x.Lines(in.m.ctx, f, in.m.delim)
	in.lines.BeforeRead = in.m.flush
	if in.m.separate {
		in.line = 0
		in.m.resetRanges()
	}
	return nil
}

// finish closes the file that is open; an edited one takes its place.
func (in *input) finish() error {
	in.lines = nil
	if in.close == nil {
		return nil
	}
	err := in.close()
	in.close = nil
	if in.m.inPlace {
		err = errors.Join(err, in.m.replace())
	}
	return err
}

// unread gives standard input the place behind the line that was read last,
// for whoever reads it next.
func (in *input) unread() error {
	f, ok := in.m.x.Stdin.(*tool.File)
	if !ok || in.name != "-" || in.lines == nil || f.Stream() {
		return nil
	}
	ahead := len(in.lines.Buffered())
	if in.ready {
		if ahead += len(in.ahead); in.aheadEnds {
			ahead++
		}
	}
	_, err := f.Seek(int64(-ahead), io.SeekCurrent)
	return err
}

// inputFailed reports a file that is passed over.
func (m *machine) inputFailed(what, name string, err error) error {
	if err := m.flush(); err != nil {
		return err
	}
	m.x.Errorf("%s %s: %s", what, name, tool.ErrText(err))
	m.status = 2
	return nil
}

// edit opens what takes the place of a file edited in place; ok is false if it
// is passed over.
func (m *machine) edit(name string) (ok bool, err error) {
	if m.follow {
		name = m.followed(name)
	}
	info, err := m.x.Stat(name)
	if err != nil || !info.Mode.IsRegular() {
		if err := m.flush(); err != nil {
			return false, err
		}
		m.status = 4
		m.x.Errorf("couldn't edit %s: not a regular file", name)
		return false, nil
	}
	m.edited = name
	m.temp = path.Join(path.Dir(name), "sed"+m.unique())
	f, err := m.x.OpenFile(m.temp, vfs.Write|vfs.Create|vfs.Exclusive, info.Mode.Perm())
	if err != nil {
		return false, m.x.Fail(4, "couldn't open temporary file %s: %s", m.temp, tool.ErrText(err))
	}
	m.x.FS.Chmod(m.x.Abs(m.temp), info.Mode.Perm())
	m.out = m.newOutput(f, f.Close)
	return true, nil
}

// unique makes the end of a temporary name.
func (m *machine) unique() string {
	var b [6]byte
	io.ReadFull(m.x.Rand, b[:])
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345678901"
	for i, c := range b {
		b[i] = letters[c&63]
	}
	return string(b[:])
}

// followed is where a link leads in the end.
func (m *machine) followed(name string) string {
	for range vfs.MaxLinks {
		target, err := m.x.FS.Readlink(m.x.Abs(name))
		if err != nil {
			return name
		}
		if !path.IsAbs(target) {
			target = path.Join(path.Dir(name), target)
		}
		name = target
	}
	return name
}

// replace puts the edited file in the place of the old one.
func (m *machine) replace() error {
	if m.edited == "" {
		return nil
	}
	out := m.out
	m.out = m.stdout
	if err := errors.Join(out.buf.Flush(), out.close()); err != nil {
		return m.x.Fail(4, "couldn't write to %s: %s", m.temp, tool.ErrText(err))
	}
	if m.suffix != "" {
		if err := m.x.FS.Rename(m.x.Abs(m.edited), m.x.Abs(m.backup())); err != nil {
			return m.x.Fail(4, "cannot rename %s: %s", m.edited, tool.ErrText(err))
		}
	}
	if err := m.x.FS.Rename(m.x.Abs(m.temp), m.x.Abs(m.edited)); err != nil {
		return m.x.Fail(4, "cannot rename %s: %s", m.temp, tool.ErrText(err))
	}
	m.edited, m.temp = "", ""
	return nil
}

// backup is the name of the copy of the edited file: each "*" in the suffix
// stands for its name.
func (m *machine) backup() string {
	dir, base := path.Split(m.edited)
	name := base + m.suffix
	if strings.Contains(m.suffix, "*") {
		name = strings.ReplaceAll(m.suffix, "*", base)
	}
	if strings.Contains(name, "/") {
		return name
	}
	return dir + name
}
