package shell

import (
	"slices"
	"strings"
)

// compSpec is a completion specification: what complete keeps and compgen
// generates from.
type compSpec struct {
	Options []string `json:",omitempty"` // of -o
	Actions []string `json:",omitempty"`
	Glob    *text    `json:",omitempty"`
	Words   *text    `json:",omitempty"`
	Prefix  *text    `json:",omitempty"`
	Suffix  *text    `json:",omitempty"`
	Filter  *text    `json:",omitempty"`
	Command *text    `json:",omitempty"`
	Func    *text    `json:",omitempty"`
}

// specOptions are the letters of options that make up a specification.
const specOptions = "abcdefgjksuvo:A:G:W:F:C:X:P:S:"

// compOptions are what -o takes.
var compOptions = [...]string{"bashdefault", "default", "dirnames", "filenames", "noquote", "nosort", "nospace", "plusdirs"}

// compActions are what -A takes, those with a letter first.
var compActions = [...]struct {
	name   string
	letter byte
}{{"alias", 'a'}, {"builtin", 'b'}, {"command", 'c'}, {"directory", 'd'}, {"export", 'e'}, {"file", 'f'}, {"group", 'g'},
	{"job", 'j'}, {"keyword", 'k'}, {"service", 's'}, {"user", 'u'}, {"variable", 'v'}, {"arrayvar", 0}, {"binding", 0},
	{"disabled", 0}, {"enabled", 0}, {"function", 0}, {"helptopic", 0}, {"hostname", 0}, {"running", 0}, {"setopt", 0},
	{"shopt", 0}, {"signal", 0}, {"stopped", 0}}

// spec reads a specification from options.
func (sh *Shell) spec(opts []flag) (*compSpec, bool) {
	s := &compSpec{}
	for _, f := range opts {
		value := text(f.value)
		switch f.c {
		case 'o':
			if !slices.Contains(compOptions[:], f.value) {
				sh.errorf("%s: invalid option name", f.value)
				return nil, false
			}
			s.Options = append(s.Options, f.value)
		case 'G':
			s.Glob = &value
		case 'W':
			s.Words = &value
		case 'P':
			s.Prefix = &value
		case 'S':
			s.Suffix = &value
		case 'X':
			s.Filter = &value
		case 'C':
			s.Command = &value
		case 'F':
			s.Func = &value
		default:
			if !s.addAction(f) {
				sh.errorf("%s: invalid action name", f.value)
				return nil, false
			}
		}
	}
	return s, true
}

// addAction adds the action of -A, or of a letter. Other letters mean none.
func (s *compSpec) addAction(f flag) bool {
	for _, a := range compActions {
		if f.c == 'A' && a.name == f.value || f.c != 'A' && a.letter == f.c {
			s.Actions = append(s.Actions, a.name)
			return true
		}
	}
	return f.c != 'A'
}

// String is the specification as options of complete.
func (s *compSpec) String() string {
	var b strings.Builder
	for _, o := range compOptions {
		if slices.Contains(s.Options, o) {
			b.WriteString(" -o " + o)
		}
	}
	for _, a := range compActions {
		switch {
		case !slices.Contains(s.Actions, a.name):
		case a.letter != 0:
			b.WriteString(" -" + string(rune(a.letter)))
		default:
			b.WriteString(" -A " + a.name)
		}
	}
	for _, o := range []struct {
		letter string
		value  *text
	}{{"G", s.Glob}, {"W", s.Words}, {"P", s.Prefix}, {"S", s.Suffix}, {"X", s.Filter}, {"C", s.Command}} {
		if o.value != nil {
			b.WriteString(" -" + o.letter + " " + singleQuote(string(*o.value)))
		}
	}
	if s.Func != nil {
		b.WriteString(" -F " + string(*s.Func))
	}
	return b.String()
}

// names of the specifications that stand for no command of their own.
const (
	specDefault = "_DefaultCmD_"
	specEmpty   = "_EmptycmD_"
	specInitial = "_InitialWorD_"
)

// specNames are the names that complete and compopt act on.
func specNames(opts []flag, names []string) []string {
	for c, name := range map[byte]string{'D': specDefault, 'E': specEmpty, 'I': specInitial} {
		if has(opts, c) {
			return []string{name}
		}
	}
	return names
}

// specOperand shows such a name as it is written.
func specOperand(name string) string {
	switch name {
	case specDefault:
		return "-D"
	case specEmpty:
		return "-E"
	case specInitial:
		return "-I"
	}
	if hasMetas(name) {
		return singleQuote(name)
	}
	return name
}

// complete is the builtin complete.
func (sh *Shell) complete(argv []string) int {
	opts, args, ok := sh.flags(argv, specOptions+"prDEI")
	if !ok {
		return 2
	}
	spec, ok := sh.spec(opts)
	if !ok {
		return 2
	}
	names := specNames(opts, args)
	switch {
	case has(opts, 'r'):
		return sh.dropSpecs(names)
	case has(opts, 'p') || len(argv) == 1:
		return sh.showSpecs(names)
	case len(names) == 0:
		return sh.usageError()
	}
	for _, name := range names {
		sh.completions.put(name, spec)
	}
	return 0
}

func (sh *Shell) dropSpecs(names []string) int {
	if len(names) == 0 {
		sh.completions.clear()
		return 0
	}
	status := 0
	for _, name := range names {
		if !sh.completions.has(name) {
			sh.errorf("%s: no completion specification", name)
			status = 1
		}
		sh.completions.drop(name)
	}
	return status
}

// showSpecs prints specifications; all of them in the order in which bash walks
// its table.
func (sh *Shell) showSpecs(names []string) int {
	if len(names) == 0 {
		names = sh.completions.keys()
		slices.SortStableFunc(names, func(a, b string) int { return int(hashString(a)%512) - int(hashString(b)%512) })
	}
	status := 0
	for _, name := range names {
		spec := sh.completions.get(name)
		if spec == nil {
			sh.errorf("%s: no completion specification", name)
			status = 1
			continue
		}
		sh.write("complete" + spec.String() + " " + specOperand(name) + "\n")
	}
	return status
}

// compopt is the builtin compopt: it changes the options of specifications, or of
// the completion that is under way.
func (sh *Shell) compopt(argv []string) int {
	var on, off []string
	var opts []flag
	args := argv[1:]
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
		case arg == "-D" || arg == "-E" || arg == "-I":
			opts = append(opts, flag{c: arg[1]})
			continue
		case arg[1:] != "o":
			sh.errorf("%s: invalid option", arg[:2])
			return sh.usageError()
		case len(args) == 0:
			sh.errorf("-o: option requires an argument")
			return sh.usageError()
		case !slices.Contains(compOptions[:], args[0]):
			sh.errorf("%s: invalid option name", args[0])
			return 2
		default:
			if arg[0] == '-' {
				on = append(on, args[0])
			} else {
				off = append(off, args[0])
			}
			args = args[1:]
			continue
		}
		break
	}
	names := specNames(opts, args)
	if len(names) == 0 {
		if sh.completing == nil {
			sh.errorf("not currently executing completion function")
			return 1
		}
		sh.completing.setOptions(on, off)
		return 0
	}
	status := 0
	for _, name := range names {
		spec := sh.completions.get(name)
		switch {
		case spec == nil:
			sh.errorf("%s: no completion specification", name)
			status = 1
		case len(on)+len(off) == 0:
			sh.write("compopt" + spec.allOptions() + " " + specOperand(name) + "\n")
		default:
			changed := *spec
			changed.setOptions(on, off)
			sh.completions.put(name, &changed)
		}
	}
	return status
}

func (s *compSpec) setOptions(on, off []string) {
	s.Options = append(slices.Clone(s.Options), on...)
	s.Options = slices.DeleteFunc(s.Options, func(o string) bool { return slices.Contains(off, o) })
}

// allOptions are all options, with what each is set to.
func (s *compSpec) allOptions() string {
	out := ""
	for _, o := range compOptions {
		if slices.Contains(s.Options, o) {
			out += " -o " + o
		} else {
			out += " +o " + o
		}
	}
	return out
}
