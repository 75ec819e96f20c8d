package patch

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

// reportRejects says how many hunks were not applied, and where they went.
func (j *job) reportRejects(file string) {
	if len(j.rejected) == 0 {
		return
	}
	what := "FAILED"
	if j.skipRest {
		what = "ignored"
	}
	saved := ""
	if file != "" {
		saved = " -- saving rejects to file " + tool.QuoteName(file, tool.QuoteShell, "")
	}
	j.say("%s %s%s\n", outOf(len(j.rejected), len(j.f.hunks)), what, saved)
}

// writeRejects writes the hunks that were not applied to a file of their own.
func (j *job) writeRejects() error {
	if len(j.rejected) == 0 {
		return nil
	}
	file := j.rejects
	if file == "" {
		file = j.out + ".rej"
	}
	if file == "-" {
		j.reportRejects("")
		return nil
	}
	j.reportRejects(file)
	var b strings.Builder
	if j.f.format == unified {
		j.unifiedRejects(&b)
	} else {
		j.contextRejects(&b)
	}
	return j.save(file, b.String())
}

// heads is the names of both files for the head of the rejects.
func (j *job) heads() (old, new string) {
	old, new = j.f.oldHead, j.f.newHead
	if old == "" {
		old, new = "/dev/null", "/dev/null"
	}
	return old, new
}

func (j *job) unifiedRejects(b *strings.Builder) {
	old, new := j.heads()
	fmt.Fprintf(b, "--- %s\n+++ %s\n", old, new)
	for _, h := range j.rejected {
		fmt.Fprintf(b, "@@ -%s +%s @@%s\n", unifiedRange(h.oldStart, len(h.side('-'))), unifiedRange(h.newStart, len(h.side('+'))), h.section)
		for _, l := range h.lines {
			fmt.Fprintf(b, "%c%s\n", l.op, l.text)
			if l.incomplete {
				b.WriteString("\\ No newline at end of file\n")
			}
		}
	}
}

func unifiedRange(start, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", start-1)
	case 1:
		return fmt.Sprint(start)
	}
	return fmt.Sprintf("%d,%d", start, n)
}

func (j *job) contextRejects(b *strings.Builder) {
	old, new := j.heads()
	fmt.Fprintf(b, "*** %s\n--- %s\n", old, new)
	oldForm, newForm := "*** %s ****\n", "--- %s ----\n"
	if j.f.format == normal {
		oldForm, newForm = "*** %s\n", "--- %s -----\n"
	}
	for _, h := range j.rejected {
		fmt.Fprintf(b, "***************%s\n", h.section)
		contextHalf(b, h, '-', oldForm, h.oldStart, j.f.format == normal)
		contextHalf(b, h, '+', newForm, h.newStart, j.f.format == normal)
	}
}

// contextHalf writes one side of a hunk; lines that were replaced by others
// are marked "!", unless plain is set.
func contextHalf(b *strings.Builder, h *hunk, op byte, format string, start int, plain bool) {
	lines := h.side(op)
	rng := fmt.Sprint(start)
	switch {
	case len(lines) == 0:
		rng = fmt.Sprint(start - 1)
	case len(lines) > 1:
		rng = fmt.Sprintf("%d,%d", start, start+len(lines)-1)
	}
	fmt.Fprintf(b, format, rng)
	changed := false
	for _, l := range lines {
		changed = changed || l.op != ' '
	}
	if !changed {
		return
	}
	for i := 0; i < len(h.lines); {
		if h.lines[i].op == ' ' {
			fmt.Fprintf(b, "  %s\n", h.lines[i].text)
			i++
			continue
		}
		end, ops := i, ""
		for ; end < len(h.lines) && h.lines[end].op != ' '; end++ {
			ops += string(h.lines[end].op)
		}
		mark := op
		if !plain && strings.Contains(ops, "+") && strings.Contains(ops, "-") {
			mark = '!'
		}
		for ; i < end; i++ {
			if h.lines[i].op == op {
				fmt.Fprintf(b, "%c %s\n", mark, h.lines[i].text)
			}
		}
	}
}
