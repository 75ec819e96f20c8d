package sed

import "strings"

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
