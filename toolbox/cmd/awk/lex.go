package awk

import (
	"strings"
	"unicode/utf8"
)

// tokKind is the kind of a token.
type tokKind uint8

const (
	tEOF tokKind = iota
	tNewline
	tNumber
	tString
	tRegex   // /…/ or @/…/
	tName    // a variable
	tFunc    // a name right before "("
	tBuiltin // a function of awk
	tKeyword
	tOp
)

// token is one token; text is its operator, name, keyword or contents.
type token struct {
	kind  tokKind
	text  string
	num   float64
	pos   int // in the source
	line  int
	typed bool // tRegex: @/…/
}

var keywords = map[string]bool{
	"BEGIN": true, "END": true, "BEGINFILE": true, "ENDFILE": true, "function": true, "func": true, "if": true,
	"else": true, "while": true, "for": true, "do": true, "break": true, "continue": true, "next": true, "nextfile": true,
	"exit": true, "return": true, "delete": true, "in": true, "getline": true, "print": true, "printf": true,
	"switch": true, "case": true, "default": true,
}

// operators, the longest first.
var operators = []string{
	"**=", "|&", "**", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "&&", "||", "++", "--", ">>", "!~",
	"{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=", "@",
}

// lexer splits a source into tokens. Whether "/" divides or starts a regular
// expression is for the parser to say.
type lexer struct {
	src  *source
	pos  int
	line int
	warn func(line int, format string, args ...any)
}

// source is one piece of the program.
type source struct {
	name string // of the file, "" for the command line
	text string
}

// lexError is what the lexer finds wrong.
type lexError struct{ msg string }

// blank skips blanks, comments and lines that go on.
func (l *lexer) blank() {
	s := l.src.text
	for l.pos < len(s) {
		switch c := s[l.pos]; {
		case c == ' ' || c == '\t' || c == '\r':
			l.pos++
		case c == '\\' && l.pos+1 < len(s) && s[l.pos+1] == '\n':
			l.pos += 2
			l.line++
		case c == '\\' && strings.HasPrefix(s[l.pos:], "\\\r\n"):
			l.pos += 3
			l.line++
		case c == '#':
			for l.pos < len(s) && s[l.pos] != '\n' {
				l.pos++
			}
		default:
			return
		}
	}
}

// next reads the next token.
func (l *lexer) next() (token, *lexError) {
	l.blank()
	t := token{pos: l.pos, line: l.line}
	s := l.src.text
	if l.pos >= len(s) {
		return t, nil
	}
	c := s[l.pos]
	switch {
	case c == '\n':
		l.pos++
		l.line++
		t.kind = tNewline
		return t, nil
	case c >= '0' && c <= '9' || c == '.' && l.pos+1 < len(s) && isDigit(s[l.pos+1]):
		t.kind, t.num = tNumber, l.number()
		t.text = s[t.pos:l.pos]
		return t, nil
	case isNameStart(c):
		return l.name(t), nil
	case c == '"':
		return l.string(t)
	case c == '@' && strings.HasPrefix(s[l.pos:], "@/"):
		l.pos++
		t.typed = true
		return l.regex(t)
	}
	return l.operator(t)
}

func (l *lexer) operator(t token) (token, *lexError) {
	rest := l.src.text[l.pos:]
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			l.pos += len(op)
			t.kind, t.text = tOp, op
			switch op {
			case "**":
				t.text = "^"
			case "**=":
				t.text = "^="
			}
			return t, nil
		}
	}
	_, n := utf8.DecodeRuneInString(rest)
	return t, &lexError{"error: invalid char '" + rest[:n] + "' in expression"}
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isNameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isName(c byte) bool      { return isNameStart(c) || isDigit(c) }

func (l *lexer) number() float64 {
	s := l.src.text[l.pos:]
	if n, ok := sourceInteger(s); ok {
		l.pos += n
		return hexOrOctal(s[:n])
	}
	f, n := scanNumber(s)
	l.pos += n
	return f
}

// sourceInteger reports the length of a hexadecimal or octal number.
func sourceInteger(s string) (int, bool) {
	if len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && strings.IndexByte("0123456789abcdef", s[2]|0x20) >= 0 {
		n := 2
		for n < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
			n++
		}
		return n, true
	}
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '7' {
		n++
	}
	more := n < len(s) && (isDigit(s[n]) || s[n] == '.' || s[n]|0x20 == 'e')
	return n, n > 1 && s[0] == '0' && !more
}

func (l *lexer) name(t token) token {
	s := l.src.text
	for l.pos < len(s) && isName(s[l.pos]) {
		l.pos++
	}
	for strings.HasPrefix(s[l.pos:], "::") && l.pos+2 < len(s) && isNameStart(s[l.pos+2]) {
		for l.pos += 2; l.pos < len(s) && isName(s[l.pos]); l.pos++ {
		}
	}
	t.text = strings.TrimPrefix(s[t.pos:l.pos], "awk::")
	switch {
	case keywords[t.text]:
		t.kind = tKeyword
	case builtins[t.text].name != "":
		t.kind = tBuiltin
	case l.pos < len(s) && s[l.pos] == '(':
		t.kind = tFunc
	default:
		t.kind = tName
	}
	return t
}

// string reads a string constant behind its quote.
func (l *lexer) string(t token) (token, *lexError) {
	s := l.src.text
	l.pos++
	start := l.pos
	for l.pos < len(s) && s[l.pos] != '"' {
		if s[l.pos] == '\n' {
			return t, &lexError{"unterminated string"}
		}
		if s[l.pos] == '\\' && l.pos+1 < len(s) {
			if l.pos++; s[l.pos] == '\n' {
				l.line++
			}
		}
		l.pos++
	}
	if l.pos >= len(s) {
		return t, &lexError{"unterminated string"}
	}
	t.kind = tString
	t.text = unescape(s[start:l.pos], func(c string) {
		l.warn(t.line, "warning: escape sequence `\\%s' treated as plain `%s'", c, c)
	})
	l.pos++
	return t, nil
}

// regex reads a regular expression; pos is at its slash.
func (l *lexer) regex(t token) (token, *lexError) {
	s := l.src.text
	l.pos++
	start := l.pos
	for class := false; ; l.pos++ {
		if l.pos >= len(s) || s[l.pos] == '\n' {
			return t, &lexError{"unterminated regexp"}
		}
		switch c := s[l.pos]; {
		case c == '\\' && l.pos+1 < len(s):
			l.pos++
		case c == '[' && !class:
			class = true
			if strings.HasPrefix(s[l.pos:], "[^]") {
				l.pos += 2
			} else if strings.HasPrefix(s[l.pos:], "[]") {
				l.pos++
			}
		case c == '[' && class && strings.HasPrefix(s[l.pos:], "[:"):
			if end := strings.Index(s[l.pos:], ":]"); end > 0 {
				l.pos += end + 1
			}
		case c == ']':
			class = false
		case c == '/' && !class:
			t.kind = tRegex
			t.text = strings.ReplaceAll(s[start:l.pos], `\/`, "/")
			l.pos++
			return t, nil
		}
	}
}

var simpleEscapes = map[byte]byte{'n': '\n', 't': '\t', '\\': '\\', '"': '"', 'a': 7, 'b': 8, 'f': 12, 'r': 13, 'v': 11}

// unescape replaces the escapes of a string constant. plain, if not nil, is
// told of those that stand for themselves.
func unescape(s string, plain func(string)) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		c := s[i]
		if r, ok := simpleEscapes[c]; ok {
			b.WriteByte(r)
			continue
		}
		switch {
		case c == '\n':
		case c == '/':
			b.WriteByte('/')
			if plain != nil {
				plain("/")
			}
		case c >= '0' && c <= '7':
			v, n := digits(s[i:], 8, 3)
			b.WriteByte(byte(v))
			i += n - 1
		case c == 'x' && i+1 < len(s):
			v, n := digits(s[i+1:], 16, 2)
			if n == 0 {
				b.WriteString("x")
				break
			}
			b.WriteByte(byte(v))
			i += n
		default:
			if plain != nil {
				plain(string(c))
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// digits reads up to most digits of the base.
func digits(s string, base, most int) (v, n int) {
	for n < len(s) && n < most {
		d := strings.IndexByte("0123456789abcdef", lower(s[n]))
		if d < 0 || d >= base {
			break
		}
		v = v*base + d
		n++
	}
	return v, n
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}
