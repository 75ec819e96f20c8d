package ls

import (
	"io/fs"
	"net/url"
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/tool"
)

// shown is a name as it is written, without colour and indicator.
func (o *options) shown(name string) string {
	s := tool.QuoteName(name, o.quoting, "")
	if o.hideControl {
		s = hideControl(s)
	}
	return s
}

// hideControl writes ? for what does not print.
func hideControl(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || tool.RuneWidth(r) < 0 {
			b.WriteByte('?')
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// textWidth is the number of columns that s takes.
func textWidth(s string) int {
	n := 0
	for i, r := range s {
		if r == utf8.RuneError && s[i] != "\uFFFD"[0] {
			continue
		}
		n += max(tool.RuneWidth(r), 0)
	}
	return n
}

func (o *options) nameWidth(e *entry) int { return textWidth(o.shown(e.name)) }

// quoted reports whether a name is written in quotes.
func (o *options) quoted(e *entry) bool {
	s := o.shown(e.name)
	return s != "" && (s[0] == '\'' || s[0] == '"') && s != e.name
}

// mark is the indicator behind a name; 0 if there is none.
func (o *options) mark(mode fs.FileMode) byte {
	switch {
	case o.indicator == noIndicator:
		return 0
	case mode.IsDir():
		return '/'
	case o.indicator == slash:
		return 0
	case mode&fs.ModeSymlink != 0:
		return '@'
	case mode&fs.ModeNamedPipe != 0:
		return '|'
	case mode&fs.ModeSocket != 0:
		return '='
	case mode.IsRegular() && o.indicator == classify && mode&0o111 != 0:
		return '*'
	}
	return 0
}

// hyperlink writes a name as a link of the terminal, if asked for.
func (l *lister) hyperlink(path, shown string) string {
	if !l.links {
		return shown
	}
	abs, err := l.x.RealPath(path, tool.NoneExists)
	if err != nil {
		return shown
	}
	target := (&url.URL{Scheme: "file", Host: tool.Hostname, Path: abs}).String()
	return "\x1b]8;;" + target + "\a" + shown + "\x1b]8;;\a"
}

// write writes the name of an entry that starts in the given column, with its
// colour. padded tells that other names have quotes, which are to stand out.
func (l *lister) write(e *entry, padded bool, column int) {
	s := l.shown(e.name)
	if padded && !l.quoted(e) {
		l.out.WriteByte(' ')
	}
	text := l.hyperlink(e.path(), s)
	if l.colors == nil {
		l.out.WriteString(text)
		return
	}
	l.paint(text, l.colors.of(e), column, textWidth(s))
}

// paint writes text in a colour.
func (l *lister) paint(text, color string, column, width int) {
	if color == none {
		l.out.WriteString(text)
		return
	}
	p := l.colors
	if !l.colored {
		l.colored = true
		l.out.WriteString(p.reset())
	}
	l.out.WriteString(p.start(color) + text + p.stop())
	if w := l.width; w > 0 && width > 0 && column/w != (column+width-1)/w {
		l.out.WriteString(p.codes["cl"])
	}
}
