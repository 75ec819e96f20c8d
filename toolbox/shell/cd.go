package shell

import (
	"path"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// cd changes the working directory.
func (sh *Shell) cd(argv []string) int {
	opts, args, ok := sh.flags(argv, "LPe@")
	if !ok {
		return 2
	}
	if len(args) > 1 {
		sh.errorf("too many arguments")
		return 1
	}
	physical := sh.opt.physical
	for _, f := range opts {
		switch f.c {
		case 'P':
			physical = true
		case 'L':
			physical = false
		}
	}
	dir, print := "", false
	switch {
	case len(args) == 0:
		home, set := sh.value("HOME")
		if !set {
			sh.errorf("HOME not set")
			return 1
		}
		dir = home
		if dir == "" {
			return 0
		}
	case args[0] == "-":
		old, set := sh.value("OLDPWD")
		if !set {
			sh.errorf("OLDPWD not set")
			return 1
		}
		dir, print = old, true
	default:
		dir = args[0]
	}
	if dir == "" {
		return 0
	}
	return sh.changeDir(dir, physical, print)
}

// changeDir looks a directory up in CDPATH and goes there.
func (sh *Shell) changeDir(dir string, physical, print bool) int {
	if !strings.HasPrefix(dir, "/") && dir != "." && dir != ".." && !strings.HasPrefix(dir, "./") && !strings.HasPrefix(dir, "../") {
		for base := range strings.SplitSeq(sh.getvar("CDPATH"), ":") {
			if base == "" {
				continue
			}
			target := joinPath(strings.TrimSuffix(base, "/"), dir)
			if info, err := sh.stat(target); err == nil && info.IsDir() {
				return sh.goTo(target, dir, physical, true)
			}
		}
	}
	return sh.goTo(dir, dir, physical, print)
}

// goTo makes target the working directory; name is what messages call it.
func (sh *Shell) goTo(target, name string, physical, print bool) int {
	full, err := sh.resolveDir(target, physical)
	if err != nil {
		sh.errorf("%s: %s", name, tool.ErrText(err))
		return 1
	}
	sh.setDir(full)
	if print {
		return sh.write(full + "\n")
	}
	return 0
}

// wholeWay reports whether every directory that a .. leaves is there.
func (sh *Shell) wholeWay(full string) bool {
	for i := 0; ; {
		n := strings.Index(full[i:], "/..")
		if n < 0 {
			return true
		}
		i += n
		rest := full[i+3:]
		if i > 0 && (rest == "" || rest[0] == '/') {
			if info, err := sh.x.FS.Stat(path.Clean(full[:i])); err != nil || !info.IsDir() {
				return false
			}
		}
		i += 3
	}
}

// resolveDir is the name of a directory after cd: logical, unless it must be
// physical.
func (sh *Shell) resolveDir(target string, physical bool) (string, error) {
	if len(target) >= vfs.MaxPath {
		return "", vfs.ENAMETOOLONG
	}
	full := sh.abs(target)
	logical := path.Clean(full)
	if strings.HasPrefix(full, "//") && !strings.HasPrefix(full, "///") {
		logical = "/" + logical // two slashes are kept, as POSIX allows
	}
	name := logical
	if physical {
		name = full
	}
	if !physical && !sh.wholeWay(full) {
		return "", vfs.ENOENT
	}
	info, err := sh.x.FS.Stat(name)
	if err != nil || !physical && !info.IsDir() {
		// The logical name may not exist where ".." follows a link.
		if again, err2 := sh.x.FS.Stat(full); err2 == nil {
			info, err = again, nil
			physical = true
		}
	}
	switch {
	case err != nil:
		return "", vfs.ToErrno(err)
	case !info.IsDir():
		return "", vfs.ENOTDIR
	case info.Mode.Perm()&0o111 == 0:
		return "", vfs.EACCES
	}
	if physical {
		return sh.realPath(full), nil
	}
	return logical, nil
}

// setDir records the new working directory in PWD and OLDPWD.
func (sh *Shell) setDir(dir string) {
	old := sh.getvar("PWD")
	if sh.vars.get("PWD") == nil {
		old = sh.cwd
	}
	sh.cwd = dir
	sh.assignQuiet("OLDPWD", old)
	sh.assignQuiet("PWD", dir)
}

// assignQuiet sets a variable that the shell keeps, unless it is readonly.
func (sh *Shell) assignQuiet(name, value string) {
	v := sh.bind(name)
	if v.has(attrReadonly) {
		return
	}
	v.str, v.set = value, true
	if v.has(attrExport) {
		sh.env = nil
	}
}

// dirsCmd is dirs.
func (sh *Shell) dirsCmd(argv []string) int {
	long, perLine, numbered := false, false, false
	index := -1
	stack := append([]string{sh.cwd}, sh.dirs...)
	for _, arg := range argv[1:] {
		if n, ok := stackIndex(arg); ok && len(arg) > 1 && (arg[0] == '+' || arg[0] == '-') {
			if arg[0] == '-' {
				n = len(stack) - 1 - n
			}
			if n < 0 || n >= len(stack) {
				sh.badStackIndex(arg)
				return 1
			}
			index = n
			continue
		}
		if len(arg) < 2 || arg[0] != '-' {
			sh.errorf("%s: invalid option", arg)
			return sh.usageError()
		}
		for _, c := range arg[1:] {
			switch c {
			case 'c':
				sh.dirs = nil
				return 0
			case 'l':
				long = true
			case 'p':
				perLine = true
			case 'v':
				perLine, numbered = true, true
			default:
				sh.errorf("%s: invalid number", arg)
				return sh.usageError()
			}
		}
	}
	return sh.printDirs(stack, index, long, perLine, numbered)
}

func (sh *Shell) printDirs(stack []string, index int, long, perLine, numbered bool) int {
	var b strings.Builder
	for i, dir := range stack {
		if index >= 0 && i != index {
			continue
		}
		if !long {
			dir = sh.tildeDir(dir)
		}
		if numbered {
			b.WriteString(padLeft(i, 2) + "  ")
		}
		b.WriteString(dir)
		if perLine || i == len(stack)-1 || index >= 0 {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
	return sh.write(b.String())
}

// pushd adds to the directory stack and goes to its top.
func (sh *Shell) pushd(argv []string) int {
	args := argv[1:]
	stay := false
	for len(args) > 0 && (args[0] == "-n" || args[0] == "--") {
		stay = stay || args[0] == "-n"
		args = args[1:]
	}
	if len(args) == 0 {
		if len(sh.dirs) == 0 {
			sh.errorf("no other directory")
			return 1
		}
		top := sh.dirs[0]
		old := sh.cwd
		if !stay {
			if s := sh.goTo(top, top, false, false); s != 0 {
				return s
			}
		}
		sh.dirs[0] = old
		return sh.printDirs(append([]string{sh.cwd}, sh.dirs...), -1, false, false, false)
	}
	if len(args) > 1 {
		sh.errorf("too many arguments")
		return 1
	}
	if n, ok := stackIndex(args[0]); ok && (args[0][0] == '+' || args[0][0] == '-') {
		return sh.rotate(args[0], n, stay)
	}
	if len(args[0]) > 1 && args[0][0] == '-' {
		sh.errorf("%s: invalid number", args[0])
		return sh.usageError()
	}
	old := sh.cwd
	if stay {
		sh.dirs = append([]string{sh.abs(args[0])}, sh.dirs...)
	} else {
		if s := sh.changeDir(args[0], false, false); s != 0 {
			return s
		}
		sh.dirs = append([]string{old}, sh.dirs...)
	}
	return sh.printDirs(append([]string{sh.cwd}, sh.dirs...), -1, false, false, false)
}

// badStackIndex reports an index that the directory stack does not have.
func (sh *Shell) badStackIndex(arg string) {
	if len(sh.dirs) == 0 {
		sh.errorf("directory stack empty")
	} else {
		sh.errorf("%s: directory stack index out of range", strings.TrimLeft(arg, "+-"))
	}
}

// rotate is pushd +n and -n.
func (sh *Shell) rotate(arg string, n int, stay bool) int {
	stack := append([]string{sh.cwd}, sh.dirs...)
	if arg[0] == '-' {
		n = len(stack) - 1 - n
	}
	if n < 0 || n >= len(stack) {
		if len(sh.dirs) == 0 {
			sh.errorf("no other directory")
		} else {
			sh.errorf("%s: directory stack index out of range", strings.TrimLeft(arg, "+-"))
		}
		return 1
	}
	stack = append(slices.Clone(stack[n:]), stack[:n]...)
	if !stay {
		if s := sh.goTo(stack[0], stack[0], false, false); s != 0 {
			return s
		}
	}
	sh.dirs = stack[1:]
	return sh.printDirs(append([]string{sh.cwd}, sh.dirs...), -1, false, false, false)
}

// popd removes from the directory stack.
func (sh *Shell) popd(argv []string) int {
	args := argv[1:]
	stay := false
	for len(args) > 0 && (args[0] == "-n" || args[0] == "--") {
		stay = stay || args[0] == "-n"
		args = args[1:]
	}
	n := 0
	if len(args) > 0 {
		var ok bool
		if n, ok = stackIndex(args[0]); !ok || args[0][0] != '+' && args[0][0] != '-' {
			sh.errorf("%s: invalid argument", args[0])
			return sh.usageError()
		}
		if args[0][0] == '-' {
			n = len(sh.dirs) - n
		}
	}
	if len(sh.dirs) == 0 {
		sh.errorf("directory stack empty")
		return 1
	}
	if n < 0 || n > len(sh.dirs) {
		sh.errorf("%s: directory stack index out of range", strings.TrimLeft(args[0], "+-"))
		return 1
	}
	if n > 0 {
		sh.dirs = slices.Delete(slices.Clone(sh.dirs), n-1, n)
	} else {
		if !stay {
			if s := sh.goTo(sh.dirs[0], sh.dirs[0], false, false); s != 0 {
				return s
			}
		}
		sh.dirs = slices.Clone(sh.dirs[1:])
	}
	return sh.printDirs(append([]string{sh.cwd}, sh.dirs...), -1, false, false, false)
}
