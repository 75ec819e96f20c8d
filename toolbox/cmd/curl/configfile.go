package curl

import (
	"bufio"
	"bytes"
	"strings"
)

// maxConfigDepth bounds config files that name one another.
const maxConfigDepth = 8

// configFile reads options from a file: one a line, "name value", "name = value"
// or "name: value", with or without dashes, the value in quotes if need be.
func (p *parser) configFile(v value) error {
	data, err := p.r.readFile(v.text)
	if err != nil || p.depth >= maxConfigDepth {
		if !p.r.global.silent {
			p.r.errorf("cannot read config from '%s'", v.text)
		}
		return errReading
	}
	p.depth++
	defer func() { p.depth-- }()
	given := p.arg
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxFile)
	for number := 1; lines.Scan(); number++ {
		if err := p.configLine(lines.Text()); err != nil {
			p.r.warn("%s:%d: warning: '%s' %s", v.text, number, strings.TrimLeft(p.arg, "-"), err)
			p.arg = given
			return err
		}
	}
	p.arg = given
	return nil
}

func (p *parser) configLine(line string) error {
	line = strings.TrimLeft(line, " \t")
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	end := strings.IndexAny(line, " \t=:")
	if strings.HasPrefix(line, "-:") || end < 0 {
		end = len(line)
	}
	name, rest := line[:end], strings.TrimLeft(line[end:], " \t=:")
	if dashed, ok := strings.CutPrefix(name, "-"); !ok {
		name = "--" + name
	} else if dashed == "" {
		return errUnknown
	}
	args := []string{name}
	if rest != "" {
		args = append(args, configValue(rest))
	}
	p.arg = name
	if strings.HasPrefix(name, "--") {
		_, err := p.long(name[2:], args[1:])
		return err
	}
	_, err := p.shorts(name[1:], args[1:])
	return err
}

// configValue reads a value: to the end of the line, or in quotes with escapes.
func configValue(s string) string {
	if !strings.HasPrefix(s, `"`) {
		if end := strings.IndexAny(s, " \t\r"); end >= 0 {
			return s[:end]
		}
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s) && s[i] != '"'; i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			c = s[i]
			if at := strings.IndexByte("tnrv", c); at >= 0 {
				c = "\t\n\r\v"[at]
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}
