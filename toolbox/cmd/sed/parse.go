package sed

import (
	"bytes"
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
		if i == 0 && (p.text == "#n" || strings.HasPrefix(p.text, "#n\n")) {
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

func (p *parser) addresses(cmd *command) error {
	from, err := p.address()
	if err != nil || from == nil {
		return err
	}
	if from.kind == addrPlus || from.kind == addrMulti {
		return p.fail("invalid usage of +N or ~N as first address")
	}
	cmd.from = from
	c := p.nextSolid()
	if c != ',' {
		p.back(c)
	} else if err := p.secondAddress(cmd); err != nil {
		return err
	}
	if from.kind == addrLine && from.n == 0 {
		if cmd.to == nil || cmd.to.kind != addrRegex || p.o.posix {
			p.command0()
			return p.fail("invalid usage of line address 0")
		}
		from.kind, cmd.state = addrZero, active
	}
	return nil
}

// command0 reads on to where the error about address 0 is reported.
func (p *parser) command0() {
	p.nextSolid()
}

func (p *parser) secondAddress(cmd *command) error {
	p.back(p.nextSolid())
	to, err := p.address()
	if err != nil {
		return err
	}
	if to == nil {
		p.next()
		return p.fail("unexpected `,'")
	}
	if to.kind == addrStep && to.step == 0 {
		to.kind = addrLine
	}
	cmd.to = to
	return nil
}

// address reads one address, nil if there is none.
func (p *parser) address() (*address, error) {
	c := p.nextSolid()
	switch {
	case c == '/' || c == '\\':
		return p.regexAddress(c)
	case c >= '0' && c <= '9':
		return p.lineAddress(c), nil
	case (c == '+' || c == '~') && !p.o.posix:
		kind := addrPlus
		if c == '~' {
			kind = addrMulti
		}
		d := p.nextSolid()
		if d < '0' || d > '9' {
			p.back(d)
			return nil, p.fail("expected number")
		}
		return &address{kind: kind, n: p.number(d)}, nil
	case c == '$':
		return &address{kind: addrLast}, nil
	}
	p.back(c)
	return nil, nil
}

func (p *parser) lineAddress(c int) *address {
	a := &address{kind: addrLine, n: p.number(c)}
	c = p.nextSolid()
	if c != '~' || p.o.posix {
		p.back(c)
		return a
	}
	if c = p.nextSolid(); c >= '0' && c <= '9' {
		a.step = p.number(c)
	} else {
		p.back(c)
	}
	if a.step > 0 {
		a.kind = addrStep
	}
	return a
}

func (p *parser) regexAddress(c int) (*address, error) {
	if c == '\\' {
		if c = p.next(); c == eof || c == '\n' || c == '\\' {
			return nil, p.fail("unterminated address regex")
		}
	}
	src, ok := p.slashed(byte(c), true)
	if !ok {
		return nil, p.fail("unterminated address regex")
	}
	var flags patternFlags
	for {
		switch c := p.nextSolid(); {
		case c == 'I' && !p.o.posix:
			flags.fold = true
		case c == 'M' && !p.o.posix:
			flags.multiline = true
		default:
			p.back(c)
			re, err := p.compile(src, flags)
			return &address{kind: addrRegex, re: re}, err
		}
	}
}

// slashed reads up to the delimiter, on one line but for newlines behind a
// backslash. In a regular expression a bracket expression hides it.
func (p *parser) slashed(delim byte, isRegex bool) (string, bool) {
	var b []byte
	for {
		c := p.next()
		switch {
		case c == eof:
			return "", false
		case c == '\n':
			p.back(c)
			return "", false
		case byte(c) == delim:
			return string(b), true
		case c == '\\':
			c = p.next()
			switch {
			case c == eof:
				return "", false
			case c == 'n' && isRegex && delim != 'n':
				b = append(b, '\n')
				continue
			case byte(c) != delim && (c != '\n' || !isRegex), byte(c) == delim && !isRegex && c == '&':
				b = append(b, '\\')
			}
			b = append(b, byte(c))
		case c == '[' && isRegex:
			b = p.bracket(append(b, '['))
		default:
			b = append(b, byte(c))
		}
	}
}

// bracket reads a bracket expression behind its "[": the delimiter and
// backslashes stand for themselves in it, but for \n. One that is not closed
// takes all that is left.
func (p *parser) bracket(b []byte) []byte {
	rest := p.text[p.pos:]
	end := bracketEnd(rest)
	if end < 0 {
		end = len(rest)
	}
	p.pos += end
	return append(b, strings.ReplaceAll(rest[:end], `\n`, "\n")...)
}

// bracketEnd finds the end of a bracket expression, negative if there is none
// on the line.
func bracketEnd(s string) int {
	i := 0
	if i < len(s) && s[i] == '^' {
		i++
	}
	for first := true; i < len(s) && s[i] != '\n'; first = false {
		if s[i] == ']' && !first {
			return i + 1
		}
		if s[i] == '[' && i+1 < len(s) && (s[i+1] == ':' || s[i+1] == '.' || s[i+1] == '=') {
			if end := strings.Index(s[i+2:], s[i+1:i+2]+"]"); end >= 0 {
				i += end + 4
				continue
			}
		}
		i++
	}
	return -1
}

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
	label := p.readLabel()
	var parts [3]int
	fmt.Sscanf(label, "%d.%d.%d", &parts[0], &parts[1], &parts[2])
	if slices.Compare(parts[:], []int{4, 9, 0}) > 0 {
		return p.fail("expected newer version of sed")
	}
	return nil
}

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
