package shell

import "strings"

// startInteractive makes the shell what bash -i is at its start.
func (sh *Shell) startInteractive(inv *invocation) {
	for _, v := range [][2]string{{"PS1", `\s-\v\$ `}, {"PS2", "> "}, {"HISTFILE", sh.getvar("HOME") + "/.bash_history"}} {
		if _, ok := sh.value(v[0]); !ok {
			sh.assign(v[0], v[1], false)
		}
	}
	sh.opt.history, sh.opt.histexpand = true, true
	sh.setShopt("expand_aliases", true)
	if !inv.noRC {
		file := inv.rcFile
		if file == "" {
			file = sh.getvar("HOME") + "/.bashrc"
		}
		if text, err := sh.readScript(file); err == nil {
			sh.sourceText(file, text, nil)
			sh.status = 0
		}
	}
	sh.startHistory()
	sh.readHistory(sh.getvar("HISTFILE"), 0)
}

// endInteractive keeps the history, as the end of an interactive shell does.
func (sh *Shell) endInteractive() {
	name := sh.getvar("HISTFILE")
	if h := &sh.hist; name != "" && h.session > 0 {
		n := min(h.session, len(h.lines))
		sh.writeHistory(name, h.lines[len(h.lines)-n:], true)
	}
}

// promptFor asks for a line where the shell is interactive: for the first of a
// command, or for one more.
func (sh *Shell) promptFor(more bool) {
	if !sh.opt.interactive || sh.script != "stdin" {
		return
	}
	if more {
		sh.stderr(sh.promptText("PS2"))
		return
	}
	sh.promptCommands()
	sh.stderr(sh.promptText("PS1"))
}

func (sh *Shell) promptText(name string) string {
	status := sh.status
	defer func() { sh.status = status }()
	return sh.prompt(sh.getvar(name))
}

// promptCommands runs PROMPT_COMMAND, all of them if it is an array.
func (sh *Shell) promptCommands() {
	v := sh.lookup("PROMPT_COMMAND")
	if v == nil {
		return
	}
	texts := []string{v.str}
	if v.arr != nil {
		texts = v.arr.vals
	}
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		status := sh.status
		sh.evalText(text)
		sh.status = status
	}
}
