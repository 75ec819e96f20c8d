/*
Package ls lists files and directories.

	ls [OPTION]... [FILE]...

	-a, --all                all entries; -A, --almost-all: not . and ..
	-l                       long; -g without owner, -o without group
	-1 -C -x -m              one a line, in columns, across, with commas
	--format=WORD            single-column, vertical, across, commas, long
	-d, --directory          directories themselves
	-R, --recursive          directories below, too
	-t -S -X -v -U           by time, size, extension, version, not at all
	--sort=WORD              none, size, time, version, extension, width, name
	-r, --reverse            the other way round
	--group-directories-first
	-c, -u, --time=WORD      time of change, of access
	--time-style=STYLE       full-iso, long-iso, iso, locale, +FORMAT
	--full-time              -l --time-style=full-iso
	-h, --human-readable     sizes such as 1.5K; --si: in powers of 1000
	-k, --block-size=SIZE    units of sizes
	-s, --size               with blocks; -i, --inode: with inode number
	-n, --numeric-uid-gid; -G, --no-group; --author; -Z
	-F, --classify[=WHEN]    with one of / = * @ | behind names; -p: with /
	--file-type, --indicator-style=WORD
	--color[=WHEN]           always, auto, never; by LS_COLORS
	-L, --dereference; -H    what links lead to; only that of operands
	-b, -N, -q, -Q, --quoting-style=WORD, --show-control-chars
	-B, --ignore-backups; -I, --ignore=PATTERN; --hide=PATTERN
	-w, --width=COLS; -T, --tabsize=COLS; --zero; --hyperlink[=WHEN]
	-f                       -aU without -l, -s and --color

It exits with 2 if an operand cannot be listed, with 1 if something below one
cannot.
*/
package ls

import (
	"bufio"
	"context"
	"io/fs"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	opts, operands, err := parse(x)
	if err != nil {
		return err
	}
	if len(operands) == 0 {
		operands = []string{"."}
	}
	l := lister{options: opts, ctx: ctx, x: x, out: x.Writer(), now: x.Now()}
	l.headers = len(operands) > 1 || l.recursive
	err = l.operands(operands)
	if flushErr := l.out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return err
	}
	return tool.Exit(l.status)
}

// lister lists in one run of the command.
type lister struct {
	options
	ctx     context.Context
	x       *tool.Exec
	out     *bufio.Writer
	now     time.Time
	headers bool // directories have their name above them
	listed  bool // something was printed already
	colored bool // a colour was used already
	above   []fileID
	status  int
}

type fileID struct{ dev, ino uint64 }

// operands lists what was named: files first, then directories.
func (l *lister) operands(names []string) error {
	var files, dirs []*entry
	for _, name := range names {
		e, ok := l.operand(name)
		switch {
		case !ok:
		case e.isDir() && !l.dirs:
			dirs = append(dirs, e)
		default:
			files = append(files, e)
		}
	}
	l.sort(files)
	l.sort(dirs)
	if len(files) > 0 {
		l.print(files, dirs)
		l.listed = true
	}
	for _, e := range dirs {
		if err := l.directory(e.name, true); err != nil {
			return err
		}
	}
	return nil
}

// operand looks at an operand. Links are followed as the options say.
func (l *lister) operand(name string) (*entry, bool) {
	e := &entry{name: name}
	var err error
	if l.follow == followNone {
		e.info, err = l.x.Lstat(name)
	} else if e.info, err = l.x.Stat(name); err != nil || l.follow == followDirs && !e.info.IsDir() {
		if l.follow != followAll || err == nil {
			e.info, err = l.x.Lstat(name)
		}
	}
	if err != nil {
		l.fail(2, "cannot access %s: %s", tool.Quote(name), tool.ErrText(err))
		return nil, false
	}
	e.known = true
	l.complete(e)
	return e, true
}

// directory lists one directory, and with -R those below it.
func (l *lister) directory(name string, operand bool) error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	names, err := l.x.ReadDir(name)
	if err != nil {
		l.fail(map[bool]int{true: 2, false: 1}[operand], "cannot open directory %s: %s", tool.Quote(name), tool.ErrText(err))
		return nil
	}
	if l.recursive {
		done, err := l.enter(name)
		if done || err != nil {
			return err
		}
		defer func() { l.above = l.above[:len(l.above)-1] }()
	}
	l.header(name)
	entries := l.entries(name, names)
	l.sort(entries)
	l.total(entries)
	if len(entries) > 0 {
		l.print(entries, nil)
	}
	if !l.recursive {
		return l.out.Flush()
	}
	for _, e := range entries {
		if e.name == "." || e.name == ".." || !e.isDir() {
			continue
		}
		if err := l.directory(tool.Join(name, e.name), false); err != nil {
			return err
		}
	}
	return nil
}

// enter notes that a directory is being listed; done is true if it is already,
// by way of a link.
func (l *lister) enter(name string) (done bool, err error) {
	info, err := l.x.Stat(name)
	if err != nil {
		l.fail(1, "cannot access %s: %s", tool.Quote(name), tool.ErrText(err))
		return true, nil
	}
	id := fileID{info.Dev, info.Ino}
	for _, up := range l.above {
		if up == id {
			l.fail(2, "%s: not listing already-listed directory", tool.QuoteFile(name))
			return true, nil
		}
	}
	l.above = append(l.above, id)
	return false, nil
}

// header prints the name of a directory above its entries.
func (l *lister) header(name string) {
	if l.listed {
		l.out.WriteByte(l.eol)
	}
	l.listed = true
	if l.headers {
		l.out.WriteString(l.hyperlink(name, tool.QuoteName(name, l.quoting, ":")))
		l.out.WriteByte(':')
		l.out.WriteByte(l.eol)
	}
}

// entries are those of a directory that are to be listed.
func (l *lister) entries(dir string, names []vfs.DirEntry) []*entry {
	entries := make([]*entry, 0, len(names)+2)
	if l.hidden == showAll {
		entries = append(entries, l.entry(dir, ".", fs.ModeDir, 0), l.entry(dir, "..", fs.ModeDir, 0))
	}
	for _, n := range names {
		if !l.ignored(n.Name) {
			entries = append(entries, l.entry(dir, n.Name, n.Type, n.Ino))
		}
	}
	return entries
}

// entry makes an entry of a directory, and looks at the file only where what
// the directory says of it is not enough.
func (l *lister) entry(dir, name string, typ fs.FileMode, ino uint64) *entry {
	e := &entry{name: name, dir: dir, info: vfs.Info{Mode: typ, Ino: ino}}
	if !l.looks(typ) && ino != 0 && typ != fs.ModeIrregular {
		return e
	}
	stat := l.x.Lstat
	if l.follow == followAll {
		stat = l.x.Stat
	}
	info, err := stat(e.path())
	if err != nil && l.looks(typ) {
		l.fail(1, "cannot access %s: %s", tool.Quote(e.path()), tool.ErrText(err))
		e.lost = true
		return e
	}
	if err == nil {
		e.info, e.known = info, true
	}
	l.complete(e)
	return e
}

// complete adds what is to be known of a link.
func (l *lister) complete(e *entry) {
	if e.info.Mode&fs.ModeSymlink == 0 {
		return
	}
	if l.format == long {
		target, err := l.x.FS.Readlink(l.x.Abs(e.path()))
		if err != nil {
			l.fail(1, "cannot read symbolic link %s: %s", tool.Quote(e.path()), tool.ErrText(err))
		}
		e.target = target
	}
	if l.looksBehind {
		info, err := l.x.Stat(e.path())
		e.orphan = err != nil
		e.behind = info
	} else if l.dirsFirst {
		e.behind, _ = l.x.Stat(e.path())
	}
}

// fail reports what could not be listed; 2 outweighs 1.
func (l *lister) fail(status int, format string, args ...any) {
	l.out.Flush()
	l.x.Errorf(format, args...)
	l.status = max(l.status, status)
}
