// Package procfs is a virtual /proc: the few files in it that scripts read to
// learn about the machine. What it says is of the sandbox; nothing is the
// host's. There is one process, which is whoever looks.
package procfs

import (
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"agentsandbox/vfs"
	"agentsandbox/vfs/staticfs"
)

// Kernel is what the files tell of the machine.
type Kernel struct {
	Release  string // as uname -r
	Version  string // as uname -v
	Machine  string // as uname -m
	Hostname string // as hostname
}

// Config is what the files tell of one sandbox.
type Config struct {
	Memory uint64           // bytes that a command may have
	Now    func() time.Time // called by several goroutines at once
	Start  time.Time        // what uptime counts from
	// Random is read for new UUIDs, by several goroutines at once.
	Random io.Reader
}

// Tree is what sandboxes share.
type Tree struct{ files *staticfs.FS }

// FS is the tree as one sandbox sees it. It may be used from several
// goroutines.
type FS struct {
	*staticfs.FS
	config Config
}

var _ vfs.FS = (*FS)(nil)

// NewTree makes the tree; dev is what Info.Dev shows.
func NewTree(k Kernel, dev uint64) (*Tree, error) {
	files, err := staticfs.New(staticfs.Config{Dev: dev}, []staticfs.Entry{
		{Name: ".", Mode: fs.ModeDir | 0o555},
		file("cpuinfo", "processor\t: 0\nvendor_id\t: "+k.Machine+"\nmodel name\t: WebAssembly\nsiblings\t: 1\ncpu cores\t: 1\n\n"),
		file("filesystems", "nodev\tproc\nnodev\tdevtmpfs\n\tsandbox\n"),
		file("loadavg", "0.00 0.00 0.00 1/1 1000\n"),
		file("meminfo", ""),
		link("mounts", "self/mounts"),
		link("self/exe", "/bin/bash"),
		link("self/fd", "/dev/fd"),
		file("self/mounts", "sandbox / sandbox rw 0 0\ndevtmpfs /dev devtmpfs rw 0 0\nproc /proc proc rw 0 0\n"),
		file("sys/kernel/hostname", k.Hostname+"\n"),
		file("sys/kernel/osrelease", k.Release+"\n"),
		file("sys/kernel/ostype", "Linux\n"),
		file("sys/kernel/pid_max", "32768\n"),
		file("sys/kernel/random/uuid", ""),
		file("sys/kernel/version", k.Version+"\n"),
		link("thread-self", "self"),
		file("uptime", ""),
		file("version", "Linux version "+k.Release+" (sandbox@"+k.Hostname+") "+k.Version+"\n"),
	})
	return &Tree{files}, err
}

// For returns the tree as the sandbox of c sees it. It costs no copy.
func (t *Tree) For(c Config) *FS { return &FS{t.files, c} }

// Open opens a file; see vfs.FS. What changes is as it was at opening.
func (f *FS) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	h, err := f.FS.Open(name, flag, perm)
	if err != nil {
		return nil, err
	}
	var text string
	switch name {
	case "meminfo":
		text = memory(f.config.Memory)
	case "sys/kernel/random/uuid":
		text, err = f.config.uuid()
	case "uptime":
		text = f.config.uptime()
	default:
		return h, nil
	}
	if err != nil {
		return nil, err
	}
	info, err := h.Stat()
	return staticfs.NewFile(info, text), err
}

func link(name, target string) staticfs.Entry {
	return staticfs.Entry{Name: name, Mode: fs.ModeSymlink | 0o777, Data: target}
}

func file(name, text string) staticfs.Entry {
	return staticfs.Entry{Name: name, Mode: 0o444, Data: text}
}

// uptime is the seconds since the start, and how many of them all processors
// were idle, which is taken to be all.
func (c Config) uptime() string {
	s := max(c.Now().Sub(c.Start), 0).Seconds()
	return fmt.Sprintf("%.2f %.2f\n", s, s)
}

// uuid is a new random UUID, of version 4.
func (c Config) uuid() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(c.Random, b[:]); err != nil {
		return "", vfs.EIO
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-") + "\n", nil
}

func memory(bytes uint64) string {
	var b strings.Builder
	for _, row := range []struct {
		name string
		kib  uint64
	}{
		{"MemTotal:", bytes >> 10}, {"MemFree:", bytes >> 10}, {"MemAvailable:", bytes >> 10},
		{"Buffers:", 0}, {"Cached:", 0}, {"SwapTotal:", 0}, {"SwapFree:", 0},
	} {
		fmt.Fprintf(&b, "%-15s%9d kB\n", row.name, row.kib)
	}
	return b.String()
}
