package xargs

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

const (
	defaultChars = 128 << 10
	mostChars    = 2<<20 - 2<<10 // what the system takes, as GNU's counts it
)

// options are those of one run.
type options struct {
	delim        int // -1 is words
	file         string
	stdin        io.Reader // of the commands
	eof          string
	hasEOF       bool
	replace      string
	maxLines     int
	maxArgs      int
	maxChars     int
	procs        int
	noRunIfEmpty bool
	verbose      bool
	asks         bool
	exit         bool
	tty          bool
	slotVar      string
}

func parse(x *tool.Exec) (options, []string, error) {
	o := options{delim: -1, maxChars: defaultChars, procs: 1}
	p := parser{options: &o, x: x, flags: tool.NewFlags(x)}
	p.flags.Posix = true
	p.input()
	p.grouping()
	p.running()
	command, err := p.flags.Parse()
	if err != nil {
		return o, nil, err
	}
	if len(command) == 0 {
		command = []string{"echo"}
	}
	if p.limits {
		p.showLimits()
	}
	return o, command, nil
}

// parser reads the options.
type parser struct {
	*options
	x      *tool.Exec
	flags  *tool.Flags
	limits bool
}

// input defines the options of what is read.
func (p *parser) input() {
	f := p.flags
	f.Switch('0', "null", func() { p.delim = 0 })
	f.Func('d', "delimiter", func(s string) error {
		c, err := p.delimiter(s)
		p.delim = int(c)
		return err
	})
	f.Func('a', "arg-file", func(s string) error { p.file = s; return nil })
	eof := func(s string) error { p.eof, p.hasEOF = s, s != ""; return nil }
	f.Func('E', "", eof)
	f.Optional('e', "eof", "", eof)
}

// delimiter reads the value of -d: a character or an escape.
func (p *parser) delimiter(s string) (byte, error) {
	switch {
	case len(s) == 1:
		return s[0], nil
	case len(s) < 2 || s[0] != '\\':
		return 0, p.x.Fail(1, "Invalid input delimiter specification %s: the delimiter must be either a single character or an escape sequence starting with \\.", s)
	}
	if at := strings.IndexByte(`abfnrtv\`, s[1]); at >= 0 && len(s) == 2 {
		return "\a\b\f\n\r\t\v\\"[at], nil
	}
	digits, base := s[1:], 8
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 8)
	if err != nil {
		return 0, p.x.Fail(1, "Invalid escape sequence %s in input delimiter specification.", s)
	}
	return byte(n), nil
}

// grouping defines the options of how much goes into a command line. The last
// of -I, -L and -n wins.
func (p *parser) grouping() {
	f := p.flags
	replace := func(s string) error {
		p.exclude(p.maxArgs > 1, "--max-args", "--replace/-I/-i", "--max-args")
		p.exclude(p.maxLines > 0, "--max-lines", "--replace/-I/-i", "--max-lines")
		p.replace, p.maxArgs, p.maxLines = s, 0, 0
		return nil
	}
	f.Func('I', "", replace)
	f.Optional('i', "replace", "{}", replace)
	lines := func(short string) func(string) error {
		return func(s string) error {
			n, err := p.number(s, short, 1)
			p.exclude(p.maxArgs > 0, "--max-args", short, "--max-args")
			p.exclude(p.replace != "", "--replace", short, "--replace")
			p.maxLines, p.maxArgs, p.replace = n, 0, ""
			return err
		}
	}
	f.Func('L', "", lines("-L"))
	f.Optional('l', "max-lines", "1", lines("-l"))
	f.Func('n', "max-args", func(s string) error {
		n, err := p.number(s, "-n", 1)
		p.exclude(p.maxLines > 0, "--max-lines", "--max-args/-n", "--max-lines")
		if p.replace != "" && n == 1 {
			return err // that is what -I does
		}
		p.exclude(p.replace != "", "--replace", "--max-args/-n", "--replace")
		p.maxArgs, p.maxLines, p.replace = n, 0, ""
		return err
	})
	f.Func('s', "max-chars", p.chars)
	f.BoolVar(&p.exit, true, 'x', "exit")
}

func (p *parser) exclude(conflict bool, one, other, ignored string) {
	if conflict {
		p.x.Errorf("warning: options %s and %s are mutually exclusive, ignoring previous %s value", one, other, ignored)
	}
}

func (p *parser) number(s, option string, least int) (int, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	switch {
	case err != nil:
		return 0, p.flags.Errorf(`invalid number "%s" for %s option`, s, option)
	case int(n) < least:
		return 0, p.flags.Errorf("value %s for %s option should be >= %d", s, option, least)
	}
	return int(n), nil
}

// chars reads -s; what is out of bounds is brought within them.
func (p *parser) chars(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return p.flags.Errorf(`invalid number "%s" for -s option`, s)
	case n < 1:
		p.x.Errorf("value %s for -s option should be >= 1", s)
		n = 1
	case n > mostChars:
		p.x.Errorf("value %s for -s option should be <= %d", s, mostChars)
		n = mostChars
	}
	p.maxChars = int(n)
	return nil
}

// running defines the options of how commands are run.
func (p *parser) running() {
	f := p.flags
	f.Func('P', "max-procs", func(s string) (err error) { p.procs, err = p.number(s, "-P", 0); return err })
	f.BoolVar(&p.noRunIfEmpty, true, 'r', "no-run-if-empty")
	f.BoolVar(&p.verbose, true, 't', "verbose")
	f.Switch('p', "interactive", func() { p.asks, p.verbose = true, true })
	f.BoolVar(&p.tty, true, 'o', "open-tty")
	f.BoolVar(&p.limits, true, 0, "show-limits")
	f.Func(0, "process-slot-var", func(s string) error {
		if strings.Contains(s, "=") {
			return fmt.Errorf("option --process-slot-var may not be set to a value which includes '='")
		}
		p.slotVar = s
		return nil
	})
}

func (p *parser) showLimits() {
	env := 0
	for _, entry := range p.x.Environ() {
		env += len(entry) + 1
	}
	fmt.Fprintf(p.x.Stderr, "Your environment variables take up %d bytes\n"+
		"POSIX upper limit on argument length (this system): %d\n"+
		"POSIX smallest allowable upper limit on argument length (all systems): 4096\n"+
		"Maximum length of command we could actually use: %d\n"+
		"Size of command buffer we are actually using: %d\n"+
		"Maximum parallelism (--max-procs must be no greater): 2147483647\n",
		env, mostChars, mostChars-env, p.maxChars)
}
