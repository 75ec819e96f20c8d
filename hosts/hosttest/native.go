package hosttest

import (
	"context"
	"io/fs"
	"path"

	"agentsandbox/core"
	"agentsandbox/core/fetch"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// Native is the host that embeds package core, as the command line does.
type Native struct {
	Runtime *core.Runtime
	Policy  *fetch.Policy     // nil keeps the network off
	Env     map[string]string // more of it
}

// Open implements Host.
func (n Native) Open(_ context.Context, files []tooltest.File) (Sandbox, error) {
	work, err := lay(files)
	if err != nil {
		return nil, err
	}
	sb, err := n.Runtime.New(core.Config{FS: work, Env: withEnv(n.Env), FetchPolicy: n.Policy})
	return native{sb}, err
}

type native struct{ sb *core.Sandbox }

// Run implements Sandbox.
func (n native) Run(ctx context.Context, script string) (tooltest.Output, error) {
	r, err := n.sb.Shell(ctx, script)
	if err != nil {
		return tooltest.Output{}, err
	}
	return tooltest.Output{Stdout: r.Stdout, Stderr: r.Stderr, Status: r.ExitCode}, nil
}

// Close implements Sandbox.
func (n native) Close(context.Context) error { return n.sb.Destroy() }

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
