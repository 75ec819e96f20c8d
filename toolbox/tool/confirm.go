package tool

import (
	"fmt"
	"io"
)

// Confirm asks on standard error and reports whether the next line of standard
// input starts with y. It reads nothing behind that line.
func (x *Exec) Confirm(format string, args ...any) bool {
	fmt.Fprintf(x.Stderr, "%s: "+format, append([]any{x.Name}, args...)...)
	return x.Yes()
}

// Yes reports whether the next line of standard input starts with y. It reads
// nothing behind that line.
func (x *Exec) Yes() bool {
	var first byte
	b := make([]byte, 1)
	for n := 0; ; n++ {
		if _, err := io.ReadFull(x.Stdin, b); err != nil || b[0] == '\n' {
			return first|0x20 == 'y'
		}
		if n == 0 {
			first = b[0]
		}
	}
}
