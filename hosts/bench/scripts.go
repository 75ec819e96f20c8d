package main

import (
	"fmt"

	"agentsandbox/core"
)

// task is work that all of the compared run as a script, where text.txt and
// tree lie.
type task struct{ name, script string }

var (
	grepCount = task{"`grep -c` of a regular expression, 5 MB", "grep -c 'user1[0-9] .*ERROR' text.txt"}
	awkLoop   = task{"awk loop, 1e6 turns", "awk 'BEGIN { for (i = 0; i < 1000000; i++) s += i; print s }'"}
)

var tasks = []task{
	{"`sh -c 'for i in 1 2 3; do echo $i; done'`", "for i in 1 2 3; do echo $i; done"},
	{"shell loop, 1,000 turns", "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done"},
	{"shell loop, 10,000 turns", "i=0; while [ $i -lt 10000 ]; do i=$((i+1)); done"},
	{"1,000 command substitutions", "for ((i=0; i<1000; i++)); do x=$(echo $i); done"},
	{"`seq 3000000 \\| head -1`", "seq 3000000 | head -1"},
	grepCount,
	{"`wc`, 5 MB", "wc text.txt"},
	{"`sort`, 5 MB", "sort text.txt | tail -1"},
	{"`sed s///g`, 5 MB", "sed 's/user\\([0-9]*\\)/u\\1/g' text.txt | tail -1"},
	{"`awk` column, `sort \\| uniq -c \\| sort -rn`, 5 MB", "awk '{print $3}' text.txt | sort | uniq -c | sort -rn | head -1"},
	awkLoop,
	{"`find` over 5,000 files", "find tree -name '*.go' | wc -l"},
	{"`grep -r` over 5,000 files", "grep -r TODO tree | wc -l"},
}

// scripts measures the tasks, each in a fresh instance of ours.
func (b *bench) scripts() error {
	sb, err := b.rt.New(core.Config{WorkDir: b.dir})
	if err != nil {
		return err
	}
	defer sb.Destroy()
	for _, t := range tasks {
		if err := b.script(sb, t); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

func (b *bench) script(sb *core.Sandbox, t task) error {
	m, err := medians(func() error { return b.shell(sb, t.script) }, func() error { return b.bash(t.script, b.dir) })
	if err != nil {
		return err
	}
	b.rows = append(b.rows, row{name: t.name, ours: m[0], bash: m[1], justBash: b.justBash.median(t.script, b.dir)})
	return nil
}

// shell runs a script of ours, which must succeed.
func (b *bench) shell(sb *core.Sandbox, script string) error {
	r, err := sb.Shell(b.ctx, script)
	if err == nil && r.ExitCode != 0 {
		err = fmt.Errorf("exit %d: %s %v", r.ExitCode, r.Stderr, r.Limit)
	}
	return err
}
