package jq

import (
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// compileError is an error in the program.
type compileError struct{ msg string }

// Error implements error.
func (e *compileError) Error() string { return e.msg }

// at makes the error of something in the source: the line it is on follows,
// and spaces up to where it starts.
func (c *compiler) at(word, msg string) error {
	offset := max(strings.Index(c.src, word), 0)
	return locate(c.src, offset, msg)
}

func locate(src string, offset int, msg string) error {
	offset = max(0, min(offset, len(src)))
	line := strings.Count(src[:offset], "\n")
	start := strings.LastIndexByte(src[:offset], '\n') + 1
	end := strings.IndexByte(src[start:], '\n')
	if end < 0 {
		end = len(src) - start
	}
	return &compileError{msg + " at <top-level>, line " + strconv.Itoa(line+1) + ":\n" +
		src[start:start+end] + strings.Repeat(" ", offset-start)}
}

// parseError puts the error of the parser into jq's words.
func parseError(src string, err error) error {
	pe, ok := err.(*gojq.ParseError)
	if !ok {
		return locate(src, 0, "syntax error")
	}
	what, start := pe.Token, pe.Offset-len(pe.Token)
	switch {
	case pe.Token == "":
		what, start = "$end", lastToken(src)
	case len(pe.Token) == 1 && strings.IndexByte(")]}", pe.Token[0]) >= 0 && strings.TrimSpace(src[:max(start, 0)]) == "":
		what = "INVALID_CHARACTER, expecting $end"
	case len(pe.Token) == 1 && strings.IndexByte("()[]{}|,.:;=<>+-*/%$?", pe.Token[0]) >= 0:
		what = "'" + pe.Token + "'"
	case pe.Token[0] >= '0' && pe.Token[0] <= '9':
		what = "LITERAL"
	case pe.Token[0] == '.':
		what = "FIELD"
	case pe.Token[0] == '"':
		what = "QQSTRING_START"
	case isWord(pe.Token):
		if what = "IDENT"; keywords[pe.Token] {
			what = pe.Token
		}
	default:
		what = "INVALID_CHARACTER"
	}
	return locate(src, start, "syntax error, unexpected "+what+" (Unix shell quoting issues?)")
}

var keywords = map[string]bool{
	"def": true, "if": true, "then": true, "elif": true, "else": true, "end": true, "as": true, "reduce": true,
	"foreach": true, "try": true, "catch": true, "label": true, "and": true, "or": true, "import": true, "include": true,
}

func isWord(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:") == ""
}

// lastToken is where the last token of the source starts.
func lastToken(src string) int {
	end := len(strings.TrimRight(src, " \t\n"))
	start := end
	for start > 0 && isWord(src[start-1:start]) {
		start--
	}
	if start == end && start > 0 {
		start--
	}
	return start
}
