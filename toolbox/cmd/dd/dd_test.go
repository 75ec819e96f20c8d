package dd

import (
	"strings"
	"testing"
	"time"

	"agentsandbox/toolbox/tooltest"
)

// Recorded from dd of coreutils 9.1.
func TestTransfer(t *testing.T) {
	for _, c := range []struct {
		n    int64
		took time.Duration
		want string
	}{
		{11, 59301, "11 bytes copied, 5.9301e-05 s, 185 kB/s"},
		{1000, 48832, "1000 bytes (1.0 kB) copied, 4.8832e-05 s, 20.5 MB/s"},
		{1024, 77946, "1024 bytes (1.0 kB, 1.0 KiB) copied, 7.7946e-05 s, 13.1 MB/s"},
		{3145728, 653185, "3145728 bytes (3.1 MB, 3.0 MiB) copied, 0.000653185 s, 4.8 GB/s"},
		{1, 42550, "1 byte copied, 4.255e-05 s, 23.5 kB/s"},
		{0, 34986, "0 bytes copied, 3.4986e-05 s, 0.0 kB/s"},
		{5, 0, "5 bytes copied, 0 s, Infinity B/s"},
	} {
		if got := transfer(c.n, c.took); got != c.want {
			t.Errorf("%d in %v: %s, want %s", c.n, c.took, got, c.want)
		}
	}
}

// THREAT[SH-10]
func TestBigBlockIsRefused(t *testing.T) {
	e := tooltest.NewExec(t, "dd", "f=data")
	for _, arg := range []string{"bs=1T", "ibs=65M", "obs=1E", "bs=1x1000000000"} {
		if status := e.Run(Run, "if=f", arg); status != 1 || !strings.Contains(e.Err.String(), "memory exhausted") {
			t.Errorf("%s: status %d, %q", arg, status, e.Err.String())
		}
	}
}

func FuzzOperands(f *testing.F) {
	f.Add("bs=2x3 count=1 conv=swab,sync skip=1")
	f.Add("ibs=3 obs=5 cbs=2 conv=block seek=1B")
	f.Fuzz(func(t *testing.T, operands string) {
		e := tooltest.NewExec(t, "dd", "f=some\ndata here\n")
		e.Run(Run, append([]string{"if=f", "of=g", "count=9"}, strings.Fields(operands)...)...)
	})
}
