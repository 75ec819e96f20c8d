package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"agentsandbox/core"
)

func (a *app) exec(ctx context.Context, args []string) int {
	f, o := a.newFlags("exec")
	if status, done := a.parse(f, args); done {
		return status
	}
	if f.NArg() == 0 {
		return a.fail(errors.New("exec: no command: agent-sandbox exec [flags] -- CMD ARGS..."))
	}
	return a.command(ctx, o, core.Cmd{Name: f.Arg(0), Args: f.Args()[1:]})
}

func (a *app) js(ctx context.Context, args []string) int {
	f, o := a.newFlags("js")
	code := f.String("e", "", "`code` to run")
	if status, done := a.parse(f, args); done {
		return status
	}
	return a.command(ctx, o, core.Cmd{Name: "node", Args: append([]string{"-e", *code}, f.Args()...)})
}

func (a *app) sh(ctx context.Context, args []string) int {
	f, o := a.newFlags("sh")
	script := f.String("c", "", "`script` to run")
	if status, done := a.parse(f, args); done {
		return status
	}
	cmd := core.Cmd{Name: "bash", Args: f.Args()}
	switch {
	case isSet(f, "c"):
		cmd.Args = append([]string{"-c", *script}, f.Args()...)
	case f.NArg() == 0 && a.terminal(0) && !o.json:
		return a.interactive(ctx, o)
	case f.NArg() > 0:
		if err := a.scriptFile(&cmd, f.Args()); err != nil {
			return a.fail(err)
		}
	}
	return a.command(ctx, o, cmd)
}

// scriptFile hands the shell a script of the host's by its text; a path that
// is not there may be one inside the sandbox.
func (a *app) scriptFile(cmd *core.Cmd, args []string) error {
	text, err := os.ReadFile(args[0])
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	cmd.Args = append([]string{"-c", string(text)}, args...)
	return nil
}

// command runs cmd in a sandbox made from the flags, and shows what they ask.
func (a *app) command(ctx context.Context, o *options, cmd core.Cmd) int {
	return a.withSandbox(ctx, o, func(_ *core.Runtime, sb *core.Sandbox) (*core.Result, error) {
		a.streams(&cmd, o)
		return sb.Run(ctx, cmd)
	})
}

// streams connects the command to our own.
func (a *app) streams(cmd *core.Cmd, o *options) {
	cmd.Stdin, cmd.Terminal = a.stdin, a.terminal
	if !o.json {
		cmd.Stdout, cmd.Stderr = a.stdout, a.stderr
	}
}

// withSandbox makes runtime and sandbox, runs what is to run, and reports.
func (a *app) withSandbox(ctx context.Context, o *options, run func(*core.Runtime, *core.Sandbox) (*core.Result, error)) int {
	debug.SetGCPercent(400) // a process of milliseconds should not collect what it will drop
	config, err := o.config()
	if err != nil {
		return a.fail(err)
	}
	rt, err := a.runtime(ctx, o.engine)
	if err != nil {
		return a.fail(err)
	}
	defer rt.Close()
	sb, err := rt.New(config)
	if err != nil {
		return a.fail(err)
	}
	defer sb.Destroy()
	result, err := run(rt, sb)
	if err != nil {
		return a.fail(err)
	}
	return a.finish(o, sb, result)
}

func (a *app) runtime(ctx context.Context, engine string) (*core.Runtime, error) {
	c := core.RuntimeConfig{Engine: engine, CacheDir: a.cacheDir}
	if a.terminal(2) {
		c.OnCompile = func() { fmt.Fprintln(a.stderr, "agent-sandbox: compiling the toolbox, once for this version ...") }
	}
	rt, err := core.NewRuntime(ctx, c)
	if err != nil && c.CacheDir != "" {
		fmt.Fprintf(a.stderr, "%s: warning: no compile cache: %v\n", a.name, err)
		c.CacheDir = ""
		rt, err = core.NewRuntime(ctx, c)
	}
	return rt, err
}

// finish lands and shows what changed, says which limit was hit, and returns
// the status.
func (a *app) finish(o *options, sb *core.Sandbox, r *core.Result) int {
	status := r.ExitCode
	if o.json {
		if err := a.printJSON(sb, r); err != nil {
			return a.fail(err)
		}
	} else if err := a.report(o, sb, r); err != nil {
		return a.fail(err)
	}
	if o.apply && status == 0 {
		if err := sb.Commit(); err != nil {
			return a.fail(err)
		}
	}
	return status
}

// report prints, after a command's own output, what the flags ask for.
func (a *app) report(o *options, sb *core.Sandbox, r *core.Result) error {
	switch {
	case r.Limit != nil:
		fmt.Fprintf(a.stderr, "%s: %v\n", a.name, r.Limit)
	case r.Trap != "":
		fmt.Fprintf(a.stderr, "%s: the program crashed: %s\n", a.name, r.Trap)
	}
	if o.diff {
		if err := printChanges(a.stdout, sb); err != nil {
			return err
		}
	}
	if o.patch {
		return printPatch(a.stdout, sb)
	}
	return nil
}

func printChanges(w io.Writer, sb *core.Sandbox) error {
	changes, err := sb.Diff()
	if err != nil {
		return err
	}
	for _, c := range changes {
		name := c.Path
		if c.Dir {
			name += "/"
		}
		fmt.Fprintf(w, "%-8s %s\n", c.Kind, name)
	}
	return nil
}

func (a *app) tools(ctx context.Context, _ []string) int {
	rt, err := a.runtime(ctx, "")
	if err != nil {
		return a.fail(err)
	}
	defer rt.Close()
	tools := rt.Tools()
	if len(tools) == 0 {
		return a.fail(core.ErrNoToolbox)
	}
	for _, name := range tools {
		fmt.Fprintln(a.stdout, name)
	}
	return 0
}

func (a *app) warm(ctx context.Context, _ []string) int {
	rt, err := a.runtime(ctx, "")
	if err != nil {
		return a.fail(err)
	}
	defer rt.Close()
	if err := rt.Warm(ctx); err != nil {
		return a.fail(err)
	}
	return 0
}
