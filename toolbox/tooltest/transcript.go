// Package tooltest runs shell transcripts: the one form of test that every
// engine and host runs, recorded from the real programs.
//
// A transcript is a txtar archive. Its files are laid below /work, all with
// the same modification time; a name that ends in "/" is a directory, and a
// file whose name holds " -> " is a symbolic link. Its comment is prose and
// cases. A case is a command for bash -c, with what it prints:
//
//	# anything: a remark
//	$ grep -c two in.txt; echo done >out
//	> echo "a second line of the same command"
//	1
//	2| grep: nothing: No such file or directory
//	[2]
//
// A plain line is standard output; "2| " marks standard error and "1| "
// standard output that would read as something else; `1" ` and `2" ` hold a
// quoted Go string, for bytes that do not show and a last line without its
// newline. "[N]" is the exit status where it is not 0. A remark "# ours: WHY"
// right above a command marks output that differs from the real program on
// purpose, which recording leaves alone; "# stderr varies" there has standard
// error not compared.
//
// The cases of one file run in order, each in a new shell, in one file system.
package tooltest

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// Output is what one case printed and how it ended.
type Output struct {
	Stdout, Stderr []byte
	Status         int
}

// Case is one command of a transcript.
type Case struct {
	Line    int    // where it stands, from 1
	Script  string // what the shell is given
	Want    Output
	Ours    bool // differs from the real program on purpose
	AnyDiag bool // standard error is not compared
}

// Transcript is a parsed file.
type Transcript struct {
	Name  string
	Files []txtar.File
	Cases []Case

	lines []string // of the comment
	spans [][2]int // per case: its output is lines[from:to]
}

// Load reads and parses a transcript.
func Load(name string) (*Transcript, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Parse(name, data)
}

// Parse parses a transcript.
func Parse(name string, data []byte) (*Transcript, error) {
	archive := txtar.Parse(data)
	t := &Transcript{Name: name, Files: archive.Files}
	t.lines = strings.Split(strings.TrimRight(string(archive.Comment), "\n"), "\n")
	for i := 0; i < len(t.lines); {
		line := t.lines[i]
		if !strings.HasPrefix(line, "$ ") {
			if line != "" && !strings.HasPrefix(line, "#") {
				return nil, fmt.Errorf("%s:%d: stray text %q: output belongs below a command, prose starts with #", name, i+1, line)
			}
			i++
			continue
		}
		next, err := t.parseCase(i)
		if err != nil {
			return nil, err
		}
		i = next
	}
	return t, nil
}

func (t *Transcript) parseCase(at int) (next int, err error) {
	c := Case{Line: at + 1, Script: t.lines[at][2:]}
	for up := at - 1; up >= 0 && strings.HasPrefix(t.lines[up], "#"); up-- {
		c.Ours = c.Ours || strings.HasPrefix(t.lines[up], "# ours: ")
		c.AnyDiag = c.AnyDiag || strings.HasPrefix(t.lines[up], "# stderr varies")
	}
	i := at + 1
	for ; i < len(t.lines) && strings.HasPrefix(t.lines[i], "> "); i++ {
		c.Script += "\n" + t.lines[i][2:]
	}
	from := i
	for ; i < len(t.lines); i++ {
		line := t.lines[i]
		if line == "" || strings.HasPrefix(line, "$ ") || strings.HasPrefix(line, "#") {
			break
		}
		if err := c.Want.parse(line); err != nil {
			return 0, fmt.Errorf("%s:%d: %v", t.Name, i+1, err)
		}
	}
	t.Cases = append(t.Cases, c)
	t.spans = append(t.spans, [2]int{from, i})
	return i, nil
}

func (o *Output) parse(line string) error {
	to, text := &o.Stdout, line
	if len(line) >= 3 && (line[0] == '1' || line[0] == '2') && line[2] == ' ' && (line[1] == '|' || line[1] == '"') {
		if line[0] == '2' {
			to = &o.Stderr
		}
		text = line[3:]
		if line[1] == '"' {
			s, err := strconv.Unquote(text)
			*to = append(*to, s...)
			return err
		}
	} else if n, ok := strings.CutPrefix(line, "["); ok && strings.HasSuffix(n, "]") {
		status, err := strconv.Atoi(n[:len(n)-1])
		if err == nil {
			o.Status = status
			return nil
		}
	}
	*to = append(append(*to, text...), '\n')
	return nil
}

// Format renders an output as the lines of a transcript.
func (o Output) Format() []string {
	lines := format(nil, '1', o.Stdout)
	lines = format(lines, '2', o.Stderr)
	if o.Status != 0 {
		lines = append(lines, fmt.Sprintf("[%d]", o.Status))
	}
	return lines
}

func format(lines []string, fd byte, out []byte) []string {
	for line := range bytes.SplitAfterSeq(out, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		text, whole := strings.CutSuffix(string(line), "\n")
		switch {
		case !whole || !printable(text):
			lines = append(lines, string(fd)+`" `+strconv.Quote(string(line)))
		case fd == '2' || marked(text):
			lines = append(lines, string(fd)+"| "+text)
		default:
			lines = append(lines, text)
		}
	}
	return lines
}

func printable(s string) bool {
	q := strconv.Quote(s)
	q = strings.ReplaceAll(strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`), `\\`, `\`)
	return strings.ReplaceAll(q, `\t`, "\t") == s
}

// marked reports whether plain output would read as something else.
func marked(s string) bool {
	return s == "" || strings.HasPrefix(s, "#") || strings.HasPrefix(s, "$ ") || strings.HasPrefix(s, "> ") ||
		strings.HasPrefix(s, "[") || strings.HasPrefix(s, "-- ") ||
		len(s) >= 3 && (s[0] == '1' || s[0] == '2') && (s[1] == '|' || s[1] == '"') && s[2] == ' '
}

// Update returns the file with the outputs of its cases replaced.
func (t *Transcript) Update(outs []Output) []byte {
	var lines []string
	at := 0
	for i, span := range t.spans {
		lines = append(lines, t.lines[at:span[0]]...)
		if t.Cases[i].Ours {
			lines = append(lines, t.lines[span[0]:span[1]]...)
		} else {
			lines = append(lines, outs[i].Format()...)
		}
		at = span[1]
	}
	lines = append(lines, t.lines[at:]...)
	comment := strings.Join(lines, "\n") + "\n"
	if len(t.Files) > 0 {
		comment = strings.TrimRight(comment, "\n") + "\n\n"
	}
	return txtar.Format(&txtar.Archive{Comment: []byte(comment), Files: t.Files})
}

// Diff says how got differs from what the case wants; "" if it does not.
func (c Case) Diff(got Output) string {
	if c.AnyDiag {
		got.Stderr = c.Want.Stderr
	}
	if bytes.Equal(got.Stdout, c.Want.Stdout) && bytes.Equal(got.Stderr, c.Want.Stderr) && got.Status == c.Want.Status {
		return ""
	}
	return fmt.Sprintf("$ %s\n--- want\n%s\n--- got\n%s", c.Script,
		strings.Join(c.Want.Format(), "\n"), strings.Join(got.Format(), "\n"))
}
