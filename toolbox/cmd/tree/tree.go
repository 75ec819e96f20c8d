/*
Package tree lists directories as trees.

	tree [OPTION]... [--] [DIRECTORY]...

	-a            all files, those that start with a dot, too
	-d            only directories
	-l            links to directories as directories
	-f            the whole path of each file
	-x            stay on one file system
	-L LEVEL      so many levels deep
	-P PATTERN    only files that match; -I PATTERN: none that do (a|b is either)
	--matchdirs   -P for directories, too; --ignore-case
	--gitignore   none that .gitignore files name
	--prune       no empty directories
	--filelimit N directories of more than N files are not opened
	--noreport    no count at the end
	--charset X   lines for utf-8 or ascii
	-o FILE       write to FILE
	-q, -N, -Q    what does not print as ?, as it is; names in quotes
	-p -u -g      permissions, owner, group
	-s -h --si    size: in bytes, for people, in powers of 1000
	--du          of directories with what is in them
	-D, --timefmt F  date of modification, in the format F
	-F            with / = * | behind names
	--inodes --device
	-v -t -c -U -r --sort X  by version, mtime, ctime, not, reversed
	--dirsfirst --filesfirst
	-i            no lines; -n, -C: no colours, colours
	-X, -J        XML, JSON
*/
package tree

import (
	"bufio"
	"context"
	"io"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	opts, dirs, err := parse(x)
	if err != nil {
		return err
	}
	w := x.Writer()
	if opts.output != "" {
		f, err := x.Create(opts.output)
		if err != nil {
			return x.Fail(1, "invalid filename '%s'", opts.output)
		}
		defer f.Close()
		w = bufio.NewWriter(f)
	}
	t := &lister{options: opts, ctx: ctx, x: x, out: w, seen: map[fileID]bool{}}
	if err := t.all(dirs); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return tool.Exit(t.status)
}

// lister lists in one run of the command.
type lister struct {
	options
	ctx    context.Context
	x      *tool.Exec
	out    *bufio.Writer
	seen   map[fileID]bool // directories that were opened
	status int
	total  count
}

// count is what is reported at the end.
type count struct {
	dirs, files int
	size        int64
}

type fileID struct{ dev, ino uint64 }

// form is a way to write trees.
type form interface {
	begin()
	root(*node)
	between()
	end()
}

// all lists the directories, the current one if there is none.
func (t *lister) all(dirs []string) error {
	if len(dirs) == 0 {
		dirs = []string{"."}
	}
	out := t.form()
	out.begin()
	for i, dir := range dirs {
		n, err := t.read(dir)
		if err != nil {
			return err
		}
		if i > 0 {
			out.between()
		}
		out.root(n)
	}
	out.end()
	return nil
}

func (t *lister) form() form {
	switch {
	case t.json:
		return &jsonForm{t}
	case t.xml:
		return &xmlForm{t}
	}
	return &textForm{t}
}

func (t *lister) put(parts ...string) {
	for _, s := range parts {
		_, _ = io.WriteString(t.out, s) // the writer keeps its error for Flush
	}
}
