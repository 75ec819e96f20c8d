package env

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

// explain says on standard error what is about to be run.
func (e *runner) explain(argv []string) {
	if e.clear {
		fmt.Fprintln(e.x.Stderr, "cleaning environ")
	}
	for _, name := range e.unsets {
		fmt.Fprintf(e.x.Stderr, "unset:    %s\n", name)
	}
	for _, entry := range e.sets {
		fmt.Fprintf(e.x.Stderr, "setenv:   %s\n", entry)
	}
	if e.chdir != "" {
		fmt.Fprintf(e.x.Stderr, "chdir:    %s\n", tool.Quote(e.chdir))
	}
	fmt.Fprintf(e.x.Stderr, "executing: %s\n", argv[0])
	for i, arg := range argv {
		fmt.Fprintf(e.x.Stderr, "   arg[%d]= %s\n", i, tool.QuoteText(arg))
	}
}

// splitter cuts the string of -S into words.
type splitter struct {
	e     *runner
	s     string
	words []string
	word  strings.Builder
	open  bool // a word has begun
}

func (e *runner) split(s string) ([]string, error) {
	p := splitter{e: e, s: s}
	for p.s != "" {
		stop, err := p.next()
		if err != nil {
			return nil, err
		}
		if stop {
			break
		}
	}
	p.flush()
	return p.words, nil
}

func (p *splitter) take() byte {
	c := p.s[0]
	p.s = p.s[1:]
	return c
}

func (p *splitter) put(c byte) {
	p.open = true
	p.word.WriteByte(c)
}

func (p *splitter) flush() {
	if p.open {
		p.words = append(p.words, p.word.String())
	}
	p.word.Reset()
	p.open = false
}

// next reads one character outside of quotes; stop is the end of the string.
func (p *splitter) next() (stop bool, err error) {
	switch c := p.take(); c {
	case ' ', '\t', '\n', '\v', '\f', '\r':
		p.flush()
	case '#':
		if !p.open {
			return true, nil
		}
		p.put(c)
	case '\'', '"':
		p.open = true
		return false, p.quoted(c)
	case '\\':
		return p.escape(0)
	case '$':
		return false, p.variable()
	default:
		p.put(c)
	}
	return false, nil
}

func (p *splitter) quoted(quote byte) error {
	for p.s != "" {
		c := p.take()
		switch {
		case c == quote:
			return nil
		case c == '\\' && quote == '\'':
			if p.s != "" && (p.s[0] == '\'' || p.s[0] == '\\') {
				c = p.take()
			}
			p.put(c)
		case c == '\\':
			if _, err := p.escape(quote); err != nil {
				return err
			}
		case c == '$' && quote == '"':
			if err := p.variable(); err != nil {
				return err
			}
		default:
			p.put(c)
		}
	}
	return p.fail("no terminating quote in -S string")
}

// escape reads what stands behind a backslash.
func (p *splitter) escape(quote byte) (stop bool, err error) {
	if p.s == "" {
		return false, p.fail("invalid backslash at end of string in -S")
	}
	c := p.take()
	switch {
	case c == '_' && quote == '"':
		p.put(' ')
	case c == '_':
		p.flush()
	case c == 'c' && quote == '"':
		return false, p.fail(`'\c' must not appear in double-quoted -S string`)
	case c == 'c':
		p.s = ""
		return true, nil
	case strings.IndexByte("fnrtv", c) >= 0:
		p.put("\f\n\r\t\v"[strings.IndexByte("fnrtv", c)])
	case strings.IndexByte(`"#$'\ `, c) >= 0:
		p.put(c)
	default:
		return false, p.fail(fmt.Sprintf(`invalid sequence '\%c' in -S`, c))
	}
	return false, nil
}

// variable reads {NAME} behind a $.
func (p *splitter) variable() error {
	name, rest, ok := strings.Cut(strings.TrimPrefix(p.s, "{"), "}")
	if !strings.HasPrefix(p.s, "{") || !ok || name == "" {
		return p.fail("only ${VARNAME} expansion is supported, error at: $" + p.s)
	}
	p.s = rest
	if value, ok := p.e.x.LookupEnv(name); ok {
		p.open = true
		p.word.WriteString(value)
	}
	return nil
}

func (p *splitter) fail(message string) error { return p.e.x.Fail(125, "%s", message) }
