package grep

import (
	"strings"

	"agentsandbox/toolbox/tool"
)

// palette holds the SGR parameters of what is coloured; all empty for none.
type palette struct {
	on                                              bool
	selectedMatch, contextMatch                     string
	selectedLine, contextLine                       string
	filename, lineNumber, byteOffset, separatorMark string
	noErase                                         bool
}

func newPalette(x *tool.Exec, invert bool) palette {
	p := palette{on: true, selectedMatch: "01;31", contextMatch: "01;31", filename: "35", lineNumber: "32", byteOffset: "32", separatorMark: "36"}
	if old := x.Getenv("GREP_COLOR"); old != "" {
		x.Errorf("warning: GREP_COLOR='%s' is deprecated; use GREP_COLORS='mt=%s'", old, old)
		p.selectedMatch, p.contextMatch = old, old
	}
	reverse := false
	for _, cap := range strings.Split(x.Getenv("GREP_COLORS"), ":") {
		name, value, _ := strings.Cut(cap, "=")
		if strings.Trim(value, "0123456789;") != "" {
			break
		}
		reverse = reverse || name == "rv"
		p.set(name, value)
	}
	if invert && reverse {
		p.selectedLine, p.contextLine = p.contextLine, p.selectedLine
	}
	return p
}

func (p *palette) set(name, value string) {
	switch name {
	case "mt":
		p.selectedMatch, p.contextMatch = value, value
	case "ms":
		p.selectedMatch = value
	case "mc":
		p.contextMatch = value
	case "sl":
		p.selectedLine = value
	case "cx":
		p.contextLine = value
	case "fn":
		p.filename = value
	case "ln":
		p.lineNumber = value
	case "bn":
		p.byteOffset = value
	case "se":
		p.separatorMark = value
	case "ne":
		p.noErase = true
	}
}

func (p *palette) start(color string) string {
	switch {
	case color == "":
		return ""
	case p.noErase:
		return "\x1b[" + color + "m"
	}
	return "\x1b[" + color + "m\x1b[K"
}

func (p *palette) end(color string) string {
	switch {
	case color == "":
		return ""
	case p.noErase:
		return "\x1b[m"
	}
	return "\x1b[m\x1b[K"
}
