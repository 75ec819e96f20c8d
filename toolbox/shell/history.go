package shell

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// history is the list of commands that a shell remembers.
type history struct {
	lines   []pastLine
	dropped int    // how many were forgotten: the first line has the number dropped+1
	size    string // the HISTSIZE that was seen last
	started bool   // the variables have their defaults
	added   bool   // the last command that was read is the last line
	pushed  bool   // history -s has replaced the line that it stands on
	session int    // lines that no file has yet
	inFile  int    // lines that the file has
}

// pastLine is one entry.
type pastLine struct {
	text    string
	when    int64
	changed bool
}

// maxHistory bounds the entries where HISTSIZE does not.
const maxHistory = 100_000

// fork is the history of a subshell. Both only append to what they share.
func (h history) fork() history {
	h.lines = slices.Clip(h.lines)
	return h
}

// number is that of the last line.
func (h *history) number() int { return h.dropped + len(h.lines) }

// startHistory gives the variables of the history their defaults.
func (sh *Shell) startHistory() {
	if sh.hist.started {
		return
	}
	sh.hist.started = true
	for _, name := range []string{"HISTSIZE", "HISTFILESIZE"} {
		if _, ok := sh.value(name); !ok {
			sh.assign(name, "500", false)
		}
	}
}

// trimHistory forgets what HISTSIZE has no room for.
func (sh *Shell) trimHistory() {
	h := &sh.hist
	size := maxHistory
	value := sh.getvar("HISTSIZE")
	if n, err := strconv.Atoi(value); err == nil && n >= 0 {
		size = min(size, n)
	}
	over := max(len(h.lines)-size, 0)
	h.lines = h.lines[over:]
	if value != h.size {
		h.size = value
		if over > 0 {
			h.dropped = over - 1 // as in bash, whatever it was before
		}
		return
	}
	h.dropped += over
}

// addHistory adds a line that HISTCONTROL and HISTIGNORE let pass.
func (sh *Shell) addHistory(text string) {
	h := &sh.hist
	h.added = false
	last := ""
	if n := len(h.lines); n > 0 {
		last = h.lines[n-1].text
	}
	erase := false
	for control := range strings.SplitSeq(sh.getvar("HISTCONTROL"), ":") {
		switch {
		case (control == "ignorespace" || control == "ignoreboth") && strings.HasPrefix(text, " "),
			(control == "ignoredups" || control == "ignoreboth") && text == last:
			return
		}
		erase = erase || control == "erasedups"
	}
	for pat := range strings.SplitSeq(sh.getvar("HISTIGNORE"), ":") {
		if pat != "" && sh.compile(strings.ReplaceAll(pat, "&", last), false).Match(text) {
			return
		}
	}
	if erase {
		h.lines = slices.DeleteFunc(slices.Clone(h.lines), func(l pastLine) bool { return l.text == text })
	}
	h.lines = append(h.lines, pastLine{text: text, when: sh.x.Now().Unix()})
	h.added = true
	h.session++
	sh.trimHistory()
}

// dropLast forgets the line that the running command stands on.
func (h *history) dropLast() {
	if n := len(h.lines); n > 0 {
		h.lines = slices.Clip(h.lines[:n-1])
	}
	h.added = false
}

// history is the builtin history.
func (sh *Shell) history(argv []string) int {
	opts, args, ok := sh.flags(argv, "acd:npsrw")
	if !ok {
		return 2
	}
	sh.trimHistory()
	files := 0
	for _, c := range []byte("anrw") {
		if has(opts, c) {
			files++
		}
	}
	if files > 1 {
		sh.errorf("cannot use more than one of -anrw")
		return 1
	}
	if has(opts, 'c') {
		sh.hist.lines, sh.hist.dropped = nil, 0
	}
	for _, f := range opts {
		switch f.c {
		case 'd':
			return sh.deleteHistory(f.value)
		case 's':
			return sh.pushHistory(args)
		case 'p':
			return sh.printExpanded(args)
		case 'a', 'n', 'r', 'w':
			return sh.historyFile(f.c, args)
		}
	}
	if has(opts, 'c') {
		return 0
	}
	return sh.listHistory(args)
}

func (sh *Shell) listHistory(args []string) int {
	h := &sh.hist
	from := 0
	if len(args) > 1 {
		sh.errorf("too many arguments")
		sh.giveUpAll(1)
		return 1
	}
	if len(args) == 1 {
		n, err := strconv.Atoi(args[0])
		if err != nil {
			sh.errorf("%s: numeric argument required", args[0])
			return 1
		}
		from = max(len(h.lines)-max(n, -n), 0)
	}
	format, timed := sh.value("HISTTIMEFORMAT")
	var b strings.Builder
	for i := from; i < len(h.lines); i++ {
		l := h.lines[i]
		mark, when := " ", ""
		if l.changed {
			mark = "*"
		}
		if timed && format != "" {
			when = sh.timeText(format, time.Unix(l.when, 0))
		}
		fmt.Fprintf(&b, "%5d%s %s%s\n", h.dropped+i+1, mark, when, l.text)
	}
	return sh.write(b.String())
}

// deleteHistory is history -d: a number, counted from the end if negative, or
// two of them.
func (sh *Shell) deleteHistory(spec string) int {
	h := &sh.hist
	first, last := spec, spec
	if len(spec) > 1 {
		if i := strings.IndexByte(spec[1:], '-'); i >= 0 {
			first, last = spec[:i+1], spec[i+2:]
		}
	}
	from, ok := h.place(first)
	if !ok {
		sh.errorf("%s: history position out of range", first)
		return 1
	}
	to, ok := h.place(last)
	if !ok {
		sh.errorf("%s: history position out of range", last)
		return 1
	}
	if to < from {
		sh.errorf("%s: history position out of range", last)
		return 1
	}
	h.lines = slices.Delete(slices.Clone(h.lines), from, to+1)
	return 0
}

func (h *history) place(spec string) (int, bool) {
	n, err := strconv.Atoi(spec)
	if n < 0 {
		n += len(h.lines)
	} else {
		n -= h.dropped + 1
	}
	return n, err == nil && n >= 0 && n < len(h.lines)
}

func (sh *Shell) pushHistory(args []string) int {
	if len(args) == 0 {
		return 0
	}
	if sh.opt.history && sh.hist.added && !sh.hist.pushed {
		sh.hist.dropLast()
	}
	sh.addHistory(strings.Join(args, " "))
	sh.hist.pushed = true
	return 0
}

// printExpanded is history -p.
func (sh *Shell) printExpanded(args []string) int {
	if sh.opt.history && sh.hist.added {
		sh.hist.dropLast()
	}
	status := 0
	for _, arg := range args {
		e := bang{hist: &sh.hist, sh: sh}
		text, err := e.expand(arg)
		if err != "" {
			sh.errorf("%s: history expansion failed", arg)
			status = 1
			continue
		}
		sh.write(text + "\n")
	}
	return status
}

// historyFile is history -a, -n, -r and -w.
func (sh *Shell) historyFile(op byte, args []string) int {
	name := sh.getvar("HISTFILE")
	if len(args) > 0 {
		name = args[0]
	}
	if name == "" {
		return 1
	}
	h := &sh.hist
	switch op {
	case 'a':
		n := min(h.session, len(h.lines))
		if n == 0 {
			return 0
		}
		if err := sh.writeHistory(name, h.lines[len(h.lines)-n:], true); err != nil {
			sh.errorf("%s: cannot create: %s", name, tool.ErrText(err))
			return 1
		}
		h.session, h.inFile = 0, h.inFile+n
		return 0
	case 'w':
		return boolStatus(sh.writeHistory(name, h.lines, false) == nil)
	case 'n':
		return boolStatus(sh.readHistory(name, h.inFile) == nil)
	}
	return boolStatus(sh.readHistory(name, 0) == nil)
}

func (sh *Shell) writeHistory(name string, lines []pastLine, appends bool) error {
	var b strings.Builder
	_, timed := sh.value("HISTTIMEFORMAT")
	for _, l := range lines {
		if timed {
			fmt.Fprintf(&b, "#%d\n", l.when)
		}
		b.WriteString(l.text + "\n")
	}
	var f *openFile
	var err error
	if appends {
		f, err = sh.openAppend(name)
	} else {
		f, err = sh.openFor(name, vfs.Write|vfs.Create|vfs.Truncate)
	}
	if err != nil {
		return err
	}
	defer f.close()
	_, err = f.write(sh.ctx, []byte(b.String()))
	return err
}

// readHistory adds the lines of a file, behind the first ones.
func (sh *Shell) readHistory(name string, skip int) error {
	text, err := sh.readScript(name)
	if err != nil {
		return err
	}
	h := &sh.hist
	now, n := sh.x.Now().Unix(), 0
	when := now
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if stamp, ok := strings.CutPrefix(line, "#"); ok {
			if t, err := strconv.ParseInt(stamp, 10, 64); err == nil {
				when = t
				continue
			}
		}
		if n++; n > skip && line != "" {
			h.lines = append(h.lines, pastLine{text: line, when: when})
		}
		when = now
	}
	h.inFile = n
	sh.trimHistory()
	return nil
}
