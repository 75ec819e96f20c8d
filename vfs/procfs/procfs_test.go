package procfs_test

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"agentsandbox/vfs"
	"agentsandbox/vfs/procfs"
)

func proc(t *testing.T, random io.Reader) *procfs.FS {
	t.Helper()
	tree, err := procfs.NewTree(procfs.Kernel{Release: "6.1.0", Version: "#1 SMP", Machine: "wasm32", Hostname: "box"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Unix(1000, 0)
	return tree.For(procfs.Config{
		Memory: 512 << 20, Start: start, Random: random,
		Now: func() time.Time { return start.Add(1250 * time.Millisecond) },
	})
}

func TestFiles(t *testing.T) {
	space := vfs.Space{FS: proc(t, strings.NewReader(strings.Repeat("\xff", 32)))}
	for name, want := range map[string]string{
		"version":                `^Linux version 6\.1\.0 \(sandbox@box\) #1 SMP\n$`,
		"uptime":                 `^1\.25 1\.25\n$`,
		"meminfo":                `(?m)^MemTotal:         524288 kB$`,
		"mounts":                 `^sandbox / sandbox rw 0 0\n`,
		"sys/kernel/hostname":    `^box\n$`,
		"sys/kernel/random/uuid": `^ffffffff-ffff-4fff-bfff-ffffffffffff\n$`,
		"cpuinfo":                `^processor\t: 0\n`,
	} {
		text, err := space.ReadFile(name, 1<<20)
		if err != nil || !regexp.MustCompile(want).Match(text) {
			t.Errorf("%s: %q, %v; want %s", name, text, err, want)
		}
	}
}

func TestWriting(t *testing.T) {
	f := proc(t, nil)
	if _, err := f.Open("version", vfs.Write, 0); !errors.Is(err, vfs.EROFS) {
		t.Errorf("open for writing: %v, want EROFS", err)
	}
	if _, err := f.Open("new", vfs.Write|vfs.Create, 0o600); !errors.Is(err, vfs.EROFS) {
		t.Errorf("create: %v, want EROFS", err)
	}
}

func TestNoRandomness(t *testing.T) {
	f := proc(t, iotest.ErrReader(errors.New("out of entropy")))
	if _, err := f.Open("sys/kernel/random/uuid", vfs.Read, 0); !errors.Is(err, vfs.EIO) {
		t.Errorf("%v, want EIO", err)
	}
}
