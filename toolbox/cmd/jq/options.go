package jq

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// options are the settings of one run.
type options struct {
	program  string
	given    bool // program is set
	fromFile bool
	files    []string
	inputs   inputs
	null     bool // -n
	raw      bool // -r
	joined   bool // -j
	zero     bool // --raw-output0
	seq      bool
	status   bool // -e
	flush    bool // --unbuffered
	style    style
	color    bool
	compact  bool

	vars  map[string]any
	named *object
	args  []any
	rest  restKind
}

// restKind is what the operands behind the program are.
type restKind uint8

const (
	areFiles restKind = iota
	areText
	areJSON
)

const helpHint = "Use jq --help for help with command-line options,\n" +
	"or see the jq manpage, or online docs  at https://stedolan.github.io/jq\n"

// usageError prints what is wrong with the command line.
func usageError(x *tool.Exec, format string, args ...any) error {
	fmt.Fprintf(x.Stderr, "jq: "+format+"\n"+helpHint, args...)
	return tool.Exit(2)
}

// optionParser reads the command line.
type optionParser struct {
	options
	ctx  context.Context
	x    *tool.Exec
	args []string
}

func parseOptions(ctx context.Context, x *tool.Exec) (*options, error) {
	p := &optionParser{ctx: ctx, x: x, args: x.Args}
	p.style.indent = "  "
	p.vars, p.named, p.options.args = map[string]any{}, newObject(), []any{}
	operandsOnly := false
	for len(p.args) > 0 {
		arg := p.args[0]
		p.args = p.args[1:]
		var err error
		switch {
		case operandsOnly || !looksLikeOption(arg):
			err = p.operand(arg)
		case arg == "--":
			operandsOnly = true
		case strings.HasPrefix(arg, "--"):
			err = p.long(arg[2:])
		default:
			err = p.shorts(arg)
		}
		if err != nil {
			return nil, err
		}
	}
	return p.finish()
}

// looksLikeOption reports whether an argument is no program like -1 or -.a.
func looksLikeOption(arg string) bool {
	return len(arg) > 1 && arg[0] == '-' && (arg[1] == '-' || arg[1]|0x20 >= 'a' && arg[1]|0x20 <= 'z')
}

func (p *optionParser) operand(arg string) error {
	if !p.given {
		p.program, p.given = arg, true
		return nil
	}
	switch p.rest {
	case areText:
		p.options.args = append(p.options.args, arg)
	case areJSON:
		v, err := parseText(p.ctx, arg)
		if err != nil {
			return usageError(p.x, "Invalid JSON text passed to --jsonargs")
		}
		p.options.args = append(p.options.args, v)
	default:
		p.files = append(p.files, arg)
	}
	return nil
}

// switches are the options that take no value, by letter or long name.
func (p *optionParser) switches(name string) func() {
	switch name {
	case "n", "null-input":
		return func() { p.null = true }
	case "r", "raw-output":
		return func() { p.raw = true }
	case "j", "join-output":
		return func() { p.raw, p.joined = true, true }
	case "raw-output0":
		return func() { p.raw, p.zero = true, true }
	case "a", "ascii-output":
		return func() { p.style.ascii = true }
	case "c", "compact-output":
		return func() { p.compact = true }
	case "C", "color-output":
		return func() { p.color = true }
	case "M", "monochrome-output":
		return func() { p.color = false }
	case "S", "sort-keys":
		return func() { p.style.sortKeys = true }
	case "s", "slurp":
		return func() { p.inputs.slurp = true }
	case "R", "raw-input":
		return func() { p.inputs.raw = true }
	case "e", "exit-status":
		return func() { p.status = true }
	case "f", "from-file":
		return func() { p.fromFile = true }
	case "tab":
		return func() { p.style.indent = "\t" }
	case "seq":
		return func() { p.seq = true }
	case "stream":
		return func() { p.inputs.stream = true }
	case "unbuffered":
		return func() { p.flush = true }
	case "args":
		return func() { p.rest = areText }
	case "jsonargs":
		return func() { p.rest = areJSON }
	case "b", "binary":
		return func() {}
	}
	return nil
}

func (p *optionParser) shorts(arg string) error {
	for i := 1; i < len(arg); i++ {
		c := arg[i : i+1]
		switch {
		case c == "h":
			return tool.ErrHelp
		case c == "V":
			return p.version()
		case c == "L":
			if i+1 == len(arg) && len(p.args) > 0 {
				p.args = p.args[1:]
			}
			return nil
		}
		set := p.switches(c)
		if set == nil {
			return usageError(p.x, "Unknown option %s", arg)
		}
		set()
	}
	return nil
}

func (p *optionParser) version() error {
	if _, err := io.WriteString(p.x.Stdout, "jq-1.6\n"); err != nil {
		return err
	}
	return tool.ExitError(0)
}

func (p *optionParser) long(name string) error {
	if len(name) > 1 {
		if set := p.switches(name); set != nil {
			set()
			return nil
		}
	}
	switch name {
	case "help":
		return tool.ErrHelp
	case "version":
		return p.version()
	case "indent":
		return p.indent()
	case "arg":
		return p.named2("arg", "varname value", func(_, v string) (any, error) { return v, nil })
	case "argjson":
		return p.named2("argjson", "varname text", func(_, v string) (any, error) {
			parsed, err := parseText(p.ctx, v)
			if err != nil {
				return nil, usageError(p.x, "invalid JSON text passed to --argjson")
			}
			return parsed, nil
		})
	case "slurpfile":
		return p.named2("slurpfile", "varname filename", p.slurpFile)
	case "rawfile":
		return p.named2("rawfile", "varname filename", p.rawFile)
	}
	if name, ok := strings.CutPrefix(name, "library-path"); ok {
		if name == "" && len(p.args) > 0 {
			p.args = p.args[1:]
		}
		return nil
	}
	return usageError(p.x, "Unknown option --%s", name)
}

func (p *optionParser) indent() error {
	if len(p.args) == 0 {
		return usageError(p.x, "--indent takes one parameter")
	}
	n, err := strconv.Atoi(p.args[0])
	p.args = p.args[1:]
	if err != nil || n < -1 || n > 7 {
		return usageError(p.x, "--indent takes a number between -1 and 7")
	}
	if p.style.indent = strings.Repeat(" ", max(n, 0)); n < 0 {
		p.style.indent = "\t"
	}
	return nil
}

// named2 reads an option with a name and a value for it.
func (p *optionParser) named2(option, takes string, value func(name, text string) (any, error)) error {
	if len(p.args) < 2 {
		return usageError(p.x, "--%s takes two parameters (e.g. --%s %s)", option, option, takes)
	}
	name, text := p.args[0], p.args[1]
	p.args = p.args[2:]
	if _, ok := p.vars["$"+name]; ok {
		return nil
	}
	v, err := value(name, text)
	if err != nil {
		return err
	}
	p.vars["$"+name] = v
	p.named.put(name, v)
	return nil
}

func (p *optionParser) slurpFile(v, name string) (any, error) {
	f, err := p.x.Open(name)
	if err != nil {
		return nil, p.x.Fail(2, "Bad JSON in --slurpfile %s %s: Could not open %s: %s", v, name, name, tool.ErrText(err))
	}
	defer f.Close()
	list := []any{}
	for parser := newParser(p.ctx, f); ; {
		x, err := parser.value()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, p.x.Fail(2, "Bad JSON in --slurpfile %s %s: %s", v, name, err)
		}
		list = append(list, x)
	}
}

func (p *optionParser) rawFile(v, name string) (any, error) {
	data, err := p.x.ReadFile(name, maxText)
	if err != nil {
		return nil, p.x.Fail(2, "Bad JSON in --rawfile %s %s: Could not open %s: %s", v, name, name, tool.ErrText(err))
	}
	return valid(data), nil
}

// maxProgram bounds the size of a program in a file.
const maxProgram = 16 << 20

func (p *optionParser) finish() (*options, error) {
	o := &p.options
	switch {
	case p.fromFile && !p.given:
		return nil, usageError(p.x, "no program given")
	case p.fromFile:
		data, err := p.x.ReadFile(p.program, maxProgram)
		if err != nil {
			return nil, p.x.Fail(2, "Could not open %s: %s", p.program, tool.ErrText(err))
		}
		o.program = string(data)
	case !p.given:
		if len(p.x.Args) == 0 && p.x.IsTerminal(0) {
			return nil, tool.ErrHelp
		}
		o.program = "."
	}
	if p.compact {
		o.style.indent = ""
	}
	if o.color {
		o.style.color = newPalette(p.x.Getenv("JQ_COLORS"))
	}
	if o.files == nil {
		o.files = []string{"-"}
	}
	o.setArgs()
	return o, nil
}

// setArgs makes the variables $__prog_args and $ARGS.
func (o *options) setArgs() {
	args := newObject()
	args.put("positional", o.args)
	args.put("named", o.named)
	if _, ok := o.vars["$ARGS"]; !ok {
		o.vars["$ARGS"] = args
	}
}
