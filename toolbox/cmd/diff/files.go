package diff

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// file is one of two that are compared. One that is missing may count as empty.
type file struct {
	name    string
	info    vfs.Info
	missing bool
	stdin   bool
	text    *text
}

func (f *file) dir() bool     { return !f.missing && f.info.IsDir() }
func (f *file) regular() bool { return f.stdin || f.missing || f.info.Mode.IsRegular() }

// top compares two operands.
func (d *diff) top(a, b string) (status int, err error) {
	x, errX := d.stat(a)
	y, errY := d.stat(b)
	if errX == nil && errY == nil && x.dir() != y.dir() {
		if a == "-" || b == "-" {
			return trouble, d.x.Fail(trouble, "cannot compare '-' to a directory")
		}
		if x.dir() {
			x, errX = d.stat(join(a, path.Base(b)))
		} else {
			y, errY = d.stat(join(b, path.Base(a)))
		}
	}
	gone := func(err error) bool { return errors.Is(err, fs.ErrNotExist) }
	switch {
	case gone(errX) && (d.newFile || d.newFirst) && errY == nil:
		x.missing, errX = true, nil
	case gone(errY) && d.newFile && errX == nil:
		y.missing, errY = true, nil
	}
	for _, e := range []error{errX, errY} {
		if e != nil {
			status = trouble
			var pe *fs.PathError
			if errors.As(e, &pe) {
				err = errors.Join(err, d.warn(pe.Path, pe.Err))
			}
		}
	}
	if status != same || err != nil {
		return status, err
	}
	return d.files(x, y, nil)
}

func join(dir, name string) string {
	if strings.HasSuffix(dir, "/") {
		return dir + name
	}
	return dir + "/" + name
}

func (d *diff) stat(name string) (f *file, err error) {
	f = &file{name: name}
	if name == "-" {
		f.stdin = true
		f.info = vfs.Info{Mtime: d.x.Now().UnixNano()}
		if in, ok := d.x.Stdin.(*tool.File); ok && !in.Stream() {
			f.info, err = in.Stat()
		}
		return f, err
	}
	if d.noFollow {
		f.info, err = d.x.Lstat(name)
	} else {
		f.info, err = d.x.Stat(name)
	}
	if f.info.Mode&(fs.ModeNamedPipe|fs.ModeDevice) != 0 {
		f.info.Mtime = d.x.Now().UnixNano() // what it holds is new
	}
	return f, err
}

// files compares two files of any kind; above is the directories they are in,
// none for operands.
func (d *diff) files(x, y *file, above []vfs.Info) (int, error) {
	switch {
	case !x.missing && !y.missing && !x.stdin && x.info.Ino != 0 && x.info.Ino == y.info.Ino && x.info.Dev == y.info.Dev && !x.dir() && d.style != sideBySide && d.style != groups,
		x.stdin && y.stdin:
		return d.equal(x, y)
	case x.dir() && y.dir() || d.oneDir(x, y):
		if above != nil && !d.recursive {
			return same, d.say("Common subdirectories: " + x.name + " and " + y.name)
		}
		return d.dirs(x, y, above)
	case x.dir() || y.dir() || mixed(x, y, above != nil):
		return different, d.say("File " + d.label(0, x) + " is a " + kind(x.info) + " while file " + d.label(1, y) + " is a " + kind(y.info))
	case d.noFollow && x.info.Mode&fs.ModeSymlink != 0:
		return d.links(x, y)
	}
	return d.contents(x, y, above != nil)
}

// mixed reports two files of different kinds that are not compared: below
// directories any, among operands only links.
func mixed(x, y *file, inDir bool) bool {
	if x.missing || y.missing || x.stdin || y.stdin || x.info.Mode.Type() == y.info.Mode.Type() {
		return false
	}
	return inDir || (x.info.Mode|y.info.Mode)&fs.ModeSymlink != 0
}

// oneDir reports a directory that only one side has, and that is compared with
// an empty one.
func (d *diff) oneDir(x, y *file) bool { return x.missing && y.dir() || y.missing && x.dir() }

func kind(info vfs.Info) string {
	switch {
	case info.IsDir():
		return "directory"
	case info.Mode&fs.ModeSymlink != 0:
		return "symbolic link"
	case info.Mode.IsRegular() && info.Size == 0:
		return "regular empty file"
	case info.Mode.IsRegular():
		return "regular file"
	case info.Mode&fs.ModeCharDevice != 0:
		return "character special file"
	}
	return "weird file"
}

func (d *diff) equal(x, y *file) (int, error) {
	if !d.identical {
		return same, nil
	}
	return same, d.say("Files " + d.label(0, x) + " and " + d.label(1, y) + " are identical")
}

// label is how a file is called.
func (d *diff) label(i int, f *file) string {
	if i < len(d.labels) {
		return d.labels[i]
	}
	return f.name
}

func (d *diff) links(x, y *file) (int, error) {
	a, errX := d.x.FS.Readlink(d.x.Abs(x.name))
	b, errY := d.x.FS.Readlink(d.x.Abs(y.name))
	if err := errors.Join(errX, errY); err != nil {
		return trouble, d.warn(x.name, err)
	}
	if a == b {
		return d.equal(x, y)
	}
	return different, d.say("Symbolic links " + x.name + " and " + y.name + " differ")
}

// contents compares two files that hold data.
func (d *diff) contents(x, y *file, inDir bool) (int, error) {
	a, errX := d.load(x)
	b, errY := d.load(y)
	for i, err := range []error{errX, errY} {
		if err != nil {
			var exit tool.ExitError
			if errors.As(err, &exit) || d.ctx.Err() != nil {
				return trouble, err
			}
			return trouble, d.warn([]*file{x, y}[i].name, err)
		}
	}
	binary := !d.text && (isBinary(a) || isBinary(b))
	if binary || d.brief && d.exact() {
		if bytes.Equal(a, b) {
			return d.equal(x, y)
		}
		return different, d.differ(x, y, binary)
	}
	x.text, y.text = splitText(a, d.stripCR), splitText(b, d.stripCR)
	changes, err := d.script(d.ctx, x.text, y.text)
	if err != nil {
		return trouble, err
	}
	status := d.significant(x, y, changes)
	switch {
	case d.brief && status != same:
		return status, d.differ(x, y, false)
	case status == same && d.style != sideBySide && d.style != groups && d.style != ed:
		return d.equal(x, y)
	case !d.brief:
		if inDir {
			d.header = []byte("diff" + space1(d.optionWords) + " " + headerName(d.label(0, x)) + " " + headerName(d.label(1, y)) + "\n")
		}
		err := d.write(x, y, changes)
		d.header = nil
		if err != nil {
			return trouble, err
		}
	}
	return d.newlines(x, y, status)
}

func space1(words string) string {
	if words == "" {
		return ""
	}
	return " " + words
}

// newlines reports last lines without newlines, which ed can't do.
func (d *diff) newlines(x, y *file, status int) (int, error) {
	if d.style != ed {
		return status, nil
	}
	for i, f := range []*file{x, y} {
		if f.text.incomplete {
			if err := d.w.Flush(); err != nil {
				return trouble, err
			}
			d.x.Errorf("%s: No newline at end of file\n", d.label(i, f))
			status = trouble
		}
	}
	return status, nil
}

// exact reports whether any difference of bytes counts.
func (d *diff) exact() bool {
	return !d.fold && d.space == allCount && !d.blankLines && d.ignore == nil && !d.stripCR
}

func (d *diff) differ(x, y *file, binary bool) error {
	what := "Files "
	if binary && !d.brief {
		what = "Binary files "
	}
	return d.say(what + d.label(0, x) + " and " + d.label(1, y) + " differ")
}

// significant marks the changes that -B and -I ignore, and says whether any
// other is left.
func (d *diff) significant(x, y *file, changes []change) int {
	status := same
	for i := range changes {
		changes[i].ignorable = d.ignorable(x.text, y.text, changes[i])
		if !changes[i].ignorable {
			status = different
		}
	}
	return status
}

// sniff is how much of a file is looked at to see whether it is text.
const sniff = 4096

func isBinary(data []byte) bool {
	return bytes.IndexByte(data[:min(len(data), sniff)], 0) >= 0
}

// load reads a file.
func (d *diff) load(f *file) ([]byte, error) {
	switch {
	case f.missing:
		return nil, nil
	case f.stdin && d.read:
		return d.stdin, nil
	}
	in, closeFile, err := d.x.OpenInput(f.name)
	if err != nil {
		return nil, err
	}
	defer closeFile()
	var data []byte
	if f.info.Size > 0 && f.info.Size < tool.MaxHeld {
		data = make([]byte, 0, f.info.Size+1)
	}
	for {
		if err := d.ctx.Err(); err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := in.Read(data[len(data):min(cap(data), len(data)+1<<20)])
		data = data[:len(data)+n]
		if len(data) > tool.MaxHeld {
			return nil, d.x.Fail(trouble, "memory exhausted")
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if f.stdin {
		d.stdin, d.read = data, true
	}
	return data, nil
}

// stamp is the time of a file as headers show it.
func (d *diff) stamp(f *file) string {
	nanos := f.info.Mtime
	if f.missing {
		nanos = 0
	}
	return time.Unix(0, nanos).In(d.zone()).Format("2006-01-02 15:04:05.000000000 -0700")
}
