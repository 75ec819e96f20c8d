/*
Package getopt sorts the arguments of scripts: options first, each by itself,
then "--" and the operands, quoted for the shell.

	getopt OPTSTRING ARG...
	getopt [OPTION]... -o OPTSTRING [--] ARG...

	-o, --options=OPTSTRING   the letters: a: takes a value, a:: may; + in front
	                          stops at the first operand, - leaves all in place
	-l, --longoptions=NAMES   long options, with commas between them
	-a, --alternative         long options may begin with one -
	-n, --name=NAME           the name in messages
	-q, --quiet               no messages
	-Q, --quiet-output        print nothing
	-s, --shell=SHELL         quote for sh, bash, csh or tcsh
	-u, --unquoted            do not quote
	-T, --test                exit with 4: this is the enhanced version

In the first form nothing is quoted, and there are no long options. It exits
with 1 if an option is wrong, 2 if its own are, 3 if something else is.
*/
package getopt

import (
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	g := &getopt{x: x, name: x.Name, quote: quoteShell}
	args, err := g.parse()
	if err != nil {
		return err
	}
	g.sort(args)
	if !g.noOutput {
		line := strings.Join(append(append(g.out, " --"), g.operands...), "") + "\n"
		if _, err := x.Stdout.Write([]byte(line)); err != nil {
			return err
		}
	}
	if g.failed {
		return tool.Exit(1)
	}
	return nil
}

// getopt is one run.
type getopt struct {
	x        *tool.Exec
	name     string
	letters  string
	longs    []option
	single   bool // long options with one -
	quiet    bool
	noOutput bool
	quote    func(string) string
	posix    bool // stop at the first operand
	inPlace  bool

	out, operands []string
	failed        bool
}

// option is a long option; arg is 0, 1 or 2 for no value, one, and perhaps one.
type option struct {
	name string
	arg  int
}

func (g *getopt) parse() ([]string, error) {
	args := g.x.Args
	if len(args) == 0 {
		return nil, g.usage("missing optstring argument")
	}
	if _, old := g.x.LookupEnv("GETOPT_COMPATIBLE"); old || args[0] != "" && args[0][0] != '-' {
		g.quote = func(s string) string { return s }
		g.setLetters(strings.TrimLeft(args[0], "-+"))
		return args[1:], nil
	}
	f := tool.NewFlags(g.x)
	f.Usage, f.Posix = 2, true
	given := false
	f.Func('o', "options", func(v string) error { given = true; g.setLetters(v); return nil })
	long := func(v string) error { return g.addLongs(v) }
	f.Func('l', "longoptions", long)
	f.BoolVar(&g.single, true, 'a', "alternative")
	f.Func('n', "name", func(v string) error { g.name = v; return nil })
	f.BoolVar(&g.quiet, true, 'q', "quiet")
	f.BoolVar(&g.noOutput, true, 'Q', "quiet-output")
	f.Func('s', "shell", func(v string) error {
		switch v {
		case "sh", "bash":
			g.quote = quoteShell
		case "csh", "tcsh":
			g.quote = quoteC
		default:
			return g.usage("unknown shell after -s or --shell argument")
		}
		return nil
	})
	f.Switch('u', "unquoted", func() { g.quote = func(s string) string { return s } })
	f.Do('T', "test", func() error { return tool.Exit(4) })
	f.Do('h', "", func() error { return tool.ErrHelp })
	f.Version('V')
	rest, err := f.Parse()
	if err != nil {
		return nil, err
	}
	if !given {
		if len(rest) == 0 {
			return nil, g.usage("missing optstring argument")
		}
		g.setLetters(rest[0])
		rest = rest[1:]
	}
	return rest, nil
}

func (g *getopt) usage(text string) error {
	g.x.Errorf("%s", text)
	f := tool.NewFlags(g.x)
	f.Usage = 2
	return f.Hint()
}

func (g *getopt) setLetters(s string) {
	switch {
	case strings.HasPrefix(s, "+"):
		g.posix, s = true, s[1:]
	case strings.HasPrefix(s, "-"):
		g.inPlace, s = true, s[1:]
	}
	if _, ok := g.x.LookupEnv("POSIXLY_CORRECT"); ok {
		g.posix = true
	}
	g.letters = s
}

func (g *getopt) addLongs(v string) error {
	for name := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }) {
		arg := 0
		if trimmed, ok := strings.CutSuffix(name, "::"); ok {
			name, arg = trimmed, 2
		} else if trimmed, ok := strings.CutSuffix(name, ":"); ok {
			name, arg = trimmed, 1
		}
		if name == "" {
			return g.usage("empty long option after -l or --long argument")
		}
		g.longs = append(g.longs, option{name, arg})
	}
	return nil
}

// sort reads the arguments.
func (g *getopt) sort(args []string) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			g.addOperands(args)
			return
		case strings.HasPrefix(arg, "--"):
			args = g.long(arg[2:], "--", args)
		case len(arg) > 1 && arg[0] == '-':
			if _, n, _ := g.find(cutValue(arg[1:])); g.single && n > 0 && (len(arg) > 2 || g.letter(arg[1]) < 0) {
				args = g.long(arg[1:], "-", args)
			} else {
				args = g.shorts(arg[1:], args)
			}
		case g.posix:
			g.addOperands(append([]string{arg}, args...))
			return
		case g.inPlace:
			g.out = append(g.out, " "+g.quote(arg))
		default:
			g.addOperands([]string{arg})
		}
	}
}

func cutValue(s string) string {
	name, _, _ := strings.Cut(s, "=")
	return name
}

func (g *getopt) addOperands(args []string) {
	for _, arg := range args {
		g.operands = append(g.operands, " "+g.quote(arg))
	}
}

// letter says what value a letter takes; -1 if there is no such option.
func (g *getopt) letter(c byte) int {
	i := strings.IndexByte(g.letters, c)
	if i < 0 || c == ':' {
		return -1
	}
	rest := g.letters[i+1:]
	return len(rest[:min(2, len(rest))]) - len(strings.TrimLeft(rest[:min(2, len(rest))], ":"))
}

func (g *getopt) shorts(group string, args []string) []string {
	for i := 0; i < len(group); i++ {
		c := group[i]
		rest := group[i+1:]
		switch g.letter(c) {
		case -1:
			g.complain("invalid option -- '%c'", c)
		case 0:
			g.out = append(g.out, " -"+string(c))
		case 1:
			if rest == "" {
				if len(args) == 0 {
					g.complain("option requires an argument -- '%c'", c)
					return args
				}
				rest, args = args[0], args[1:]
			}
			g.out = append(g.out, " -"+string(c)+" "+g.quote(rest))
			return args
		case 2:
			g.out = append(g.out, " -"+string(c)+" "+g.quote(rest))
			return args
		}
	}
	return args
}

// find finds a long option by its name, or how it begins; n is how many there are.
func (g *getopt) find(name string) (found option, n int, names []string) {
	for _, o := range g.longs {
		if o.name == name {
			return o, 1, nil
		}
		if strings.HasPrefix(o.name, name) {
			found = o
			n++
			names = append(names, o.name)
		}
	}
	return found, n, names
}

func (g *getopt) long(arg, dashes string, args []string) []string {
	name, value, attached := strings.Cut(arg, "=")
	o, n, names := g.find(name)
	switch {
	case n == 0:
		g.complain("unrecognized option '%s%s'", dashes, arg)
		return args
	case n > 1:
		g.complain("option '%s%s' is ambiguous; possibilities: '--%s'", dashes, arg, strings.Join(names, "' '--"))
		return args
	case o.arg == 0 && attached:
		g.complain("option '%s%s' doesn't allow an argument", dashes, o.name)
		return args
	case o.arg == 0:
		g.out = append(g.out, " --"+o.name)
		return args
	case o.arg == 1 && !attached:
		if len(args) == 0 {
			g.complain("option '%s%s' requires an argument", dashes, o.name)
			return args
		}
		value, args = args[0], args[1:]
	}
	g.out = append(g.out, " --"+o.name+" "+g.quote(value))
	return args
}

func (g *getopt) complain(format string, args ...any) {
	g.failed = true
	if !g.quiet {
		named := *g.x
		named.Name = g.name
		named.Errorf(format, args...)
	}
}

func quoteShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// quoteC quotes for csh, where ! and newlines need more.
func quoteC(s string) string {
	return "'" + strings.NewReplacer("'", `'\''`, "!", `'\!'`, "\n", `\n`, `\`, `'\\'`, " ", " ").Replace(s) + "'"
}
