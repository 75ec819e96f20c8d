package stat

import (
	"testing"

	"agentsandbox/toolbox/tooltest"
)

func TestDefaultFormat(t *testing.T) {
	e := tooltest.NewExec(t, "stat", "f=data", "l -> f")
	e.Run(Run, "f")
	want := "  File: f\n  Size: 4         \tBlocks: 8          IO Block: 4096   regular file\n" +
		"Device: 0,0\tInode: 2           Links: 1\n" +
		"Access: (0644/-rw-r--r--)  Uid: ( 1000/ sandbox)   Gid: ( 1000/ sandbox)\n" +
		"Access: 2024-02-03 04:05:06.000000000 +0000\nModify: 2024-02-03 04:05:06.000000000 +0000\n" +
		"Change: 2024-02-03 04:05:06.000000000 +0000\n Birth: -\n"
	if got := e.Out.String(); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	e.Run(Run, "-c", "%N %U %G %u %g %w %W", "l")
	if got, want := e.Out.String(), "'l' -> 'f' sandbox sandbox 1000 1000 - 0\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzFormat(f *testing.F) {
	f.Add("%n %10.3Y|%-5s%Hd%%\\t", true)
	f.Add("%#-+ 0'I9999999999s", false)
	f.Fuzz(func(t *testing.T, format string, escapes bool) {
		e := tooltest.NewExec(t, "stat", "f=data")
		option := "-c"
		if escapes {
			option = "--printf"
		}
		e.Run(Run, option, format, "f")
		if bound := (len(format) + 1) * (maxField + 64); e.Out.Len() > bound {
			t.Errorf("%q prints %d bytes", format, e.Out.Len())
		}
	})
}
