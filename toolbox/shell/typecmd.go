package shell

import "strings"

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
		case !noFuncs && sh.funcs.get(name) != nil && add(meaning{kind: "function"}):
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
	if h := sh.hashed.get(name); h.path != "" && !all {
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
	if !all {
		// A file that can't be executed is found where there is no other.
		if file := sh.inPath(name); file != "" {
			out = append(out, meaning{"file", file})
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
		return name + " is aliased to `" + sh.aliases.get(name) + "'\n"
	case "keyword":
		return name + " is a shell keyword\n"
	case "function":
		return name + " is a function\n" + sh.funcs.get(name).source() + "\n"
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
