package shell

import (
	"strconv"
	"strings"
)

// bang is one run of history expansion: of !event:words:modifiers in a line.
type bang struct {
	sh    *Shell
	hist  *history
	in    string
	at    int
	start int // of the expansion that is being read
	out   strings.Builder
	print bool // :p: the line is shown, not run
	did   bool // there was something to expand
	err   string

	found string // the word that !?text? has found, for :%
}

// substitution is what :s and ^old^new^ did last, for :&.
type substitution struct{ from, to string }

// expand returns the line expanded, or the message of what is wrong with it.
func (e *bang) expand(line string) (text, err string) {
	if strings.HasPrefix(line, "^") {
		line = "!!:s" + line
	}
	e.in = line
	quote := byte(0)
	for e.at < len(e.in) && e.err == "" {
		c := e.in[e.at]
		switch {
		case c == '\\' && quote != '\'' && e.at+1 < len(e.in):
			e.out.WriteString(e.in[e.at : e.at+2])
			e.at += 2
			continue
		case (c == '\'' || c == '"') && (quote == 0 || quote == c):
			quote ^= c
		case c == '!' && quote != '\'' && e.starts(quote):
			e.start = e.at
			e.at++
			e.one(quote)
			continue
		}
		e.out.WriteByte(c)
		e.at++
	}
	return e.out.String(), e.err
}

// starts reports whether the ! here begins an expansion.
func (e *bang) starts(quote byte) bool {
	if e.at+1 == len(e.in) {
		return false
	}
	next := e.in[e.at+1]
	switch {
	case strings.IndexByte(" \t\n\r=", next) >= 0, next == '"' && quote == '"', next == '(' && e.sh.shopt(shExtglob):
		return false
	case e.at > 0 && (e.in[e.at-1] == '$' || e.in[e.at-1] == '[' && strings.IndexByte(e.in[e.at:], ']') >= 0),
		e.at > 1 && e.in[e.at-2:e.at] == "${":
		return false
	}
	return true
}

// one expands what stands behind a !.
func (e *bang) one(quote byte) {
	e.did = true
	event, ok := e.event(quote)
	if !ok {
		e.fail("event not found")
		return
	}
	text, ok := e.words(event)
	if !ok {
		e.fail("bad word specifier")
		return
	}
	if text, why := e.modify(text); why != "" {
		e.fail(why)
	} else {
		e.out.WriteString(text)
	}
}

func (e *bang) fail(why string) { e.err = e.in[e.start:e.at] + ": " + why }

func (e *bang) peek() byte {
	if e.at < len(e.in) {
		return e.in[e.at]
	}
	return 0
}

// event reads which line is meant, and returns it.
func (e *bang) event(quote byte) (string, bool) {
	lines := e.hist.lines
	switch c := e.peek(); {
	case c == '!':
		e.at++
		return pick(lines, len(lines)-1)
	case c == '#':
		e.at++
		return e.out.String(), true
	case strings.IndexByte(":$*^%", c) >= 0:
		return pick(lines, len(lines)-1)
	case c == '?':
		e.at++
		text := e.until("?\n")
		if e.peek() == '?' {
			e.at++
		}
		return e.search(func(s string) bool { return strings.Contains(s, text) }, text)
	}
	from := e.at
	if e.peek() == '-' {
		e.at++
	}
	for c := e.peek(); c >= '0' && c <= '9'; c = e.peek() {
		e.at++
	}
	if n, err := strconv.Atoi(e.in[from:e.at]); err == nil {
		if n < 0 {
			return pick(lines, len(lines)+n)
		}
		return pick(lines, n-e.hist.dropped-1)
	}
	e.at = from
	stops := " \t\n:;&()|<>"
	if quote != 0 {
		stops += string(quote)
	}
	text := e.until(stops)
	return e.search(func(s string) bool { return strings.HasPrefix(s, text) }, "")
}

func pick(lines []pastLine, i int) (string, bool) {
	if i < 0 || i >= len(lines) {
		return "", false
	}
	return lines[i].text, true
}

// until reads up to one of the characters, or to the end.
func (e *bang) until(stops string) string {
	from := e.at
	for e.at < len(e.in) && strings.IndexByte(stops, e.in[e.at]) < 0 {
		e.at++
	}
	return e.in[from:e.at]
}

func (e *bang) search(match func(string) bool, word string) (string, bool) {
	for i := len(e.hist.lines) - 1; i >= 0; i-- {
		text := e.hist.lines[i].text
		if !match(text) {
			continue
		}
		for _, w := range historyWords(text) {
			if word != "" && strings.Contains(w, word) {
				e.found = w
				break
			}
		}
		return text, true
	}
	return "", false
}

// words reads which words of the line are meant, and returns them; all of it
// if nothing says so.
func (e *bang) words(line string) (string, bool) {
	words := historyWords(line)
	last := len(words) - 1
	switch c := e.peek(); {
	case c == ':' && e.at+1 < len(e.in) && strings.IndexByte("0123456789^$*%-", e.in[e.at+1]) >= 0:
		e.at++
	case c == 0 || strings.IndexByte("^$*%", c) < 0:
		return line, true
	}
	if e.peek() == '%' {
		e.at++
		return e.found, true
	}
	if e.peek() == '*' {
		e.at++
		return strings.Join(words[min(1, len(words)):], " "), true
	}
	from, ok := 0, true
	if e.peek() != '-' {
		from, ok = e.place(last)
	}
	to := from
	switch e.peek() {
	case '*':
		e.at++
		to = last
		if from == last+1 {
			return "", true
		}
	case '-':
		e.at++
		if to, ok = e.place(last); !ok {
			to, ok = last-1, true
		}
	}
	if !ok || from < 0 || to > last || from > to {
		return "", false
	}
	return strings.Join(words[from:to+1], " "), true
}

// place reads the number of one word.
func (e *bang) place(last int) (int, bool) {
	switch e.peek() {
	case '^':
		e.at++
		return 1, true
	case '$':
		e.at++
		return last, true
	}
	from := e.at
	for c := e.peek(); c >= '0' && c <= '9'; c = e.peek() {
		e.at++
	}
	n, err := strconv.Atoi(e.in[from:e.at])
	return n, err == nil
}

// modify reads the modifiers and applies them.
func (e *bang) modify(text string) (_, why string) {
	for e.peek() == ':' {
		e.at++
		c := e.peek()
		e.at = min(e.at+1, len(e.in))
		all, each := false, false
		for c == 'g' || c == 'a' || c == 'G' {
			all, each = all || c != 'G', each || c == 'G'
			c = e.peek()
			e.at = min(e.at+1, len(e.in))
		}
		switch c {
		case 'h':
			if i := strings.LastIndexByte(text, '/'); i > 0 {
				text = text[:i]
			} else if i == 0 {
				text = "/"
			}
		case 't':
			text = text[strings.LastIndexByte(text, '/')+1:]
		case 'r':
			if i := strings.LastIndexByte(text, '.'); i >= 0 {
				text = text[:i]
			}
		case 'e':
			if i := strings.LastIndexByte(text, '.'); i >= 0 {
				text = text[i:]
			}
		case 'p':
			e.print = true
		case 'q':
			text = singleQuote(text)
		case 'x':
			words := strings.Fields(text)
			for i := range words {
				words[i] = singleQuote(words[i])
			}
			text = strings.Join(words, " ")
		case 's', '&':
			if c == 's' {
				e.readSubstitution()
			}
			if text, why = e.substitute(text, all, each); why != "" {
				return "", why
			}
		default:
			return "", "unrecognized history modifier"
		}
	}
	return text, ""
}

// readSubstitution reads /old/new/ with any delimiter.
func (e *bang) readSubstitution() {
	delim := string(e.peek())
	e.at = min(e.at+1, len(e.in))
	old := &e.sh.lastSubst
	if from := e.untilDelim(delim); from != "" {
		old.from = from
	}
	to := e.untilDelim(delim)
	var b strings.Builder
	for i := 0; i < len(to); i++ {
		switch {
		case to[i] == '\\' && i+1 < len(to) && to[i+1] == '&':
			i++
			b.WriteByte('&')
		case to[i] == '&':
			b.WriteString(old.from)
		default:
			b.WriteByte(to[i])
		}
	}
	old.to = b.String()
}

func (e *bang) untilDelim(delim string) string {
	var b strings.Builder
	for e.at < len(e.in) {
		c := e.in[e.at]
		e.at++
		if c == '\\' && strings.HasPrefix(e.in[e.at:], delim) {
			b.WriteString(delim)
			e.at++
			continue
		}
		if delim == string(c) {
			break
		}
		b.WriteByte(c)
	}
	return b.String()
}

func (e *bang) substitute(text string, all, each bool) (_, why string) {
	s := e.sh.lastSubst
	switch {
	case s.from == "":
		return "", "no previous substitution"
	case !strings.Contains(text, s.from):
		return "", "substitution failed"
	case each:
		words := historyWords(text)
		for i := range words {
			words[i] = strings.Replace(words[i], s.from, s.to, 1)
		}
		return strings.Join(words, " "), ""
	case all:
		return strings.ReplaceAll(text, s.from, s.to), ""
	}
	return strings.Replace(text, s.from, s.to, 1), ""
}

// historyWords splits a line as the shell would: quotes hold words together,
// operators stand alone.
func historyWords(line string) []string {
	var words []string
	for i := 0; i < len(line); {
		c := line[i]
		from := i
		switch {
		case strings.IndexByte(" \t\n", c) >= 0:
			i++
			continue
		case strings.IndexByte("()", c) >= 0:
			i++
		case strings.IndexByte("<>;&|", c) >= 0:
			for i++; i < len(line) && i < from+3 && (line[i] == c || line[i] == '&' && c != ';' && c != '|'); {
				i++
			}
		default:
			i = wordEnd(line, i)
		}
		words = append(words, line[from:i])
	}
	return words
}

// wordEnd is where the word that starts at i ends.
func wordEnd(line string, i int) int {
	quote := byte(0)
	for ; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case strings.IndexByte(" \t\n<>;&|()", c) >= 0:
			return i
		}
	}
	return len(line)
}
