package sed

import (
	"bytes"
	"slices"
	"strings"
)

// arguments reads what belongs to the command; keep is false for what leaves
// nothing to run.
func (p *parser) arguments(cmd *command) (keep bool, err error) {
	switch cmd.name {
	case '#':
		return false, p.comment(cmd)
	case '{':
		p.open = append(p.open, len(p.prog.cmds))
		return true, nil
	case '}':
		return false, p.closeBrace(cmd)
	case ':':
		return false, p.defineLabel(cmd)
	case 'a', 'i', 'c':
		return true, p.textCommand(cmd)
	case 'b', 't', 'T':
		cmd.label = p.readLabel()
		return true, nil
	case '=', 'd', 'D', 'F', 'g', 'G', 'h', 'H', 'n', 'N', 'p', 'P', 'x', 'z':
		return true, p.endOfCommand()
	case 'l', 'q', 'Q':
		return true, p.optionalNumber(cmd)
	case 'e':
		return true, p.shellCommand(cmd)
	case 'r', 'R', 'w', 'W':
		return true, p.fileCommand(cmd)
	case 's':
		return true, p.substitute(cmd)
	case 'y':
		return true, p.transliterate(cmd)
	case 'v':
		return false, p.version()
	}
	return false, p.fail("unknown command: `%c'", cmd.name)
}

func (p *parser) comment(cmd *command) error {
	if cmd.from != nil {
		return p.fail("comments don't accept any addresses")
	}
	for c := p.next(); c != eof && c != '\n'; c = p.next() {
	}
	return nil
}

func (p *parser) closeBrace(cmd *command) error {
	if len(p.open) == 0 {
		return p.fail("unexpected `}'")
	}
	if cmd.from != nil {
		return p.fail("`}' doesn't want any addresses")
	}
	last := len(p.open) - 1
	p.prog.cmds[p.open[last]].target = len(p.prog.cmds)
	p.open = p.open[:last]
	return p.endOfCommand()
}

func (p *parser) defineLabel(cmd *command) error {
	if cmd.from != nil {
		return p.fail(": doesn't want any addresses")
	}
	label := p.readLabel()
	if label == "" {
		return p.fail("\":\" lacks a label")
	}
	cmd.label = label
	p.prog.cmds = append(p.prog.cmds, cmd)
	return nil
}

// readLabel reads up to a space, a semicolon or a brace.
func (p *parser) readLabel() string {
	c := p.nextSolid()
	var b []byte
	for c != eof && !isSpace(c) && c != ';' && c != '}' {
		b = append(b, byte(c))
		c = p.next()
	}
	p.back(c)
	return string(b)
}

// endOfCommand checks that nothing else is on the line but another command.
func (p *parser) endOfCommand() error {
	c := p.nextSolid()
	switch c {
	case '}', '#':
		p.back(c)
	case eof, '\n', ';':
	default:
		return p.fail("extra characters after command")
	}
	return nil
}

func (p *parser) optionalNumber(cmd *command) error {
	if cmd.to != nil && cmd.name != 'l' {
		return p.fail("command only uses one address")
	}
	c := p.nextSolid()
	if c >= '0' && c <= '9' {
		cmd.number = p.number(c)
	} else {
		p.back(c)
	}
	return p.endOfCommand()
}

// restOfLine reads to the end of the line, without the blanks before.
func (p *parser) restOfLine() string {
	c := p.nextSolid()
	var b []byte
	for c != eof && c != '\n' {
		b = append(b, byte(c))
		c = p.next()
	}
	return string(b)
}

func (p *parser) shellCommand(cmd *command) error {
	if p.o.sandbox {
		return p.fail("e/r/w commands disabled in sandbox mode")
	}
	cmd.shell = p.restOfLine()
	return nil
}

func (p *parser) fileCommand(cmd *command) error {
	if p.o.sandbox {
		return p.fail("e/r/w commands disabled in sandbox mode")
	}
	if cmd.file = p.restOfLine(); cmd.file == "" {
		return p.fail("missing filename in r/R/w/W commands")
	}
	if cmd.name == 'w' || cmd.name == 'W' {
		p.output(cmd.file)
	}
	return nil
}

// output notes a file that is written.
func (p *parser) output(name string) {
	if !slices.Contains(p.prog.files, name) {
		p.prog.files = append(p.prog.files, name)
	}
}

func (p *parser) version() error {
	if newer(p.readLabel(), "4.9") {
		return p.fail("expected newer version of sed")
	}
	return nil
}

// newer compares versions: numbers in them by value, the rest byte by byte.
func newer(a, b string) bool {
	for a != "" && b != "" {
		n, m := leadingDigits(a), leadingDigits(b)
		if n > 0 && m > 0 {
			x, y := strings.TrimLeft(a[:n], "0"), strings.TrimLeft(b[:m], "0")
			if x != y {
				return len(x) > len(y) || len(x) == len(y) && x > y
			}
			a, b = a[n:], b[m:]
			continue
		}
		if a[0] != b[0] {
			return a[0] > b[0]
		}
		a, b = a[1:], b[1:]
	}
	return a != ""
}

// leadingDigits is how many digits s begins with.
func leadingDigits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// textCommand reads a, i or c.
func (p *parser) textCommand(cmd *command) error {
	c := p.nextSolid()
	if c == eof {
		return p.fail("expected \\ after `a', `c' or `i'")
	}
	p.raw = nil
	if c != '\\' {
		p.back(c)
		return p.readText(cmd)
	}
	start := p.pos
	if c = p.nextSolid(); c != '\n' && c != eof {
		if c == '\\' || p.pos-1 > start {
			p.pos = start
		} else {
			p.back(c)
		}
	}
	if c == eof {
		p.after = cmd
		cmd.text = nil
		return nil
	}
	return p.readText(cmd)
}

// readText reads text up to a newline without a backslash. A backslash at the
// end of the chunk lets it go on in the next.
func (p *parser) readText(cmd *command) error {
	p.after = nil
	for {
		c := p.next()
		if c == '\\' {
			if c = p.next(); c == eof {
				p.raw = append(p.raw, '\n')
				p.after = cmd
				return nil
			}
			p.raw = append(p.raw, '\\', byte(c))
			continue
		}
		if c == eof || c == '\n' {
			break
		}
		p.raw = append(p.raw, byte(c))
	}
	cmd.text = append(unescapeText(p.raw), '\n')
	return nil
}

// flushText ends a text that no chunk went on with.
func (p *parser) flushText() {
	if p.after != nil {
		p.after.text = append(bytes.TrimSuffix(unescapeText(p.raw), []byte("\n")), '\n')
		if len(p.raw) == 0 {
			p.after.text = nil
		}
		p.after = nil
	}
}
