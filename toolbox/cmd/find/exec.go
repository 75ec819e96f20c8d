package find

import (
	"strings"

	"agentsandbox/toolbox/tool"
)

// command is what -exec and its like run.
type command struct {
	*finder
	argv  []string
	inDir bool // in the directory of the file
	asks  bool
}

// exec makes -exec, -execdir, -ok and -okdir.
func (p *parser) exec(name string) (test, error) {
	c := command{finder: p.finder, inDir: strings.HasSuffix(name, "dir"), asks: strings.HasPrefix(name, "-ok")}
	for i, arg := range p.args {
		plus := arg == "+" && !c.asks && i > 0 && p.args[i-1] == "{}"
		if arg != ";" && !plus {
			continue
		}
		c.argv = p.args[:i]
		p.args = p.args[i+1:]
		switch {
		case len(c.argv) == 0:
			return nil, p.syntax("invalid argument `%s' to `%s'", arg, name)
		case plus:
			return p.batch(name, c)
		}
		return c.each, nil
	}
	return nil, p.syntax("missing argument to `%s'", name)
}

// each runs the command for one file; it is true if the command exits with 0.
func (c command) each(e *file) (bool, error) {
	dir, name := c.where(e)
	argv := make([]string, len(c.argv))
	for i, arg := range c.argv {
		argv[i] = strings.ReplaceAll(arg, "{}", name)
	}
	if err := c.out.Flush(); err != nil {
		return false, err
	}
	if c.asks && !c.agreed(e.path) {
		return false, nil
	}
	status, err := c.run(dir, argv)
	return status == 0, err
}

// agreed asks whether to run the command.
func (c command) agreed(name string) bool {
	c.x.Stderr.Write([]byte("< " + c.argv[0] + " ... " + name + " > ? "))
	return c.x.Yes()
}

// where is the directory that the command runs in, and the file as seen there.
func (c command) where(e *file) (dir, name string) {
	if !c.inDir {
		return "", e.path
	}
	base := e.name()
	if base == "/" || e.depth == 0 && base == "." {
		return e.path, base
	}
	return dirname(strings.TrimRight(e.path, "/")), "./" + base
}

// run runs argv in a directory, "" for that of find. The status is not 0 where
// it could not be run, which is reported.
func (f *finder) run(dir string, argv []string) (int, error) {
	child := *f.x
	if dir != "" {
		abs, err := f.x.RealPath(dir, tool.AllExists)
		if err != nil {
			f.failFile(dir, err)
			return 1, nil
		}
		child.Dir = abs
	}
	status, err := f.x.Spawn(f.ctx, &child, argv)
	if err != nil {
		f.x.Errorf("%s: %s", tool.QuoteText(argv[0]), tool.ErrText(err))
	}
	return status, f.ctx.Err()
}

// batch collects the files of -exec … {} + into as few runs as there can be.
type batch struct {
	command
	dir   string
	names []string
	size  int
}

// Bounds of the arguments of one run.
const (
	maxBatchFiles = 4000
	maxBatchBytes = 128 << 10
)

func (p *parser) batch(name string, c command) (test, error) {
	c.argv = c.argv[:len(c.argv)-1] // the {} at the end
	for _, arg := range c.argv {
		if strings.Contains(arg, "{}") {
			return nil, p.syntax("Only one instance of {} is supported with %s ... +", name)
		}
	}
	b := &batch{command: c}
	p.pending = append(p.pending, b)
	return b.add, nil
}

func (b *batch) add(e *file) (bool, error) {
	dir, name := b.where(e)
	if dir != b.dir || len(b.names) >= maxBatchFiles || b.size+len(name) > maxBatchBytes {
		if err := b.flush(); err != nil {
			return false, err
		}
	}
	b.dir = dir
	b.names = append(b.names, name)
	b.size += len(name) + 1
	return true, nil
}

// flush runs the command for what was collected.
func (b *batch) flush() error {
	if len(b.names) == 0 {
		return nil
	}
	if err := b.out.Flush(); err != nil {
		return err
	}
	argv := append(append([]string{}, b.argv...), b.names...)
	b.names, b.size = nil, 0
	status, err := b.run(b.dir, argv)
	if status != 0 {
		b.finder.status = 1
	}
	return err
}

// leave ends a directory: what -execdir … + has collected there is run.
func (f *finder) leave() error {
	for _, b := range f.pending {
		if b.inDir {
			if err := b.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *finder) runPending() error {
	for _, b := range f.pending {
		if err := b.flush(); err != nil {
			return err
		}
	}
	return nil
}
