package rg

import (
	"strconv"
	"strings"
)

// expand is the replacement of a match: $1, ${name} and $$ in the text of -r.
func (f *file) expand(m block) string {
	if !strings.Contains(f.replace, "$") {
		return f.replace
	}
	loc, err := f.re.Find(f.loc, f.data[:f.lineEnd(max(m.start, m.end-1))], m.start)
	if loc == nil || err != nil {
		return f.replace
	}
	f.loc = loc
	var b strings.Builder
	for s := f.replace; s != ""; {
		i := strings.IndexByte(s, '$')
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		name, n := groupName(s[i+1:])
		switch {
		case strings.HasPrefix(s[i+1:], "$"):
			b.WriteByte('$')
			n = 1
		case n == 0:
			b.WriteByte('$')
		default:
			b.Write(f.group(name, loc))
		}
		s = s[i+1+n:]
	}
	return b.String()
}

// groupName reads name or {name}, and returns how much of s that took.
func groupName(s string) (name string, n int) {
	if rest, ok := strings.CutPrefix(s, "{"); ok {
		if end := strings.IndexByte(rest, '}'); end >= 0 {
			return rest[:end], end + 2
		}
		return "", 0
	}
	for n < len(s) && (s[n] == '_' || s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	return s[:n], n
}

func (f *file) group(name string, loc []int) []byte {
	at, err := strconv.Atoi(name)
	if err != nil {
		for i, known := range f.re.Names() {
			if known == name {
				at = i + 1
			}
		}
		if at == 0 {
			return nil
		}
	}
	if at < 0 || at >= len(loc)/2 || loc[2*at] < 0 {
		return nil
	}
	return f.data[loc[2*at]:loc[2*at+1]]
}
