package shell

import (
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// argument is a word of a command after expansion. Arguments of declaration
// builtins that are assignments keep their parts.
type argument struct {
	assign *syntax.Assign
	value  string // of a scalar assignment
}

// simple runs a simple command.
func (sh *Shell) simple(c *syntax.Simple) {
	if sh.opt.noexec {
		return
	}
	sh.at(c.Line)
	if !sh.tick() {
		return
	}
	sh.note(c)
	if !sh.debugTrap() {
		return
	}
	sh.subst = -1
	words := sh.words
	argv, args := sh.expandArgs(c)
	if sh.flow != flowNone {
		sh.words = words
		return
	}
	procs := len(sh.procFds)
	if len(argv) == 0 {
		sh.assignOnly(c)
	} else {
		sh.call(c, argv, args)
	}
	sh.words = words
	if len(sh.procFds) > procs {
		sh.closeProcSubs(procs)
	}
	sh.pipes = append(sh.pipes[:0], sh.status)
	sh.check()
}

// expandArgs expands the words of a command. args is nil unless it names a
// declaration builtin.
func (sh *Shell) expandArgs(c *syntax.Simple) (argv []string, args []argument) {
	if len(c.Args) == 0 {
		return nil, nil
	}
	argv = sh.takeWords(c)
	for i := range c.Args {
		w := c.Args[i].Word
		if c.Decl || w.Brace {
			return sh.expandRest(c, argv, i)
		}
		if w.Plain {
			argv = append(argv, w.Lit)
			continue
		}
		if len(w.Parts) != 1 {
			return sh.expandRest(c, argv, i)
		}
		s, ok := sh.single(w.Parts[0])
		if !ok {
			return sh.expandRest(c, argv, i)
		}
		argv = append(argv, s)
	}
	return argv, nil
}

// expandRest expands the words of a command from the one at first on, those
// before it being expanded.
func (sh *Shell) expandRest(c *syntax.Simple, argv []string, first int) (words []string, args []argument) {
	e := expander{sh: sh, split: true}
	e.takeRoom()
	for i := first; i < len(c.Args); i++ {
		a := &c.Args[i]
		if c.Decl && a.Assign != nil {
			for len(args) < len(argv) {
				args = append(args, argument{})
			}
			text, value := sh.declWord(a.Assign)
			argv = append(argv, text)
			args = append(args, argument{a.Assign, value})
		} else {
			e.eq = a.Assign != nil && !sh.opt.posix
			e.tilde = e.eq
			argv = sh.wordFields(&e, argv, a.Word)
			e.tilde, e.eq = false, false
		}
		if sh.flow != flowNone {
			return nil, nil
		}
	}
	e.giveRoom()
	if c.Decl {
		for len(args) < len(argv) {
			args = append(args, argument{})
		}
	}
	return argv, args
}

// keepWords is the room for the words of builtins that run.
const keepWords = 64

// takeWords is room for the words of a command. A builtin that keeps none of
// them gets room that is used again once it is done; all others are given their
// own.
func (sh *Shell) takeWords(c *syntax.Simple) []string {
	n := len(c.Args) + 1
	if sh.overridden || !isLeanBuiltin(c.Args[0].Word.Lit) || n > keepWords {
		return make([]string, 0, n)
	}
	if len(sh.words) < n {
		sh.words = make([]string, keepWords)
	}
	words := sh.words[:0:n]
	sh.words = sh.words[n:]
	return words
}

// declWord expands an assignment that is an argument.
func (sh *Shell) declWord(a *syntax.Assign) (text, value string) {
	if a.IsArr {
		return a.Raw, ""
	}
	value = sh.assignText(a.Value)
	head := a.Raw[:len(a.Raw)-len(a.Value.Raw)]
	return head + value, value
}

// assignOnly runs a command without words: assignments and redirections.
func (sh *Shell) assignOnly(c *syntax.Simple) {
	sh.last = ""
	for _, a := range c.Assigns {
		if !sh.assignWord(a) {
			if sh.flow == flowNone && sh.opt.posix {
				sh.fatal(127)
			} else if sh.flow == flowNone {
				sh.giveUp(1)
			}
			return
		}
	}
	ok := true
	if len(c.Redirs) > 0 {
		var undo redirects
		undo, ok = sh.redirect(c.Redirs)
		undo.restore(sh)
		if sh.flow != flowNone {
			return
		}
	}
	switch {
	case !ok:
		sh.status = 1
	case sh.subst >= 0:
		sh.status = sh.subst
	default:
		sh.status = 0
	}
}

// assignWord performs one assignment; false if it failed.
func (sh *Shell) assignWord(a *syntax.Assign) bool {
	if a.IsArr {
		return sh.assignCompound(a)
	}
	value := sh.assignText(a.Value)
	if sh.flow != flowNone {
		return false
	}
	if sh.opt.xtrace {
		sh.trace(a.Raw[:len(a.Raw)-len(a.Value.Raw)] + traceValue(value))
	}
	if a.Index == nil {
		return sh.assign(a.Name, value, a.Append)
	}
	return sh.assignSub(a.Name, a.Index, value, a.Append)
}

// assignSub sets name[index].
func (sh *Shell) assignSub(name string, x *syntax.Index, value string, add bool) bool {
	if sh.refersToElement(name) {
		return false
	}
	v := sh.binding(name)
	if v == nil {
		v = sh.bind(name)
	}
	sh.dropNameref(v)
	if v.has(attrAssoc) {
		key := sh.key(x)
		if sh.flow != flowNone {
			return false
		}
		if key == "" {
			sh.errorf("%s[%s]: bad array subscript", name, x.Raw)
			return false
		}
		return sh.storeKey(v, key, value, add)
	}
	if x.All != 0 {
		sh.errorf("%s[%s]: bad array subscript", name, x.Raw)
		return false
	}
	if strings.TrimSpace(x.Raw) == "" {
		sh.errorf("%s[%s]: bad array subscript", name, x.Raw)
		return false
	}
	i, ok := sh.indexOf(x)
	if !ok {
		return false
	}
	return sh.storeIndex(v, i, x.Raw, value, add)
}

// call runs a command that has a name: a function, a builtin or a program.
func (sh *Shell) call(c *syntax.Simple, argv []string, args []argument) {
	name := argv[0]
	if sh.opt.posix && isSpecialBuiltin(name) {
		if run := sh.builtinFor(name); run != nil {
			sh.callBuiltin(c, run, argv, args)
			return
		}
	}
	if fn := sh.funcs.get(name); fn != nil {
		sh.callFunc(c, fn, argv)
		return
	}
	if run := sh.builtinFor(name); run != nil {
		sh.callBuiltin(c, run, argv, args)
		return
	}
	sh.callProgram(c, argv)
}

// callBuiltin runs a builtin with its redirections and temporary variables.
func (sh *Shell) callBuiltin(c *syntax.Simple, run builtin, argv []string, args []argument) {
	if len(c.Assigns)+len(c.Redirs) == 0 && !sh.opt.xtrace {
		sh.runNamed(run, argv, args)
		sh.keepRedirects = false
		return
	}
	temps, undo, ok := sh.prepare(c, argv, args, sh.depth)
	if !ok {
		if sh.flow == flowNone && sh.opt.posix && isSpecialBuiltin(argv[0]) {
			sh.fatal(1)
		}
		return
	}
	sh.runNamed(run, argv, args)
	if temps != nil {
		sh.dropTemps(temps, sh.opt.posix && isSpecialBuiltin(argv[0]))
	}
	if sh.keepRedirects && sh.flow == flowNone {
		sh.keepRedirects = false
		undo.keep()
		return
	}
	undo.restore(sh)
}

// runNamed runs a builtin under its name.
func (sh *Shell) runNamed(run builtin, argv []string, args []argument) {
	was, wasArgs := sh.builtin, sh.declArgs
	sh.builtin, sh.declArgs = argv[0], args
	status := run(sh, argv)
	if sh.flow != flowExit && sh.flow != flowAbort {
		// What ended the shell meanwhile has set the status itself.
		sh.status = status
	}
	sh.builtin, sh.declArgs = was, wasArgs
	sh.last = lastArg(argv)
	if n := len(args); n > 0 && args[n-1].assign != nil && args[n-1].assign.IsArr {
		sh.last = args[n-1].assign.Name
	}
	if status == 2 && sh.opt.posix && isSpecialBuiltin(argv[0]) && argv[0] != "eval" && sh.flow == flowNone && sh.errOff == 0 {
		sh.fatal(2) // a usage error of a special builtin ends a POSIX shell
	}
}

// prepare binds the temporary variables of a command, shows it under set -x,
// and performs its redirections, in this order. Where that fails, all is as
// before, and the status is set.
func (sh *Shell) prepare(c *syntax.Simple, argv []string, args []argument, depth int) (temps []*variable, undo redirects, ok bool) {
	if temps, ok = sh.prepareTemps(c, argv, args, depth); ok {
		undo, ok = sh.prepareRedirs(c, temps)
	}
	return temps, undo, ok
}

// prepareTemps is the part of prepare before the redirections.
func (sh *Shell) prepareTemps(c *syntax.Simple, argv []string, args []argument, depth int) (temps []*variable, ok bool) {
	if len(c.Assigns) > 0 {
		if temps, ok = sh.tempAssigns(c.Assigns, depth); !ok && sh.flow != flowNone {
			sh.dropTemps(temps, false)
			return nil, false
		}
	}
	if sh.opt.xtrace {
		sh.traceCommand(argv, args)
	}
	return temps, true
}

// prepareRedirs performs the redirections of a command, which do not see its
// temporary variables.
func (sh *Shell) prepareRedirs(c *syntax.Simple, temps []*variable) (undo redirects, ok bool) {
	if len(c.Redirs) == 0 {
		return undo, true
	}
	sh.dropTemps(temps, false)
	undo, ok = sh.redirect(c.Redirs)
	if !ok {
		undo.restore(sh)
		if sh.flow == flowNone {
			sh.status = 1
		}
		return undo, false
	}
	sh.rebind(temps)
	return undo, true
}

// rebind binds variables that dropTemps ended.
func (sh *Shell) rebind(temps []*variable) {
	for _, v := range temps {
		v.outer = sh.bound(v.name)
		sh.put(v)
		sh.env = nil
		sh.noteAssign(v.name)
	}
}

func lastArg(argv []string) string { return argv[len(argv)-1] }

// tempAssigns binds variables for the time of one command. They are exported.
func (sh *Shell) tempAssigns(assigns []*syntax.Assign, depth int) (temps []*variable, ok bool) {
	ok = true
	for _, a := range assigns {
		if a.Index != nil {
			sh.warnf("`%s[%s]': not a valid identifier", a.Name, a.Index.Raw)
			continue
		}
		value := sh.tempText(a)
		if sh.flow != flowNone {
			return temps, false
		}
		if sh.opt.xtrace {
			sh.trace(a.Name + "=" + traceValue(value))
		}
		old := sh.vars.get(a.Name)
		if old != nil && old.has(attrReadonly) {
			sh.warnf("%s: readonly variable", a.Name)
			ok = false
			continue
		}
		v := sh.newVar(variable{name: a.Name, attr: attrExport | attrTemp, set: true, depth: depth, outer: old})
		if old != nil && old.has(attrNameref) {
			if target, _, hasSub, ok := sh.deref(a.Name); ok && !hasSub && target != a.Name {
				v.name = target
				v.outer = sh.vars.get(target)
				old = v.outer
			}
		}
		prev := ""
		if old != nil {
			v.attr |= old.attr & (attrInteger | attrLower | attrUpper | attrCapital)
			prev, _ = old.scalar()
		}
		if value, ok = sh.cook(v, prev, value, a.Append); !ok {
			return temps, false
		}
		v.str = value
		sh.put(v)
		temps = append(temps, v)
		sh.env = nil
		sh.noteAssign(v.name)
	}
	return temps, ok
}

// tempText expands the value of a temporary variable: one given as an array is
// taken as text.
func (sh *Shell) tempText(a *syntax.Assign) string {
	if !a.IsArr {
		return sh.assignText(a.Value)
	}
	words := make([]string, len(a.Array))
	for i, el := range a.Array {
		words[i] = el.Word.Raw
	}
	return sh.text(sh.parseWord("("+strings.Join(words, " ")+")", a.Line))
}

// dropTemps ends temporary variables; with keep they stay as ordinary ones. One
// that was unset meanwhile is gone already.
func (sh *Shell) dropTemps(temps []*variable, keep bool) {
	for i := len(temps) - 1; i >= 0; i-- {
		v := temps[i]
		if sh.vars.get(v.name) != v {
			continue
		}
		sh.env = nil
		switch {
		case keep:
			v.attr &^= attrTemp
			if v.outer != nil {
				v.attr, v.depth, v.outer = v.outer.attr|v.attr&^attrExport, v.outer.depth, v.outer.outer
			}
		case v.outer != nil:
			sh.put(v.outer)
		default:
			sh.drop(v.name)
		}
		sh.noteAssign(v.name)
	}
}
