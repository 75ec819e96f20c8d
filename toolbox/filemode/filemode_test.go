package filemode

import (
	"io/fs"
	"testing"
)

// Recorded from chmod of coreutils 9.1, with the umask 022.
func TestApply(t *testing.T) {
	for _, c := range []struct {
		old  Bits
		dir  bool
		mode string
		want Bits
	}{
		{0o644, false, "755", 0o755},
		{0o644, false, "+x", 0o755},
		{0o644, false, "u+x", 0o744},
		{0o666, false, "-w", 0o466},
		{0o777, false, "go-rwx", 0o700},
		{0o644, false, "a=r,u+w", 0o644},
		{0o640, false, "o=g", 0o644},
		{0o640, false, "g=u", 0o660},
		{0o644, false, "+X", 0o644},
		{0o744, false, "+X", 0o755},
		{0o644, true, "+X", 0o755},
		{0o644, false, "u+s,+t", 0o5644},
		{0o4755, true, "755", 0o4755},
		{0o4755, true, "00755", 0o755},
		{0o4755, false, "755", 0o755},
		{0o2755, true, "g-s", 0o755},
		{0o644, false, "u+rwx-w", 0o544},
		{0o644, false, "=755", 0o755},
		{0o644, false, "+111", 0o755},
		{0o777, false, "=", 0},
		{0o644, false, "u=", 0o044},
		{0o755, false, "=rw", 0o644},
		{0o000, false, "ug=rwX", 0o660},
	} {
		change, ok := Parse(c.mode)
		if !ok {
			t.Errorf("%q is refused", c.mode)
			continue
		}
		if got := change.Apply(c.old, c.dir, 0o022); got != c.want {
			t.Errorf("%04o %s: %04o, want %04o", c.old, c.mode, got, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "8", "77777", "u", "u+rq", "u+x,", ",", "x+u", "u+7", "u=gr", "+7x", "rwx"} {
		if _, ok := Parse(s); ok {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestString(t *testing.T) {
	for _, c := range []struct {
		mode fs.FileMode
		want string
	}{
		{0o644, "-rw-r--r--"},
		{fs.ModeDir | 0o755, "drwxr-xr-x"},
		{fs.ModeDir | fs.ModeSticky | 0o777, "drwxrwxrwt"},
		{fs.ModeSymlink | 0o777, "lrwxrwxrwx"},
		{fs.ModeSetuid | fs.ModeSetgid | 0o654, "-rwSr-sr--"},
		{fs.ModeSticky, "---------T"},
		{fs.ModeDevice | fs.ModeCharDevice | 0o666, "crw-rw-rw-"},
	} {
		if got := String(c.mode); got != c.want {
			t.Errorf("%v: %s, want %s", c.mode, got, c.want)
		}
		if got := Of(c.mode).Mode(); got != c.mode&(0o777|fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) {
			t.Errorf("%v: bits become %v", c.mode, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"755", "u+x,go=rX", "a-w+t", "u=g", "=0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := Parse(s); ok {
			if got := c.Apply(0o644, false, 0o022); got > all {
				t.Errorf("%q gives %o", s, got)
			}
		}
	})
}
