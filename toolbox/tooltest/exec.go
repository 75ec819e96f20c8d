package tooltest

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// Exec is a run of a command for a test: a file system in memory, a clock that
// stands at MTime, and what the run printed.
type Exec struct {
	*tool.Exec
	Out, Err bytes.Buffer
}

// NewExec returns a run of the named command in /, with files laid there. A
// name that ends in "/" is a directory, "NAME -> TARGET" a link, and
// "NAME=DATA" a file that holds data.
func NewExec(t *testing.T, name string, files ...string) *Exec {
	t.Helper()
	fsys := memfs.New(memfs.Config{Now: func() int64 { return MTime * 1e9 }})
	for _, f := range files {
		if err := lay(fsys, f); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
	}
	return NewExecOn(fsys, name)
}

// NewExecOn is NewExec on a given file system.
func NewExecOn(fsys vfs.FS, name string) *Exec {
	e := &Exec{}
	e.Exec = &tool.Exec{
		Name: name, Dir: "/", Env: []string{"PATH=/bin", "TERM=xterm"},
		Stdin: strings.NewReader(""), Stdout: &e.Out, Stderr: &e.Err,
		FS: tool.SpaceFS(fsys), Umask: 0o022,
		Now:   func() time.Time { return time.Unix(MTime, 0).UTC() },
		Rand:  strings.NewReader(strings.Repeat("some random bytes ", 100)),
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	return e
}

// Run runs the command with arguments, and returns its exit status. Out and
// Err hold what this run printed.
func (e *Exec) Run(run func(context.Context, *tool.Exec) error, args ...string) int {
	return e.RunContext(context.Background(), run, args...)
}

// RunContext is Run under a context.
func (e *Exec) RunContext(ctx context.Context, run func(context.Context, *tool.Exec) error, args ...string) int {
	e.Out.Reset()
	e.Err.Reset()
	e.Args = args
	return tool.Main(ctx, tool.Command{Name: e.Name, Run: run}, e.Exec)
}

// lay puts one file into a file system, the directories above it too.
func lay(fsys vfs.FS, file string) error {
	name, data, _ := strings.Cut(file, "=")
	name, target, link := strings.Cut(name, " -> ")
	for i := range name {
		if name[i] == '/' {
			if err := fsys.Mkdir(name[:i], 0o755); err != nil && vfs.ToErrno(err) != vfs.EEXIST {
				return err
			}
		}
	}
	switch {
	case link:
		return fsys.Symlink(target, name)
	case strings.HasSuffix(name, "/"):
		return nil
	}
	f, err := fsys.Open(name, vfs.Write|vfs.Create|vfs.Truncate, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteAt([]byte(data), 0)
	return err
}
