package shell

import (
	"slices"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// commandLines gives a parser its text line by line: expanded by the history,
// and asked for with prompts where the shell is interactive.
type commandLines struct {
	sh     *Shell
	next   func() (string, bool)
	begun  bool // the command has lines that count
	parser *syntax.Parser
}

// read is what the parser calls for one more line.
func (c *commandLines) read() (string, bool) {
	c.sh.promptFor(c.begun)
	line, ok := c.next()
	if !ok {
		return "", false
	}
	if c.sh.opt.history && c.sh.opt.histexpand {
		line = c.sh.expandLine(line, c.line())
	}
	c.begun = c.begun || !isBlankOrComment(line)
	return line, true
}

func (c *commandLines) line() int { return c.parser.Line() }

// runLines runs commands that are read line by line, the first of which has that
// number.
func (sh *Shell) runLines(next func() (string, bool), kind string, line int) {
	c := &commandLines{sh: sh, next: next}
	c.parser = syntax.NewReader(line, c.read)
	sh.lines = c
	sh.runParser(c.parser, kind, nil)
	sh.lines = nil
}

// linesOf are the lines of a text.
func linesOf(text string) func() (string, bool) {
	return func() (string, bool) {
		if text == "" {
			return "", false
		}
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		return line + "\n", true
	}
}

func isBlankOrComment(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

// expandLine does history expansion. A line that has changed is shown; one that
// can't be expanded is given up.
func (sh *Shell) expandLine(line string, number int) string {
	e := bang{hist: &sh.hist, sh: sh}
	text, err := e.expand(strings.TrimSuffix(line, "\n"))
	switch {
	case err != "":
		sh.line = number
		sh.warnf("%s", err)
		return "\n"
	case !e.did:
		return line
	}
	sh.stderr(text + "\n")
	if e.print {
		sh.addHistory(text)
		return "\n"
	}
	return text + "\n"
}

// remember adds a command that was read to the history: one line, unless cmdhist
// is off. Comments before it are entries of their own.
func (sh *Shell) remember(text string) {
	sh.startHistory()
	sh.hist.pushed = false
	sh.hist.added = false
	for isBlankOrComment(text) || strings.HasPrefix(strings.TrimLeft(text, " \t"), "#") || strings.HasPrefix(text, "\n") {
		line, rest, more := strings.Cut(text, "\n")
		if strings.TrimSpace(line) != "" {
			sh.addHistory(line)
		}
		if text = rest; !more {
			return
		}
	}
	text = strings.TrimSuffix(text, "\n")
	switch {
	case !sh.shopt(shCmdhist):
		for line := range strings.SplitSeq(text, "\n") {
			sh.addHistory(line)
		}
	case sh.shopt(shLithist):
		sh.addHistory(text)
	default:
		sh.addHistory(joinLines(text))
	}
}

// joinLines makes one line of a command of several, as cmdhist does: where a
// newline means something, it stays.
func joinLines(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	var b strings.Builder
	var j joiner
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i > 0 {
			if line == "" && j.after != "\n" {
				continue
			}
			if j.after == ";" && strings.HasPrefix(strings.TrimLeft(line, " \t"), "in") {
				j.after = " "
			}
			b.WriteString(j.after)
		}
		if j.scan(line); j.after == "" {
			line = strings.TrimSuffix(line, `\`)
		}
		b.WriteString(line)
	}
	if j.heres {
		b.WriteByte('\n')
	}
	return b.String()
}

// joiner follows the quotes and here-documents of a command line by line.
type joiner struct {
	quote byte
	ends  []string // of the here-documents to come
	heres bool     // there were some
	cases int      // how deep in case commands
	array bool     // within name=(
	after string   // what stands between this line and the next
}

// noSemicolon are the words behind which a command may start.
var noSemicolon = [...]string{"{", "(", ";", "&", "|", "case", "do", "else", "if", ";;", ";&", ";;&", "then", "until", "while",
	"&&", "||", "in", "elif"}

func (j *joiner) scan(line string) {
	if len(j.ends) > 0 && j.quote == 0 {
		if strings.TrimLeft(line, "\t") == j.ends[0] {
			j.ends = j.ends[1:]
		}
		j.after = "\n"
		return
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && j.quote != '\'':
			i++
		case j.quote != 0:
			if c == j.quote {
				j.quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			j.quote = c
		case c == '#' && (i == 0 || strings.IndexByte(" \t;&|(", line[i-1]) >= 0):
			i = len(line)
		}
	}
	if j.quote == 0 {
		j.hereDocs(line)
	}
	words := historyWords(line)
	last, before := j.follow(words)
	switch {
	case j.quote != 0 || len(j.ends) > 0:
		j.after = "\n"
	case strings.HasSuffix(line, `\`):
		j.after = ""
	case j.array, slices.Contains(noSemicolon[:], last), last == ")" && (before == "(" || j.cases > 0), before == "function":
		j.after = " "
	case before == "for":
		j.after = ";"
	default:
		j.after = "; "
	}
}

// follow notes what the words open and close, and returns the last two.
func (j *joiner) follow(words []string) (last, before string) {
	for _, w := range words {
		before, last = last, w
		switch {
		case w == "case":
			j.cases++
		case w == "esac":
			j.cases = max(j.cases-1, 0)
		case w == "(" && strings.HasSuffix(before, "="):
			j.array = true
		case w == ")":
			j.array = false
		}
	}
	return last, before
}

func (j *joiner) hereDocs(line string) {
	words := historyWords(line)
	for i, w := range words {
		if w == "<<" && i+1 < len(words) {
			end := strings.TrimPrefix(words[i+1], "-")
			j.ends = append(j.ends, strings.NewReplacer(`'`, "", `"`, "", `\`, "").Replace(end))
			j.heres = true
		}
	}
}
