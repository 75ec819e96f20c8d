package curl

import (
	"bytes"
	"strings"
)

// dataBody is what the options -d and its kin have put together.
type dataBody struct {
	bytes []byte
	json  bool
}

// kinds of data options
const (
	dataText   = iota // @FILE without its line ends
	dataRaw           // no @FILE
	dataBinary        // @FILE as it is
	dataEncode        // percent-encoded
	dataJSON          // binary, and says so in headers
)

func dataOption(kind int) func(p *parser, v value) error {
	return func(p *parser, v value) error {
		data, err := p.data(kind, v.text)
		if err != nil {
			return err
		}
		c := p.op()
		switch {
		case c.data == nil:
			c.data = &dataBody{}
		case kind != dataJSON && len(c.data.bytes) > 0:
			c.data.bytes = append(c.data.bytes, '&')
		}
		c.data.bytes = append(c.data.bytes, data...)
		c.data.json = c.data.json || kind == dataJSON
		return nil
	}
}

func (p *parser) data(kind int, text string) ([]byte, error) {
	name, isFile := strings.CutPrefix(text, "@")
	switch {
	case kind == dataEncode:
		return p.encoded(text)
	case kind == dataRaw || !isFile:
		return []byte(text), nil
	}
	data := p.dataFile(name)
	if kind == dataText {
		for _, end := range []string{"\r", "\n", "\x00"} {
			data = bytes.ReplaceAll(data, []byte(end), nil)
		}
	}
	return data, nil
}

// dataFile reads a file; one that can't be read is an empty body, with a warning.
func (p *parser) dataFile(name string) []byte {
	data, err := p.r.readFile(name)
	if err != nil {
		p.r.warn("Couldn't read data from file \"%s\", this makes an empty POST.", name)
	}
	return data
}

// encoded reads the forms TEXT, =TEXT, NAME=TEXT, @FILE and NAME@FILE.
func (p *parser) encoded(text string) ([]byte, error) {
	at := strings.IndexAny(text, "=@")
	if at < 0 {
		return []byte(escape(text, true)), nil
	}
	name, content := text[:at], text[at+1:]
	if text[at] == '@' {
		content = string(p.dataFile(content))
	}
	content = escape(content, true)
	if name != "" {
		content = name + "=" + content
	}
	return []byte(content), nil
}

// urlQuery adds to the query: as --data-urlencode does, or as it is after a "+".
func (p *parser) urlQuery(v value) error {
	if rest, ok := strings.CutPrefix(v.text, "+"); ok {
		p.op().query = append(p.op().query, rest)
		return nil
	}
	data, err := p.encoded(v.text)
	p.op().query = append(p.op().query, string(data))
	return err
}

// escape percent-encodes all but unreserved characters; a space is "+" if plus
// is set.
func escape(s string, plus bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		case c == ' ' && plus:
			b.WriteByte('+')
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
