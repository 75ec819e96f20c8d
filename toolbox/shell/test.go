package shell

import (
	"io/fs"
	"strconv"
	"strings"

	"agentsandbox/toolbox/testexpr"
	"agentsandbox/vfs"
)

// test is test and [.
func (sh *Shell) test(argv []string) int {
	args := argv[1:]
	var err error
	if argv[0] == "[" {
		args, err = testexpr.Bracket(args)
	}
	ok := false
	if err == nil {
		ok, err = testexpr.Eval(args, testHost{sh})
	}
	if err != nil {
		sh.errorf("%s", err)
		return 2
	}
	return boolStatus(ok)
}

// testHost is the shell as test sees it.
type testHost struct{ sh *Shell }

// Stat implements testexpr.Host.
func (h testHost) Stat(name string) (vfs.Info, error) { return h.sh.statOrDev(name) }

// Lstat implements testexpr.Host.
func (h testHost) Lstat(name string) (vfs.Info, error) { return h.sh.lstat(name) }

// Terminal implements testexpr.Host.
func (h testHost) Terminal(fd int) bool { return h.sh.isTerminal(fd) }

// IsSet implements testexpr.Host.
func (h testHost) IsSet(name string) bool { return h.sh.isSet(name) }

// Option implements testexpr.Host.
func (h testHost) Option(name string) bool {
	p := h.sh.opt.byName(name)
	return p != nil && *p
}

// IsRef implements testexpr.Host.
func (h testHost) IsRef(name string) bool {
	v := h.sh.vars.get(name)
	return v != nil && v.has(attrNameref) && v.set
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
	if sh.badSubscript(err) != nil {
		return false
	}
	_, ok := v.at(i)
	return ok
}

// statOrDev is stat that knows the descriptors below /dev.
func (sh *Shell) statOrDev(name string) (vfs.Info, error) {
	if strings.HasPrefix(name, "/dev/") {
		f, ok, err := sh.openDev(name)
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
