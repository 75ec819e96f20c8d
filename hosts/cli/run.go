package main

import (
	"context"
	"errors"
	"os"
	"time"

	"agentsandbox/core"
)

// runFile runs a WASI command module of the host's in the sandbox.
func (a *app) runFile(ctx context.Context, args []string) int {
	f, o := a.newFlags("run")
	if status, done := a.parse(f, args); done {
		return status
	}
	if f.NArg() == 0 {
		return a.fail(errors.New("run: no program: agent-sandbox run [flags] FILE.wasm ARGS..."))
	}
	wasm, err := os.ReadFile(f.Arg(0))
	if err != nil {
		return a.fail(err)
	}
	return a.withSandbox(ctx, o, func(rt *core.Runtime, sb *core.Sandbox) (*core.Result, error) {
		program, err := load(ctx, rt, wasm, o.timeout)
		if err != nil {
			return nil, err
		}
		defer program.Close()
		cmd := core.Cmd{Name: f.Arg(0), Args: f.Args()[1:]}
		a.streams(&cmd, o)
		return sb.RunProgram(ctx, program, cmd)
	})
}

// load compiles a program, for no longer than a command may run.
func load(ctx context.Context, rt *core.Runtime, wasm []byte, timeout time.Duration) (*core.Program, error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	return rt.Load(ctx, wasm)
}
