package file

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ofText finds out what text is; false if it is none.
func ofText(b []byte) (kind, bool) {
	encoding, charset, ok := encodingOf(b)
	if !ok {
		return kind{}, false
	}
	k := kind{mime: "text/plain", charset: charset}
	what, mime, suffix := language(b)
	if mime != "" {
		k.mime = mime
	}
	switch {
	case what == "JSON text data" || what == "CSV text":
		k.text = what
		return k, true
	case what != "":
		what += ", "
	}
	k.text = what + encoding + suffix + endings(b)
	return k, true
}

// encodingOf finds out how text is encoded.
func encodingOf(b []byte) (text, charset string, ok bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return "Unicode text, UTF-16, little-endian text", "utf-16le", true
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return "Unicode text, UTF-16, big-endian text", "utf-16be", true
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) && utf8.Valid(whole(b)):
		return "Unicode text, UTF-8 (with BOM) text", "utf-8", true
	}
	ascii, latin := true, true
	for _, c := range b {
		switch {
		case c < ' ' && !bytes.ContainsRune([]byte("\a\b\t\n\v\f\r\x1b"), rune(c)) || c == 0x7f:
			return "", "", false
		case c >= 0x80:
			ascii = false
			latin = latin && c >= 0xa0
		}
	}
	switch {
	case ascii:
		return "ASCII text", "us-ascii", true
	case utf8.Valid(whole(b)):
		return "Unicode text, UTF-8 text", "utf-8", true
	case latin:
		return "ISO-8859 text", "iso-8859-1", true
	}
	return "Non-ISO extended-ASCII text", "unknown-8bit", true
}

// whole cuts off a character that the end of what was read has split.
func whole(b []byte) []byte {
	if len(b) < maxRead {
		return b
	}
	for n := 1; n < utf8.UTFMax; n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			return b[:len(b)-n]
		}
	}
	return b
}

// scripts pairs the interpreters of #! lines with what a script of them is.
var scripts = []struct{ interpreter, what, mime string }{
	{"bash", "Bourne-Again shell script", "text/x-shellscript"},
	{"dash", "POSIX shell script", "text/x-shellscript"},
	{"zsh", "Paul Falstad's zsh script", "text/x-shellscript"},
	{"ksh", "Korn shell script", "text/x-shellscript"},
	{"sh", "POSIX shell script", "text/x-shellscript"},
	{"python", "Python script", "text/x-script.python"},
	{"perl", "Perl script", "text/x-perl"},
	{"ruby", "Ruby script", "text/x-ruby"},
	{"php", "PHP script", "text/x-php"},
	{"awk", "awk script", "text/x-awk"},
	{"lua", "Lua script", "text/x-lua"},
}

// language finds out what text is written in; suffix stands behind its encoding.
func language(b []byte) (what, mime, suffix string) {
	if rest, ok := bytes.CutPrefix(b, []byte("#!")); ok {
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		return script(string(bytes.TrimSpace(line)))
	}
	text := string(b[:min(len(b), 4096)])
	trimmed := strings.TrimLeft(text, " \t\r\n")
	lower := strings.ToLower(trimmed[:min(len(trimmed), 64)])
	switch {
	case len(b) < maxRead && trimmed != "" && (trimmed[0] == '{' || trimmed[0] == '[') && json.Valid(b):
		return "JSON text data", "application/json", ""
	case strings.HasPrefix(lower, "<?xml"):
		return "XML " + xmlVersion(trimmed) + "document", "text/xml", ""
	case strings.HasPrefix(lower, "<!doctype html") || strings.HasPrefix(lower, "<html") || strings.HasPrefix(lower, "<head"):
		return "HTML document", "text/html", ""
	case strings.HasPrefix(text, "<?php"):
		return "PHP script", "text/x-php", ""
	case strings.HasPrefix(text, "diff --git ") || strings.HasPrefix(text, "--- ") && strings.Contains(text, "\n+++ "):
		return "unified diff output", "text/x-diff", ""
	case hasLine(text, "#include "):
		return "C source", "text/x-c", ""
	case hasLine(text, "def ") && strings.Contains(text, ":\n") || hasLine(text, "from ") && strings.Contains(text, " import "):
		return "Python script", "text/x-script.python", " executable"
	case isCSV(b):
		return "CSV text", "text/csv", ""
	}
	return "", "", ""
}

func hasLine(text, start string) bool {
	return strings.HasPrefix(text, start) || strings.Contains(text, "\n"+start)
}

func xmlVersion(text string) string {
	_, rest, ok := strings.Cut(text, `version="`)
	version, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed || len(version) > 8 {
		return ""
	}
	return version + " "
}

func script(line string) (what, mime, suffix string) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return "", "", ""
	}
	base := words[0][strings.LastIndexByte(words[0], '/')+1:]
	if base == "env" && len(words) > 1 {
		base = words[1]
	}
	if base == "node" {
		return "Node.js script executable", "application/javascript", ""
	}
	for _, s := range scripts {
		if strings.HasPrefix(base, s.interpreter) {
			return s.what, s.mime, " executable"
		}
	}
	return "a " + line + " script", "text/plain", " executable"
}

// isCSV reports whether the first lines have as many commas each, at least one.
func isCSV(b []byte) bool {
	const most = 10
	fields, seen, lines, quoted := 0, 0, 0, false
	for _, c := range b {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			fields++
		case c == '\n':
			lines++
			if fields == 0 || lines > 1 && fields != seen {
				return false
			}
			if lines == most {
				return true
			}
			seen, fields = fields, 0
		}
	}
	return lines > 2
}

// endings says what is odd about the lines of text.
func endings(b []byte) string {
	const veryLong = 300
	crlf := bytes.Count(b, []byte("\r\n"))
	lf := bytes.Count(b, []byte("\n")) - crlf
	cr := bytes.Count(b, []byte("\r")) - crlf
	text := ""
	longest := 0
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		longest = max(longest, len(line))
	}
	if longest > veryLong {
		text = fmt.Sprintf(", with very long lines (%d)", longest)
	}
	switch {
	case crlf+lf+cr == 0:
		return text + ", with no line terminators"
	case crlf+cr == 0:
		return text
	}
	var kinds []string
	for _, k := range []struct {
		n    int
		name string
	}{{crlf, "CRLF"}, {cr, "CR"}, {lf, "LF"}} {
		if k.n > 0 {
			kinds = append(kinds, k.name)
		}
	}
	return text + ", with " + strings.Join(kinds, ", ") + " line terminators"
}
