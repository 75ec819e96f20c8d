package ls

import (
	"io/fs"
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/tool"
)

// palette says how names are coloured: dircolors' codes by two letters, and
// colours by what a name ends in.
type palette struct {
	codes map[string]string
	ends  []ending
}

type ending struct{ suffix, color string }

// none is no colour at all; the empty code is one.
const none = "\x00"

// newPalette reads LS_COLORS on top of what GNU's ls starts with. It is nil
// where that is not set and the terminal is not known to have colours.
func newPalette(x *tool.Exec) *palette {
	if x.Getenv("LS_COLORS") == "" && x.Getenv("COLORTERM") == "" && !colorTerminal(x.Getenv("TERM")) {
		return nil
	}
	p := &palette{codes: map[string]string{
		"lc": "\x1b[", "rc": "m", "cl": "\x1b[K", "rs": "0", "di": "01;34", "ln": "01;36", "pi": "33",
		"so": "01;35", "bd": "01;33", "cd": "01;33", "ex": "01;32", "do": "01;35", "su": "37;41",
		"sg": "30;43", "st": "37;44", "ow": "34;42", "tw": "30;42",
	}}
	for part := range strings.SplitSeq(x.Getenv("LS_COLORS"), ":") {
		key, code, ok := strings.Cut(part, "=")
		switch {
		case !ok:
		case strings.HasPrefix(key, "*"):
			p.ends = append(p.ends, ending{strings.ToLower(unescape(key[1:])), unescape(code)})
		case len(key) == 2:
			p.codes[key] = unescape(code)
		}
	}
	return p
}

// colorTerminal reports whether a value of TERM is one of a terminal that has
// colours.
func colorTerminal(term string) bool {
	const known = "Eterm ansi *color* con[0-9]*x[0-9]* cons25 console cygwin *direct* dtterm gnome hurd jfbterm " +
		"konsole kterm linux linux-c mlterm putty rxvt* screen* st terminator tmux* vt100 xterm* alacritty foot"
	for glob := range strings.FieldsSeq(known) {
		if pattern.Compile(glob, 0).Match(term) {
			return true
		}
	}
	return false
}

// unescape reads the escapes of LS_COLORS: \e, \033, ^[ and their like.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\^`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '^' && i+1 < len(s):
			i++
			b.WriteByte(s[i] & 0x1f)
		case s[i] == '\\' && i+1 < len(s):
			i++
			i += escapeAt(&b, s[i:]) - 1
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// escapeAt reads the escape that s starts with, and returns its length.
func escapeAt(b *strings.Builder, s string) int {
	n, base := 0, 8
	if s[0] == 'x' {
		n, base = 1, 16
	}
	from := n
	for n < len(s) && n < from+3 {
		if _, err := strconv.ParseUint(s[n:n+1], base, 8); err != nil {
			break
		}
		n++
	}
	if v, err := strconv.ParseUint(s[from:n], base, 16); err == nil {
		b.WriteByte(byte(v))
		return n
	}
	if at := strings.IndexByte("abefnrtv_?", s[0]); at >= 0 {
		b.WriteByte("\a\b\x1b\f\n\r\t\v \x7f"[at])
	} else {
		b.WriteByte(s[0])
	}
	return 1
}

// has reports whether a code is set to a colour.
func (p *palette) has(key string) bool {
	code, ok := p.codes[key]
	return ok && code != "" && code != "0" && code != "00"
}

// looksBehind reports whether what links lead to shows in their colour.
func (p *palette) looksBehind() bool {
	return p != nil && (p.codes["ln"] == "target" || p.has("or") || p.has("mi"))
}

func (p *palette) reset() string { return p.codes["lc"] + p.codes["rs"] + p.codes["rc"] }

func (p *palette) start(color string) string { return p.codes["lc"] + color + p.codes["rc"] }

func (p *palette) stop() string {
	if end, ok := p.codes["ec"]; ok {
		return end
	}
	return p.reset()
}

// of is the colour of an entry.
func (p *palette) of(e *entry) string {
	mode := e.info.Mode
	switch {
	case e.lost:
		return p.code("mi")
	case mode&fs.ModeSymlink != 0 && e.orphan && p.has("or"):
		return p.codes["or"]
	case mode&fs.ModeSymlink != 0 && p.codes["ln"] == "target" && !e.orphan:
		mode = e.behind.Mode
	}
	return p.ofMode(e.name, mode, e.info.Nlink)
}

// ofMode is the colour of a file by its name and mode.
func (p *palette) ofMode(name string, mode fs.FileMode, links uint64) string {
	switch {
	case mode.IsRegular():
		return p.regular(name, mode, links)
	case mode.IsDir():
		return p.code(p.dir(mode))
	case mode&fs.ModeSymlink != 0 && p.codes["ln"] == "target":
		return none
	case mode&fs.ModeSymlink != 0:
		return p.code("ln")
	case mode&fs.ModeNamedPipe != 0:
		return p.code("pi")
	case mode&fs.ModeSocket != 0:
		return p.code("so")
	case mode&fs.ModeCharDevice != 0:
		return p.code("cd")
	case mode&fs.ModeDevice != 0:
		return p.code("bd")
	}
	return p.code("or")
}

func (p *palette) dir(mode fs.FileMode) string {
	sticky, open := mode&fs.ModeSticky != 0, mode&0o002 != 0
	switch {
	case sticky && open && p.has("tw"):
		return "tw"
	case open && p.has("ow"):
		return "ow"
	case sticky && p.has("st"):
		return "st"
	}
	return "di"
}

func (p *palette) regular(name string, mode fs.FileMode, links uint64) string {
	switch {
	case mode&fs.ModeSetuid != 0 && p.has("su"):
		return p.codes["su"]
	case mode&fs.ModeSetgid != 0 && p.has("sg"):
		return p.codes["sg"]
	case mode&0o111 != 0 && p.has("ex"):
		return p.codes["ex"]
	case links > 1 && p.has("mh"):
		return p.codes["mh"]
	}
	name = strings.ToLower(name)
	for i := len(p.ends) - 1; i >= 0; i-- {
		if strings.HasSuffix(name, p.ends[i].suffix) {
			return p.ends[i].color
		}
	}
	return p.code("fi")
}

// code is the colour of a key; that of all files, or none, where it has none.
func (p *palette) code(key string) string {
	if code, ok := p.codes[key]; ok {
		return code
	}
	if p.has("no") {
		return p.codes["no"]
	}
	return none
}
