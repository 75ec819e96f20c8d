package tree

import (
	"io/fs"
	"strings"
)

// palette is the colours by dircolors' keys; nil is none.
type palette map[string]string

// standardColors are those where the environment names none.
const standardColors = "no=00:rs=0:fi=00:di=01;34:ln=01;36:pi=40;33:so=01;35:bd=40;33;01:cd=40;33;01:or=40;31;01:ex=01;32:" +
	"*.bat=01;32:*.btm=01;32:*.cmd=01;32:*.com=01;32:*.dll=01;32:*.exe=01;32:*.arj=01;31:*.bz2=01;31:*.deb=01;31:*.gz=01;31:" +
	"*.lzh=01;31:*.rpm=01;31:*.tar=01;31:*.taz=01;31:*.tb2=01;31:*.tbz2=01;31:*.tbz=01;31:*.tgz=01;31:*.tz2=01;31:*.z=01;31:" +
	"*.Z=01;31:*.zip=01;31:*.zoo=01;31"

// palette is that of the run: none unless asked for, or on a terminal whose
// environment says which.
func (t *lister) palette() palette {
	colors := t.x.Getenv("TREE_COLORS")
	if colors == "" {
		colors = t.x.Getenv("LS_COLORS")
	}
	if !t.color && (t.noColor || colors == "" || !t.x.IsTerminal(1) || t.output != "") {
		return nil
	}
	if colors == "" {
		colors = standardColors
	}
	p := palette{}
	for part := range strings.SplitSeq(colors, ":") {
		if key, code, ok := strings.Cut(part, "="); ok {
			p[key] = code
		}
	}
	return p
}

// paint writes the name of a file in its colour.
func (p palette) paint(n *node, text string) string {
	mode := n.info.Mode
	switch {
	case p == nil || n.failed:
		return text
	case n.isLink() && n.orphan && p["or"] != "":
		return p.with("or", text)
	case n.isLink() && p["ln"] == "target":
		return p.paintMode(n.behind.Mode, n.name, text)
	}
	return p.paintMode(mode, n.name, text)
}

// paintTarget writes the target of a link in the colour of what is there.
func (p palette) paintTarget(n *node, text string) string {
	if p == nil {
		return text
	}
	return p.paintMode(n.behind.Mode, n.target, text)
}

func (p palette) paintMode(mode fs.FileMode, name, text string) string {
	switch {
	case mode.IsDir():
		return p.with("di", text)
	case mode&fs.ModeSymlink != 0:
		return p.with("ln", text)
	case mode&fs.ModeNamedPipe != 0:
		return p.with("pi", text)
	case mode&fs.ModeSocket != 0:
		return p.with("so", text)
	case mode&fs.ModeCharDevice != 0:
		return p.with("cd", text)
	case mode&fs.ModeDevice != 0:
		return p.with("bd", text)
	case mode&0o111 != 0 && p["ex"] != "":
		return p.with("ex", text)
	}
	if at := strings.LastIndexByte(name, '.'); at >= 0 && p["*"+name[at:]] != "" {
		return p.with("*"+name[at:], text)
	}
	return p.with("fi", text)
}

func (p palette) with(key, text string) string {
	code := p[key]
	if code == "" {
		code = p["no"]
	}
	if code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
