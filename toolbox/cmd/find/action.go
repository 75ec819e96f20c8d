package find

import (
	"bufio"
	"io/fs"
	"strings"

	"agentsandbox/toolbox/tool"
)

// action are the predicates that do something.
func (p *parser) action(name string) (t test, ok bool, err error) {
	byItself := true
	switch name {
	case "-print":
		t = p.print(p.out)
	case "-print0":
		t = p.print0(p.out)
	case "-ls":
		t = p.ls(p.out)
	case "-printf":
		t, err = p.printf(name, p.out)
	case "-fprint", "-fprint0", "-fls", "-fprintf":
		t, err = p.toFile(name)
	case "-exec", "-execdir", "-ok", "-okdir":
		t, err = p.exec(name)
	case "-delete":
		p.depthFirst = true
		t = p.remove
	case "-quit":
		t = func(*file) (bool, error) { return true, errQuit }
		byItself = false
	case "-version", "--version":
		t, err = nil, p.version()
	case "-help", "--help":
		t, err = nil, tool.ErrHelp
	default:
		return nil, false, nil
	}
	p.printsByItself = p.printsByItself || byItself
	return t, true, err
}

func (p *parser) version() error {
	p.out.WriteString("find (GNU findutils) 4.9.0\n")
	return errQuit
}

func (f *finder) print(out *bufio.Writer) test { return f.line(out, '\n') }

func (f *finder) print0(out *bufio.Writer) test { return f.line(out, 0) }

func (f *finder) line(out *bufio.Writer, end byte) test {
	return func(e *file) (bool, error) {
		out.WriteString(e.path)
		return true, out.WriteByte(end)
	}
}

// remove makes -delete.
func (f *finder) remove(e *file) (bool, error) {
	if e.path == "." {
		return true, nil
	}
	drop := f.x.FS.Unlink
	if info, err := f.x.Lstat(e.path); err == nil && info.IsDir() {
		drop = f.x.FS.Rmdir
	}
	if err := drop(f.x.Abs(e.path)); err != nil {
		f.fail("cannot delete %s: %s", tool.QuoteText(e.path), tool.ErrText(err))
		return false, nil
	}
	return true, nil
}

// output is a file that -fprint and its like write to.
type output struct {
	name string
	file *tool.File
	w    *bufio.Writer
}

func (o *output) close() error {
	err := o.w.Flush()
	if closeErr := o.file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// toFile makes the actions that write to a file.
func (p *parser) toFile(name string) (test, error) {
	file, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	w, err := p.open(file)
	if err != nil {
		return nil, err
	}
	switch name {
	case "-fprint":
		return p.print(w), nil
	case "-fprint0":
		return p.print0(w), nil
	case "-fls":
		return p.ls(w), nil
	}
	return p.printf(name, w)
}

// open opens a file to write to, each only once.
func (p *parser) open(name string) (*bufio.Writer, error) {
	if name == "/dev/stdout" {
		return p.out, nil
	}
	for _, o := range p.outs {
		if o.name == name {
			return o.w, nil
		}
	}
	f, err := p.x.Create(name)
	if err != nil {
		p.failFile(name, err)
		return nil, tool.Exit(1)
	}
	o := &output{name: name, file: f, w: bufio.NewWriter(f)}
	p.outs = append(p.outs, o)
	return o.w, nil
}

// dirname is the directory part of a path, as %h has it.
func dirname(path string) string {
	at := strings.LastIndexByte(path, '/')
	if at < 0 {
		return "."
	}
	return path[:at]
}

func isLink(mode fs.FileMode) bool { return mode&fs.ModeSymlink != 0 }
