package tool

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Flags parses options the GNU way: grouped shorts (-la), attached and
// separate values (-n5, -n 5, --lines=5, --lines 5), abbreviated long names,
// options after operands, and "--". Options act in the order in which they
// stand, so the last of two that exclude one another wins.
type Flags struct {
	// Usage is the exit status of a usage error; 1 unless set.
	Usage int
	// Posix stops at the first operand, as env, xargs and echo do.
	Posix bool
	// Synopsis, if not "", is printed before the hint of a usage error.
	Synopsis string
	// HintNamed has the hint begin with the command's name, as in diff.
	HintNamed bool
	// OnUsage, if not nil, prints what follows the message of a usage error, in
	// place of "Try 'NAME --help' for more information.".
	OnUsage func()
	// Operand, if not nil, is handed each operand that stands before "--", in
	// its order among the options.
	Operand func(arg string)
	// Legacy, if not nil, is offered each argument that starts with "-" or
	// "+" before it is parsed (head -5, tail +3) and reports whether it took it.
	Legacy func(arg string) bool

	x    *Exec
	opts []option
}

type option struct {
	short    byte
	long     string
	arg      argKind
	fallback string // value of an optional argument that is absent
	set      func(value string) error
}

type argKind int

const (
	noArg argKind = iota
	needArg
	optionalArg
)

// NewFlags starts a set of options for one run.
func NewFlags(x *Exec) *Flags { return &Flags{Usage: 1, x: x} }

// Version defines a short option that prints the version, as --version always does.
func (f *Flags) Version(short byte) {
	f.Do(short, "version", func() error { return Asked("version") })
}

// Bool defines a switch. short is 0, or long "", where there is none.
func (f *Flags) Bool(short byte, long string) *bool {
	v := new(bool)
	f.BoolVar(v, true, short, long)
	return v
}

// BoolVar defines an option that sets *v to value.
func (f *Flags) BoolVar(v *bool, value bool, short byte, long string) {
	f.Switch(short, long, func() { *v = value })
}

// Switch defines an option without a value; set is called at each use.
func (f *Flags) Switch(short byte, long string, set func()) {
	f.opts = append(f.opts, option{short, long, noArg, "", func(string) error { set(); return nil }})
}

// Do defines an option without a value that may fail, as that of Func may.
func (f *Flags) Do(short byte, long string, do func() error) {
	f.opts = append(f.opts, option{short, long, noArg, "", func(string) error { return do() }})
}

// String defines an option that takes a value.
func (f *Flags) String(short byte, long, value string) *string {
	v := &value
	f.Func(short, long, func(s string) error { *v = s; return nil })
	return v
}

// Strings defines an option that may be given many times.
func (f *Flags) Strings(short byte, long string) *[]string {
	v := new([]string)
	f.Func(short, long, func(s string) error { *v = append(*v, s); return nil })
	return v
}

// Func defines an option whose value is handed to set. An error of set that
// is no ExitError is printed as "NAME: error" and exits with Usage.
func (f *Flags) Func(short byte, long string, set func(value string) error) {
	f.opts = append(f.opts, option{short, long, needArg, "", set})
}

// Optional defines an option whose value may be left out (--color[=WHEN]); a
// value must be attached. fallback is what set gets where there is none.
func (f *Flags) Optional(short byte, long, fallback string, set func(value string) error) {
	f.opts = append(f.opts, option{short, long, optionalArg, fallback, set})
}

// ErrHelp asks for the manual page.
var ErrHelp error = Asked("help")

// Asked is the error of a run that ends with what a common option asks for:
// "help" or "version". Main prints it and exits with 0.
type Asked string

// Error says what was asked.
func (a Asked) Error() string { return string(a) + " requested" }

// Parse acts on the options in Args and returns the operands. What it returns
// as error ends the command: usage errors have been printed in GNU's words.
func (f *Flags) Parse() ([]string, error) { return f.ParseArgs(f.x.Args) }

// ParseArgs is Parse for other arguments than those of the run.
func (f *Flags) ParseArgs(args []string) ([]string, error) {
	var operands []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "--":
			return append(operands, args...), nil
		case f.Legacy != nil && len(arg) > 1 && (arg[0] == '-' || arg[0] == '+') && f.Legacy(arg):
		case strings.HasPrefix(arg, "--"):
			args, err = f.long(arg[2:], args)
		case len(arg) > 1 && arg[0] == '-':
			args, err = f.shorts(arg[1:], args)
		case f.Posix:
			return append(append(operands, arg), args...), nil
		default:
			operands = append(operands, arg)
			if f.Operand != nil {
				f.Operand(arg)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return operands, nil
}

func (f *Flags) shorts(group string, args []string) ([]string, error) {
	for i := 0; i < len(group); i++ {
		c := group[i]
		at := slices.IndexFunc(f.opts, func(o option) bool { return o.short == c && c != 0 })
		if at < 0 {
			return nil, f.Errorf("invalid option -- '%c'", c)
		}
		o := f.opts[at]
		rest := group[i+1:]
		switch {
		case o.arg == noArg:
			if err := f.apply(o, ""); err != nil {
				return nil, err
			}
			continue
		case o.arg == optionalArg && rest == "":
			rest = o.fallback
		case o.arg == needArg && rest == "":
			if len(args) == 0 {
				return nil, f.Errorf("option requires an argument -- '%c'", c)
			}
			rest, args = args[0], args[1:]
		}
		return args, f.apply(o, rest)
	}
	return args, nil
}

func (f *Flags) long(arg string, args []string) ([]string, error) {
	name, value, attached := strings.Cut(arg, "=")
	o, err := f.find(name, arg)
	if err != nil {
		return nil, err
	}
	switch {
	case o.arg == noArg && attached:
		return nil, f.Errorf("option '--%s' doesn't allow an argument", o.long)
	case o.arg == optionalArg && !attached:
		value = o.fallback
	case o.arg == needArg && !attached:
		if len(args) == 0 {
			return nil, f.Errorf("option '--%s' requires an argument", o.long)
		}
		value, args = args[0], args[1:]
	}
	return args, f.apply(o, value)
}

// find looks a long name up, exact or as an unambiguous abbreviation.
func (f *Flags) find(name, arg string) (option, error) {
	if name == "help" || name == "version" {
		return option{}, Asked(name)
	}
	var found []option
	for _, o := range f.opts {
		if o.long == name && name != "" {
			return o, nil
		}
		if o.long != "" && strings.HasPrefix(o.long, name) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return option{}, f.Errorf("unrecognized option '--%s'", arg)
	case 1:
		return found[0], nil
	}
	var names strings.Builder
	for _, o := range found {
		fmt.Fprintf(&names, " '--%s'", o.long)
	}
	return option{}, f.Errorf("option '--%s' is ambiguous; possibilities:%s", arg, names.String())
}

func (f *Flags) apply(o option, value string) error {
	err := o.set(value)
	var exit ExitError
	var asked Asked
	if err == nil || errors.As(err, &exit) || errors.As(err, &asked) {
		return err
	}
	f.x.Warn(err)
	return Exit(f.Usage)
}

// Errorf prints a usage error with GNU's hint and returns the error that
// exits with Usage.
func (f *Flags) Errorf(format string, args ...any) error {
	f.x.Errorf(format, args...)
	return f.Hint()
}
