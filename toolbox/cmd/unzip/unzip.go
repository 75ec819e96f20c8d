/*
Package unzip lists and extracts zip archives.

	unzip [OPTION]... ARCHIVE [PATTERN]... [-x PATTERN...] [-d DIRECTORY]

Without PATTERN it extracts all. A "*" of a PATTERN also stands for "/".

	-l  list              -v  list with sizes and checksums
	-Z1 list names only   -t  check what is stored
	-p  write the contents to standard output
	-c  the same with the names
	-d  extract below DIRECTORY
	-x  leave these out
	-o  overwrite         -n  never overwrite
	-u  only newer files  -f  only newer files that are there
	-j  without directories
	-q  quiet; -qq, quieter
	-C  names match in either case
	-L  names in lower case
	-a, -b, -X, -K, -:, -D, -U
	    taken and ignored

Encrypted files are passed over. Names that lead out of the directory lose what would.
*/
package unzip

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// What is to be done with the entries.
const (
	extract = iota
	list
	verbose
	names
	test
	pipe
	show
)

// Exit statuses.
const (
	statusWarning   = 1
	statusError     = 2
	statusSevere    = 3
	statusNoArchive = 9
	statusUsage     = 10
	statusNoMatch   = 11
	statusDisk      = 50
	statusPassword  = 82
)

// runner is one run.
type runner struct {
	ctx context.Context
	x   *tool.Exec
	out *bufio.Writer

	mode                                    int
	overwrite, never, update, freshen, junk bool
	anyCase, lower                          bool
	quiet                                   int
	archive, dir                            string
	include, exclude                        []string
	matched                                 []bool // of include

	links  []link // that are made when all is there
	status int
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := &runner{ctx: ctx, x: x, out: x.Writer()}
	if err := r.parse(); err != nil {
		return err
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

func (r *runner) parse() error {
	args := r.x.Args
	for ; len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-'; args = args[1:] {
		if args[0] == "--help" || args[0] == "-h" {
			return tool.ErrHelp
		}
		for i := 1; i < len(args[0]); i++ {
			if args[0][i] == 'd' {
				if r.dir = args[0][i+1:]; r.dir == "" && len(args) > 1 {
					r.dir, args = args[1], args[1:]
				}
				break
			}
			if err := r.option(args[0][i]); err != nil {
				return err
			}
		}
	}
	if len(args) == 0 {
		return tool.ErrHelp
	}
	r.archive, args = args[0], args[1:]
	to := &r.include
	for ; len(args) > 0; args = args[1:] {
		switch a := args[0]; {
		case a == "-x":
			to = &r.exclude
		case strings.HasPrefix(a, "-d"):
			to = &r.include
			if r.dir = a[2:]; r.dir == "" && len(args) > 1 {
				r.dir, args = args[1], args[1:]
			}
		default:
			*to = append(*to, a)
		}
	}
	r.matched = make([]bool, len(r.include))
	return nil
}

func (r *runner) option(c byte) error {
	switch c {
	case 'l':
		r.mode = list
	case 'v':
		r.mode = verbose
	case 'Z', '1':
		r.mode = names
	case 't':
		r.mode = test
	case 'p':
		r.mode = pipe
	case 'c':
		r.mode = show
	case 'o':
		r.overwrite, r.never = true, false
	case 'n':
		r.never, r.overwrite = true, false
	case 'u':
		r.update = true
	case 'f':
		r.update, r.freshen = true, true
	case 'j':
		r.junk = true
	case 'q':
		r.quiet++
	case 'C':
		r.anyCase = true
	case 'L':
		r.lower = true
	case 'a', 'b', 'X', 'K', ':', 'D', 'U', 'B':
	default:
		return r.x.Fail(statusUsage, "error:  invalid option -- %c", c)
	}
	return nil
}

// run opens the archive and treats its entries.
func (r *runner) run() error {
	f, err := r.find()
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := zip.NewReader(f, info.Size)
	if r.mode != pipe && r.mode != names && r.quiet == 0 {
		fmt.Fprintf(r.out, "Archive:  %s\n", r.archive)
	}
	if err != nil {
		r.noDirectory()
		return tool.Exit(statusNoArchive)
	}
	switch {
	case len(z.File) == 0:
		r.out.Flush()
		fmt.Fprintf(r.x.Stderr, "warning [%s]:  zipfile is empty\n", r.archive)
		r.status = statusWarning
		return nil
	case r.mode == list, r.mode == verbose, r.mode == names:
		r.list(z.File)
		r.unmatched()
		return nil
	}
	if err := r.each(z.File); err != nil {
		return err
	}
	r.unmatched()
	return nil
}

// find opens the archive, whose suffix may have been left out.
func (r *runner) find() (*tool.File, error) {
	for _, name := range []string{r.archive, r.archive + ".zip", r.archive + ".ZIP"} {
		if info, err := r.x.Stat(name); err == nil && !info.IsDir() {
			r.archive = name
			f, err := r.x.OpenFile(name, vfs.Read, 0)
			if err == nil {
				return f, nil
			}
			return nil, r.x.Fail(statusNoArchive, " cannot open %s, %s.zip or %s.ZIP.", name, name, name)
		}
	}
	return nil, r.x.Fail(statusNoArchive, " cannot find or open %s, %s.zip or %s.ZIP.", r.archive, r.archive, r.archive)
}

// noDirectory says that the file is no archive.
func (r *runner) noDirectory() {
	r.out.Flush()
	fmt.Fprintf(r.x.Stderr, `  End-of-central-directory signature not found.  Either this file is not
  a zipfile, or it constitutes one disk of a multi-part archive.  In the
  latter case the central directory and zipfile comment will be found on
  the last disk(s) of this archive.
`)
	r.x.Errorf(" cannot find zipfile directory in one of %s or\n        %s.zip, and cannot find %s.ZIP, period.", r.archive, r.archive, r.archive)
}

// wanted reports whether an entry is to be treated.
func (r *runner) wanted(name string) bool {
	ok := len(r.include) == 0
	for i, p := range r.include {
		if r.match(p, name) {
			r.matched[i], ok = true, true
		}
	}
	for _, p := range r.exclude {
		if r.match(p, name) {
			return false
		}
	}
	return ok
}

func (r *runner) match(pattern, name string) bool {
	if r.anyCase {
		pattern, name = strings.ToLower(pattern), strings.ToLower(name)
	}
	return Match(pattern, name)
}

// Match reports whether a name of an archive matches a pattern, whose "*" and "?"
// stand for "/" too.
func Match(pattern, name string) bool {
	const slash = "\x01" // path.Match keeps "/" for itself
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", slash), strings.ReplaceAll(name, "/", slash))
	if err != nil {
		return pattern == name
	}
	return ok
}

// unmatched says which patterns nothing matched.
func (r *runner) unmatched() {
	for i, ok := range r.matched {
		if !ok {
			r.out.Flush()
			fmt.Fprintf(r.x.Stderr, "caution: filename not matched:  %s\n", r.include[i])
			r.status = max(r.status, statusNoMatch)
		}
	}
}

// each treats the entries that are wanted.
func (r *runner) each(files []*zip.File) error {
	bad, good := 0, 0
	for _, f := range files {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if !r.wanted(f.Name) {
			continue
		}
		good++
		before := r.status
		var err error
		switch {
		case f.Flags&1 != 0:
			r.out.Flush()
			fmt.Fprintf(r.x.Stderr, "   skipping: %-22s  unable to get password\n", f.Name)
			r.status = max(r.status, statusPassword)
		case r.mode == extract:
			err = r.extract(f)
		default:
			err = r.content(f)
		}
		if err != nil {
			return err
		}
		if r.status > before && r.status >= statusError {
			bad++
		}
	}
	if r.mode == test {
		r.verdict(good, bad)
	}
	return r.makeLinks()
}

// verdict is the last line of -t.
func (r *runner) verdict(good, bad int) {
	switch {
	case r.quiet > 1:
	case bad > 0:
		fmt.Fprintf(r.out, "At least one error was detected in %s.\n", r.archive)
	case len(r.include)+len(r.exclude) > 0:
		plural := "s"
		if good == 1 {
			plural = ""
		}
		fmt.Fprintf(r.out, "No errors detected in %s for the %d file%s tested.\n", r.archive, good, plural)
	default:
		fmt.Fprintf(r.out, "No errors detected in compressed data of %s.\n", r.archive)
	}
}

// content checks an entry, or writes it to standard output.
func (r *runner) content(f *zip.File) error {
	switch {
	case r.mode == test:
		if r.quiet == 0 {
			fmt.Fprintf(r.out, "    testing: %-22s ", f.Name)
		}
		ok, err := r.copy(io.Discard, f)
		if ok && err == nil && r.quiet == 0 {
			fmt.Fprint(r.out, "  OK\n")
		}
		return err
	case strings.HasSuffix(f.Name, "/"):
		return nil
	case r.mode == show && r.quiet == 0:
		fmt.Fprintf(r.out, "%s: %-22s  \n", verb(f), f.Name)
	}
	_, err := r.copy(r.out, f)
	if r.mode == show && r.quiet == 0 {
		fmt.Fprintln(r.out)
	}
	return err
}

// verb is what is done to make a file of an entry.
func verb(f *zip.File) string {
	if f.Method == zip.Store {
		return " extracting"
	}
	return "  inflating"
}

// copy writes the content of an entry; ok is false where it is damaged, which was said.
// The error is one of writing, or of the context.
func (r *runner) copy(w io.Writer, f *zip.File) (ok bool, err error) {
	sum := crc32.NewIEEE()
	in, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		r.complain(statusError, "   skipping: %-22s  unsupported compression method %d\n", f.Name, f.Method)
		return false, nil
	}
	if err == nil {
		defer in.Close()
		out := &writer{ctx: r.ctx, w: io.MultiWriter(w, sum)}
		_, err = io.Copy(out, in)
		if out.err != nil {
			return false, out.err
		}
	}
	if err == nil {
		return true, nil
	}
	name := ""
	if r.quiet > 0 || r.mode == pipe {
		name = fmt.Sprintf("%-22s ", f.Name)
	}
	switch {
	case errors.Is(err, zip.ErrChecksum):
		r.complain(statusError, "%s bad CRC %08x  (should be %08x)\n", name, sum.Sum32(), f.CRC32)
	default:
		r.complain(statusError, "\n  error:  invalid compressed data to %s\n", strings.TrimSpace(strings.TrimSuffix(verb(f), "ing")+"e"))
	}
	return false, nil
}

// complain reports what is wrong with an entry, which is the result of -t.
func (r *runner) complain(status int, format string, args ...any) {
	r.status = max(r.status, status)
	if r.mode == test {
		fmt.Fprintf(r.out, format, args...)
		return
	}
	r.out.Flush()
	fmt.Fprintf(r.x.Stderr, format, args...)
}

// writer keeps errors of writing apart from those of reading.
type writer struct {
	ctx context.Context
	w   io.Writer
	err error
}

// Write writes, unless the run is over.
func (w *writer) Write(p []byte) (int, error) {
	if w.err = w.ctx.Err(); w.err != nil {
		return 0, w.err
	}
	n, err := w.w.Write(p)
	w.err = err
	return n, err
}
