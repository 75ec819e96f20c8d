package find

import (
	"io/fs"
	"math"
	"strconv"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// property are the tests of what a file is, with one argument.
func (p *parser) property(name string) (test, bool, error) {
	read := map[string]func(string) (test, error){
		"-type": p.types, "-xtype": p.types, "-size": p.size, "-perm": p.perm,
		"-links": p.links, "-inum": p.inum, "-samefile": p.sameFile,
		"-user": p.user, "-group": p.group, "-uid": p.uid, "-gid": p.gid,
		"-mtime": p.days, "-atime": p.days, "-ctime": p.days,
		"-mmin": p.minutes, "-amin": p.minutes, "-cmin": p.minutes, "-used": p.used,
		"-newer": p.newer, "-anewer": p.newer, "-cnewer": p.newer,
	}[name]
	if read == nil {
		return nil, false, nil
	}
	t, err := read(name)
	return t, true, err
}

// info makes a test of what stat says of a file.
func (p *parser) info(ok func(vfs.Info) bool) test {
	return when(func(e *file) bool {
		info, err := e.stat()
		if err != nil {
			p.failFile(e.path, err)
			return false
		}
		return ok(info)
	})
}

func (p *parser) types(name string) (test, error) {
	s, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	letters, err := p.typeList(name, s)
	if err != nil {
		return nil, err
	}
	if name == "-type" {
		return when(func(e *file) bool { return strings.IndexByte(letters, typeLetter(e.mode())) >= 0 }), nil
	}
	return when(func(e *file) bool { return strings.IndexByte(letters, typeLetter(e.otherMode())) >= 0 }), nil
}

func (p *parser) typeList(name, s string) (string, error) {
	letters := ""
	for i := 0; ; i += 2 {
		switch {
		case i >= len(s):
			return "", p.syntax("Last file type in list argument to %s is missing, i.e., list is ending on: ','", name)
		case strings.IndexByte("bcdflpsD", s[i]) < 0:
			return "", p.syntax("Unknown argument to %s: %c", name, s[i])
		case strings.IndexByte(letters, s[i]) >= 0:
			return "", p.syntax("Duplicate file type '%c' in the argument list to %s.", s[i], name)
		}
		letters += s[i : i+1]
		if i+1 == len(s) {
			return letters, nil
		}
		if s[i+1] != ',' {
			return "", p.syntax("Must separate multiple arguments to %s using: ','", name)
		}
	}
}

// typeLetter is a type as -type has it.
func typeLetter(mode fs.FileMode) byte {
	if c := filemode.Letter(mode); c != '-' {
		return c
	}
	return 'f'
}

// otherMode is the type for -xtype: of a link what it leads to, or, where that
// is what is looked at anyway, the link itself.
func (e *file) otherMode() fs.FileMode {
	stat := e.f.x.Stat
	if e.follows() {
		stat = e.f.x.Lstat
	}
	info, err := stat(e.path)
	if err != nil {
		return e.mode()
	}
	return info.Mode
}

func isEmpty(e *file) (bool, error) {
	switch mode := e.mode(); {
	case mode.IsRegular():
		info, err := e.stat()
		return err == nil && info.Size == 0, nil
	case mode.IsDir():
		entries, err := e.f.x.ReadDir(e.path)
		if err != nil {
			e.f.failFile(e.path, err)
		}
		return err == nil && len(entries) == 0, nil
	}
	return false, nil
}

// permitted makes the tests of what the user may do, who owns every file.
func (p *parser) permitted(bit fs.FileMode) test {
	return when(func(e *file) bool {
		info, err := e.f.x.Stat(e.path)
		return err == nil && info.Mode&bit != 0
	})
}

// comparison is a number with its sense: 1 more than, -1 less than, 0 equal.
type comparison struct {
	sense int
	n     uint64
}

func (c comparison) holds(n uint64) bool {
	switch {
	case c.sense > 0:
		return n > c.n
	case c.sense < 0:
		return n < c.n
	}
	return n == c.n
}

// sense cuts the sign off a number.
func sense(s string) (int, string) {
	switch {
	case strings.HasPrefix(s, "+"):
		return 1, s[1:]
	case strings.HasPrefix(s, "-"):
		return -1, s[1:]
	}
	return 0, s
}

func (p *parser) number(name string) (comparison, error) {
	s, err := p.argument(name)
	if err != nil {
		return comparison{}, err
	}
	sign, digits := sense(s)
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return comparison{}, p.syntax("invalid argument `%s' to `%s'", s, name)
	}
	return comparison{sign, n}, nil
}

func (p *parser) links(name string) (test, error) {
	c, err := p.number(name)
	return p.info(func(i vfs.Info) bool { return c.holds(i.Nlink) }), err
}

func (p *parser) inum(name string) (test, error) {
	c, err := p.number(name)
	return p.info(func(i vfs.Info) bool { return c.holds(i.Ino) }), err
}

func (p *parser) uid(name string) (test, error) {
	c, err := p.number(name)
	return when(func(*file) bool { return c.holds(tool.UID) }), err
}

func (p *parser) gid(name string) (test, error) {
	c, err := p.number(name)
	return when(func(*file) bool { return c.holds(tool.GID) }), err
}

func (p *parser) user(name string) (test, error) {
	return p.owner(name, tool.UserID, tool.UID, "is not the name of a known user")
}

func (p *parser) group(name string) (test, error) {
	return p.owner(name, tool.GroupID, tool.GID, "is not the name of an existing group")
}

func (p *parser) owner(name string, find func(string) (int, bool), own int, unknown string) (test, error) {
	s, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	id, ok := find(s)
	if !ok {
		n, err := strconv.ParseUint(s, 10, 31)
		if err != nil {
			return nil, p.syntax("%s %s", tool.QuoteText(s), unknown)
		}
		id = int(n)
	}
	return when(func(*file) bool { return id == own }), nil
}

func (p *parser) size(name string) (test, error) {
	s, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	sign, digits := sense(s)
	unit := uint64(512)
	if digits == "" {
		return nil, p.syntax("invalid -size type `%s'", s)
	}
	if last := digits[len(digits)-1]; last < '0' || last > '9' {
		at := strings.IndexByte("bcwkMG", last)
		if at < 0 {
			return nil, p.syntax("invalid -size type `%c'", last)
		}
		unit = [...]uint64{512, 1, 2, 1 << 10, 1 << 20, 1 << 30}[at]
		digits = digits[:len(digits)-1]
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return nil, p.syntax("Invalid argument `%s' to %s", s, name)
	}
	c := comparison{sign, n}
	return p.info(func(i vfs.Info) bool { return c.holds((uint64(i.Size) + unit - 1) / unit) }), nil
}

func (p *parser) perm(name string) (test, error) {
	s, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	kind := byte(0)
	mode := s
	if s != "" && (s[0] == '-' || s[0] == '/') {
		kind, mode = s[0], s[1:]
	}
	change, ok := filemode.Parse(mode)
	if !ok {
		return nil, p.syntax("invalid mode %s", tool.QuoteText(s))
	}
	want := change.Apply(0, false, 0)
	return p.info(func(i vfs.Info) bool {
		bits := filemode.Of(i.Mode)
		switch kind {
		case '-':
			return bits&want == want
		case '/':
			return want == 0 || bits&want != 0
		}
		return bits == want
	}), nil
}

func (p *parser) sameFile(name string) (test, error) {
	ref, err := p.reference(name)
	return p.info(func(i vfs.Info) bool { return i.Ino == ref.Ino && i.Dev == ref.Dev }), err
}

// reference looks at the file that is the argument of a predicate.
func (p *parser) reference(name string) (vfs.Info, error) {
	s, err := p.argument(name)
	if err != nil {
		return vfs.Info{}, err
	}
	stat := p.x.Lstat
	if p.follow != followNone {
		stat = p.x.Stat
	}
	info, err := stat(s)
	if err != nil {
		p.failFile(s, err)
		return info, tool.Exit(1)
	}
	return info, nil
}

// maxAge keeps ages where nanoseconds count without overflow.
const maxAge = float64(math.MaxInt64) / 1e9 / 4
