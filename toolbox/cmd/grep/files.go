package grep

import (
	"io"
	"io/fs"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// maxDepth bounds how deep directories are searched.
const maxDepth = 500

// operands searches all that is named on the command line.
func (g *grep) operands(names []string) error {
	g.named = g.filename > 0 || g.filename == 0 && len(names) > 1
	if len(names) == 0 {
		if g.recurse {
			return g.recursive(".", "", 0)
		}
		names = []string{"-"}
	}
	for _, name := range names {
		if err := g.operand(name); err != nil {
			return err
		}
		if g.quit {
			break
		}
	}
	return nil
}

func (g *grep) operand(name string) error {
	if name == "-" {
		in, closeInput, err := g.x.OpenInput("-")
		if err != nil {
			return g.fail("-", err)
		}
		defer closeInput()
		return g.search(in, g.label)
	}
	info, err := g.x.Stat(name)
	if err != nil {
		if g.filter.skipFile(name, true) {
			return nil
		}
		return g.fail(name, err)
	}
	if !info.IsDir() {
		return g.file(name, name, true, info)
	}
	switch {
	case g.filter.skipDir(name, true) || g.directories == "skip":
		return nil
	case g.recurse:
		return g.recursive(name, name, 0)
	}
	return g.fail(name, vfs.EISDIR)
}

// file searches one file, shown under a name of its own.
func (g *grep) file(name, shown string, named bool, info vfs.Info) error {
	device := info.Mode&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0
	if g.filter.skipFile(shown, named) || device && (g.devices == "skip" || g.devices == "" && !named) {
		return nil
	}
	f, err := g.x.Open(name)
	if err != nil {
		return g.fail(shown, err)
	}
	defer f.Close()
	return g.search(f, shown)
}

// recursive searches what is below a directory. Where none was named, names
// are shown without a leading "./".
func (g *grep) recursive(dir, shown string, depth int) error {
	if g.filename == 0 {
		g.named = true
	}
	entries, err := g.x.ReadDir(dir)
	if err == nil && depth > maxDepth {
		err = vfs.ELOOP
	}
	if err != nil {
		return g.fail(dir, err)
	}
	for _, entry := range entries {
		if err := g.ctx.Err(); err != nil {
			return err
		}
		if err := g.entry(child(dir, entry.Name), child(shown, entry.Name), entry, depth); err != nil {
			return err
		}
		if g.quit {
			return nil
		}
	}
	return nil
}

func (g *grep) entry(name, shown string, entry vfs.DirEntry, depth int) error {
	if entry.Type&fs.ModeSymlink != 0 && !g.follow {
		return nil
	}
	// The listing tells the type of nearly everything.
	info, err := vfs.Info{Mode: entry.Type}, error(nil)
	if entry.Type&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		info, err = g.x.Stat(name)
	}
	switch {
	case err != nil:
		return g.fail(shown, err)
	case !info.IsDir():
		return g.file(name, shown, false, info)
	case g.filter.skipDir(shown, false):
		return nil
	}
	return g.recursive(name, shown, depth+1)
}

func child(dir, name string) string {
	switch {
	case dir == "":
		return name
	case dir[len(dir)-1] == '/':
		return dir + name
	}
	return dir + "/" + name
}

// search runs the scanner over one file and prints what is said per file.
func (g *grep) search(f *tool.File, name string) error {
	s := scanner{grep: g, name: name, in: f, left: g.maxCount, text: g.binary == "text"}
	if err := s.run(); err != nil {
		return err
	}
	g.buf = s.buf
	selected := s.selected > 0
	g.matched = g.matched || selected
	switch {
	case g.quiet:
		g.quit = selected
	case g.list != lines:
		if selected == (g.list == withMatch) {
			return g.printName(name)
		}
	case g.count:
		return g.printCount(name, s.selected)
	}
	s.reposition()
	return nil
}

// reposition leaves standard input behind the last line that was selected,
// for whoever reads it next.
func (s *scanner) reposition() {
	if s.in == s.x.Stdin && s.stopped {
		s.in.Seek(s.base+int64(s.pos)-s.read, io.SeekCurrent)
	}
}
