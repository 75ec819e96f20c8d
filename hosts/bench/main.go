// Command bench compares the sandbox with real bash and GNU tools, and with
// npm's just-bash, on the same work in the same run, and prints a table.
//
//	make bench
//
// Times are medians, of runs that take turns. Real bash is a process for each command, which is what it is to
// be compared with: an agent's tool call. The figures are of one machine and one moment;
// the ratios in a row are what to read.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"agentsandbox/core"
)

func main() {
	readme := flag.String("readme", "", "`file` in which to replace the table between the bench marks")
	cli := flag.String("cli", "bin/agent-sandbox", "the command line `program`")
	node := flag.String("justbash", "hosts/bench/justbash.mjs", "`script` that runs just-bash; empty leaves it out")
	free := flag.String("free", "", "`folder` of an image that counts no fuel; empty leaves the comparison with it out")
	flag.Parse()
	b, err := newBench(context.Background(), *cli, *node)
	if err == nil {
		b.free = *free
		err = b.run(*readme)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// cacheDir keeps compiled code for the next run.
const cacheDir = "build/cache"

// bench is one run of the program.
type bench struct {
	ctx      context.Context
	cli      string
	rt       *core.Runtime
	free     string // folder of an image that counts no fuel, or ""
	dir      string // on disk, with text and tree
	justBash *justBash
	rows     []row
}

// row is a line of the table; a time of 0 was not measured.
type row struct {
	name                 string
	ours, bash, justBash time.Duration
	note                 string
}

func newBench(ctx context.Context, cli, node string) (*bench, error) {
	rt, err := core.NewRuntime(ctx, core.RuntimeConfig{CacheDir: cacheDir})
	if err != nil {
		return nil, err
	}
	if err := rt.Warm(ctx); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	cli, err = filepath.Abs(cli)
	if err != nil {
		return nil, err
	}
	b := &bench{ctx: ctx, cli: cli, rt: rt, dir: dir}
	if node != "" {
		if b.justBash, err = startJustBash(node); err != nil {
			fmt.Fprintln(os.Stderr, "bench: without just-bash:", err)
		}
	}
	return b, nil
}

func (b *bench) run(readme string) error {
	defer os.RemoveAll(b.dir)
	if err := writeFixtures(b.dir); err != nil {
		return err
	}
	for _, step := range []func() error{b.starts, b.scripts, b.fuel, b.many} {
		if err := step(); err != nil {
			return err
		}
	}
	table := b.table()
	fmt.Print(table)
	if readme == "" {
		return nil
	}
	return replaceTable(readme, table)
}

// table is the result as Markdown, with a note of the machine.
func (b *bench) table() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %d cores, %s/%s, %s, engine %s\n\n", time.Now().UTC().Format("2006-01-02"),
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), b.rt.Engine())
	out.WriteString("| work | agent-sandbox | bash + GNU | ratio | just-bash | ratio |\n|---|---|---|---|---|---|\n")
	for _, r := range b.rows {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", r.name, r.cell(),
			show(r.bash), ratio(r.ours, r.bash), show(r.justBash), ratio(r.ours, r.justBash))
	}
	return out.String()
}

func (r row) cell() string {
	if r.note != "" {
		return r.note
	}
	return show(r.ours)
}

// show prints a time in milliseconds with three digits or so.
func show(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case d == 0:
		return ""
	case ms < 10:
		return fmt.Sprintf("%.3f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// ratio is their time by ours: above 1, ours is faster.
func ratio(ours, theirs time.Duration) string {
	if ours == 0 || theirs == 0 {
		return ""
	}
	return fmt.Sprintf("%.2g×", float64(theirs)/float64(ours))
}

const (
	tableBegin = "<!-- bench: begin -->\n"
	tableEnd   = "<!-- bench: end -->"
)

func replaceTable(name, table string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no bench marks", name)
	}
	return os.WriteFile(name, []byte(before+tableBegin+table+tableEnd+after), 0o644)
}

// bash runs a script with the machine's own bash, as a process.
func (b *bench) bash(script, dir string) error {
	cmd := exec.CommandContext(b.ctx, "bash", "-c", script)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"}
	return cmd.Run()
}
