package tool

import (
	"io/fs"
	"math"
	"testing"
	"time"

	"agentsandbox/vfs"
)

// Recorded from ls -h and ls --si.
func TestHumanSize(t *testing.T) {
	for _, c := range []struct {
		n          uint64
		iec, metre string
	}{
		{0, "0", "0"},
		{999, "999", "999"},
		{1000, "1000", "1.0k"},
		{1023, "1023", "1.1k"},
		{1024, "1.0K", "1.1k"},
		{1025, "1.1K", "1.1k"},
		{10137, "9.9K", "11k"},
		{10138, "10K", "11k"},
		{10240, "10K", "11k"},
		{1047552, "1023K", "1.1M"},
		{1047553, "1.0M", "1.1M"},
		{1 << 40, "1.0T", "1.1T"},
		{math.MaxUint64, "16E", "19E"},
	} {
		if got := HumanSize(c.n, 1024); got != c.iec {
			t.Errorf("%d: %s, want %s", c.n, got, c.iec)
		}
		if got := HumanSize(c.n, 1000); got != c.metre {
			t.Errorf("%d in powers of 1000: %s, want %s", c.n, got, c.metre)
		}
	}
}

func TestParseBlockSize(t *testing.T) {
	for _, c := range []struct{ s, shown string }{
		{"K", "1236K"}, {"KB", "1266kB"}, {"KiB", "1236KiB"}, {"kB", "1266kB"}, {"k", "1236K"},
		{"M", "2M"}, {"MB", "2MB"}, {"1K", "1236"}, {"G", "1G"}, {"512", "2472"}, {"human-readable", "1.3M"}, {"si", "1.3M"},
	} {
		b, err := ParseBlockSize(c.s)
		if err != nil {
			t.Errorf("%s: %v", c.s, err)
			continue
		}
		if got := b.Show(1265648, 1); got != c.shown {
			t.Errorf("%s: %s, want %s", c.s, got, c.shown)
		}
	}
	for _, s := range []string{"", "foo", "0", "-1", "1x"} {
		if _, err := ParseBlockSize(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestDiskBlocks(t *testing.T) {
	for _, c := range []struct {
		mode fs.FileMode
		size int64
		want uint64
	}{
		{0o644, 0, 0}, {0o644, 1, 8}, {0o644, 4096, 8}, {0o644, 4097, 16},
		{fs.ModeDir, 0, 8}, {fs.ModeDir, 4096, 8}, {fs.ModeSymlink, 59, 0}, {fs.ModeSymlink, 60, 8},
	} {
		if got := DiskBlocks(vfs.Info{Mode: c.mode, Size: c.size}); got != c.want {
			t.Errorf("%v of %d bytes: %d, want %d", c.mode, c.size, got, c.want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for _, c := range []struct {
		s    string
		want time.Duration
	}{
		{"0", 0}, {"1", time.Second}, {"1.5", 1500 * time.Millisecond}, {"2m", 2 * time.Minute}, {".5h", 30 * time.Minute},
		{"1d", 24 * time.Hour}, {"1e-3", time.Millisecond}, {"infinity", math.MaxInt64}, {"inf", math.MaxInt64},
		{"1e30d", math.MaxInt64}, {"0x10", 16 * time.Second}, {" 3", 3 * time.Second}, {"+1", time.Second},
	} {
		if got, ok := ParseDuration(c.s); !ok || got != c.want {
			t.Errorf("%q: %v, %v, want %v", c.s, got, ok, c.want)
		}
	}
	for _, s := range []string{"", "x", "-1", "1x", "1 ", "nan", "1_0", "s", "1ms"} {
		if got, ok := ParseDuration(s); ok {
			t.Errorf("%q is taken, as %v", s, got)
		}
	}
}

func TestSignal(t *testing.T) {
	for s, want := range map[string]int{"TERM": 15, "SIGKILL": 9, "hup": 1, "2": 2, "0": 0, "IO": 29} {
		if got, ok := Signal(s); !ok || got != want {
			t.Errorf("%s: %d, %v, want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "FOO", "65", "-1"} {
		if _, ok := Signal(s); ok {
			t.Errorf("%q is taken", s)
		}
	}
	if got := SignalName(15); got != "TERM" {
		t.Errorf("15 is %s", got)
	}
}
