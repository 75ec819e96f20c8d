// Package manual holds the manual pages of the commands: the comments of
// their packages, collected into pages.txt by the test of this package.
package manual

import (
	_ "embed"
	"strings"
)

//go:embed pages.txt
var pages string

// mark begins the line that names the commands of the page below it.
const mark = "\x0c"

// Page returns the manual page of a command, ok false if it has none.
func Page(name string) (page string, ok bool) {
	for rest := pages; rest != ""; {
		var head string
		head, rest, _ = strings.Cut(strings.TrimPrefix(rest, mark), "\n")
		end := strings.Index(rest, mark)
		if end < 0 {
			end = len(rest)
		}
		for field := range strings.FieldsSeq(head) {
			if field == name {
				return rest[:end], true
			}
		}
		rest = rest[end:]
	}
	return "", false
}
