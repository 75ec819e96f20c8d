package patch

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

type format byte

const (
	unknown format = iota
	unified
	contextDiff
	normal
)

// String is how patch names a format.
func (f format) String() string {
	switch f {
	case unified:
		return "unified"
	case contextDiff:
		return "new-style context"
	case normal:
		return "normal"
	}
	return "git"
}

// filePatch is what a patch says of one file.
type filePatch struct {
	format     format
	old, new   string // names as they stand, "" for none
	oldHead    string // name and time, as the header has them
	newHead    string
	index      string
	created    bool // there is no old file
	deleted    bool // there is no new file
	renameFrom string
	renameTo   string
	mode       string // of the new file, from git
	leading    []string
	firstLine  int // where its hunks begin
	hunks      []*hunk
	starred    bool // its header is that of a context diff
}

// hunk is one place to change.
type hunk struct {
	oldStart, newStart int // from 1
	lines              []line
	section            string // behind the second @@
}

// line is a line of a hunk: ' ' for context, '-' or '+'.
type line struct {
	op         byte
	text       string
	incomplete bool // without its newline
}

// side is the lines of a hunk before ('-') or after ('+') the change.
func (h *hunk) side(op byte) []line {
	var out []line
	for _, l := range h.lines {
		if l.op == ' ' || l.op == op {
			out = append(out, l)
		}
	}
	return out
}

// swap turns a hunk around.
func (h *hunk) swap() {
	h.oldStart, h.newStart = h.newStart, h.oldStart
	for i := range h.lines {
		switch h.lines[i].op {
		case '-':
			h.lines[i].op = '+'
		case '+':
			h.lines[i].op = '-'
		}
	}
	// Deletions stand before insertions.
	for i := 0; i < len(h.lines); {
		j := i
		var minus, plus []line
		for ; j < len(h.lines) && h.lines[j].op != ' '; j++ {
			if h.lines[j].op == '-' {
				minus = append(minus, h.lines[j])
			} else {
				plus = append(plus, h.lines[j])
			}
		}
		copy(h.lines[i:], append(minus, plus...))
		i = max(j, i+1)
	}
}

// reader reads patches, one file after the other.
type reader struct {
	data   []byte
	at     int // line number, from 1, of the next line
	format format
}

// peek is the next line without its newline; ok is false at the end.
func (r *reader) peek() (string, bool) {
	if len(r.data) == 0 {
		return "", false
	}
	text, _, _ := bytes.Cut(r.data, []byte("\n"))
	return string(text), true
}

func (r *reader) skip() {
	_, rest, _ := bytes.Cut(r.data, []byte("\n"))
	r.data = rest
	r.at++
}

// take returns the next line and moves behind it.
func (r *reader) take() (string, bool) {
	l, ok := r.peek()
	if ok {
		r.skip()
	}
	return l, ok
}

func (r *reader) malformed(l string) error {
	return fmt.Errorf("malformed patch at line %d: %s\n", r.at, l)
}

// next reads the next file's patch; nil at the end.
func (r *reader) next() (*filePatch, error) {
	f := &filePatch{}
	git := false
	for {
		l, ok := r.peek()
		if !ok {
			if git && f.hasGitChange() {
				return f, nil
			}
			return nil, nil
		}
		if git && strings.HasPrefix(l, "diff --git ") && f.hasGitChange() {
			return f, nil
		}
		if r.begins(f, l) {
			f.firstLine = r.at + 1
			return f, r.hunks(f)
		}
		f.leading = append(f.leading, l)
		r.skip()
		if strings.HasPrefix(l, "diff --git ") {
			*f = filePatch{leading: f.leading}
			git = true
			f.gitNames(l[len("diff --git "):])
		}
		f.header(l, git)
	}
}

// begins reports whether the hunks of f begin at line l.
func (r *reader) begins(f *filePatch, l string) bool {
	wanted := func(x format) bool { return r.format == unknown || r.format == x }
	switch {
	case strings.HasPrefix(l, "@@ -") && f.newHead != "" && wanted(unified):
		f.format = unified
	case strings.HasPrefix(l, "***************") && f.oldHead != "" && wanted(contextDiff):
		f.format = contextDiff
	case isNormal(l) && f.oldHead == "" && wanted(normal):
		f.format = normal
	default:
		return false
	}
	return true
}

// header takes what a line before the hunks says.
func (f *filePatch) header(l string, git bool) {
	switch {
	case strings.HasPrefix(l, "--- ") && f.newHead == "" && f.starred:
		f.newHead = l[4:]
		f.new = name(l[4:])
	case strings.HasPrefix(l, "--- "):
		f.oldHead, f.old = l[4:], name(l[4:])
		f.created = absent(l[4:])
	case strings.HasPrefix(l, "+++ "):
		f.newHead, f.new = l[4:], name(l[4:])
		f.deleted = absent(l[4:])
	case strings.HasPrefix(l, "*** ") && !strings.HasSuffix(l, " ****"):
		f.oldHead, f.old = l[4:], name(l[4:])
		f.created = absent(l[4:])
		f.starred = true
	case strings.HasPrefix(l, "Index:"):
		f.index = name(strings.TrimSpace(l[6:]))
	case !git:
	case strings.HasPrefix(l, "rename from "):
		f.renameFrom = l[len("rename from "):]
	case strings.HasPrefix(l, "rename to "):
		f.renameTo = l[len("rename to "):]
	case strings.HasPrefix(l, "new file mode "):
		f.created, f.mode = true, l[len("new file mode "):]
	case strings.HasPrefix(l, "deleted file mode "):
		f.deleted = true
	case strings.HasPrefix(l, "new mode "):
		f.mode = l[len("new mode "):]
	}
}

// hasGitChange reports a change that needs no hunks.
func (f *filePatch) hasGitChange() bool {
	return f.renameTo != "" || f.mode != "" || f.deleted || f.created
}

// gitNames reads "a/name b/name".
func (f *filePatch) gitNames(s string) {
	if n := len(s); n%2 == 1 && s[n/2] == ' ' {
		f.old, f.new = s[:n/2], s[n/2+1:]
		return
	}
	if a, b, ok := strings.Cut(s, " b/"); ok {
		f.old, f.new = a, "b/"+b
	}
}

// name is the file of a header line, without the time behind it.
func name(s string) string {
	if strings.HasPrefix(s, `"`) {
		if end := strings.LastIndexByte(s, '"'); end > 0 {
			if unquoted, err := strconv.Unquote(s[:end+1]); err == nil {
				return unquoted
			}
		}
	}
	s, _, _ = strings.Cut(s, "\t")
	return strings.TrimRight(s, " \r")
}

// absent reports whether a header stands for a file that is not there.
func absent(s string) bool {
	if name(s) == "/dev/null" {
		return true
	}
	_, stamp, _ := strings.Cut(s, "\t")
	return strings.HasPrefix(stamp, "1970-01-01 00:00:00") && strings.HasSuffix(stamp, "+0000")
}
