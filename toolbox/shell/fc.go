package shell

import (
	"fmt"
	"strconv"
	"strings"

	"agentsandbox/vfs"
)

// fc is the builtin fc.
func (sh *Shell) fc(argv []string) int {
	opts, args, ok := sh.fcFlags(argv)
	if !ok {
		return 2
	}
	sh.trimHistory()
	editor := ""
	for _, f := range opts {
		if f.c == 'e' {
			editor = f.value
		}
	}
	if has(opts, 's') || editor == "-" {
		return sh.fcAgain(args)
	}
	h := &sh.hist
	if len(h.lines) == 0 {
		return 0
	}
	last := len(h.lines) - 1
	if sh.opt.history && h.added {
		last--
	}
	listing := has(opts, 'l')
	from, to := max(last, 0), last
	if listing {
		from = max(last-15, 0)
	}
	if len(args) > 0 {
		if from = sh.fcPlace(args[0], last); !listing || strings.HasPrefix(args[0], "-") && len(args) == 1 && from > last {
			to = from
		}
	}
	if len(args) > 1 {
		to = sh.fcPlace(args[1], last)
	}
	if from == -1 || to == -1 && len(args) > 0 {
		sh.errorf("no command found")
		return 1
	}
	if from > last {
		from = 0
	}
	reverse := has(opts, 'r')
	if to < from {
		from, to = to, from
		reverse = !reverse
	}
	if listing {
		return sh.fcList(from, min(to, last), reverse, has(opts, 'n'))
	}
	return sh.fcEdit(from, to, reverse, editor)
}

// fcFlags is flags, but "-3" is an operand.
func (sh *Shell) fcFlags(argv []string) (opts []flag, rest []string, ok bool) {
	for i := 1; i < len(argv); i++ {
		if _, err := strconv.Atoi(argv[i]); err == nil && argv[i][0] == '-' {
			opts, _, ok = sh.flags(argv[:i], "e:lnrs")
			return opts, argv[i:], ok
		}
		if len(argv[i]) < 2 || argv[i][0] != '-' || argv[i] == "--" {
			break
		}
	}
	return sh.flags(argv, "e:lnrs")
}

// fcPlace finds the line that an operand of fc means, -1 for none.
func (sh *Shell) fcPlace(spec string, last int) int {
	h := &sh.hist
	n, err := strconv.Atoi(spec)
	switch {
	case err != nil:
		for i := last; i >= 0; i-- {
			if strings.HasPrefix(h.lines[i].text, spec) {
				return i
			}
		}
		return -1
	case n < 0:
		return max(last+1+n, 0)
	case n == 0:
		return last
	}
	return max(n-1-h.dropped, 0)
}

func (sh *Shell) fcList(from, to int, reverse, bare bool) int {
	h := &sh.hist
	var b strings.Builder
	for i := from; i <= to; i++ {
		k := i
		if reverse {
			k = from + to - i
		}
		if !bare {
			b.WriteString(strconv.Itoa(h.dropped + k + 1))
		}
		mark := " "
		if h.lines[k].changed {
			mark = "*"
		}
		fmt.Fprintf(&b, "\t%s%s\n", mark, h.lines[k].text)
	}
	return sh.write(b.String())
}

// fcAgain is fc -s: a line runs again, with replacements.
func (sh *Shell) fcAgain(args []string) int {
	var edits [][2]string
	for len(args) > 0 {
		from, to, ok := strings.Cut(args[0], "=")
		if !ok {
			break
		}
		edits = append(edits, [2]string{from, to})
		args = args[1:]
	}
	h := &sh.hist
	last := len(h.lines) - 1
	if sh.opt.history && h.added {
		last--
	}
	place := last
	if len(args) > 0 {
		place = sh.fcPlace(args[0], last)
	}
	if place < 0 || place > last {
		sh.errorf("no command found")
		return 1
	}
	text := h.lines[place].text
	for _, e := range edits {
		if e[0] != "" {
			text = strings.ReplaceAll(text, e[0], e[1])
		}
	}
	sh.stderr(text + "\n")
	h.dropLast()
	sh.addHistory(text)
	return sh.evalText(text)
}

// fcEdit has an editor change the lines, and runs what it leaves.
func (sh *Shell) fcEdit(from, to int, reverse bool, editor string) int {
	h := &sh.hist
	if h.added {
		h.dropLast()
		to = min(to, len(h.lines)-1)
		from = min(from, to)
	}
	var b strings.Builder
	for i := max(from, 0); i <= to; i++ {
		k := i
		if reverse {
			k = from + to - i
		}
		b.WriteString(h.lines[k].text + "\n")
	}
	for _, name := range []string{"FCEDIT", "EDITOR"} {
		if editor == "" {
			editor = sh.getvar(name)
		}
	}
	if editor == "" {
		editor = "vi"
	}
	name := fmt.Sprintf("/tmp/bash-fc.%d", sh.sys.takePid())
	f, err := sh.openFor(name, vfs.Write|vfs.Create|vfs.Truncate)
	if err != nil {
		sh.errorf("%s: cannot open temp file", name)
		return 1
	}
	f.write(sh.ctx, []byte(b.String()))
	f.close()
	defer sh.x.FS.Unlink(name)
	if status := sh.evalText(editor + " " + name); status != 0 {
		return 1
	}
	text, err := sh.readScript(name)
	if err != nil {
		return 1
	}
	for line := range strings.Lines(text) {
		sh.stderr(line)
		sh.addHistory(strings.TrimSuffix(line, "\n"))
	}
	return sh.evalText(text)
}
