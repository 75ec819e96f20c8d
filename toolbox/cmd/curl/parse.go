package curl

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
)

// maxFile bounds what is read of a file into memory: bodies, forms, configs.
const maxFile = 64 << 20

// errPrinted ends the run after help or the version.
var errPrinted = errors.New("printed")

// parser reads the command line.
type parser struct {
	r       *runner
	options []option
	ops     []*config
	arg     string // the argument at hand, for messages
	depth   int    // of config files in one another
}

func newParser(r *runner) *parser {
	return &parser{r: r, options: options(), ops: []*config{newConfig()}}
}

func (p *parser) op() *config { return p.ops[len(p.ops)-1] }

func (p *parser) addURL(url string) {
	u := p.op().next(func(u *urlSpec) bool { return u.urlSet })
	u.url, u.urlSet = url, true
}

// parse acts on the arguments.
func (p *parser) parse(args []string) error {
	for len(args) > 0 {
		p.arg = args[0]
		args = args[1:]
		var err error
		switch {
		case p.arg == "--":
			for _, a := range args {
				p.addURL(a)
			}
			return nil
		case strings.HasPrefix(p.arg, "--"):
			args, err = p.long(p.arg[2:], args)
		case len(p.arg) > 1 && p.arg[0] == '-':
			args, err = p.shorts(p.arg[1:], args)
		default:
			p.addURL(p.arg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) shorts(group string, args []string) ([]string, error) {
	for i := range len(group) {
		at := slices.IndexFunc(p.options, func(o option) bool { return o.short == group[i] })
		if at < 0 {
			return nil, errUnknown
		}
		o := p.options[at]
		if !o.arg {
			if err := o.set(p, value{}); err != nil {
				return nil, err
			}
			continue
		}
		return p.withValue(o, group[i+1:], i+1 < len(group), args)
	}
	return args, nil
}

func (p *parser) withValue(o option, attached string, has bool, args []string) ([]string, error) {
	if !has {
		if len(args) == 0 {
			return nil, errNoValue
		}
		attached, args = args[0], args[1:]
	}
	return args, o.set(p, value{text: attached})
}

func (p *parser) long(name string, args []string) ([]string, error) {
	o, off, err := p.find(name)
	if err != nil {
		return nil, err
	}
	if o.arg {
		return p.withValue(o, "", false, args)
	}
	return args, o.set(p, value{off: off})
}

// find looks up a long name, whole or as the start of one.
func (p *parser) find(name string) (o option, off bool, err error) {
	if o, err := p.match(name); err != errUnknown {
		return o, false, err
	}
	if rest, ok := strings.CutPrefix(name, "no-"); ok {
		o, err := p.match(rest)
		if err == nil && o.arg {
			err = badOption("used '--no-' for option that isn't a boolean")
		}
		return o, true, err
	}
	return option{}, false, errUnknown
}

func (p *parser) match(name string) (option, error) {
	var found []option
	for _, o := range p.options {
		if o.long == name {
			return o, nil
		}
		if strings.HasPrefix(o.long, name) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return option{}, errUnknown
	case 1:
		return found[0], nil
	}
	return option{}, errAmbiguous
}

// usage prints why the command line is refused.
func (p *parser) usage(err error) error {
	var code exitCode
	if errors.As(err, &code) {
		return tool.Exit(int(code))
	}
	status := 2
	switch err {
	case errReading:
		status = 26
	case errProtocol:
		status = 1
	}
	fmt.Fprintf(p.r.stderr, "curl: option %s: %s\n", p.arg, err)
	p.r.hint()
	return tool.Exit(status)
}

func (p *parser) noURL(bare bool) error {
	if !bare {
		fmt.Fprint(p.r.stderr, "curl: no URL specified!\n")
	}
	p.r.hint()
	return tool.Exit(2)
}

// exitCode is an error that ends the run with a status; all has been said.
type exitCode int

// Error names the status.
func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func (p *parser) header(v value) error {
	name, isFile := strings.CutPrefix(v.text, "@")
	if !isFile {
		p.op().headers = append(p.op().headers, v.text)
		return nil
	}
	data, err := p.r.readFile(name)
	if err != nil {
		p.r.warn("Failed to open %s", name)
		return nil
	}
	for line := range bytes.Lines(data) {
		if line = bytes.TrimRight(line, "\r\n"); len(line) > 0 {
			p.op().headers = append(p.op().headers, string(line))
		}
	}
	return nil
}

func (p *parser) writeOut(v value) error {
	p.op().writeOut = v.text
	name, isFile := strings.CutPrefix(v.text, "@")
	if !isFile {
		return nil
	}
	data, err := p.r.readFile(name)
	if err != nil {
		p.r.warn("Failed to open %s", name)
		return errReading
	}
	p.op().writeOut = strings.NewReplacer("\r", "", "\n", "").Replace(string(data))
	return nil
}

func (p *parser) redirectStderr(v value) error {
	if v.text == "-" {
		p.r.stderr = p.r.x.Stdout
		return nil
	}
	f, err := p.r.x.Create(v.text)
	if err != nil {
		p.r.warn("Failed to open %s", v.text)
		return nil
	}
	p.r.stderr = f
	p.r.closers = append(p.r.closers, f)
	return nil
}

func (p *parser) help(value) error {
	io.WriteString(p.r.x.Stdout, helpText)
	return errPrinted
}

func (p *parser) version(value) error {
	fmt.Fprintf(p.r.x.Stdout, "curl %s (agent-sandbox)\nProtocols: http https\nFeatures: brotli HTTP2 IPv6 libz SSL zstd\n", version)
	return errPrinted
}

const helpText = `Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -h, --help <category>      Get help for commands
 -i, --include              Include protocol response headers in the output
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -V, --version              Show version number and quit

This is not the full help, see "help curl" for all options that work here.
`
