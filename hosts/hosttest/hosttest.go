// Package hosttest runs the transcripts of the toolbox through the hosts: the
// same cases that run natively beside the commands, in WebAssembly.
package hosttest

import (
	"context"
	"io/fs"
	"path"
	"testing"

	"agentsandbox/core"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// Open makes hosts that are sandboxes of a runtime.
func Open(rt *core.Runtime) tooltest.Open {
	return func(t *testing.T, files []tooltest.File) tooltest.Host {
		t.Helper()
		work, err := lay(files)
		if err != nil {
			t.Fatal(err)
		}
		sb, err := rt.New(core.Config{FS: work, Env: map[string]string{"TZ": "UTC", "LC_ALL": "C.UTF-8"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { sb.Destroy() })
		return host{t.Context(), sb}
	}
}

type host struct {
	ctx context.Context
	sb  *core.Sandbox
}

// Run implements tooltest.Host.
func (h host) Run(script string) (tooltest.Output, error) {
	r, err := h.sb.Shell(h.ctx, script)
	if err != nil {
		return tooltest.Output{}, err
	}
	return tooltest.Output{Stdout: r.Stdout, Stderr: r.Stderr, Status: r.ExitCode}, nil
}

// lay makes the work dir of a transcript.
func lay(files []tooltest.File) (vfs.FS, error) {
	work := memfs.New(memfs.Config{})
	space := vfs.Space{FS: work}
	for _, f := range files {
		if err := layFile(space, f); err != nil {
			return nil, err
		}
	}
	return work, nil
}

const nanoseconds = 1_000_000_000

func layFile(space vfs.Space, f tooltest.File) error {
	var err error
	switch {
	case f.Link != "":
		if err = space.MkdirAll(path.Dir(f.Name), 0o755); err == nil {
			err = space.FS.Symlink(f.Link, f.Name)
		}
		return err
	case f.Dir:
		err = space.MkdirAll(f.Name, 0o755)
	default:
		err = space.WriteFile(f.Name, f.Data, fs.FileMode(0o644))
	}
	if err != nil {
		return err
	}
	return space.FS.Chtimes(f.Name, tooltest.MTime*nanoseconds, tooltest.MTime*nanoseconds)
}
