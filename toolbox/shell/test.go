package shell

import (
	"io/fs"
	"strconv"
	"strings"

	"agentsandbox/vfs"
)

// test is test and [.
func (sh *Shell) test(argv []string) int {
	args := argv[1:]
	if argv[0] == "[" {
		if len(args) == 0 || args[len(args)-1] != "]" {
			sh.errorf("missing `]'")
			return 2
		}
		args = args[:len(args)-1]
	}
	t := tester{sh: sh, args: args}
	ok := t.top()
	if t.failed {
		return 2
	}
	return boolStatus(ok)
}

// tester evaluates the arguments of test.
type tester struct {
	sh     *Shell
	args   []string
	pos    int
	failed bool
	depth  int
}

func (t *tester) fail(format string, args ...any) bool {
	if !t.failed {
		t.failed = true
		t.sh.errorf(format, args...)
	}
	return false
}

// top decides by the number of arguments, as POSIX says.
func (t *tester) top() bool {
	a := t.args
	switch len(a) {
	case 0:
		return false
	case 1:
		return a[0] != ""
	case 2:
		return t.two(a)
	case 3:
		return t.three(a)
	case 4:
		if a[0] == "!" {
			return !t.three(a[1:]) && !t.failed
		}
		if a[0] == "(" && a[3] == ")" {
			return t.two(a[1:3])
		}
	}
	ok := t.or()
	if !t.failed && t.pos < len(a) {
		return t.fail("too many arguments")
	}
	return ok
}

func (t *tester) two(a []string) bool {
	switch {
	case a[0] == "!":
		return a[1] == ""
	case isTestUnary(a[0]):
		return t.unary(a[0], a[1])
	}
	return t.fail("%s: unary operator expected", a[0])
}

func (t *tester) three(a []string) bool {
	switch {
	case isTestBinary(a[1]):
		return t.binary(a[0], a[1], a[2])
	case a[1] == "-a":
		return a[0] != "" && a[2] != ""
	case a[1] == "-o":
		return a[0] != "" || a[2] != ""
	case a[0] == "!":
		return !t.two(a[1:]) && !t.failed
	case a[0] == "(" && a[2] == ")":
		return a[1] != ""
	}
	return t.fail("%s: binary operator expected", a[1])
}

func (t *tester) peek(n int) string {
	if t.pos+n < len(t.args) {
		return t.args[t.pos+n]
	}
	return ""
}

func (t *tester) left() int { return len(t.args) - t.pos }

func (t *tester) or() bool {
	ok := t.and()
	for !t.failed && t.left() > 0 && t.peek(0) == "-o" {
		t.pos++
		right := t.and()
		ok = ok || right
	}
	return ok
}

func (t *tester) and() bool {
	ok := t.term()
	for !t.failed && t.left() > 0 && t.peek(0) == "-a" {
		t.pos++
		right := t.term()
		ok = ok && right
	}
	return ok
}

// maxTestDepth bounds the parentheses of a test.
const maxTestDepth = 200

func (t *tester) term() bool {
	if t.depth++; t.depth > maxTestDepth {
		return t.fail("expression too deep")
	}
	defer func() { t.depth-- }()
	if t.left() == 0 {
		return t.fail("argument expected")
	}
	switch word := t.peek(0); {
	case word == "!":
		t.pos++
		return !t.term() && !t.failed
	case word == "(" && !(t.left() >= 3 && isTestBinary(t.peek(1))):
		t.pos++
		ok := t.or()
		if t.failed {
			return false
		}
		if t.left() == 0 {
			return t.fail("`)' expected")
		}
		if t.peek(0) != ")" {
			return t.fail("`)' expected, found %s", t.peek(0))
		}
		t.pos++
		return ok
	case t.left() >= 3 && isTestBinary(t.peek(1)):
		a, op, b := word, t.peek(1), t.peek(2)
		t.pos += 3
		return t.binary(a, op, b)
	case t.left() >= 2 && isTestUnary(word):
		t.pos += 2
		return t.unary(word, t.args[t.pos-1])
	default:
		t.pos++
		return word != ""
	}
}

func isTestUnary(s string) bool {
	return len(s) == 2 && s[0] == '-' && strings.IndexByte("abcdefghknoprstuvwxzGLNORS", s[1]) >= 0
}

func isTestBinary(s string) bool {
	switch s {
	case "=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef":
		return true
	}
	return false
}

func (t *tester) unary(op, arg string) bool {
	if op == "-t" {
		if _, err := strconv.Atoi(strings.TrimSpace(arg)); err != nil {
			return t.fail("%s: integer expression expected", arg)
		}
	}
	if op == "-v" {
		return t.sh.isSet(arg)
	}
	return t.sh.testUnary(op, arg)
}

func (t *tester) binary(a, op, b string) bool {
	switch op {
	case "=", "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case ">":
		return a > b
	case "-nt", "-ot", "-ef":
		return t.sh.compareFiles(op, a, b)
	}
	x, ok := testInt(a)
	if !ok {
		return t.fail("%s: integer expression expected", a)
	}
	y, ok := testInt(b)
	if !ok {
		return t.fail("%s: integer expression expected", b)
	}
	return compareInts(op, x, y)
}

// testInt reads an integer as test does: blanks around it are allowed.
func testInt(s string) (int64, bool) {
	s = strings.Trim(s, " \t\n")
	s = strings.TrimPrefix(s, "+")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// isSet is test -v: a variable, an element or a positional parameter is set.
func (sh *Shell) isSet(s string) bool {
	if n, err := strconv.Atoi(s); err == nil {
		return n >= 0 && n <= len(sh.args)
	}
	name, sub, isSub := strings.Cut(s, "[")
	if !isName(name) {
		return false
	}
	if !isSub {
		_, ok := sh.value(name)
		return ok
	}
	sub = strings.TrimSuffix(sub, "]")
	v := sh.binding(name)
	if v == nil {
		return false
	}
	if sub == "@" || sub == "*" {
		if v.has(attrAssoc) {
			_, ok := v.assoc.get(sub)
			return ok || len(v.values()) > 0
		}
		return len(v.values()) > 0
	}
	if v.has(attrAssoc) {
		if v.assoc == nil {
			return false
		}
		_, ok := v.assoc.get(arithEnv{sh}.key(sub))
		return ok
	}
	i, err := sh.arithText(sub)
	if err != nil {
		sh.arithError(err)
		return false
	}
	_, ok := v.at(i)
	return ok
}

// testUnary is a unary test but for -v.
func (sh *Shell) testUnary(op, s string) bool {
	switch op {
	case "-n":
		return s != ""
	case "-z":
		return s == ""
	case "-o":
		p := sh.opt.byName(s)
		return p != nil && *p
	case "-R":
		v := sh.vars[s]
		return v != nil && v.has(attrNameref) && v.set
	case "-t":
		n, err := strconv.Atoi(strings.TrimSpace(s))
		return err == nil && sh.isTerminal(n)
	case "-h", "-L":
		info, err := sh.lstat(s)
		return err == nil && info.Mode&fs.ModeSymlink != 0
	}
	info, err := sh.statOrDev(s)
	if err != nil {
		return false
	}
	mode := info.Mode
	switch op {
	case "-a", "-e", "-O", "-G":
		return true
	case "-f":
		return mode.IsRegular()
	case "-d":
		return mode.IsDir()
	case "-s":
		return info.Size > 0
	case "-r":
		return mode.Perm()&0o444 != 0
	case "-w":
		return mode.Perm()&0o222 != 0
	case "-x":
		return mode.Perm()&0o111 != 0
	case "-b":
		return mode&fs.ModeDevice != 0 && mode&fs.ModeCharDevice == 0
	case "-c":
		return mode&fs.ModeCharDevice != 0
	case "-p":
		return mode&fs.ModeNamedPipe != 0
	case "-S":
		return mode&fs.ModeSocket != 0
	case "-u":
		return mode&fs.ModeSetuid != 0
	case "-g":
		return mode&fs.ModeSetgid != 0
	case "-k":
		return mode&fs.ModeSticky != 0
	case "-N":
		return info.Mtime > info.Atime
	}
	return false
}

// statOrDev is stat that knows the descriptors below /dev.
func (sh *Shell) statOrDev(name string) (vfs.Info, error) {
	if strings.HasPrefix(name, "/dev/") {
		f, ok, err := sh.openDev(name, vfs.Read)
		switch {
		case ok && err != nil:
			return vfs.Info{}, err
		case ok && f.seekable():
			return f.file.Stat()
		case ok && (f.rpipe != nil || f.wpipe != nil || f.sink != nil):
			return vfs.Info{Mode: fs.ModeNamedPipe | 0o600}, nil
		case ok:
			return vfs.Info{Mode: fs.ModeNamedPipe | 0o600}, nil
		}
	}
	return sh.stat(name)
}

// compareFiles is -nt, -ot and -ef.
func (sh *Shell) compareFiles(op, a, b string) bool {
	x, errX := sh.stat(a)
	y, errY := sh.stat(b)
	switch op {
	case "-nt":
		return errX == nil && (errY != nil || x.Mtime > y.Mtime)
	case "-ot":
		return errY == nil && (errX != nil || x.Mtime < y.Mtime)
	}
	return errX == nil && errY == nil && x.Ino == y.Ino && x.Dev == y.Dev
}
