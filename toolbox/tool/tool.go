// Package tool is the contract between the shell, the dispatcher and the
// commands of the toolbox.
//
// A command is data in, data out: one call of its [Command].Run with an [Exec]
// that holds everything the run may see or touch. Several run at once in one
// program (the stages of a pipeline), so a command keeps no package variables,
// never looks at the process (os.Args, os.Stdin, …), and looks at its context
// in every loop over input.
package tool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"

	"agentsandbox/toolbox/manual"
	"agentsandbox/vfs"
)

// Command is one entry of the toolbox.
type Command struct {
	Name string
	// Run runs the command once. A nil error is exit status 0; an error made
	// by Exit gives its own; any other is printed as "NAME: error" with exit
	// status 1. Run has written everything when it returns.
	Run func(ctx context.Context, x *Exec) error
}

// Exec is one run of a command: all that it may see or touch.
type Exec struct {
	Name string   // how it was called, for messages: the last piece of argv[0]
	Arg0 string   // for Spawn: what argv[0] is to be, if not the name of the file
	Args []string // argv without argv[0]
	Env  []string // "KEY=value", later entries win
	Dir  string   // working directory, absolute and clean

	Stdin          io.Reader
	Stdout, Stderr io.Writer

	// FS is the file system; names given to it are absolute or relative to
	// the root. Use the methods of Exec, which know Dir.
	FS FS
	// Open hook of the shell for the files that are descriptors of this run
	// (/dev/stdin, /dev/fd/N, process substitution). Nil: none but stdio.
	OpenDev func(name string, flag vfs.Flag) (*File, bool, error)

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	Rand  io.Reader
	// Umask is taken off the permissions of what is made.
	Umask fs.FileMode

	// Spawn runs another command (for xargs, find -exec, env, timeout, …): argv[0] is looked up
	// as the shell does, in PATH. The Exec given supplies stdio, env and dir.
	// It returns the exit status; 127 and 126 when it cannot be run, in which
	// case err says why in the words of execvp ("No such file or directory").
	Spawn func(ctx context.Context, x *Exec, argv []string) (status int, err error)
	// Fetch begins an HTTP request and returns the stream of its answer, both in
	// the form of the host's functions (see sandboxabi.Open). Nil where networking
	// is disabled.
	Fetch func(ctx context.Context, req []byte) (io.ReadCloser, error)
	// Terminal reports whether descriptor fd (0, 1, 2) is a terminal.
	Terminal func(fd int) bool
	// Budget bounds what one run may hold and do, where fuel does not.
	Budget Budget
}

// Budget holds the bounds that a command keeps by itself.
type Budget struct {
	Record int // bytes of one line or record; 0 means DefaultRecord
}

// DefaultRecord is the longest line or record a command reads: 10 MiB.
const DefaultRecord = 10 << 20

// FS is the file system as a command sees it: absolute paths, links followed
// as POSIX says. A vfs.Space bound by SpaceFS and the guest's own WASI file
// system satisfy it. Errors have a vfs.Errno in their chain.
type FS interface {
	Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error)
	Stat(name string) (vfs.Info, error)
	Lstat(name string) (vfs.Info, error)
	Mkdir(name string, perm fs.FileMode) error
	Unlink(name string) error
	Rmdir(name string) error
	Rename(oldname, newname string) error
	// Link follows a final link of oldname only if asked.
	Link(oldname, newname string, follow bool) error
	Symlink(target, newname string) error
	Readlink(name string) (string, error)
	Chmod(name string, perm fs.FileMode) error
	Chtimes(name string, follow bool, atime, mtime int64) error
}

// ExitError ends a command with a status; what was to say has been said.
type ExitError int

// Error returns the status in words.
func (e ExitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Exit makes the error that ends a command with the given status; nil for 0.
func Exit(status int) error {
	if status == 0 {
		return nil
	}
	return ExitError(status)
}

// Status is the exit status that an error of Run stands for.
func Status(err error) int {
	var exit ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return int(exit)
	}
	return 1
}

// Main runs the command with x, prints what error is left to print, and
// returns the exit status. EPIPE is the silent 141 of a SIGPIPE, and the end of
// the context the silent 143 of a SIGTERM.
func Main(ctx context.Context, c Command, x *Exec) int {
	err := c.Run(ctx, x)
	var asked Asked
	if errors.As(err, &asked) {
		err = x.tell(c.Name, asked)
	}
	var exit ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return int(exit)
	case vfs.ToErrno(err) == vfs.EPIPE:
		return 141
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return 143
	}
	x.Warn(err)
	return 1
}

// tell prints the manual page of a command, or its version.
func (x *Exec) tell(name string, asked Asked) error {
	text := release(name)
	if asked == "help" {
		text, _ = manual.Page(name)
	}
	_, err := io.WriteString(x.Stdout, text)
	return err
}

// Warn prints "NAME: error" to standard error, with the bare POSIX text of a
// file error and its path: "cat: x: No such file or directory".
func (x *Exec) Warn(err error) { x.Errorf("%s", Text(err)) }

// Errorf prints "NAME: " and the formatted message as one line to standard error.
func (x *Exec) Errorf(format string, args ...any) {
	fmt.Fprintf(x.Stderr, x.Name+": "+format+"\n", args...)
}

// Fail prints as Errorf does and returns the error that exits with status.
func (x *Exec) Fail(status int, format string, args ...any) error {
	x.Errorf(format, args...)
	return Exit(status)
}

// Text is an error as GNU tools print it: "path: Text of the errno".
func Text(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Path + ": " + ErrText(err)
	}
	return ErrText(err)
}

// ErrText is the text of an error without a path: strerror for an errno.
func ErrText(err error) string {
	var e vfs.Errno
	if errors.As(err, &e) {
		return e.Error()
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// Abs makes name absolute against Dir. It cleans nothing: "a/../b" may pass
// through a link.
func (x *Exec) Abs(name string) string {
	if name == "" || path.IsAbs(name) {
		return name
	}
	if x.Dir == "/" {
		return "/" + name
	}
	return x.Dir + "/" + name
}

// Getenv returns the value of an environment variable, "" if unset.
func (x *Exec) Getenv(key string) string {
	v, _ := x.LookupEnv(key)
	return v
}

// LookupEnv returns the value of an environment variable and whether it is set.
func (x *Exec) LookupEnv(key string) (string, bool) {
	for i := len(x.Env) - 1; i >= 0; i-- {
		if e := x.Env[i]; len(e) > len(key) && e[len(key)] == '=' && e[:len(key)] == key {
			return e[len(key)+1:], true
		}
	}
	return "", false
}

// IsTerminal reports whether descriptor fd is a terminal.
func (x *Exec) IsTerminal(fd int) bool { return x.Terminal != nil && x.Terminal(fd) }
