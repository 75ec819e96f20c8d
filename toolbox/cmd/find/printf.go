package find

import (
	"bufio"
	"strconv"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// piece is a part of a format: text, or a directive.
type piece struct {
	text  string
	stop  bool // \c: nothing is printed behind it
	verb  byte
	kind  byte // what follows %A, %C, %T
	flags string
	width int
	prec  int // -1 where there is none
}

// printf makes -printf and -fprintf.
func (p *parser) printf(name string, out *bufio.Writer) (test, error) {
	format, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	pieces, err := p.pieces(format)
	if err != nil {
		return nil, err
	}
	return func(e *file) (bool, error) {
		for _, piece := range pieces {
			if piece.stop {
				return true, out.Flush()
			}
			if piece.verb == 0 {
				out.WriteString(piece.text)
				continue
			}
			out.WriteString(piece.show(e))
		}
		return true, nil
	}, nil
}

// pieces cuts a format up.
func (p *parser) pieces(format string) ([]piece, error) {
	var out []piece
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			out = append(out, piece{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(format); {
		switch {
		case strings.HasPrefix(format[i:], `\c`):
			flush()
			return append(out, piece{stop: true}), nil
		case format[i] == '\\':
			i += p.escape(&text, format[i:])
		case format[i] == '%':
			if i+1 == len(format) {
				return nil, p.syntax("error: %% at end of format string")
			}
			one, n := p.directive(format[i:])
			if one.verb == 0 {
				text.WriteString(one.text)
			} else {
				flush()
				out = append(out, one)
			}
			i += n
		default:
			text.WriteByte(format[i])
			i++
		}
	}
	flush()
	return out, nil
}

// escape reads the escape that s starts with, and returns its length.
func (p *parser) escape(text *strings.Builder, s string) int {
	if len(s) == 1 {
		p.x.Errorf("warning: escape `\\' followed by nothing at all")
		text.WriteByte('\\')
		return 1
	}
	if at := strings.IndexByte(`abfnrtv\`, s[1]); at >= 0 {
		text.WriteByte("\a\b\f\n\r\t\v\\"[at])
		return 2
	}
	n := 1
	for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '7' {
		n++
	}
	if n > 1 {
		v, _ := strconv.ParseUint(s[1:n], 8, 16)
		text.WriteByte(byte(v))
		return n
	}
	p.x.Errorf("warning: unrecognized escape `\\%c'", s[1])
	text.WriteString(s[:2])
	return 2
}

const maxField = 4096 // bounds what one directive may print

// directive reads the directive that s starts with, and returns its length. One
// that does not exist is text.
func (p *parser) directive(s string) (piece, int) {
	d := piece{prec: -1}
	i := 1 + len(s[1:]) - len(strings.TrimLeft(s[1:], "-+ #0"))
	d.flags = s[1:i]
	i += digits(s[i:], &d.width)
	if i < len(s) && s[i] == '.' {
		d.prec = 0
		i++
		i += digits(s[i:], &d.prec)
	}
	if i == len(s) {
		return piece{text: s}, i
	}
	c := s[i]
	i++
	switch {
	case c == '%':
		return piece{text: "%"}, i
	case strings.IndexByte("ACT", c) >= 0 && i == len(s):
		p.x.Errorf("warning: format directive `%%%c' should be followed by another character", c)
		return piece{text: s[:i]}, i
	case strings.IndexByte("ACT", c) >= 0:
		d.kind = s[i]
		i++
	case strings.IndexByte("abcdDfFgGhHiklmMnpPsStuUyYZ", c) < 0:
		p.x.Errorf("warning: unrecognized format directive `%%%c'", c)
		return piece{text: s[:i]}, i
	}
	d.verb = c
	return d, i
}

func digits(s string, n *int) (length int) {
	for length < len(s) && s[length] >= '0' && s[length] <= '9' {
		*n = min(*n*10+int(s[length]-'0'), maxField)
		length++
	}
	return length
}

// show is what a directive stands for.
func (d piece) show(e *file) string {
	if s, ok := d.ofPath(e); ok {
		return d.pad(s)
	}
	info, err := e.stat()
	if err != nil {
		e.f.failFile(e.path, err)
		return ""
	}
	switch d.verb {
	case 'm':
		s := strconv.FormatUint(uint64(filemode.Of(info.Mode)), 8)
		if strings.Contains(d.flags, "#") && s != "0" {
			s = "0" + s
		}
		return d.padNumber(s)
	case 'd':
		return d.padNumber(strconv.Itoa(e.depth))
	}
	return d.pad(d.ofInfo(e, info))
}

// ofPath shows the directives that need no more than the path.
func (d piece) ofPath(e *file) (string, bool) {
	switch d.verb {
	case 'p':
		return e.path, true
	case 'f':
		return e.name(), true
	case 'h':
		return dirname(e.path), true
	case 'H':
		return e.start, true
	case 'P':
		return strings.TrimPrefix(strings.TrimPrefix(e.path, e.start), "/"), true
	case 'y':
		return string(typeLetter(e.mode())), true
	case 'l':
		target, _ := linkTarget(e)
		return target, true
	case 'F':
		return fsType, true
	case 'u':
		return tool.User, true
	case 'g':
		return tool.Group, true
	case 'U':
		return strconv.Itoa(tool.UID), true
	case 'G':
		return strconv.Itoa(tool.GID), true
	case 'Z':
		return "", true
	}
	return "", false
}

func (d piece) ofInfo(e *file, info vfs.Info) string {
	switch d.verb {
	case 's':
		return strconv.FormatInt(info.Size, 10)
	case 'b':
		return strconv.FormatUint(tool.DiskBlocks(info), 10)
	case 'k':
		return strconv.FormatUint((tool.DiskBlocks(info)+1)/2, 10)
	case 'S':
		return sparseness(info)
	case 'i':
		return strconv.FormatUint(info.Ino, 10)
	case 'n':
		return strconv.FormatUint(info.Nlink, 10)
	case 'D':
		return strconv.FormatUint(info.Dev, 10)
	case 'M':
		return filemode.String(info.Mode)
	case 'Y':
		return behind(e)
	}
	return e.f.date(d, info)
}

// sparseness is the share of a file that is on disk.
func sparseness(info vfs.Info) string {
	if info.Size == 0 {
		if tool.DiskBlocks(info) == 0 {
			return "1"
		}
		return "inf"
	}
	return strconv.FormatFloat(float64(tool.DiskBlocks(info)*512)/float64(info.Size), 'g', 6, 64)
}

// behind is the type of a file, through links: N if one leads nowhere, L if
// it leads in circles.
func behind(e *file) string {
	if !isLink(e.mode()) {
		return string(typeLetter(e.mode()))
	}
	info, err := e.f.x.Stat(e.path)
	switch vfs.ToErrno(err) {
	case 0:
		return string(typeLetter(info.Mode))
	case vfs.ENOENT, vfs.ENOTDIR:
		return "N"
	case vfs.ELOOP:
		return "L"
	}
	return "?"
}

func (d piece) pad(s string) string {
	if d.prec >= 0 && d.prec < len(s) {
		s = s[:d.prec]
	}
	n := max(d.width-len(s), 0)
	if strings.Contains(d.flags, "-") {
		return s + strings.Repeat(" ", n)
	}
	return strings.Repeat(" ", n) + s
}

func (d piece) padNumber(s string) string {
	if strings.Contains(d.flags, "0") && !strings.Contains(d.flags, "-") && d.prec < 0 {
		return strings.Repeat("0", max(d.width-len(s), 0)) + s
	}
	if d.prec > len(s) {
		s = strings.Repeat("0", d.prec-len(s)) + s
	}
	d.prec = -1
	return d.pad(s)
}
