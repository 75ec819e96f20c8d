package shell

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// selectCmd runs select: a menu on standard error, answers from standard input.
func (sh *Shell) selectCmd(c *syntax.For, words []string) {
	sh.status = 0
	if len(words) == 0 {
		return
	}
	if !sh.traceFor(c, words) {
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
