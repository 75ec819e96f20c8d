package shell

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/manual"
	"agentsandbox/toolbox/shell/arith"
	"agentsandbox/toolbox/shell/syntax"
)

// let evaluates its arguments; the status tells whether the last is 0.
func (sh *Shell) let(argv []string) int {
	args := afterDashes(argv)
	if len(args) == 0 {
		sh.errorf("expression expected")
		return 1
	}
	var n int64
	for _, arg := range args {
		var err error
		if n, err = arith.Eval(arg, arithEnv{sh}); err != nil {
			sh.arithError(err)
			return 1
		}
	}
	return boolStatus(n != 0)
}

// getoptsState is where getopts stands within a group of options.
type getoptsState struct {
	at int // in the group; 0: at its start
}

// getoptsCmd is the builtin getopts.
func (sh *Shell) getoptsCmd(argv []string) int {
	_, args, ok := sh.flags(argv, "")
	if !ok {
		return 2
	}
	if len(args) < 2 {
		return sh.usageError()
	}
	spec, name := args[0], args[1]
	words := sh.args
	if len(args) > 2 {
		words = args[2:]
	}
	if !isName(name) {
		sh.errorf("`%s': not a valid identifier", name)
		return 1
	}
	silent := strings.HasPrefix(spec, ":")
	quiet := silent || sh.getvar("OPTERR") == "0"
	g := getopts{sh: sh, spec: strings.TrimPrefix(spec, ":"), words: words, silent: silent, quiet: quiet}
	return g.next(name)
}

type getopts struct {
	sh            *Shell
	spec          string
	words         []string
	silent, quiet bool
}

// next finds the next option and sets the variables.
func (g *getopts) next(name string) int {
	sh := g.sh
	ind, err := strconv.Atoi(sh.getvar("OPTIND"))
	if err != nil || ind < 1 {
		ind = 1
	}
	at := sh.getopts.at
	if at == 0 {
		if ind > len(g.words) {
			return g.end(name, ind)
		}
		w := g.words[ind-1]
		if len(w) < 2 || w[0] != '-' {
			return g.end(name, ind)
		}
		if w == "--" {
			return g.end(name, ind+1)
		}
		at = 1
	}
	if ind > len(g.words) || at >= len(g.words[ind-1]) {
		return g.end(name, ind)
	}
	word := g.words[ind-1]
	c := word[at]
	at++
	if at >= len(word) {
		ind, at = ind+1, 0
	}
	return g.option(name, c, word, ind, at)
}

func (g *getopts) end(name string, ind int) int {
	g.place(ind, 0)
	g.sh.unsetVar("OPTARG")
	g.sh.assign(name, "?", false)
	return 1
}

// place stores how far the parsing got.
func (g *getopts) place(ind, at int) {
	g.sh.assign("OPTIND", strconv.Itoa(ind), false)
	g.sh.getopts.at = at
}

// option sets the variables for the option c, which was at the end of what
// was read.
func (g *getopts) option(name string, c byte, word string, ind, at int) int {
	sh := g.sh
	i := strings.IndexByte(g.spec, c)
	if i < 0 || c == ':' {
		g.place(ind, at)
		if g.silent {
			sh.assign("OPTARG", string([]byte{c}), false)
		} else {
			sh.unsetVar("OPTARG")
		}
		if !g.quiet {
			sh.stderr(fmt.Sprintf("%s: illegal option -- %c\n", sh.name, c))
		}
		return assigned(sh.assign(name, "?", false))
	}
	if i+1 >= len(g.spec) || g.spec[i+1] != ':' {
		g.place(ind, at)
		sh.unsetVar("OPTARG")
		return assigned(sh.assign(name, string([]byte{c}), false))
	}
	switch {
	case at > 0:
		sh.assign("OPTARG", word[at:], false)
		g.place(ind+1, 0)
	case ind <= len(g.words):
		sh.assign("OPTARG", g.words[ind-1], false)
		g.place(ind+1, 0)
	default:
		return g.missing(name, c, ind)
	}
	return assigned(sh.assign(name, string([]byte{c}), false))
}

func (g *getopts) missing(name string, c byte, ind int) int {
	sh := g.sh
	g.place(ind, 0)
	if g.silent {
		sh.assign("OPTARG", string([]byte{c}), false)
		return assigned(sh.assign(name, ":", false))
	}
	sh.unsetVar("OPTARG")
	if !g.quiet {
		sh.stderr(fmt.Sprintf("%s: option requires an argument -- %c\n", sh.name, c))
	}
	return assigned(sh.assign(name, "?", false))
}

// umaskCmd is the builtin umask.
func (sh *Shell) umaskCmd(argv []string) int {
	opts, args, ok := sh.flags(argv, "Sp")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		text := fmt.Sprintf("%04o", sh.umask)
		if has(opts, 'S') {
			text = symbolicMask(sh.umask)
			if has(opts, 'p') {
				text = "umask -S " + text
			}
		} else if has(opts, 'p') {
			text = "umask " + text
		}
		return sh.write(text + "\n")
	}
	arg := args[0]
	if arg != "" && arg[0] >= '0' && arg[0] <= '9' {
		n, err := strconv.ParseUint(arg, 8, 16)
		if err != nil || n > 0o777 {
			sh.errorf("%s: octal number out of range", arg)
			return 1
		}
		sh.umask = fs.FileMode(n)
	} else {
		mask, bad := parseMask(arg, sh.umask)
		if bad != "" {
			sh.errorf("%s", bad)
			return 1
		}
		sh.umask = mask
	}
	if has(opts, 'S') {
		return sh.write(symbolicMask(sh.umask) + "\n")
	}
	return 0
}

func symbolicMask(mask fs.FileMode) string {
	perm := ^mask & 0o777
	part := func(bits fs.FileMode) string {
		s := ""
		for i, c := range "rwx" {
			if bits>>(2-i)&1 != 0 {
				s += string(c)
			}
		}
		return s
	}
	return "u=" + part(perm>>6) + ",g=" + part(perm>>3&7) + ",o=" + part(perm&7)
}

// parseMask reads a symbolic mask such as u=rwx,go=rx; bad is the message for
// one that is none.
func parseMask(text string, mask fs.FileMode) (_ fs.FileMode, bad string) {
	perm := ^mask & 0o777
	for clause := range strings.SplitSeq(text, ",") {
		i := 0
		var who fs.FileMode
		for ; i < len(clause); i++ {
			switch clause[i] {
			case 'u':
				who |= 0o700
			case 'g':
				who |= 0o070
			case 'o':
				who |= 0o007
			case 'a':
				who |= 0o777
			default:
				goto op
			}
		}
	op:
		if who == 0 {
			who = 0o777
		}
		if i >= len(clause) || strings.IndexByte("=+-", clause[i]) < 0 {
			c := byte(0)
			if i < len(clause) {
				c = clause[i]
			}
			return 0, fmt.Sprintf("`%c': invalid symbolic mode operator", c)
		}
		op := clause[i]
		var bits fs.FileMode
		for i++; i < len(clause); i++ {
			switch clause[i] {
			case 'r':
				bits |= 0o444
			case 'w':
				bits |= 0o222
			case 'x', 'X':
				bits |= 0o111
			default:
				return 0, fmt.Sprintf("`%c': invalid symbolic mode character", clause[i])
			}
		}
		switch op {
		case '=':
			perm = perm&^who | bits&who
		case '+':
			perm |= bits & who
		case '-':
			perm &^= bits & who
		}
	}
	return ^perm & 0o777, ""
}

// times prints the time used. What is not known is 0.
func (sh *Shell) times([]string) int {
	d := sh.x.Now().Sub(sh.sys.start)
	return sh.write(showSeconds(d, 3, true) + " 0m0.000s\n0m0.000s 0m0.000s\n")
}

// caller is the builtin caller.
func (sh *Shell) caller(argv []string) int {
	if len(sh.frames) == 0 {
		return 1
	}
	args := argv[1:]
	n := 0
	if len(args) > 0 {
		var err error
		if n, err = strconv.Atoi(args[0]); err != nil {
			sh.errorf("%s: invalid number", args[0])
			return sh.usageError()
		}
	}
	lines, names, files := sh.callLines(), sh.funcNames(), sh.sources()
	if n < 0 || n >= len(lines) {
		return 1
	}
	file := "NULL"
	if n+1 < len(files) {
		file = files[n+1]
	}
	if len(args) == 0 {
		return sh.write(lines[n] + " " + file + "\n")
	}
	if n+1 >= len(names) || n+1 >= len(files) {
		return 1
	}
	return sh.write(lines[n] + " " + names[n+1] + " " + file + "\n")
}

// history is history and fc: scripts have none.
func (sh *Shell) history(argv []string) int {
	if argv[0] == "fc" {
		for _, arg := range argv[1:] {
			if strings.HasPrefix(arg, "-") && strings.Contains(arg, "l") {
				return 0
			}
		}
		return 0
	}
	return 0
}

// help prints the synopses of builtins.
func (sh *Shell) help(argv []string) int {
	opts, names, ok := sh.flags(argv, "dms")
	if !ok {
		return 2
	}
	if len(names) == 0 {
		var b strings.Builder
		b.WriteString("GNU bash, version " + Version + " (x86_64-pc-linux-gnu)\n" +
			"These shell commands are defined internally.  Type `help name' to find out more\nabout the function `name'.\n\n")
		for _, name := range builtinNames() {
			b.WriteString(" " + synopsis(name) + "\n")
		}
		return sh.write(b.String())
	}
	status := 0
	for _, name := range names {
		s := synopsis(name)
		if page, ok := manual.Page(name); ok && s == "" {
			sh.write(page)
			continue
		}
		if s == "" {
			sh.errorf("no help topics match `%s'.  Try `help help' or `man -k %s' or `info %s'.", name, name, name)
			status = 1
			continue
		}
		if has(opts, 'd') {
			sh.write(name + " - " + s + "\n")
			continue
		}
		sh.write(name + ": " + s + "\n")
	}
	return status
}

// selectCmd runs select: a menu on standard error, answers from standard input.
func (sh *Shell) selectCmd(c *syntax.For, words []string) {
	sh.status = 0
	if len(words) == 0 {
		return
	}
	sh.loops++
	defer func() { sh.loops-- }()
	show := true
	for {
		if show {
			sh.stderr(menu(words, sh.columns()))
		}
		show = false
		ps3, ok := sh.value("PS3")
		if !ok {
			ps3 = "#? "
		}
		sh.stderr(sh.prompt(ps3))
		if sh.read([]string{"read"}) != 0 {
			sh.write("\n")
			sh.status = 1
			return
		}
		reply := sh.getvar("REPLY")
		if reply == "" {
			show = true
			continue
		}
		choice := ""
		if n, err := strconv.Atoi(strings.TrimSpace(reply)); err == nil && n >= 1 && n <= len(words) {
			choice = words[n-1]
		}
		if !sh.assign(c.Var, choice, false) {
			sh.status = 1
			return
		}
		sh.runList(c.Body)
		if sh.flow != flowNone && sh.loopEnds() {
			return
		}
		if !sh.tick() {
			return
		}
		if sh.getvar("REPLY") == "" {
			show = true
		}
	}
}

func (sh *Shell) columns() int {
	if n, err := strconv.Atoi(sh.getvar("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return 80
}

// menu lays out the choices of select in columns.
func menu(words []string, width int) string {
	digits := len(strconv.Itoa(len(words)))
	longest := 0
	for _, w := range words {
		longest = max(longest, runeCount(w))
	}
	longest += digits + 2 + 2
	cols := max(width/longest, 1)
	rows := (len(words) + cols - 1) / cols
	cols = (len(words) + rows - 1) / rows
	if rows == 1 {
		rows, cols = len(words), 1
	}
	var b strings.Builder
	for r := range rows {
		pos := 0
		for i := r; i < len(words); i += rows {
			item := padLeft(i+1, digits) + ") " + words[i]
			b.WriteString(item)
			pos += runeCount(item)
			if i+rows < len(words) {
				target := (i/rows + 1) * longest
				for pos < target {
					if pos/8 < target/8 {
						b.WriteByte('\t')
						pos += 8 - pos%8
					} else {
						b.WriteByte(' ')
						pos++
					}
				}
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// prompt expands a prompt string: PS4 and ${x@P}.
func (sh *Shell) prompt(s string) string {
	if !strings.ContainsAny(s, "\\$`") {
		return s
	}
	s = sh.promptEscapes(s)
	if !strings.ContainsAny(s, "$`") {
		return s
	}
	return sh.partsText(syntax.ParseText(s))
}

// promptEscapes replaces the backslash escapes of prompts.
func (sh *Shell) promptEscapes(s string) string {
	var b strings.Builder
	now := sh.x.Now()
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'a':
			b.WriteByte(7)
		case 'e':
			b.WriteByte(27)
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 'u':
			b.WriteString("sandbox")
		case 'h', 'H':
			b.WriteString("sandbox")
		case 'w':
			b.WriteString(sh.tildeDir(sh.cwd))
		case 'W':
			dir := sh.tildeDir(sh.cwd)
			if dir != "/" && dir != "~" {
				dir = dir[strings.LastIndexByte(dir, '/')+1:]
			}
			b.WriteString(dir)
		case 's':
			b.WriteString(sh.name[strings.LastIndexByte(sh.name, '/')+1:])
		case 'v':
			b.WriteString("5.2")
		case 'V':
			b.WriteString("5.2.15")
		case '$':
			b.WriteString("$")
		case '#', '!':
			b.WriteString("1")
		case 'j':
			b.WriteString(itoa(len(sh.jobs.list)))
		case 'l':
			b.WriteString("tty")
		case 't':
			b.WriteString(sh.inZone(now).Format(time.TimeOnly))
		case 'T':
			b.WriteString(sh.inZone(now).Format("03:04:05"))
		case '@':
			b.WriteString(sh.inZone(now).Format("03:04 PM"))
		case 'A':
			b.WriteString(sh.inZone(now).Format("15:04"))
		case 'd':
			b.WriteString(sh.inZone(now).Format("Mon Jan 02"))
		case '[', ']':
		case '\\':
			b.WriteString(`\`)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n := 0
			j := i
			for j < len(s) && j < i+3 && s[j] >= '0' && s[j] <= '7' {
				n = n*8 + int(s[j]-'0')
				j++
			}
			b.WriteByte(byte(n))
			i = j - 1
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String()
}

// shellPid is $$: the pid of the shell that is no subshell.
func (sh *Shell) shellPid() int { return sh.pid }

func trimSpace(s string) string { return strings.TrimSpace(s) }
