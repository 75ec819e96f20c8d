package shell

import (
	"io/fs"
	"slices"
	"strings"
)

// compgen is the builtin compgen.
func (sh *Shell) compgen(argv []string) int {
	opts, args, ok := sh.flags(argv, "abcdefgjksuvo:A:G:W:F:C:X:P:S:V:")
	if !ok {
		return 2
	}
	word := ""
	if len(args) > 0 {
		word = args[0]
	}
	var found []string
	prefix, suffix, filter := "", "", ""
	for _, f := range opts {
		switch f.c {
		case 'P':
			prefix = f.value
		case 'S':
			suffix = f.value
		case 'X':
			filter = f.value
		case 'W':
			found = append(found, matching(sh.splitText(f.value), word)...)
		case 'A':
			names, known := sh.action(f.value, word)
			if !known {
				sh.errorf("%s: invalid action name", f.value)
				return 2
			}
			found = append(found, names...)
		case 'G':
			found = append(found, sh.glob(f.value)...)
		case 'o', 'F', 'C', 'V':
		default:
			names, _ := sh.action(actionNames[f.c], word)
			found = append(found, names...)
		}
	}
	if filter != "" {
		found = sh.filterNames(found, filter, word)
	}
	var b strings.Builder
	for _, name := range found {
		b.WriteString(prefix + name + suffix + "\n")
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return boolStatus(len(found) > 0)
}

func (sh *Shell) filterNames(found []string, filter, word string) []string {
	filter, not := strings.CutPrefix(filter, "!")
	pat := sh.compile(strings.ReplaceAll(filter, "&", word), false)
	return slices.DeleteFunc(found, func(s string) bool { return pat.Match(s) != not })
}

var actionNames = map[byte]string{'a': "alias", 'b': "builtin", 'c': "command", 'd': "directory", 'e': "export",
	'f': "file", 'g': "group", 'j': "job", 'k': "keyword", 's': "service", 'u': "user", 'v': "variable"}

func matching(names []string, word string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(s string) bool { return !strings.HasPrefix(s, word) })
}

// splitText expands and splits the list of compgen -W.
func (sh *Shell) splitText(text string) []string {
	e := expander{sh: sh, split: true}
	e.addResult(text)
	e.finish()
	return e.out
}

// action returns what an action of compgen generates.
func (sh *Shell) action(name, word string) (names []string, known bool) {
	switch name {
	case "alias":
		for n := range sh.aliases.m {
			names = append(names, n)
		}
		slices.Sort(names)
	case "builtin":
		names = builtinNames()
	case "keyword":
		names = keywords[:]
	case "function":
		names = sh.funcNamesSorted()
	case "variable", "export", "arrayvar":
		for _, n := range sh.varNames() {
			v := sh.lookup(n)
			if v == nil || name == "export" && !v.has(attrExport) || name == "arrayvar" && !v.isArray() {
				continue
			}
			names = append(names, n)
		}
	case "setopt":
		for _, s := range setOptions() {
			names = append(names, s.name)
		}
	case "shopt":
		names = shoptNames[:]
	case "signal":
		for n := range signalNames {
			if s := signalName(n); s != "" {
				names = append(names, s)
			}
		}
	case "file", "directory":
		return sh.files(word, name == "directory"), true
	case "command":
		return sh.commands(word), true
	case "user":
		names = []string{"root", "sandbox"}
	case "group":
		names = []string{"root", "sandbox"}
	case "hostname":
		names = []string{"sandbox"}
	case "job", "running", "stopped", "service", "binding", "disabled", "enabled", "helptopic":
		if name == "enabled" || name == "helptopic" {
			names = builtinNames()
		}
	default:
		return nil, false
	}
	return matching(names, word), true
}

func (sh *Shell) files(word string, dirs bool) []string {
	dir, base := "", word
	if i := strings.LastIndexByte(word, '/'); i >= 0 {
		dir, base = word[:i+1], word[i+1:]
	}
	g := globber{sh: sh}
	var out []string
	for _, e := range g.entries(dir) {
		if !strings.HasPrefix(e.Name, base) || base == "" && e.Name[0] == '.' {
			continue
		}
		if dirs && !e.Type.IsDir() && !(e.Type&fs.ModeSymlink != 0 && g.isDir(dir+e.Name)) {
			continue
		}
		out = append(out, dir+e.Name)
	}
	return out
}

func (sh *Shell) commands(word string) []string {
	names, _ := sh.action("alias", word)
	names = append(names, matching(keywords[:], word)...)
	names = append(names, matching(sh.funcNamesSorted(), word)...)
	names = append(names, matching(builtinNames(), word)...)
	for dir := range strings.SplitSeq(sh.getvar("PATH"), ":") {
		entries, err := sh.readDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name, word) {
				names = append(names, e.Name)
			}
		}
	}
	return names
}

// complete is complete and compopt: specifications are kept, nothing uses them.
func (sh *Shell) complete(argv []string) int {
	if argv[0] == "compopt" {
		sh.errorf("not currently executing completion function")
		return 1
	}
	opts, names, ok := sh.flags(argv, "abcdefgjksuvo:A:G:W:F:C:X:P:S:prDEI")
	if !ok {
		return 2
	}
	switch {
	case has(opts, 'r'):
		for _, name := range names {
			if !sh.completions.has(name) {
				sh.errorf("%s: no completion specification", name)
				return 1
			}
			sh.completions.drop(name)
		}
		if len(names) == 0 {
			sh.completions.clear()
		}
		return 0
	case has(opts, 'p') || len(argv) == 1:
		return sh.showCompletions(names)
	case len(names) == 0 && !has(opts, 'D') && !has(opts, 'E') && !has(opts, 'I'):
		return sh.usageError()
	}
	var words []string
	for _, f := range opts {
		words = append(words, "-"+string(rune(f.c)))
		if f.value != "" {
			words = append(words, quoteIfNeeded(f.value))
		}
	}
	spec := strings.Join(words, " ")
	for _, name := range names {
		sh.completions.put(name, spec)
	}
	return 0
}

func (sh *Shell) showCompletions(names []string) int {
	status := 0
	if len(names) == 0 {
		for name := range sh.completions.m {
			names = append(names, name)
		}
		slices.Sort(names)
	}
	for _, name := range names {
		spec, ok := sh.completions.m[name]
		if !ok {
			sh.errorf("%s: no completion specification", name)
			status = 1
			continue
		}
		sh.write(strings.TrimSpace("complete "+spec) + " " + name + "\n")
	}
	return status
}
