package curl

import (
	"errors"
	"io"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// sink is where a transfer's output goes: standard output, or a file that is
// made with the first byte.
type sink struct {
	t      *transfer
	path   string // "" is standard output
	append bool
	header bool // the name may come from the response (-J)
	file   *tool.File
	failed bool
	wrote  int64
}

// openSink finds out where the output of a transfer goes.
func (t *transfer) openSink(l location) (*sink, error) {
	s := &sink{t: t}
	name := t.spec.output
	remote := t.spec.remote || t.c.remoteAll && !t.spec.outSet
	switch {
	case remote:
		if name = l.path[strings.LastIndexByte(l.path, '/')+1:]; name == "" {
			if !t.r.global.silent {
				t.r.errorf("Remote file name has no length!")
			}
			return nil, failure(23, "Failed writing received data to disk/application")
		}
		s.header = t.c.headerName
	case name == "" || name == "-":
		return s, nil
	default:
		name = fillName(name, t.parts)
	}
	s.path = t.inDir(name)
	return s, nil
}

// inDir puts a name below --output-dir.
func (t *transfer) inDir(name string) string {
	if t.c.outputDir == "" {
		return name
	}
	return strings.TrimSuffix(t.c.outputDir, "/") + "/" + name
}

// nameFrom takes the file name out of a Content-Disposition, and makes the
// file, which must not be there yet.
func (s *sink) nameFrom(head []string) error {
	if !s.header || s.file != nil {
		return nil
	}
	for _, line := range head {
		rest, ok := cutFold(line, "Content-Disposition:")
		if !ok {
			continue
		}
		for parameter := range strings.SplitSeq(rest, ";") {
			value, ok := cutFold(strings.TrimSpace(parameter), "filename=")
			if !ok {
				continue
			}
			value = strings.Trim(value, `"'`)
			value = value[strings.LastIndexAny(value, `/\`)+1:]
			if value != "" && value != "." && value != ".." {
				s.path = s.t.inDir(value)
				return s.open()
			}
		}
	}
	return nil
}

func (s *sink) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	if s.path == "" {
		_, err := s.t.r.x.Stdout.Write(p)
		s.wrote += int64(len(p))
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	n, err := s.file.Write(p)
	if s.wrote += int64(n); err != nil {
		return failure(23, "Failure writing output to destination")
	}
	return nil
}

// open makes the file. What goes wrong is said, and ends the transfer.
func (s *sink) open() error {
	if s.file != nil {
		return nil
	}
	x := s.t.r.x
	if s.t.c.createDirs {
		s.makeDirs(path.Dir(s.path))
	}
	flag := vfs.Write | vfs.Create
	switch {
	case s.header:
		flag |= vfs.Exclusive
	case !s.append:
		flag |= vfs.Truncate
	}
	if s.t.c.noClobber && !s.append {
		flag |= vfs.Exclusive
	}
	f, err := x.OpenFile(s.path, flag, 0o666)
	for i := 1; s.t.c.noClobber && vfs.ToErrno(err) == vfs.EEXIST && i < 100; i++ {
		f, err = x.OpenFile(s.path+"."+itoa(i), flag, 0o666)
	}
	if err != nil {
		s.failed = true
		s.t.r.warn("Failed to open the file %s: %s", s.path, tool.ErrText(err))
		return failure(23, "Failure writing output to destination")
	}
	if s.append {
		if _, err := f.Seek(0, io.SeekEnd); err != nil && !errors.Is(err, vfs.ESPIPE) {
			f.Close()
			return failure(23, "Failure writing output to destination")
		}
	}
	s.file = f
	return nil
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func (s *sink) makeDirs(dir string) {
	fsys, x := s.t.r.x.FS, s.t.r.x
	for i := 1; i <= len(dir); i++ {
		if i == len(dir) || dir[i] == '/' {
			fsys.Mkdir(x.Abs(dir[:i]), 0o750&^x.Umask)
		}
	}
}

// size is the size of the file that is there, for -C -.
func (s *sink) size() int64 {
	if s.path == "" {
		return 0
	}
	info, err := s.t.r.x.Stat(s.path)
	if err != nil {
		return 0
	}
	return info.Size
}

// restart throws away what was written, before another try.
func (s *sink) restart() {
	if s.file != nil && s.path != "" {
		s.file.Close()
		s.file = nil
	}
}

// close ends the file. A transfer that brought nothing makes an empty one.
func (s *sink) close(ok bool) {
	if ok && s.path != "" && s.file == nil && !s.failed && s.wrote == 0 {
		s.open()
	}
	if s.file != nil {
		s.file.Close()
		if !ok && s.t.c.removeOnError {
			s.t.r.x.FS.Unlink(s.t.r.x.Abs(s.path))
		}
	}
}

// dump adds to the file of -D, which is made new by the first header.
func (s *sink) dump(name string, p []byte) error {
	x := s.t.r.x
	if name == "-" {
		_, err := x.Stdout.Write(p)
		return err
	}
	create := x.OpenAppend
	if s.t.number == 0 && s.t.last == nil {
		create = x.Create
	}
	f, err := create(name)
	if err != nil {
		s.t.r.warn("Failed to open %s", name)
		return err
	}
	defer f.Close()
	_, err = f.Write(p)
	return err
}
