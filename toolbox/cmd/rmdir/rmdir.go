/*
Package rmdir removes empty directories.

	rmdir [-pv] DIRECTORY...

	-p, --parents    remove the directories above too: a/b/c, a/b, a
	-v, --verbose    say what is removed
	--ignore-fail-on-non-empty
*/
package rmdir

import (
	"context"
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	r := remover{x: x}
	flags.BoolVar(&r.parents, true, 'p', "parents")
	flags.BoolVar(&r.verbose, true, 'v', "verbose")
	flags.BoolVar(&r.lenient, true, 0, "ignore-fail-on-non-empty")
	dirs, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		return flags.Errorf("missing operand")
	}
	for _, dir := range dirs {
		if err := r.remove(dir); err != nil {
			return err
		}
	}
	return tool.Exit(r.status)
}

type remover struct {
	x                         *tool.Exec
	parents, verbose, lenient bool
	status                    int
}

// remove removes one directory, and with -p those above it. The error is one
// of writing what was done; others are reported.
func (r *remover) remove(dir string) error {
	what := ""
	for {
		if r.verbose {
			if _, err := fmt.Fprintf(r.x.Stdout, "%s: removing directory, %s\n", r.x.Name, tool.Quote(dir)); err != nil {
				return err
			}
		}
		if err := r.x.FS.Rmdir(r.x.Abs(dir)); err != nil {
			r.failed(what, dir, vfs.ToErrno(err))
			return nil
		}
		dir = strings.TrimRight(dir, "/")
		at := strings.LastIndexByte(dir, '/')
		if !r.parents || at < 0 {
			return nil
		}
		if dir = strings.TrimRight(dir[:at], "/"); dir == "" {
			return nil
		}
		what = "directory "
	}
}

func (r *remover) failed(what, dir string, err vfs.Errno) {
	if r.lenient && (err == vfs.ENOTEMPTY || err == vfs.EEXIST) {
		return
	}
	text := err.Error()
	if err == vfs.ENOTDIR && strings.HasSuffix(dir, "/") && r.isLink(dir) {
		text = "Symbolic link not followed"
	}
	r.x.Errorf("failed to remove %s%s: %s", what, tool.Quote(dir), text)
	r.status = 1
}

// isLink reports whether dir, less its slashes, is a link to a directory.
func (r *remover) isLink(dir string) bool {
	link, err := r.x.Lstat(strings.TrimRight(dir, "/"))
	if err != nil || link.IsDir() {
		return false
	}
	info, err := r.x.Stat(dir)
	return err == nil && info.IsDir()
}
