package shell

import (
	"strings"
	"time"

	"agentsandbox/toolbox/shell/syntax"
)

// prompt expands a prompt string: PS4 and ${x@P}.
func (sh *Shell) prompt(s string) string {
	if !strings.ContainsAny(s, "\\$`") {
		return s
	}
	s = sh.promptEscapes(s)
	if !strings.ContainsAny(s, "$`") {
		return s
	}
	return sh.partsText(syntax.ParseText(s))
}

// promptEscapes replaces the backslash escapes of prompts.
func (sh *Shell) promptEscapes(s string) string {
	var b strings.Builder
	now := sh.x.Now()
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'a':
			b.WriteByte(7)
		case 'e':
			b.WriteByte(27)
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 'u':
			b.WriteString("sandbox")
		case 'h', 'H':
			b.WriteString("sandbox")
		case 'w':
			b.WriteString(quotePrompt(sh.tildeDir(sh.cwd)))
		case 'W':
			dir := sh.tildeDir(sh.cwd)
			if dir != "/" && dir != "~" {
				dir = dir[strings.LastIndexByte(dir, '/')+1:]
			}
			b.WriteString(quotePrompt(dir))
		case 's':
			b.WriteString(sh.name[strings.LastIndexByte(sh.name, '/')+1:])
		case 'v':
			b.WriteString("5.2")
		case 'V':
			b.WriteString("5.2.15")
		case '$':
			b.WriteString("$")
		case '#':
			b.WriteString(itoa(sh.numbered + 1))
		case '!':
			b.WriteString(itoa(sh.hist.number() + 1))
		case 'j':
			b.WriteString(itoa(len(sh.jobs.list)))
		case 'l':
			b.WriteString("tty")
		case 't':
			b.WriteString(sh.inZone(now).Format(time.TimeOnly))
		case 'T':
			b.WriteString(sh.inZone(now).Format("03:04:05"))
		case '@':
			b.WriteString(sh.inZone(now).Format("03:04 PM"))
		case 'A':
			b.WriteString(sh.inZone(now).Format("15:04"))
		case 'd':
			b.WriteString(sh.inZone(now).Format("Mon Jan 02"))
		case 'D':
			if layout, ok := strings.CutPrefix(s[i+1:], "{"); ok {
				if end := strings.IndexByte(layout, '}'); end >= 0 {
					b.WriteString(sh.timeText(layout[:end], now))
					i += end + 2
					continue
				}
			}
			b.WriteString(`\D`)
		case '[', ']':
		case '\\':
			b.WriteString(`\`)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n := 0
			j := i
			for j < len(s) && j < i+3 && s[j] >= '0' && s[j] <= '7' {
				n = n*8 + int(s[j]-'0')
				j++
			}
			b.WriteByte(byte(n))
			i = j - 1
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String()
}

// quotePrompt quotes text that the expansion of the prompt must leave alone.
func quotePrompt(s string) string {
	if !strings.ContainsAny(s, "$`") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("$`\\", s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
