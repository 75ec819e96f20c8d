package grep

import (
	"io"
	"io/fs"
	"strings"

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
			here := strings.TrimSuffix(g.x.Dir, "/")
			return g.recursive(place{here, len(here) + 1}, 0)
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
		return g.file(g.place(name), true, info)
	}
	switch {
	case g.filter.skipDir(name, true) || g.directories == "skip":
		return nil
	case g.recurse:
		return g.recursive(g.place(name), 0)
	}
	return g.fail(name, vfs.EISDIR)
}

// place is where a file is: an absolute path, of which a part is shown.
type place struct {
	path string
	from int // where the part that is shown begins
}

// place is where a name of the command line leads.
func (g *grep) place(name string) place {
	path := g.x.Abs(name)
	return place{path, len(path) - len(name)}
}

// shown is the name for the user. The current directory, if it was not named,
// has none, and what is in it no leading "./".
func (p place) shown() string {
	if p.from > len(p.path) {
		return "."
	}
	return p.path[p.from:]
}

func (p place) child(name string) place {
	if strings.HasSuffix(p.path, "/") {
		return place{p.path + name, p.from}
	}
	return place{p.path + "/" + name, p.from}
}

// file searches one file.
func (g *grep) file(at place, named bool, info vfs.Info) error {
	device := info.Mode&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0
	if g.filter.skipFile(at.shown(), named) || device && (g.devices == "skip" || g.devices == "" && !named) {
		return nil
	}
	f, err := g.x.Open(at.path)
	if err != nil {
		return g.fail(at.shown(), err)
	}
	defer f.Close()
	return g.search(f, at.shown())
}

// recursive searches what is below a directory.
func (g *grep) recursive(dir place, depth int) error {
	if g.filename == 0 {
		g.named = true
	}
	entries, err := g.x.ReadDir(dir.path + "/") // that of the root is empty
	if err == nil && depth > maxDepth {
		err = vfs.ELOOP
	}
	if err != nil {
		return g.fail(dir.shown(), err)
	}
	for _, entry := range entries {
		if err := g.ctx.Err(); err != nil {
			return err
		}
		if err := g.entry(dir.child(entry.Name), entry, depth); err != nil {
			return err
		}
		if g.quit {
			return nil
		}
	}
	return nil
}

func (g *grep) entry(at place, entry vfs.DirEntry, depth int) error {
	if entry.Type&fs.ModeSymlink != 0 && !g.follow {
		return nil
	}
	// The listing tells the type of nearly everything.
	info, err := vfs.Info{Mode: entry.Type}, error(nil)
	if entry.Type&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		info, err = g.x.Stat(at.path)
	}
	switch {
	case err != nil:
		return g.fail(at.shown(), err)
	case !info.IsDir():
		return g.file(at, false, info)
	case g.filter.skipDir(at.shown(), false):
		return nil
	}
	return g.recursive(at, depth+1)
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
