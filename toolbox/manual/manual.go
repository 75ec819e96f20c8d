// Package manual holds the manual pages of the commands: the comments of
// their packages, collected into pages.txt by the test of this package.
package manual

import (
	_ "embed"
	"iter"
	"strings"
)

//go:embed pages.txt
var pages string

// mark begins the line that names the commands of the page below it.
const mark = "\x0c"

// All yields the pages, each by the first of the commands that it is for.
func All() iter.Seq2[string, string] {
	return func(yield func(name, page string) bool) {
		for head, page := range all() {
			name, _, _ := strings.Cut(head, " ")
			if !yield(name, page) {
				return
			}
		}
	}
}

// all yields the pages with the names of their commands.
func all() iter.Seq2[string, string] {
	return func(yield func(names, page string) bool) {
		for rest := pages; rest != ""; {
			var head string
			head, rest, _ = strings.Cut(strings.TrimPrefix(rest, mark), "\n")
			end := strings.Index(rest, mark)
			if end < 0 {
				end = len(rest)
			}
			if !yield(head, rest[:end]) {
				return
			}
			rest = rest[end:]
		}
	}
}

// Page returns the manual page of a command, ok false if it has none.
func Page(name string) (page string, ok bool) {
	for head, page := range all() {
		for field := range strings.FieldsSeq(head) {
			if field == name {
				return page, true
			}
		}
	}
	return "", false
}
