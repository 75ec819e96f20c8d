package shell

import (
	"io/fs"
	"slices"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// compgen is the builtin compgen.
func (sh *Shell) compgen(argv []string) int {
	opts, args, ok := sh.flags(argv, specOptions)
	if !ok {
		return 2
	}
	spec, ok := sh.spec(opts)
	if !ok {
		return 2
	}
	if len(argv) == 1 {
		return 0
	}
	word := ""
	if len(args) > 0 {
		word = args[0]
	}
	for _, c := range []byte("FC") {
		if has(opts, c) {
			sh.stderr(sh.name + ": compgen: warning: -" + string(rune(c)) + " option may not work as you expect\n")
		}
	}
	var b strings.Builder
	found := sh.generate(spec, compWords{command: "compgen", word: word})
	for _, name := range found {
		b.WriteString(name + "\n")
	}
	if s := sh.write(b.String()); s != 0 {
		return s
	}
	return boolStatus(len(found) > 0)
}

// compWords is what is to be completed: a word, the one before it, and the
// command that both are for.
type compWords struct{ command, word, before string }

// generate makes the words that a specification stands for.
func (sh *Shell) generate(s *compSpec, w compWords) []string {
	var found []string
	for _, a := range compActions {
		if slices.Contains(s.Actions, a.name) {
			found = append(found, sh.action(a.name, w.word)...)
		}
	}
	if s.Glob != nil {
		found = append(found, sh.glob(string(*s.Glob))...)
	}
	if s.Words != nil {
		found = append(found, matching(sh.wordList(string(*s.Words)), w.word)...)
	}
	if s.Func != nil {
		found = append(found, sh.fromFunction(string(*s.Func), w)...)
	}
	if s.Command != nil {
		found = append(found, sh.fromCommand(string(*s.Command), w)...)
	}
	if s.Filter != nil {
		found = sh.filterNames(found, string(*s.Filter), w.word)
	}
	if s.Prefix != nil || s.Suffix != nil {
		for i, name := range found {
			found[i] = name
			if s.Prefix != nil {
				found[i] = string(*s.Prefix) + found[i]
			}
			if s.Suffix != nil {
				found[i] += string(*s.Suffix)
			}
		}
	}
	if slices.Contains(s.Options, "plusdirs") || len(found) == 0 && slices.Contains(s.Options, "dirnames") {
		found = append(found, sh.files(w.word, true)...)
	}
	return found
}

// fromFunction calls the function of -F and returns what it leaves in COMPREPLY.
func (sh *Shell) fromFunction(name string, w compWords) []string {
	fn := sh.funcs.get(name)
	if fn == nil {
		sh.stderr(sh.name + ": completion: function `" + name + "' not found\n")
		return nil
	}
	status, builtin := sh.status, sh.builtin
	sh.builtin = ""
	sh.unsetVar("COMPREPLY")
	sh.runFunc(fn, []string{name, w.command, w.word, w.before})
	sh.status, sh.builtin = status, builtin
	v := sh.lookup("COMPREPLY")
	if v == nil {
		return nil
	}
	if v.arr != nil {
		return slices.Clone(v.arr.vals)
	}
	return []string{v.str}
}

// fromCommand runs the command of -C and returns the lines that it prints.
func (sh *Shell) fromCommand(command string, w compWords) []string {
	for _, arg := range []string{w.command, w.word, w.before} {
		command += " " + singleQuote(arg)
	}
	out := sh.partsText(syntax.ParseText("$(" + command + ")"))
	if out == "" {
		return nil
	}
	return strings.Split(out, "\n")
}

func (sh *Shell) filterNames(found []string, filter, word string) []string {
	filter, not := strings.CutPrefix(filter, "!")
	pat := sh.compile(strings.ReplaceAll(filter, "&", word), false)
	return slices.DeleteFunc(found, func(s string) bool { return pat.Match(s) != not })
}

func matching(names []string, word string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(s string) bool { return !strings.HasPrefix(s, word) })
}

// wordList splits the list of -W at the characters of IFS that are not quoted,
// and expands its words.
func (sh *Shell) wordList(list string) []string {
	ifs, ok := sh.value("IFS")
	if !ok {
		ifs = " \t\n"
	}
	var words []*syntax.Word
	from, quote := 0, byte(0)
	add := func(to int) {
		if from < to {
			words = append(words, syntax.ParseWord(list[from:to], sh.line, sh.parserOptions()))
		}
		from = to + 1
	}
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case strings.IndexByte(ifs, c) >= 0:
			add(i)
		}
	}
	add(len(list))
	return sh.fields(words)
}

// action returns what an action of compgen generates.
func (sh *Shell) action(name, word string) (names []string) {
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
		return sh.files(word, name == "directory")
	case "command":
		return sh.commands(word)
	case "user":
		names = []string{"root", "sandbox"}
	case "group":
		names = []string{"root", "sandbox"}
	case "hostname":
		names = []string{"sandbox"}
	case "enabled", "disabled", "helptopic":
		for _, n := range builtinNames() {
			if name == "helptopic" || sh.disabled.get(n) == (name == "disabled") {
				names = append(names, n)
			}
		}
	case "job", "running", "stopped":
		for _, k := range sh.jobs.list {
			if name == "job" || k.stopped() == (name == "stopped") && !k.proc.exited() {
				command, _, _ := strings.Cut(k.text, " ")
				names = append(names, command)
			}
		}
	}
	return matching(names, word)
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
	names := sh.action("alias", word)
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
