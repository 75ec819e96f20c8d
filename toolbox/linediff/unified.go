package linediff

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// NoNewline is what stands below a last line that has no newline.
const NoNewline = "\\ No newline at end of file\n"

// Unified writes the hunks of a unified diff with some lines of context. The
// two lines of file names are the caller's.
func Unified(w io.Writer, a, b [][]byte, edits []Edit, context int) error {
	out := bufio.NewWriter(w)
	for len(edits) > 0 {
		n := group(edits, context)
		writeHunk(out, a, b, edits[:n], context)
		edits = edits[n:]
	}
	return out.Flush()
}

// group counts the edits whose context touches: they make one hunk.
func group(edits []Edit, context int) int {
	n := 1
	for n < len(edits) && edits[n].A0-edits[n-1].A1 <= 2*context {
		n++
	}
	return n
}

func writeHunk(w *bufio.Writer, a, b [][]byte, edits []Edit, context int) {
	first, last := edits[0], edits[len(edits)-1]
	lead := min(context, first.A0)
	trail := min(context, len(a)-last.A1)
	fmt.Fprintf(w, "@@ -%s +%s @@\n", span(first.A0-lead, last.A1+trail), span(first.B0-lead, last.B1+trail))
	at := first.A0 - lead
	for _, e := range edits {
		writeLines(w, ' ', a[at:e.A0])
		writeLines(w, '-', a[e.A0:e.A1])
		writeLines(w, '+', b[e.B0:e.B1])
		at = e.A1
	}
	writeLines(w, ' ', a[at:last.A1+trail])
}

// span is a range of lines as a hunk's head has it.
func span(from, to int) string {
	switch to - from {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprint(from + 1)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func writeLines(w *bufio.Writer, mark byte, lines [][]byte) {
	for _, line := range lines {
		w.WriteByte(mark)
		w.Write(line)
		if !bytes.HasSuffix(line, []byte("\n")) {
			w.WriteString("\n" + NoNewline)
		}
	}
}
