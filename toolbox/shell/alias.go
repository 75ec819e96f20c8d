package shell

import "strings"

// alias is the builtin alias.
func (sh *Shell) alias(argv []string) int {
	opts, args, ok := sh.flags(argv, "p")
	if !ok {
		return 2
	}
	if len(args) == 0 || has(opts, 'p') {
		var b strings.Builder
		for _, name := range sh.aliases.keys() {
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
			sh.aliases.put(name, text)
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
	return sh.aliases.has(name)
}

func (sh *Shell) showAlias(name string) string {
	dashes := ""
	if strings.HasPrefix(name, "-") {
		dashes = "-- "
	}
	return "alias " + dashes + name + "=" + quoteAlways(sh.aliases.get(name)) + "\n"
}

func (sh *Shell) unalias(argv []string) int {
	opts, args, ok := sh.flags(argv, "a")
	if !ok {
		return 2
	}
	if has(opts, 'a') {
		sh.aliases.clear()
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
		sh.aliases.drop(name)
	}
	return status
}
