/*
Package gzip compresses files, and decompresses them: gzip, gunzip (gzip -d)
and zcat (gzip -cd).

	gzip [OPTION]... [FILE]...

Each FILE is replaced by FILE.gz, or with -d the other way round. Without
FILE, or for "-", it reads standard input and writes standard output.

	-c, --stdout          write to standard output, and keep the files
	-d, --decompress      decompress
	-f, --force           overwrite; compress links and what ends in .gz; with
	                      -cd write what is not compressed as it is
	-k, --keep            keep the files
	-l, --list            list what compressed files hold
	-n, --no-name         leave name and time out, or don't restore them
	-N, --name            keep name and time (usual), or restore them
	-q, --quiet           no warnings
	-r, --recursive       all files of directories
	-S, --suffix=SUFFIX   instead of .gz
	-t, --test            check compressed files
	-v, --verbose         say what is done
	-1 … -9, --fast, --best
	                      how hard to try (6)
	--rsyncable, --synchronous, -a
	                      taken and ignored
*/
package gzip

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	g := &gzip{ctx: ctx, x: x, level: 6, suffix: ".gz"}
	named := x.Name
	x.Name = "gzip" // gunzip and zcat are scripts around it
	switch named {
	case "gunzip":
		g.decompress = true
	case "zcat", "gzcat":
		g.decompress, g.stdout = true, true
	}
	names, err := g.parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"-"}
	}
	if g.list {
		err = g.listAll(names)
	} else {
		err = g.all(names)
	}
	if err != nil {
		return err
	}
	return tool.Exit(g.status)
}

// Exit statuses.
const (
	statusError   = 1
	statusWarning = 2
)

// gzip is one run.
type gzip struct {
	ctx context.Context
	x   *tool.Exec

	decompress, stdout, force, keep, list, quiet, recursive, test, verbose bool

	name   int // 1 to keep or restore the name, -1 not to, 0 for the usual
	level  int
	suffix string
	status int
}

func (g *gzip) parse() ([]string, error) {
	f := tool.NewFlags(g.x)
	f.OnUsage = func() { io.WriteString(g.x.Stderr, "Try `gzip --help' for more information.\n") }
	f.BoolVar(&g.stdout, true, 'c', "stdout")
	f.BoolVar(&g.stdout, true, 0, "to-stdout")
	f.BoolVar(&g.decompress, true, 'd', "decompress")
	f.BoolVar(&g.decompress, true, 0, "uncompress")
	f.BoolVar(&g.force, true, 'f', "force")
	f.Do('h', "", func() error { return tool.ErrHelp })
	f.BoolVar(&g.keep, true, 'k', "keep")
	f.Switch('l', "list", func() { g.list, g.decompress, g.stdout = true, true, true })
	f.Switch('n', "no-name", func() { g.name = -1 })
	f.Switch('N', "name", func() { g.name = 1 })
	f.BoolVar(&g.quiet, true, 'q', "quiet")
	f.BoolVar(&g.quiet, true, 0, "silent")
	f.BoolVar(&g.recursive, true, 'r', "recursive")
	f.Func('S', "suffix", func(v string) error { g.suffix = v; return nil })
	f.Switch('t', "test", func() { g.test, g.decompress, g.stdout = true, true, true })
	f.BoolVar(&g.verbose, true, 'v', "verbose")
	f.Bool(0, "rsyncable")
	f.Bool(0, "synchronous")
	f.Bool('a', "ascii")
	for level := range 10 {
		f.Switch('0'+byte(level), "", func() { g.level = max(level, 1) })
	}
	f.Switch(0, "fast", func() { g.level = 1 })
	f.Switch(0, "best", func() { g.level = 9 })
	names, err := f.Parse()
	if err == nil && (g.suffix == "" && !g.decompress || len(g.suffix) > 30 || strings.Contains(g.suffix, "/")) {
		return nil, g.x.Fail(statusError, "invalid suffix '%s'", g.suffix)
	}
	return names, err
}

func (g *gzip) all(names []string) error {
	for _, name := range names {
		if err := g.ctx.Err(); err != nil {
			return err
		}
		err := g.one(name)
		if err != nil {
			return err
		}
	}
	return nil
}

// one treats one operand. The error ends the run: it is one of the context or
// of standard output. Others are reported.
func (g *gzip) one(name string) error {
	if name == "-" {
		return g.standard()
	}
	name, info, ok := g.find(name)
	switch {
	case !ok:
		return nil
	case info.IsDir():
		return g.dir(name)
	case !info.Mode.IsRegular() && !g.stdout && !g.force:
		g.warn("%s is not a directory or a regular file - ignored", name)
		return nil
	}
	return g.file(name, info)
}

// find finds the file that an operand means: with -d, one of the suffixes may
// have been left out.
func (g *gzip) find(name string) (string, vfs.Info, bool) {
	stat := g.x.Lstat
	if g.stdout || g.force {
		stat = g.x.Stat
	}
	info, err := stat(name)
	if err == nil {
		if info.Mode.Type() != 0 && !info.IsDir() && !g.stdout && !g.force {
			if target, err := g.x.Stat(name); err == nil && target.Mode.IsRegular() {
				g.fail("%s: Too many levels of symbolic links", name)
				return "", info, false
			}
		}
		return name, info, true
	}
	if g.decompress && vfs.ToErrno(err) == vfs.ENOENT && !g.known(name) {
		for _, suffix := range []string{g.suffix, ".gz", ".z", "-z"} {
			if info, err := stat(name + suffix); err == nil {
				return name + suffix, info, true
			}
		}
		name += g.suffix
	}
	if name == "" {
		g.fail("%s", tool.ErrText(err))
	} else {
		g.fail("%s: %s", name, tool.ErrText(err))
	}
	return "", info, false
}

// known reports whether a name ends in a suffix of compressed files.
func (g *gzip) known(name string) bool { return g.knownSuffix(name) != "" }

func (g *gzip) knownSuffix(name string) string {
	base := path.Base(name)
	for _, suffix := range []string{g.suffix, ".gz", ".tgz", ".taz", ".z", "-gz", "-z", "_z", ".Z"} {
		if suffix != "" && len(base) > len(suffix) && strings.HasSuffix(base, suffix) {
			return suffix
		}
	}
	return ""
}

// original is the name of a file before it was compressed; "" if its suffix is
// not known.
func (g *gzip) original(name string) string {
	suffix := g.knownSuffix(name)
	switch suffix {
	case "":
		return ""
	case ".tgz", ".taz":
		return strings.TrimSuffix(name, suffix) + ".tar"
	}
	return strings.TrimSuffix(name, suffix)
}

func (g *gzip) dir(name string) error {
	if !g.recursive {
		g.warn("%s is a directory -- ignored", name)
		return nil
	}
	entries, err := g.x.ReadDir(name)
	if err != nil {
		g.fail("%s: %s", name, tool.ErrText(err))
		return nil
	}
	for _, e := range entries {
		if err := g.one(tool.Join(name, e.Name)); err != nil {
			return err
		}
	}
	return nil
}

// warn reports what is passed over.
func (g *gzip) warn(format string, args ...any) {
	if !g.quiet {
		g.x.Errorf(format, args...)
	}
	if g.status == 0 {
		g.status = statusWarning
	}
}

func (g *gzip) fail(format string, args ...any) {
	g.x.Errorf(format, args...)
	g.status = statusError
}

// damaged reports what is wrong with a compressed file, after an empty line as
// the program has it.
func (g *gzip) damaged(name string, err error) {
	text := tool.ErrText(err)
	if errors.Is(err, errUnexpectedEOF) {
		text = "unexpected end of file"
	}
	g.x.Stderr.Write([]byte{'\n'})
	g.fail("%s: %s", name, text)
}
