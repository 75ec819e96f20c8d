package hosttest

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"

	"agentsandbox/hosts/api/apitest"
	"agentsandbox/toolbox/tooltest"
)

// HTTP is the host behind the HTTP API.
type HTTP struct {
	Client apitest.Client
	Env    map[string]string // more of it
}

// Open implements Host.
func (h HTTP) Open(ctx context.Context, files []tooltest.File) (Sandbox, error) {
	at, err := h.Client.Create(ctx, apitest.Object{"env": withEnv(h.Env)})
	if err != nil {
		return nil, err
	}
	r := remote{h.Client, at}
	return r, r.lay(ctx, files)
}

// lay makes the files, and sets their times when all of them are there.
func (r remote) lay(ctx context.Context, files []tooltest.File) error {
	touch := []string{"touch", "-d", fmt.Sprint("@", tooltest.MTime), "--"}
	for _, f := range files {
		var err error
		switch {
		case f.Link != "":
			err = r.must(ctx, "bash", "-c", `mkdir -p -- "$1" && ln -s -- "$2" "$3"`, "ln", path.Dir(f.Name), f.Link, f.Name)
		case f.Dir:
			err = r.must(ctx, "mkdir", "-p", "--", f.Name)
		default:
			err = r.client.Put(ctx, r.at, f.Name, f.Data)
		}
		if err != nil {
			return err
		}
		if f.Link == "" {
			touch = append(touch, f.Name)
		}
	}
	if len(touch) == 4 {
		return nil
	}
	return r.must(ctx, touch...)
}

// remote is a sandbox behind the API.
type remote struct {
	client apitest.Client
	at     string
}

// Run implements Sandbox.
func (r remote) Run(ctx context.Context, script string) (tooltest.Output, error) {
	return r.run(ctx, "bash", "-c", script)
}

func (r remote) run(ctx context.Context, argv ...string) (tooltest.Output, error) {
	result, err := r.client.Exec(ctx, r.at, apitest.Object{"command": argv})
	if err != nil {
		return tooltest.Output{}, err
	}
	out := tooltest.Output{Status: result.ExitCode}
	if out.Stdout, err = output(result.Stdout, result.StdoutBase64); err != nil {
		return out, err
	}
	out.Stderr, err = output(result.Stderr, result.StderrBase64)
	return out, err
}

func output(text, encoded string) ([]byte, error) {
	if encoded == "" {
		return []byte(text), nil
	}
	return base64.StdEncoding.DecodeString(encoded)
}

func (r remote) must(ctx context.Context, argv ...string) error {
	out, err := r.run(ctx, argv...)
	if err == nil && out.Status != 0 {
		err = fmt.Errorf("%v: %s", argv, out.Stderr)
	}
	return err
}

// Close implements Sandbox.
func (r remote) Close(ctx context.Context) error {
	return r.client.Call(ctx, http.MethodDelete, r.at, nil, nil)
}
