package main

import (
	"fmt"
	"os/exec"

	"agentsandbox/core"
)

// starts measures what it costs to begin.
func (b *bench) starts() error {
	sb, err := b.rt.New(core.Config{})
	if err != nil {
		return err
	}
	defer sb.Destroy()
	session := sb.Session()
	defer session.Close()
	echo := func() error { return b.bash("echo hi", b.dir) }
	for _, m := range []struct {
		row
		ours, bash func() error
	}{
		{row{name: "new sandbox, memory"}, func() error { return b.fresh(nil) }, nil},
		{row{name: "new sandbox and its first `echo hi`", justBash: b.justBash.fresh()}, func() error { return b.fresh(b.echo) }, echo},
		{row{name: "`echo hi`, warm, a fresh instance each", justBash: b.justBash.median("echo hi", "")}, func() error { return b.echo(sb) }, echo},
		{row{name: "`echo hi` in a session"}, func() error { return check(session.Exec(b.ctx, "echo hi")) }, nil},
		{row{name: "the command line, `exec -- echo hi`"}, b.process, echo},
	} {
		if m.row.ours, err = median(m.ours); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		if m.bash != nil {
			if m.row.bash, err = median(m.bash); err != nil {
				return err
			}
		}
		b.rows = append(b.rows, m.row)
	}
	return nil
}

func check(r *core.Result, err error) error {
	if err == nil && r.ExitCode != 0 {
		err = fmt.Errorf("exit %d: %s", r.ExitCode, r.Stderr)
	}
	return err
}

func (b *bench) echo(sb *core.Sandbox) error { return check(sb.Exec(b.ctx, "echo", "hi")) }

// fresh makes a sandbox, uses it, and destroys it.
func (b *bench) fresh(use func(*core.Sandbox) error) error {
	sb, err := b.rt.New(core.Config{})
	if err != nil {
		return err
	}
	defer sb.Destroy()
	if use == nil {
		return nil
	}
	return use(sb)
}

// process is the program from its start, with its cache on disk filled.
func (b *bench) process() error {
	return exec.CommandContext(b.ctx, b.cli, "exec", "--", "echo", "hi").Run()
}
