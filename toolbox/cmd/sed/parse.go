package sed

import (
	"fmt"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
)

// chunk is a piece of the script: an argument, or a file if file is set.
type chunk struct {
	text string
	file string
}

// scriptError is an error about the script without a place.
type scriptError struct{ text string }

// Error implements error.
func (e *scriptError) Error() string { return e.text }

// parser reads a script, chunk after chunk.
type parser struct {
	x    *tool.Exec
	o    *options
	prog program

	chunk
	nth   int // number of this chunk among the arguments
	pos   int
	line  int
	open  []int    // "{" that are not closed
	after *command // its text goes on in the next chunk
	raw   []byte   // of that text
}

func parseScript(x *tool.Exec, o *options, chunks []chunk) (*program, error) {
	p := &parser{x: x, o: o}
	for i, c := range chunks {
		p.chunk, p.pos, p.line = c, 0, 1
		if c.file == "" {
			p.nth++
		} else {
			p.text = strings.TrimSuffix(p.text, "\n")
		}
		if i == 0 && strings.HasPrefix(p.text, "#n") {
			o.quiet = true
		}
		if err := p.commands(); err != nil {
			return nil, err
		}
	}
	p.flushText()
	if len(p.open) > 0 {
		p.pos = 0
		return nil, p.fail("unmatched `{'")
	}
	return &p.prog, p.resolve()
}

// fail reports an error at the place reached.
func (p *parser) fail(format string, args ...any) error {
	msg := fmt.Sprintf(format, args...)
	if p.file != "" {
		return p.x.Fail(1, "file %s line %d: %s", p.file, p.line, msg)
	}
	return p.x.Fail(1, "-e expression #%d, char %d: %s", p.nth, p.pos, msg)
}

const eof = -1

// next reads one byte, or eof.
func (p *parser) next() int {
	if p.pos >= len(p.text) {
		return eof
	}
	c := p.text[p.pos]
	p.pos++
	if c == '\n' {
		p.line++
	}
	return int(c)
}

// back takes back the byte c that was read last.
func (p *parser) back(c int) {
	if c == eof {
		return
	}
	p.pos--
	if c == '\n' {
		p.line--
	}
}

func isSpace(c int) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// nextSolid reads the next byte that is neither blank nor tab.
func (p *parser) nextSolid() int {
	c := p.next()
	for isSpace(c) && c != '\n' {
		c = p.next()
	}
	return c
}

// number reads a decimal number that starts with the digit c.
func (p *parser) number(c int) int {
	n := 0
	for c >= '0' && c <= '9' {
		n = min(n*10+c-'0', 1<<40)
		c = p.next()
	}
	p.back(c)
	return n
}

func (p *parser) commands() error {
	if p.after != nil {
		if err := p.readText(p.after); err != nil {
			return err
		}
	}
	for {
		c := p.next()
		for isSpace(c) || c == ';' {
			c = p.next()
		}
		if c == eof {
			return nil
		}
		p.back(c)
		if err := p.command(); err != nil {
			return err
		}
	}
}

// command reads one command with its addresses.
func (p *parser) command() error {
	cmd := &command{number: -1}
	if err := p.addresses(cmd); err != nil {
		return err
	}
	c := p.nextSolid()
	for ; c == '!'; c = p.nextSolid() {
		if cmd.negate {
			return p.fail("multiple `!'s")
		}
		cmd.negate = true
	}
	if c == eof {
		return p.fail("missing command")
	}
	cmd.name = byte(c)
	keep, err := p.arguments(cmd)
	if err == nil && keep {
		p.prog.cmds = append(p.prog.cmds, cmd)
	}
	return err
}

// resolve finds the targets of jumps.
func (p *parser) resolve() error {
	for _, cmd := range p.prog.cmds {
		if strings.IndexByte("btT", cmd.name) < 0 {
			continue
		}
		if cmd.target = len(p.prog.cmds); cmd.label == "" {
			continue
		}
		at := slices.IndexFunc(p.prog.cmds, func(c *command) bool { return c.name == ':' && c.label == cmd.label })
		if at < 0 {
			return p.x.Fail(4, "can't find label for jump to `%s'", cmd.label)
		}
		cmd.target = at
	}
	return nil
}
