/*
Package man prints the manual pages of the commands.

	man [SECTION] NAME...
	man -k WORD...

	-k, --apropos WORD  commands whose pages name WORD
	-f, --whatis NAME   the first line of a page
	-P, --pager=PROGRAM taken and ignored
*/
package man

import (
	"context"
	"fmt"
	"io"
	"strings"

	"agentsandbox/toolbox/manual"
	"agentsandbox/toolbox/tool"
)

// statusNone is the exit status where there is no page.
const statusNone = 16

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	f.Usage = 2
	search := f.Bool('k', "apropos")
	brief := f.Bool('f', "whatis")
	f.String('P', "pager", "")
	names, err := f.Parse()
	if err != nil {
		return err
	}
	section := ""
	if len(names) > 1 && len(names[0]) == 1 && names[0][0] >= '1' && names[0][0] <= '9' {
		section, names = " in section "+names[0], names[1:]
	}
	if len(names) == 0 {
		fmt.Fprintln(x.Stderr, "What manual page do you want?\nFor example, try 'man man'.")
		return tool.Exit(1)
	}
	status := 0
	for _, name := range names {
		text, ok := manual.Page(name)
		if *search {
			text, ok = apropos(name)
		}
		switch {
		case !ok && (*search || *brief):
			x.Stderr.Write([]byte(name + ": nothing appropriate.\n"))
			status = statusNone
			continue
		case !ok:
			fmt.Fprintf(x.Stderr, "No manual entry for %s%s\n", name, section)
			status = statusNone
			continue
		case *brief:
			text = summary(name, text)
		}
		if _, err := io.WriteString(x.Stdout, text); err != nil {
			return err
		}
	}
	return tool.Exit(status)
}

// apropos lists the pages that name a word.
func apropos(word string) (string, bool) {
	var b strings.Builder
	for name, page := range manual.All() {
		if strings.Contains(strings.ToLower(name+" "+page), strings.ToLower(word)) {
			b.WriteString(summary(name, page))
		}
	}
	return b.String(), b.Len() > 0
}

// summary is a page in a line.
func summary(name, page string) string {
	line, _, _ := strings.Cut(page, "\n\n")
	return fmt.Sprintf("%s (1) - %s\n", name, strings.Join(strings.Fields(line), " "))
}
