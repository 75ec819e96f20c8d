package tar

import (
	"fmt"
	"strconv"
	"strings"

	"agentsandbox/toolbox/regex"
)

// transform is one expression of --transform: s/RE/TEXT/FLAGS as in sed.
type transform struct {
	re     *regex.Regexp
	text   string
	global bool
	nth    int
	kinds  [3]bool // by kind: what it is for
}

// parseTransforms reads expressions with ; between them.
func parseTransforms(s string) ([]*transform, error) {
	var out []*transform
	for s != "" {
		if s[0] == ';' || s[0] == ' ' {
			s = s[1:]
			continue
		}
		tr, rest, err := parseTransform(s)
		if err != nil {
			return nil, err
		}
		out = append(out, tr)
		s = rest
	}
	return out, nil
}

func parseTransform(s string) (*transform, string, error) {
	if s[0] != 's' || len(s) < 2 {
		return nil, "", fmt.Errorf("Invalid transform expression")
	}
	delim := s[1]
	src, rest, ok := cutDelim(s[2:], delim)
	text, rest, ok2 := cutDelim(rest, delim)
	if !ok || !ok2 {
		return nil, "", fmt.Errorf("Invalid transform expression: missing delimiter")
	}
	tr := &transform{text: text, kinds: [...]bool{true, true, true}}
	syntax, flags := regex.BRE, regex.Flags(0)
	i := 0
	for ; i < len(rest) && rest[i] != ';'; i++ {
		switch c := rest[i]; c {
		case 'g':
			tr.global = true
		case 'i':
			flags |= regex.IgnoreCase
		case 'x':
			syntax = regex.ERE
		case 'r', 'R':
			tr.kinds[ofMember] = c == 'r'
		case 'h', 'H':
			tr.kinds[ofLink] = c == 'h'
		case 's', 'S':
			tr.kinds[ofSymlink] = c == 's'
		default:
			if c < '0' || c > '9' {
				return nil, "", fmt.Errorf("Unknown flag in transform expression: %c", c)
			}
			end := i
			for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
				end++
			}
			tr.nth, _ = strconv.Atoi(rest[i:end])
			i = end - 1
		}
	}
	re, err := regex.Compile(src, syntax, flags)
	if err != nil {
		return nil, "", fmt.Errorf("Invalid transform expression: %v", err)
	}
	tr.re = re
	return tr, strings.TrimPrefix(rest[i:], ";"), nil
}

// cutDelim cuts at a delimiter that no backslash takes; in front of one the
// backslash goes.
func cutDelim(s string, delim byte) (before, after string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == delim:
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			if s[i+1] != delim {
				b.WriteByte('\\')
			}
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), "", false
}

// apply transforms a name.
func (tr *transform) apply(name string) string {
	var out strings.Builder
	at, n := 0, 0
	for from := 0; from <= len(name); {
		m, err := tr.re.FindString(nil, name, from)
		if err != nil || len(m) == 0 || m[0] < 0 {
			break
		}
		n++
		if n >= tr.nth {
			out.WriteString(name[at:m[0]])
			tr.replace(&out, name, m)
			at = m[1]
			if !tr.global {
				break
			}
		}
		from = m[1]
		if m[0] == m[1] {
			from++
		}
	}
	out.WriteString(name[at:])
	return out.String()
}

// replace writes the text for a match.
func (tr *transform) replace(out *strings.Builder, name string, m []int) {
	var mode, once byte // U or L; u or l for the next character
	write := func(s string) {
		switch mode {
		case 'U':
			s = strings.ToUpper(s)
		case 'L':
			s = strings.ToLower(s)
		}
		if once != 0 && s != "" {
			first := strings.ToUpper(s[:1])
			if once == 'l' {
				first = strings.ToLower(s[:1])
			}
			s, once = first+s[1:], 0
		}
		out.WriteString(s)
	}
	group := func(n int) {
		if 2*n+1 < len(m) && m[2*n] >= 0 {
			write(name[m[2*n]:m[2*n+1]])
		}
	}
	for i := 0; i < len(tr.text); i++ {
		c := tr.text[i]
		switch {
		case c == '&':
			group(0)
		case c != '\\' || i+1 == len(tr.text):
			write(tr.text[i : i+1])
		default:
			i++
			switch c = tr.text[i]; c {
			case 'U', 'L':
				mode = c
			case 'E':
				mode = 0
			case 'u', 'l':
				once = c
			case 'n':
				write("\n")
			default:
				if c >= '0' && c <= '9' {
					group(int(c - '0'))
				} else {
					write(tr.text[i : i+1])
				}
			}
		}
	}
}
