package shell

import (
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// hasTrap reports whether a trap is set that does something.
func (sh *Shell) hasTrap(n int) bool {
	text, ok := sh.traps[n]
	return ok && text != ""
}

// setTrap sets, ignores (text "") or, with remove, resets a trap.
func (sh *Shell) setTrap(n int, text string, remove bool) {
	sh.ownTraps()
	if remove {
		delete(sh.traps, n)
	} else {
		sh.traps[n] = text
	}
	if n > 0 && n < trapDEBUG {
		sh.proc.setTrap(n, !remove, text != "")
	}
}

// ownTraps drops what a subshell only shows of its parent's traps.
func (sh *Shell) ownTraps() { sh.shownTraps = nil }

// forkTraps is what a subshell keeps: ignored signals, and DEBUG, ERR and
// RETURN where they are inherited. What it does not keep it can still list.
func (sh *Shell) forkTraps(p *proc) map[int]string {
	kept := map[int]string{}
	for n, text := range sh.traps {
		switch {
		case n > 0 && n < trapDEBUG && text == "":
			p.setTrap(n, true, false)
		case n == trapERR && sh.opt.errtrace:
		case (n == trapDEBUG || n == trapRETURN) && sh.opt.functrace:
		default:
			continue
		}
		kept[n] = text
	}
	return kept
}

// runTrap runs the text of a trap, whose first line has that number; $? is as it
// was, before and after.
func (sh *Shell) runTrap(text string, first int) {
	status, flow, flowN := sh.status, sh.flow, sh.flowN
	line, pipes, current := sh.line, append([]int(nil), sh.pipes...), sh.current
	builtin := sh.builtin
	sh.builtin = ""
	sh.flow = flowNone
	sh.inTrap++
	sh.runText(text, "trap", first)
	sh.inTrap--
	sh.builtin = builtin
	sh.line, sh.pipes, sh.current = line, pipes, current
	if sh.flow == flowNone || sh.flow == flowAbort {
		sh.status, sh.flow, sh.flowN = status, flow, flowN
	}
}

// runSignalTraps runs the traps of signals that arrived.
func (sh *Shell) runSignalTraps() {
	for _, sig := range sh.proc.takeSignals() {
		if text := sh.traps[sig]; text != "" {
			sh.runTrap(text, 1)
			if sh.flow != flowNone {
				return
			}
		}
	}
}

// runExitTrap runs the EXIT trap, once.
func (sh *Shell) runExitTrap() {
	text, ok := sh.traps[trapEXIT]
	if !ok || text == "" || sh.proc.killedBy() != 0 {
		return
	}
	delete(sh.traps, trapEXIT)
	status := sh.status
	sh.flow = flowNone
	sh.loops = 0
	sh.inTrap++
	sh.runText(text, "exit trap", 1)
	sh.inTrap--
	if sh.flow != flowExit {
		sh.status = status
	}
	sh.flow = flowExit
}

func (sh *Shell) runErrTrap() {
	if sh.inErr {
		return
	}
	sh.inErr = true
	sh.runTrap(sh.traps[trapERR], sh.line)
	sh.inErr = false
}

// debugTrap runs the DEBUG trap before a command; false if the shell is to
// leave what it does.
func (sh *Shell) debugTrap() bool {
	if len(sh.traps) == 0 || sh.inDebug || !sh.hasTrap(trapDEBUG) {
		return true
	}
	if sh.debugged {
		sh.debugged = false
		return true
	}
	sh.inDebug = true
	sh.runTrap(sh.traps[trapDEBUG], sh.line)
	sh.inDebug = false
	return sh.flow == flowNone
}

// debugFirst runs the DEBUG trap before a simple command that is about to run in
// a process of its own.
func (sh *Shell) debugFirst(c syntax.Command) bool {
	s, ok := c.(*syntax.Simple)
	if !ok || !sh.hasTrap(trapDEBUG) {
		return true
	}
	sh.at(s.Line)
	sh.note(s)
	return sh.debugTrap()
}

// heldTraps are traps that a function does not inherit.
type heldTraps struct {
	texts [3]string
	had   [3]bool
}

var scopedTraps = [3]int{trapDEBUG, trapERR, trapRETURN}

// holdTraps takes away the traps that a function does not inherit.
func (sh *Shell) holdTraps(fn *function) *heldTraps {
	if len(sh.traps) == 0 {
		return nil
	}
	var held heldTraps
	found := false
	for i, n := range scopedTraps {
		inherits := sh.opt.functrace || fn != nil && fn.trace
		if n == trapERR {
			inherits = sh.opt.errtrace
		}
		if text, ok := sh.traps[n]; ok && !inherits {
			held.texts[i], held.had[i] = text, true
			delete(sh.traps, n)
			found = true
		}
	}
	if !found {
		return nil
	}
	return &held
}

// releaseTraps gives them back, unless the function set others.
func (sh *Shell) releaseTraps(held *heldTraps) {
	if held == nil {
		return
	}
	for i, n := range scopedTraps {
		if _, set := sh.traps[n]; held.had[i] && !set {
			sh.traps[n] = held.texts[i]
		}
	}
}

// returnTrap runs the RETURN trap.
func (sh *Shell) returnTrap() {
	if sh.inReturn || !sh.hasTrap(trapRETURN) {
		return
	}
	sh.inReturn = true
	sh.runTrap(sh.traps[trapRETURN], sh.line)
	sh.inReturn = false
}

// trace prints a line of xtrace.
func (sh *Shell) trace(text string) {
	sh.stderrTrace(sh.tracePrefix() + text + "\n")
}

// tracePrefix is PS4 expanded, its first character repeated by the nesting.
func (sh *Shell) tracePrefix() string {
	ps4, ok := sh.value("PS4")
	if !ok {
		ps4 = "+ "
	}
	if ps4 == "" {
		return ""
	}
	xtrace, status := sh.opt.xtrace, sh.status
	sh.opt.xtrace = false
	text := sh.prompt(ps4)
	sh.opt.xtrace, sh.status = xtrace, status
	first := firstRune(text)
	out := ""
	for range min(sh.traceDepth(), 100) {
		out += first
	}
	return out + text
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// traceDepth is how often the first character of PS4 is repeated: once more
// for each eval, sourced file, trap and command substitution.
func (sh *Shell) traceDepth() int { return sh.evals }

func (sh *Shell) stderrTrace(text string) {
	fd := 2
	if v, ok := sh.value("BASH_XTRACEFD"); ok {
		if n, err := sh.arithText(v); err == nil && sh.fds.get(int(n)) != nil {
			fd = int(n)
		}
	}
	if f := sh.fds.get(fd); f != nil {
		f.write(sh.ctx, []byte(text))
	}
}

// traceCommand prints the words of a command as xtrace does.
func (sh *Shell) traceCommand(argv []string, args []argument) {
	line := ""
	held := false
	for i, word := range argv {
		if i > 0 {
			line += " "
		}
		if i < len(args) && args[i].assign != nil && args[i].assign.IsArr {
			word, held = args[i].assign.Name, true
		}
		line += traceWord(word)
	}
	if held {
		// The assignments are shown first.
		sh.heldTrace = line
		return
	}
	sh.trace(line)
	if len(args) > 0 && (argv[0] == "export" || argv[0] == "readonly") {
		for _, a := range args {
			if a.assign != nil {
				sh.trace(a.assign.Name + "=" + traceValue(a.value))
			}
		}
	}
}

// traceWord quotes a word where it needs to be.
func traceWord(word string) string {
	if word == "" {
		return "''"
	}
	return traceValue(word)
}

// traceValue quotes a value where the shell would read it as something else.
func traceValue(s string) string {
	switch {
	case hasMetas(s):
		return singleQuote(s)
	case needsANSI(s):
		return quoteANSI(s)
	}
	return s
}

// traceElements prints a compound assignment of a declaration builtin.
func (sh *Shell) traceElements(a *syntax.Assign, elems []element) {
	words := make([]string, len(elems))
	for i, el := range elems {
		words[i] = singleQuote(el.value)
		if el.keyed {
			key := el.key
			if key == "" {
				key = el.index.Raw
			}
			words[i] = "[" + singleQuote(key) + "]=" + words[i]
		}
	}
	op := "="
	if a.Append {
		op = "+="
	}
	sh.trace(a.Name + op + "(" + strings.Join(words, " ") + ")")
}

// traceFor prints the head of a loop; false if a DEBUG trap ended it.
func (sh *Shell) traceFor(c *syntax.For, words []string) bool {
	sh.note(c)
	if !sh.debugTrap() {
		return false
	}
	if !sh.opt.xtrace {
		return true
	}
	line := "for " + c.Var + " in"
	if c.Select {
		line = "select " + c.Var + " in"
	}
	if !c.In {
		line += ` "$@"`
	} else {
		for _, w := range c.Words {
			line += " " + w.Raw
		}
	}
	sh.trace(line)
	return true
}
