/*
Package tar keeps files in an archive, and takes them out of it.

	tar {-c|-r|-u} [-f ARCHIVE] [OPTION]... FILE...
	tar {-x|-t|-d} [-f ARCHIVE] [OPTION]... [MEMBER]...
	tar -A -f ARCHIVE ARCHIVE...
	tar --delete -f ARCHIVE MEMBER...

Without -f, or for -f -, the archive is standard input or output. The letters
may stand in one first word without a dash: tar czf a.tgz dir.

	-c, --create  -x, --extract, --get  -t, --list  -r, --append
	-u, --update  -d, --diff, --compare  -A, --catenate  --delete

	-f, --file=ARCHIVE        the archive
	-C, --directory=DIR       for what follows, work in DIR
	-z, --gzip  -j, --bzip2  -J, --xz  --zstd
	                          how it is compressed; found out when reading
	-a, --auto-compress       compressed as the suffix of ARCHIVE says
	-I, --use-compress-program=COMMAND
	-v, --verbose             list what is treated; twice: in the form of -tv
	-O, --to-stdout  --to-command=COMMAND
	                          extract to standard output, or a command
	-T, --files-from=FILE  --null  --add-file=FILE
	-X, --exclude-from=FILE  --exclude=PATTERN  --exclude-vcs
	--exclude-backups  --anchored  --no-anchored  --ignore-case
	--wildcards  --no-wildcards  --wildcards-match-slash
	--no-wildcards-match-slash
	--strip-components=N  --transform, --xform=s/RE/TEXT/FLAGS
	--one-top-level[=DIR]  -P, --absolute-names
	-k, --keep-old-files  --skip-old-files  --overwrite  --keep-newer-files
	-U, --unlink-first  --recursive-unlink  --keep-directory-symlink
	-m, --touch  -p, --preserve-permissions  --no-same-permissions
	-o, --no-same-owner  --same-owner
	-h, --dereference  --hard-dereference  --no-recursion  --one-file-system
	-N, --newer, --newer-mtime=DATE
	--owner=NAME[:ID]  --group=NAME[:ID]  --mode=CHANGES  --mtime=DATE
	--numeric-owner  --sort=none|name  --remove-files
	-H, --format=gnu|oldgnu|pax|posix|ustar|v7
	--full-time  --utc  --totals  --show-transformed-names  -i, --ignore-zeros
	-b, --blocking-factor=N  --record-size=N  -B  -S  -W, --verify  -w
	--warning=WORD  --checkpoint, --no-acls, --no-selinux, --no-xattrs, …
	                          taken; most have no effect here

Names are kept below the directory: a leading / and what ends in .. is taken
off, and links that lead elsewhere are made when all files are there. Not
there: incremental archives (-g) and those of several volumes (-M).
*/
package tar

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	t := &runner{ctx: ctx, x: x, zone: zone.Load(x.Getenv("TZ")), removed: map[string]bool{}}
	if err := t.parse(); err != nil {
		return err
	}
	t.out = bufio.NewWriter(t.listing())
	err := t.run()
	if ferr := t.out.Flush(); err == nil {
		err = ferr
	}
	var fatal fatalError
	if errors.As(err, &fatal) {
		if fatal.text != "" {
			t.x.Errorf("%s", fatal.text)
		}
		t.x.Errorf("Error is not recoverable: exiting now")
		return tool.Exit(statusFatal)
	}
	if err != nil {
		return err
	}
	if t.status == statusFatal {
		t.x.Errorf("Exiting with failure status due to previous errors")
	}
	return tool.Exit(t.status)
}

// Exit statuses.
const (
	statusDiffers = 1
	statusFatal   = 2
)

// runner is one run.
type runner struct {
	options

	ctx    context.Context
	x      *tool.Exec
	zone   *time.Location
	out    *bufio.Writer // of what is listed
	status int

	removed map[string]bool // prefixes taken off names, told once
	width   int             // of owner and size in a long listing
}

// listing is where names are listed: not where an archive or a file goes.
func (t *runner) listing() io.Writer {
	if t.toStdout || t.writes() && t.archive == "-" {
		return t.x.Stderr
	}
	return t.x.Stdout
}

func (t *runner) writes() bool { return t.mode == create }

func (t *runner) run() error {
	switch t.mode {
	case create:
		return t.create()
	case extract:
		return t.extract()
	case list:
		return t.list()
	case appendFiles, update, concatenate:
		return t.append()
	case remove:
		return t.delete()
	}
	return t.compare()
}

// fatalError ends the run.
type fatalError struct{ text string }

func (e fatalError) Error() string { return e.text }

func fatalf(format string, args ...any) error { return fatalError{fmt.Sprintf(format, args...)} }

// fail reports what went wrong with one file.
func (t *runner) fail(format string, args ...any) {
	t.out.Flush()
	t.x.Errorf(format, args...)
	t.status = statusFatal
}

// warn reports what does not change the exit status.
func (t *runner) warn(format string, args ...any) {
	t.out.Flush()
	t.x.Errorf(format, args...)
}

// quote shows a name as tar does: what does not print with a backslash.
func quote(name string) string {
	q := tool.QuoteText(name)
	return q[1 : len(q)-1]
}

// quoteColon shows a name in front of a colon.
func quoteColon(name string) string {
	q := tool.QuoteName(name, tool.QuoteLocale, ":")
	return q[1 : len(q)-1]
}

// permissions are the permission bits that a header's mode stands for.
func permissions(mode int64) fs.FileMode { return fs.FileMode(mode) & 0o777 }
