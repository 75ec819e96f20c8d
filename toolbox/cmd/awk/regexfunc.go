package awk

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/regex"
)

func bMatch(m *machine, args []expr) value {
	s := m.strArg(args, 0)
	re := m.pattern(args[1])
	var groups *array
	if len(args) > 2 {
		groups = args[2].(arrayRef).array(m)
		groups.clear()
	}
	start, length := 0, -1
	if re != nil {
		loc, err := re.FindString(m.loc, s, 0)
		if err != nil {
			m.fatal("%s", err)
		}
		if loc != nil {
			m.loc = loc
			start, length = m.length(s[:loc[0]])+1, m.length(s[loc[0]:loc[1]])
			if groups != nil {
				m.storeGroups(groups, s, loc)
			}
		}
	}
	m.special[sRSTART], m.special[sRLENGTH] = num(float64(start)), num(float64(length))
	return num(float64(start))
}

// storeGroups stores what groups matched, and where.
func (m *machine) storeGroups(a *array, s string, loc []int) {
	for i := 0; i < len(loc); i += 2 {
		if loc[i] < 0 {
			continue
		}
		key := strconv.Itoa(i / 2)
		a.set(key, given(s[loc[i]:loc[i+1]]))
		a.set(key+m.subsep+"start", num(float64(m.length(s[:loc[i]])+1)))
		a.set(key+m.subsep+"length", num(float64(m.length(s[loc[i]:loc[i+1]]))))
	}
}

func bSub(m *machine, args []expr) value  { return m.substitute(args, false) }
func bGsub(m *machine, args []expr) value { return m.substitute(args, true) }

// substitute is sub and gsub.
func (m *machine) substitute(args []expr, all bool) value {
	re := m.pattern(args[0])
	repl := m.strArg(args, 1)
	var to target
	s := ""
	if len(args) < 3 {
		s = m.whole()
	} else {
		to, _ = ungroup(args[2]).(target)
		s = m.strArg(args, 2)
	}
	if re == nil || m.err != nil {
		return num(0)
	}
	which := 1
	if all {
		which = 0
	}
	out, n := m.replace(re, s, which, parseReplacement(repl, false))
	if n == 0 || m.err != nil {
		return num(float64(n))
	}
	switch {
	case len(args) < 3:
		m.setRecord(out)
	case to != nil:
		to.set(m, str(out))
	}
	return num(float64(n))
}

func bGensub(m *machine, args []expr) value {
	re := m.pattern(args[0])
	repl := m.strArg(args, 1)
	how := args[2].eval(m)
	s := m.whole()
	if len(args) > 3 {
		s = m.strArg(args, 3)
	}
	if re == nil || m.err != nil {
		return str(s)
	}
	which := 0
	if h := m.text(how); h == "" || h[0] != 'g' && h[0] != 'G' {
		if which = int(how.toNum()); which < 1 {
			m.warn("gensub: third argument `%s' treated as 1", h)
			which = 1
		}
	}
	out, _ := m.replace(re, s, which, parseReplacement(repl, true))
	return str(out)
}

// piece is a part of a replacement: text, or a group if group >= 0.
type piece struct {
	text  string
	group int
}

// parseReplacement splits a replacement at & and, with groups, \0 to \9.
func parseReplacement(repl string, groups bool) []piece {
	if strings.IndexByte(repl, '&') < 0 && strings.IndexByte(repl, '\\') < 0 {
		return []piece{{repl, -1}}
	}
	var out []piece
	var text strings.Builder
	refer := func(group int) {
		out = append(out, piece{text.String(), -1}, piece{"", group})
		text.Reset()
	}
	for i := 0; i < len(repl); i++ {
		c := repl[i]
		next := byte(0)
		if i+1 < len(repl) {
			next = repl[i+1]
		}
		switch {
		case c == '&':
			refer(0)
		case c != '\\':
			text.WriteByte(c)
		case next == '&':
			text.WriteByte('&')
			i++
		case groups && isDigit(next):
			refer(int(next - '0'))
			i++
		case groups && next != 0:
			text.WriteByte(next)
			i++
		case next == '\\' && backslashAmpersand(repl[i:]):
			text.WriteByte('\\')
			i++
		default:
			text.WriteByte('\\')
		}
	}
	return append(out, piece{text.String(), -1})
}

// backslashAmpersand reports whether s is \\& or more of it: there two
// backslashes are one.
func backslashAmpersand(s string) bool {
	return strings.HasPrefix(strings.TrimLeft(s, "\\"), "&")
}

// replace replaces the match number which in s, all if that is 0, and returns
// how many it replaced.
func (m *machine) replace(re *regex.Regexp, s string, which int, repl []piece) (string, int) {
	var out []byte
	done, count, last := 0, 0, -1
	for from := 0; from <= len(s); {
		loc, err := m.locate(re, s, from, repl)
		if err != nil {
			m.fatal("%s", err)
			return s, 0
		}
		if loc == nil {
			break
		}
		start, end := loc[0], loc[1]
		if start == end && start == last {
			from = start + m.step(s, start)
			continue
		}
		count++
		if which == 0 || count == which {
			out = append(out, s[done:start]...)
			out = expand(out, s, loc, repl)
			done = end
			if which > 0 || !m.bound(len(out)) {
				break
			}
		}
		last, from = end, end
		if start == end {
			from += m.step(s, start)
		}
	}
	if which > 0 && count < which || count == 0 {
		return s, 0
	}
	return string(append(out, s[done:]...)), count
}

// locate finds the next match, with its groups if they are referred to.
func (m *machine) locate(re *regex.Regexp, s string, from int, repl []piece) ([]int, error) {
	for _, p := range repl {
		if p.group > 0 {
			loc, err := re.FindString(m.loc, s, from)
			if loc != nil {
				m.loc = loc
			}
			return loc, err
		}
	}
	start, end, err := re.FindStringIndex(s, from)
	if start < 0 {
		return nil, err
	}
	m.loc = append(m.loc[:0], start, end)
	return m.loc, err
}

// step is the length of the character at a place, at least 1.
func (m *machine) step(s string, at int) int {
	if !m.utf8 || at >= len(s) {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s[at:])
	return n
}

func expand(out []byte, s string, loc []int, repl []piece) []byte {
	for _, p := range repl {
		switch {
		case p.group < 0:
			out = append(out, p.text...)
		case 2*p.group+1 < len(loc) && loc[2*p.group] >= 0:
			out = append(out, s[loc[2*p.group]:loc[2*p.group+1]]...)
		}
	}
	return out
}

func bSplit(m *machine, args []expr) value {
	s := m.strArg(args, 0)
	sp := m.splitter
	switch {
	case len(args) > 2:
		sp = m.splitterOf(args[2])
	case sp.id != sFS:
		sp = m.separators(m.text(m.special[sFS]))
	}
	return m.splitInto(args, s, &sp)
}

// splitterOf is what the third argument of split says.
func (m *machine) splitterOf(x expr) splitter {
	if lit, ok := x.(*regexLit); ok {
		if lit.src == " " {
			return splitter{mode: byRegex, re: lit.compiled(m)}
		}
		return splitter{mode: byRegex, re: lit.compiled(m)}
	}
	v := x.eval(m)
	if v.kind == regexK {
		return splitter{mode: byRegex, re: m.regex(v.str)}
	}
	return m.separators(m.text(v))
}

// splitInto stores the fields, and the separators if an array is given.
func (m *machine) splitInto(args []expr, s string, sp *splitter) value {
	a := args[1].(arrayRef).array(m)
	var seps *array
	if len(args) > 3 {
		ref, ok := args[3].(arrayRef)
		if !ok {
			m.fatal("split: fourth argument is not an array")
			return num(0)
		}
		seps = ref.array(m)
		seps.clear()
	}
	if m.err != nil {
		return num(0)
	}
	n := 0
	if seps != nil && sp.mode == byBlanks {
		if lead := len(s) - len(strings.TrimLeft(s, " \t\n")); lead > 0 {
			seps.set("0", str(s[:lead]))
		}
	}
	last := ""
	m.pieces = m.pieces[:0]
	m.splitText(s, sp, false, func(field, sep string) {
		if n > 0 && seps != nil {
			seps.set(smallInt(int64(n)), str(last))
		}
		n++
		last = sep
		m.pieces = append(m.pieces, field)
	})
	a.fill(n, func(i int) value { return given(m.pieces[i]) })
	if seps != nil && last != "" {
		seps.set(smallInt(int64(n)), str(last))
	}
	return num(float64(n))
}

func bPatsplit(m *machine, args []expr) value {
	s := m.strArg(args, 0)
	var re *regex.Regexp
	if len(args) > 2 {
		re = m.pattern(args[2])
	} else {
		re = m.regex(m.text(m.special[sFPAT]))
	}
	a := args[1].(arrayRef).array(m)
	var seps *array
	if len(args) > 3 {
		if ref, ok := args[3].(arrayRef); ok {
			seps = ref.array(m)
			seps.clear()
		}
	}
	if m.err != nil {
		return num(0)
	}
	a.clear()
	n := 0
	rest := m.splitPattern(s, re, func(sep, field string) {
		if seps != nil {
			seps.set(smallInt(int64(n)), str(sep))
		}
		n++
		a.set(smallInt(int64(n)), given(field))
	})
	if seps != nil && n > 0 {
		seps.set(smallInt(int64(n)), str(rest))
	}
	return num(float64(n))
}
