/*
Package zip puts files into zip archives.

	zip [OPTION]... ARCHIVE [FILE]... [-x PATTERN...] [-i PATTERN...]

ARCHIVE gets the suffix .zip if it has none; what is in it already stays, or is
replaced. "-" for ARCHIVE is standard output, for FILE standard input.

	-r, --recurse-paths  directories with all below
	-j, --junk-paths     without directories
	-D, --no-dir-entries no entries for directories
	-y, --symlinks       links as links
	-d, --delete         take the entries out that match FILE
	-u, --update         only files that are new or newer
	-f, --freshen        only files that are newer than in the archive
	-m, --move           remove the files
	-x, --exclude        leave out what matches; a "*" also stands for "/"
	-i, --include        only what matches
	-@, --names-stdin    names of files from standard input
	-T, --test           check the archive
	-q, --quiet          say nothing
	-0 … -9              how hard to try (6); 0 does not compress
	-X, -o, -v, -l, -S   taken and ignored
*/
package zip

import (
	"archive/zip"
	"bufio"
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"agentsandbox/toolbox/cmd/unzip"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// What is done with files.
const (
	add = iota
	update
	freshen
	remove
)

// Exit statuses.
const (
	statusFormat  = 3
	statusUsage   = 16
	statusNothing = 12
	statusCreate  = 15
	statusOpen    = 18
)

// runner is one run.
type runner struct {
	ctx context.Context
	x   *tool.Exec
	out *bufio.Writer // of messages

	mode                                        int
	recursive, junk, noDirs, links, move, names bool
	test, quiet                                 bool
	level                                       int
	archive                                     string
	files, include, exclude                     []string

	found  []source
	index  map[string]int // of found
	status int
}

// source is a file to put in.
type source struct{ name, entry string }

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := &runner{ctx: ctx, x: x, out: x.Writer(), level: 6, index: map[string]int{}}
	if err := r.parse(); err != nil {
		return err
	}
	if r.archive == "-" {
		r.out = bufio.NewWriter(x.Stderr)
	}
	err := r.run()
	if flushErr := r.out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return err
	}
	return tool.Exit(r.status)
}

// long are the long options, each with its letter.
var long = map[string]byte{
	"recurse-paths": 'r', "junk-paths": 'j', "no-dir-entries": 'D', "symlinks": 'y', "delete": 'd', "update": 'u', "freshen": 'f',
	"move": 'm', "exclude": 'x', "include": 'i', "names-stdin": '@', "test": 'T', "quiet": 'q', "no-extra": 'X', "verbose": 'v',
	"latest-time": 'o', "system-hidden": 'S', "to-crlf": 'l',
}

func (r *runner) parse() error {
	var operands []string
	to := &operands
	for args := r.x.Args; len(args) > 0; args = args[1:] {
		a := args[0]
		switch {
		case a == "--help" || a == "-h":
			return tool.ErrHelp
		case a == "--version":
			return tool.Asked("version")
		case a == "@":
			to = &operands
		case strings.HasPrefix(a, "--"):
			c, ok := long[a[2:]]
			if !ok {
				return r.fail(statusUsage, "Invalid command arguments (long option '%s' not supported)", a[2:])
			}
			to = r.list(c, &operands)
			if err := r.option(c); err != nil {
				return err
			}
		case len(a) > 1 && a[0] == '-':
			to = &operands
			for i := 1; i < len(a); i++ {
				if to = r.list(a[i], &operands); to != &operands {
					if a[i+1:] != "" {
						*to = append(*to, a[i+1:])
					}
					break
				}
				if err := r.option(a[i]); err != nil {
					return err
				}
			}
		default:
			*to = append(*to, a)
		}
	}
	if len(operands) == 0 {
		return tool.ErrHelp
	}
	r.archive, r.files = operands[0], operands[1:]
	if r.archive != "-" && path.Ext(path.Base(r.archive)) == "" {
		r.archive += ".zip"
	}
	return nil
}

// list is where the words behind an option go.
func (r *runner) list(c byte, operands *[]string) *[]string {
	switch c {
	case 'x':
		return &r.exclude
	case 'i':
		return &r.include
	}
	return operands
}

func (r *runner) option(c byte) error {
	switch c {
	case 'r':
		r.recursive = true
	case 'j':
		r.junk = true
	case 'D':
		r.noDirs = true
	case 'y':
		r.links = true
	case 'd':
		r.mode = remove
	case 'u':
		r.mode = update
	case 'f':
		r.mode = freshen
	case 'm':
		r.move = true
	case '@':
		r.names = true
	case 'T':
		r.test = true
	case 'q':
		r.quiet = true
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		r.level = int(c - '0')
	case 'x', 'i', 'X', 'o', 'v', 'l', 'S':
	default:
		return r.fail(statusUsage, "Invalid command arguments (short option '%c' not supported)", c)
	}
	return nil
}

// fail ends the run with an error of zip.
func (r *runner) fail(status int, format string, args ...any) error {
	fmt.Fprintf(r.out, "\nzip error: "+format+"\n", args...)
	r.out.Flush()
	return tool.Exit(status)
}

func (r *runner) warn(format string, args ...any) {
	r.say("\tzip warning: "+format+"\n", args...)
}

func (r *runner) say(format string, args ...any) {
	if !r.quiet {
		fmt.Fprintf(r.out, format, args...)
	}
}

// run reads the archive that is there, finds the files, and writes the archive anew.
func (r *runner) run() error {
	old, closeOld, err := r.open()
	if err != nil {
		return err
	}
	defer closeOld()
	if r.names {
		lines, err := io.ReadAll(io.LimitReader(r.x.Stdin, tool.MaxHeld))
		if err != nil {
			return err
		}
		r.files = append(r.files, strings.FieldsFunc(string(lines), func(c rune) bool { return c == '\n' })...)
	}
	if r.mode != remove {
		if r.mode == freshen && len(r.files) == 0 {
			for _, f := range old {
				r.files = append(r.files, f.Name)
			}
		}
		for _, name := range r.files {
			if err := r.find(name, true); err != nil {
				return err
			}
		}
		if len(r.found) == 0 && (len(r.files) > 0 || old == nil || !r.test) {
			return r.nothing()
		}
	}
	if err := r.write(old); err != nil || !r.test {
		return err
	}
	return r.check()
}

func (r *runner) nothing() error {
	if r.mode == freshen || r.mode == update && r.status == 0 {
		return tool.Exit(statusNothing)
	}
	return r.fail(statusNothing, "Nothing to do! (%s)", r.archive)
}

// open reads the archive that is there; the files are nil if there is none.
func (r *runner) open() ([]*zip.File, func(), error) {
	nothing := func() {}
	if r.archive == "-" {
		return nil, nothing, nil
	}
	f, err := r.x.OpenFile(r.archive, vfs.Read, 0)
	if err != nil {
		if r.mode == freshen || r.mode == remove {
			return nil, nothing, r.fail(13, "File not found or no read permission (%s)", r.archive)
		}
		return nil, nothing, nil
	}
	info, err := f.Stat()
	var z *zip.Reader
	if err == nil {
		z, err = zip.NewReader(f, info.Size)
	}
	if err != nil {
		f.Close()
		r.warn("missing end signature--probably not a zip file (did you")
		r.warn("remember to use binary mode when you transferred it?)")
		r.warn("(if you are trying to read a damaged archive try -F)")
		return nil, nothing, r.fail(statusFormat, "Zip file structure invalid (%s)", r.archive)
	}
	return z.File, func() { f.Close() }, nil
}

// find adds a file, and with -r what is below it.
func (r *runner) find(name string, named bool) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if name == "-" && named {
		r.add(source{"-", "-"})
		return nil
	}
	stat := r.x.Stat
	if r.links {
		stat = r.x.Lstat
	}
	info, err := stat(name)
	if err != nil {
		if r.mode != freshen {
			r.warn("name not matched: %s", name)
		}
		return nil
	}
	entry := entryName(name)
	if r.junk {
		entry = path.Base(entry)
	}
	if !info.IsDir() {
		if r.archive == "-" || r.x.Abs(path.Clean(name)) != r.x.Abs(path.Clean(r.archive)) {
			r.add(source{name, entry})
		}
		return nil
	}
	if entry != "" && !r.junk && !r.noDirs {
		r.add(source{name, entry + "/"})
	}
	if !r.recursive {
		return nil
	}
	entries, err := r.x.ReadDir(name)
	if err != nil {
		r.warn("could not open for reading: %s", name)
		r.status = statusOpen
		return nil
	}
	for _, e := range entries {
		if err := r.find(tool.Join(name, e.Name), false); err != nil {
			return err
		}
	}
	return nil
}

// entryName is the name of a file in an archive.
func entryName(name string) string {
	name = strings.TrimLeft(path.Clean(name), "/")
	for strings.HasPrefix(name, "../") {
		name = name[3:]
	}
	if name == "." || name == ".." {
		return ""
	}
	return name
}

func (r *runner) add(s source) {
	if _, ok := r.index[s.entry]; ok || matches(r.exclude, s.entry) || r.include != nil && !matches(r.include, s.entry) {
		return
	}
	r.index[s.entry] = len(r.found)
	r.found = append(r.found, s)
}

func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if unzip.Match(p, name) {
			return true
		}
	}
	return false
}

// check tests the archive.
func (r *runner) check() error {
	r.out.Flush()
	child := *r.x
	child.Name, child.Args = "unzip", []string{"-tqq", r.archive}
	if err := unzip.Run(r.ctx, &child); err != nil {
		return r.fail(8, "Zip file invalid, could not spawn unzip, or wrong unzip (original files unmodified)")
	}
	r.say("test of %s OK\n", r.archive)
	return nil
}
