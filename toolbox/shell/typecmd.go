package shell

import (
	"slices"
	"strings"
)

// alias is the builtin alias.
func (sh *Shell) alias(argv []string) int {
	opts, args, ok := sh.flags(argv, "p")
	if !ok {
		return 2
	}
	if len(args) == 0 || has(opts, 'p') {
		names := make([]string, 0, len(sh.aliases))
		for name := range sh.aliases {
			names = append(names, name)
		}
		slices.Sort(names)
		var b strings.Builder
		for _, name := range names {
			b.WriteString(sh.showAlias(name))
		}
		if s := sh.write(b.String()); s != 0 || len(args) == 0 {
			return s
		}
	}
	status := 0
	for _, arg := range args {
		name, text, def := strings.Cut(arg, "=")
		switch {
		case def && name != "" && strings.ContainsAny(name, "/$`= \t\n|&;()<>\"'\\"):
			sh.errorf("`%s': invalid alias name", name)
			status = 1
		case def && name != "":
			sh.aliases[name] = text
		case sh.hasAlias(arg):
			sh.write(sh.showAlias(arg))
		default:
			sh.errorf("%s: not found", arg)
			status = 1
		}
	}
	return status
}

func (sh *Shell) hasAlias(name string) bool {
	_, ok := sh.aliases[name]
	return ok
}

func (sh *Shell) showAlias(name string) string {
	dashes := ""
	if strings.HasPrefix(name, "-") {
		dashes = "-- "
	}
	return "alias " + dashes + name + "=" + singleQuote2(sh.aliases[name]) + "\n"
}

func (sh *Shell) unalias(argv []string) int {
	opts, args, ok := sh.flags(argv, "a")
	if !ok {
		return 2
	}
	if has(opts, 'a') {
		clear(sh.aliases)
		return 0
	}
	if len(args) == 0 {
		return sh.usageError()
	}
	status := 0
	for _, name := range args {
		if !sh.hasAlias(name) {
			sh.errorf("%s: not found", name)
			status = 1
		}
		delete(sh.aliases, name)
	}
	return status
}

// meaning is one thing that a command name can mean.
type meaning struct {
	kind string // alias, keyword, function, builtin, file
	path string
}

// meanings lists what a name means, first what would run.
func (sh *Shell) meanings(name string, all, noFuncs, pathOnly bool) []meaning {
	var out []meaning
	add := func(m meaning) bool {
		out = append(out, m)
		return !all
	}
	if !pathOnly {
		switch {
		case sh.shopt(shExpandAliases) && sh.hasAlias(name) && add(meaning{kind: "alias"}):
			return out
		case isKeyword(name) && add(meaning{kind: "keyword"}):
			return out
		case !noFuncs && sh.funcs[name] != nil && add(meaning{kind: "function"}):
			return out
		case sh.builtinFor(name) != nil && add(meaning{kind: "builtin"}):
			return out
		}
	}
	if strings.Contains(name, "/") {
		if sh.isProgram(name) {
			out = append(out, meaning{"file", name})
		}
		return out
	}
	if h := sh.hashed[name]; h != nil && !all {
		return append(out, meaning{"hashed", h.path})
	}
	for dir := range strings.SplitSeq(sh.getvar("PATH"), ":") {
		file := strings.TrimSuffix(dir, "/") + "/" + name
		if dir == "" || dir == "." {
			file = "./" + name
		}
		if sh.isProgram(file) {
			if add(meaning{"file", file}) {
				return out
			}
		}
	}
	return out
}

// typeCmd is the builtin type.
func (sh *Shell) typeCmd(argv []string) int {
	for i, arg := range argv {
		switch arg {
		case "-type", "--type":
			argv[i] = "-t"
		case "-path", "--path":
			argv[i] = "-p"
		case "-all", "--all":
			argv[i] = "-a"
		}
	}
	opts, names, ok := sh.flags(argv, "afptP")
	if !ok {
		return 2
	}
	all, force := has(opts, 'a'), has(opts, 'P')
	kind, onlyPath := has(opts, 't'), has(opts, 'p') || force
	status := 0
	var b strings.Builder
	for _, name := range names {
		found := sh.meanings(name, all, has(opts, 'f'), force)
		if len(found) == 0 {
			status = 1
			if !kind && !onlyPath {
				sh.flushOut(&b)
				sh.errorf("%s: not found", name)
			}
		}
		for _, m := range found {
			b.WriteString(sh.describe(name, m, kind, onlyPath))
		}
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return status
}

func (sh *Shell) flushOut(b *strings.Builder) {
	sh.write(b.String())
	b.Reset()
}

// describe says what a name means, as type does.
func (sh *Shell) describe(name string, m meaning, kind, onlyPath bool) string {
	file := m.kind == "file" || m.kind == "hashed"
	switch {
	case kind && file:
		return "file\n"
	case kind:
		return m.kind + "\n"
	case onlyPath && file:
		return m.path + "\n"
	case onlyPath:
		return ""
	}
	switch m.kind {
	case "alias":
		return name + " is aliased to `" + sh.aliases[name] + "'\n"
	case "keyword":
		return name + " is a shell keyword\n"
	case "function":
		return name + " is a function\n" + sh.funcs[name].source() + "\n"
	case "builtin":
		if sh.opt.posix && isSpecialBuiltin(name) {
			return name + " is a special shell builtin\n"
		}
		return name + " is a shell builtin\n"
	case "hashed":
		return name + " is hashed (" + m.path + ")\n"
	}
	return name + " is " + m.path + "\n"
}

// commandCmd is the builtin command.
func (sh *Shell) commandCmd(argv []string) int {
	opts, args, ok := sh.flags(argv, "pvV")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		return 0
	}
	if has(opts, 'v') || has(opts, 'V') {
		return sh.commandShow(args, has(opts, 'V'))
	}
	name := args[0]
	if run := sh.builtinFor(name); run != nil {
		was, wasArgs := sh.builtin, sh.declArgs
		sh.builtin = name
		sh.declArgs = sh.shiftArgs(len(argv) - len(args))
		status := run(sh, args)
		sh.builtin, sh.declArgs = was, wasArgs
		if name == "exec" && len(args) == 1 {
			sh.keepRedirects = true
		}
		return status
	}
	was := sh.builtin
	sh.builtin = ""
	defer func() { sh.builtin = was }()
	if has(opts, 'p') {
		path := sh.getvar("PATH")
		sh.assign("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", false)
		defer sh.assign("PATH", path, false)
	}
	return sh.runProgram(args)
}

// shiftArgs are the arguments of a declaration builtin that stands behind
// "command" or "builtin".
func (sh *Shell) shiftArgs(n int) []argument {
	if n >= len(sh.declArgs) {
		return nil
	}
	return sh.declArgs[n:]
}

func (sh *Shell) commandShow(names []string, long bool) int {
	status := 0
	var b strings.Builder
	for _, name := range names {
		found := sh.meanings(name, false, false, false)
		if len(found) == 0 {
			status = 1
			if long {
				sh.flushOut(&b)
				sh.errorf("%s: not found", name)
			}
			continue
		}
		m := found[0]
		switch {
		case long:
			b.WriteString(sh.describe(name, m, false, false))
		case m.kind == "alias":
			b.WriteString(sh.showAlias(name))
		case m.path != "":
			b.WriteString(m.path + "\n")
		default:
			b.WriteString(name + "\n")
		}
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return status
}

// runBuiltin is the builtin builtin.
func (sh *Shell) runBuiltin(argv []string) int {
	args := afterDashes(argv)
	if len(args) == 0 {
		return 0
	}
	run := sh.builtinFor(args[0])
	if run == nil {
		sh.errorf("%s: not a shell builtin", args[0])
		return 1
	}
	was, wasArgs := sh.builtin, sh.declArgs
	sh.builtin = args[0]
	sh.declArgs = sh.shiftArgs(len(argv) - len(args))
	status := run(sh, args)
	sh.builtin, sh.declArgs = was, wasArgs
	return status
}

// enable is the builtin enable. Nothing can be loaded.
func (sh *Shell) enable(argv []string) int {
	opts, names, ok := sh.flags(argv, "af:ndps")
	if !ok {
		return 2
	}
	for _, f := range opts {
		if f.c == 'f' {
			sh.errorf("cannot open shared object %s: No such file or directory", f.value)
			return 1
		}
		if f.c == 'd' {
			for _, name := range names {
				sh.errorf("%s: not dynamically loaded", name)
			}
			return 1
		}
	}
	off := has(opts, 'n')
	if len(names) == 0 || has(opts, 'p') {
		return sh.enableList(off, has(opts, 'a'), has(opts, 's'))
	}
	status := 0
	for _, name := range names {
		if findBuiltin(name) == nil {
			sh.errorf("%s: not a shell builtin", name)
			status = 1
			continue
		}
		if sh.disabled == nil {
			sh.disabled = map[string]bool{}
		}
		sh.disabled[name] = off
	}
	return status
}

func (sh *Shell) enableList(off, all, special bool) int {
	var b strings.Builder
	for _, name := range builtinNames() {
		switch {
		case special && !isSpecialBuiltin(name):
		case sh.disabled[name] && (off || all):
			b.WriteString("enable -n " + name + "\n")
		case !sh.disabled[name] && !off:
			b.WriteString("enable " + name + "\n")
		}
	}
	return sh.write(b.String())
}

// hash is the builtin hash.
func (sh *Shell) hash(argv []string) int {
	opts, names, ok := sh.flags(argv, "dlp:rt")
	if !ok {
		return 2
	}
	if has(opts, 'r') {
		sh.hashed = nil
	}
	switch {
	case len(names) == 0 && has(opts, 't'):
		sh.errorf("-t: option requires an argument")
		return 1
	case len(names) == 0 && !has(opts, 'r'):
		return sh.hashList(has(opts, 'l'))
	}
	status := 0
	for _, name := range names {
		if !sh.hashOne(name, opts, len(names) > 1) {
			status = 1
		}
	}
	return status
}

func (sh *Shell) hashOne(name string, opts []flag, many bool) bool {
	if sh.hashed == nil {
		sh.hashed = map[string]*hashEntry{}
	}
	for _, f := range opts {
		switch f.c {
		case 'p':
			sh.hashed[name] = &hashEntry{path: f.value}
			return true
		case 'd':
			if sh.hashed[name] == nil {
				sh.errorf("%s: not found", name)
				return false
			}
			delete(sh.hashed, name)
			return true
		case 't':
			h := sh.hashed[name]
			if h == nil {
				sh.errorf("%s: not found", name)
				return false
			}
			if many {
				sh.write(name + "\t" + h.path + "\n")
			} else {
				sh.write(h.path + "\n")
			}
			return true
		}
	}
	if strings.Contains(name, "/") || sh.builtinFor(name) != nil || sh.funcs[name] != nil {
		return true
	}
	file := sh.inPath(name)
	if file == "" {
		sh.errorf("%s: not found", name)
		return false
	}
	sh.hashed[name] = &hashEntry{path: file}
	return true
}

// hashList prints the table in the order in which bash walks it.
func (sh *Shell) hashList(reuse bool) int {
	if len(sh.hashed) == 0 {
		if !reuse {
			return sh.write("hash: hash table empty\n")
		}
		return 0
	}
	names := make([]string, 0, len(sh.hashed))
	for name := range sh.hashed {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return int(hashString(a)%256) - int(hashString(b)%256)
	})
	var b strings.Builder
	if !reuse {
		b.WriteString("hits\tcommand\n")
	}
	for _, name := range names {
		h := sh.hashed[name]
		if reuse {
			b.WriteString("builtin hash -p " + h.path + " " + name + "\n")
		} else {
			b.WriteString(padLeft(h.hits, 4) + "\t" + h.path + "\n")
		}
	}
	return sh.write(b.String())
}
