package cmd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"testing"
	"time"

	"agentsandbox/toolbox/cmd"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
	"agentsandbox/vfs/devfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/mountfs"
)

// TestTranscripts runs the transcripts natively, over a file system in memory.
func TestTranscripts(t *testing.T) {
	tooltest.Run(t, "../testdata/*.txtar", openNative)
}

// TestTableSorted shows that Lookup can search the table.
func TestTableSorted(t *testing.T) {
	sorted := sort.SliceIsSorted(cmd.Table, func(i, j int) bool { return cmd.Table[i].Name < cmd.Table[j].Name })
	if !sorted {
		t.Error("the table of commands is not sorted")
	}
}

// native is a sandbox in this process.
type native struct{ fs tool.FS }

// caseTime bounds one case.
const caseTime = 20 * time.Second

func openNative(t *testing.T, files []tooltest.File) tooltest.Host {
	t.Helper()
	mem := memfs.New(memfs.Config{})
	for _, dir := range []string{"usr", "usr/bin", "usr/local", "usr/local/bin", "tmp", "home", "home/sandbox", "etc", "dev", "work"} {
		must(t, mem.Mkdir(dir, 0o755))
	}
	must(t, mem.Chmod("tmp", 0o777))
	must(t, mem.Symlink("usr/bin", "bin"))
	for _, c := range cmd.Table {
		layFile(t, mem, "usr/bin/"+c.Name, []byte(fmt.Sprintf(cmd.Placeholder, c.Name)), 0o755)
	}
	for _, f := range files {
		lay(t, mem, f)
	}
	tree := mountfs.New(mem)
	dev, err := devfs.New(devfs.Config{Random: rand.Reader, Dev: 5})
	must(t, err)
	must(t, tree.Mount("dev", dev))
	return native{tool.SpaceFS(tree)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lay puts a file of a transcript below /work, its directories with it.
func lay(t *testing.T, mem *memfs.FS, f tooltest.File) {
	t.Helper()
	name := path.Join("work", f.Name)
	for i := len("work/"); i < len(name); i++ {
		if name[i] == '/' {
			if err := mem.Mkdir(name[:i], 0o755); err != nil && vfs.ToErrno(err) != vfs.EEXIST {
				t.Fatal(err)
			}
		}
	}
	switch {
	case f.Link != "":
		must(t, mem.Symlink(f.Link, name))
		return
	case f.Dir:
		if err := mem.Mkdir(name, 0o755); err != nil && vfs.ToErrno(err) != vfs.EEXIST {
			t.Fatal(err)
		}
	default:
		layFile(t, mem, name, f.Data, 0o644)
	}
	at := int64(tooltest.MTime) * int64(time.Second)
	must(t, mem.Chtimes(name, at, at))
}

func layFile(t *testing.T, mem *memfs.FS, name string, data []byte, perm fs.FileMode) {
	t.Helper()
	file, err := mem.Open(name, vfs.Write|vfs.Create|vfs.Truncate, perm)
	must(t, err)
	if len(data) > 0 {
		_, err = file.WriteAt(data, 0)
		must(t, err)
	}
	must(t, file.Close())
}

// Run runs bash -c script in /work.
func (n native) Run(script string) (tooltest.Output, error) {
	ctx, cancel := context.WithTimeout(context.Background(), caseTime)
	defer cancel()
	var stdout, stderr bytes.Buffer
	x := &tool.Exec{
		Env: tooltest.Environ(), Dir: "/work", FS: n.fs, Umask: 0o022,
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Now: time.Now, Rand: rand.Reader, Spawn: cmd.Spawn, Sleep: sleep,
	}
	status := cmd.Run(ctx, x, []string{"bash", "-c", script})
	if ctx.Err() != nil {
		return tooltest.Output{}, ctx.Err()
	}
	return tooltest.Output{Stdout: stdout.Bytes(), Stderr: stderr.Bytes(), Status: status}, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
