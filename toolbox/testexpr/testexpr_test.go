package testexpr

import (
	"io/fs"
	"strings"
	"testing"

	"agentsandbox/vfs"
)

// world is a Host with a few files.
type world struct{}

func (world) Lstat(name string) (vfs.Info, error) {
	switch name {
	case "file":
		return vfs.Info{Mode: 0o644, Size: 3, Ino: 1, Mtime: 10, Atime: 20}, nil
	case "new":
		return vfs.Info{Mode: 0o755, Ino: 2, Mtime: 30, Atime: 20}, nil
	case "dir":
		return vfs.Info{Mode: fs.ModeDir | fs.ModeSticky | 0o777, Size: 4096, Ino: 3}, nil
	case "link":
		return vfs.Info{Mode: fs.ModeSymlink | 0o777, Ino: 4}, nil
	case "null":
		return vfs.Info{Mode: fs.ModeDevice | fs.ModeCharDevice | 0o666, Ino: 5}, nil
	case "pipe":
		return vfs.Info{Mode: fs.ModeNamedPipe | fs.ModeSetuid | fs.ModeSetgid, Ino: 6}, nil
	}
	return vfs.Info{}, vfs.ENOENT
}

func (w world) Stat(name string) (vfs.Info, error) {
	if name == "link" {
		name = "file"
	}
	return w.Lstat(name)
}

func (world) Terminal(fd int) bool    { return fd == 2 }
func (world) Option(name string) bool { return name == "pipefail" }
func (world) IsSet(name string) bool  { return name == "HOME" }
func (world) IsRef(string) bool       { return false }

// Each case is an expression in words (” is the empty one) and what bash makes
// of it: t, f, or its message.
var cases = []struct{ expr, want string }{
	{"", "f"},
	{"''", "f"},
	{"a", "t"},
	{"-n", "t"},
	{"!", "t"},
	{"! ''", "t"},
	{"! a", "f"},
	{"-n ''", "f"},
	{"-z ''", "t"},
	{"-e file", "t"},
	{"-e nope", "f"},
	{"-a file", "t"},
	{"-f file", "t"},
	{"-f dir", "f"},
	{"-d dir", "t"},
	{"-s file", "t"},
	{"-s new", "f"},
	{"-r file", "t"},
	{"-w file", "t"},
	{"-x file", "f"},
	{"-x new", "t"},
	{"-h link", "t"},
	{"-L file", "f"},
	{"-f link", "t"},
	{"-c null", "t"},
	{"-b null", "f"},
	{"-p pipe", "t"},
	{"-S pipe", "f"},
	{"-u pipe", "t"},
	{"-g pipe", "t"},
	{"-k dir", "t"},
	{"-O file", "t"},
	{"-G file", "t"},
	{"-N new", "t"},
	{"-N file", "f"},
	{"-t 2", "t"},
	{"-t 1", "f"},
	{"-t x", "f"},
	{"-o pipefail", "t"},
	{"-o errexit", "f"},
	{"-v HOME", "t"},
	{"-v NOPE", "f"},
	{"-R HOME", "f"},
	{"a = a", "t"},
	{"a == b", "f"},
	{"a != b", "t"},
	{"a < b", "t"},
	{"a > b", "f"},
	{"1 -eq 1", "t"},
	{"+1 -eq 1", "t"},
	{"-1 -lt 0", "t"},
	{"010 -eq 10", "t"},
	{"1 -ne 1", "f"},
	{"2 -gt 1", "t"},
	{"2 -ge 2", "t"},
	{"2 -le 1", "f"},
	{"9223372036854775807 -gt -9223372036854775808", "t"},
	{"9223372036854775808 -gt 1", "9223372036854775808: integer expression expected"},
	{"a -eq 1", "a: integer expression expected"},
	{"1 -eq ''", ": integer expression expected"},
	{"1.5 -lt 2", "1.5: integer expression expected"},
	{"new -nt file", "t"},
	{"file -nt nope", "t"},
	{"nope -ot file", "t"},
	{"new -ot file", "f"},
	{"link -ef file", "t"},
	{"file -ef new", "f"},
	{"a -a b", "t"},
	{"a -a ''", "f"},
	{"'' -o b", "t"},
	{"! -z ''", "f"},
	{"! a = b", "t"},
	{"( a )", "t"},
	{"( '' )", "f"},
	{"( -n a )", "t"},
	{"! ( a )", "f"},
	{"( a = b )", "f"},
	{"-n = -n", "t"},
	{"! = !", "t"},
	{"( = (", "t"},
	{"-f file -a -d dir", "t"},
	{"-f file -a -f dir -o -d dir", "t"},
	{"a = b -o c = c -a d = d", "t"},
	{"! a = b -a c = c", "t"},
	{"( a = b -o c = c ) -a d = e", "f"},
	{"! ! a = a", "t"},
	{"-z '' -a 1 -lt 2 -a x != y", "t"},
	{"foo bar", "foo: unary operator expected"},
	{"-q file", "-q: unary operator expected"},
	{"a b c", "b: binary operator expected"},
	{"a b c d", "too many arguments"},
	{"a = b c", "too many arguments"},
	{"-f file -d", "file: binary operator expected"},
	{"a = a -f file", "syntax error: `-f' unexpected"},
	{"( a = a -a b", "`)' expected"},
	{"( a = a b c )", "`)' expected, found b"},
	{"a = a -a", "argument expected"},
	{"a = a -o !", "argument expected"},
}

func words(expr string) []string {
	args := strings.Fields(expr)
	for i, arg := range args {
		if arg == "''" {
			args[i] = ""
		}
	}
	return args
}

func TestEval(t *testing.T) {
	for _, c := range cases {
		v, err := Eval(words(c.expr), world{})
		got := map[bool]string{true: "t", false: "f"}[v]
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("[ %s ]: %s, want %s", c.expr, got, c.want)
		}
	}
}

func TestBracket(t *testing.T) {
	if args, err := Bracket([]string{"a", "]"}); err != nil || len(args) != 1 {
		t.Errorf("%v, %v", args, err)
	}
	for _, args := range [][]string{nil, {"a"}, {"]", "a"}} {
		if _, err := Bracket(args); err == nil || err.Error() != "missing `]'" {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestDeepNesting(t *testing.T) {
	args := make([]string, 100000)
	for i := range args {
		args[i] = "("
	}
	if _, err := Eval(args, world{}); err == nil {
		t.Error("no error")
	}
}

func TestNoAllocation(t *testing.T) {
	args := words("1 -lt 10000")
	if n := testing.AllocsPerRun(100, func() { Eval(args, world{}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzEval(f *testing.F) {
	for _, c := range cases {
		f.Add(c.expr)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		Eval(words(expr), world{})
	})
}
