package shell

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

// function is a defined function.
type function struct {
	name     string
	body     syntax.Command
	source   func() string // its definition, as declare -f prints it
	file     string        // where it was defined
	line     int
	shifted  int
	export   bool
	readonly bool
	trace    bool
}

// frame is a call that is running: of a function or of a sourced file.
type frame struct {
	fn      *function // nil for a sourced file
	file    string
	line    int // of the call
	locals  []string
	args    []string // $@ of the call, for BASH_ARGV
	options *options // to put back at the end: local -
}

func (sh *Shell) frame() *frame {
	for i := len(sh.frames) - 1; i >= 0; i-- {
		if sh.frames[i].fn != nil {
			return sh.frames[i]
		}
	}
	return nil
}

// sourceName is how messages name the text that runs: the file of the running
// function, the sourced file; "" for the script itself.
func (sh *Shell) sourceName() string {
	if len(sh.frames) == 0 {
		return ""
	}
	return sh.frames[len(sh.frames)-1].file
}

func (sh *Shell) define(c *syntax.FuncDef) {
	sh.at(c.Line)
	sh.status = 0
	if strings.ContainsAny(c.Name, "$`\"'\\") && !validFuncName(c.Name) {
		sh.warnf("`%s': not a valid identifier", c.Name)
		sh.status = 1
		sh.check()
		return
	}
	if sh.opt.posix && isSpecialBuiltin(c.Name) {
		sh.warnf("`%s': is a special builtin", c.Name)
		sh.fatal(2)
		return
	}
	if old := sh.funcs.get(c.Name); old != nil && old.readonly {
		sh.warnf("%s: readonly function", c.Name)
		sh.status = 1
		sh.check()
		return
	}
	fn := &function{name: c.Name, body: c.Body, line: c.Line, shifted: sh.shifted, file: sh.definedIn()}
	fn.source = func() string { return syntax.PrintFunc(c.Name, c.Body) }
	sh.funcs.put(c.Name, fn)
	sh.override(c.Name)
	sh.env = nil
}

func validFuncName(name string) bool { return !strings.ContainsAny(name, "$`\"'\\") }

// definedIn is the file that a function defined now belongs to.
func (sh *Shell) definedIn() string {
	if len(sh.frames) > 0 {
		return sh.frames[len(sh.frames)-1].file
	}
	switch sh.script {
	case "":
		return sh.name
	case "stdin":
		return "main"
	}
	return "environment"
}

// importFunc defines a function that the environment brought.
func (sh *Shell) importFunc(name, text string) {
	p := syntax.New(name+" "+text, 1)
	list, err := p.Next()
	if err != nil || len(list.Items) != 1 {
		return
	}
	if def, ok := list.Items[0].Cmd.(*syntax.FuncDef); ok {
		sh.define(def)
		sh.funcs.get(name).export = true
	}
}

// callFunc runs a function with the redirections and temporary variables of
// the command that calls it.
func (sh *Shell) callFunc(c *syntax.Simple, fn *function, argv []string) {
	temps, undo, ok := sh.prepare(c, argv, nil, sh.depth+1)
	if !ok {
		return
	}
	sh.last = lastArg(argv)
	sh.runFuncTemps(fn, argv, temps)
	undo.restore(sh)
}

func (sh *Shell) runFunc(fn *function, argv []string) { sh.runFuncTemps(fn, argv, nil) }

// runFuncTemps runs a function's body in a frame of its own.
func (sh *Shell) runFuncTemps(fn *function, argv []string, temps []*variable) {
	limit, _ := strconv.Atoi(sh.getvar("FUNCNEST"))
	if limit > 0 && sh.depth >= limit {
		sh.warnf("%s: maximum function nesting level exceeded (%d)", fn.name, limit)
		sh.dropTemps(temps, false)
		sh.giveUp(1)
		return
	}
	if !sh.descend() {
		sh.dropTemps(temps, false)
		return
	}
	f := &frame{fn: fn, file: fn.file, line: sh.line, args: argv[1:], locals: namesOf(temps)}
	sh.frames = append(sh.frames, f)
	args, loops, debug := sh.args, sh.loops, sh.holdTraps(fn)
	sh.args, sh.loops = argv[1:], 0
	builtin := sh.builtin
	sh.builtin = ""
	sh.depth++
	errOff, notOff := sh.errOff, sh.notOff
	sh.errOff, sh.notOff = errOff-notOff, 0
	shifted, around := sh.shifted, sh.around
	sh.shifted = fn.shifted
	sh.at(fn.line)
	sh.around = sh.line
	if sh.debugTrap() {
		sh.run(fn.body)
	}
	if sh.flow == flowReturn {
		sh.flow = flowNone
	}
	if sh.flow != flowExit {
		sh.returnTrap()
	}
	sh.dropLocals(f.locals, sh.depth)
	if f.options != nil {
		sh.opt = *f.options
	}
	sh.errOff, sh.notOff = errOff, notOff
	sh.depth--
	sh.nesting--
	sh.builtin = builtin
	sh.args, sh.loops = args, loops
	sh.frames = sh.frames[:len(sh.frames)-1]
	sh.releaseTraps(debug)
	sh.shifted, sh.around = shifted, around
	sh.line = f.line
}

func namesOf(vars []*variable) []string {
	var names []string
	for _, v := range vars {
		names = append(names, v.name)
	}
	return names
}

// funcNames is FUNCNAME.
func (sh *Shell) funcNames() []string {
	var out []string
	for i := len(sh.frames) - 1; i >= 0; i-- {
		if f := sh.frames[i]; f.fn != nil {
			out = append(out, f.fn.name)
		} else {
			out = append(out, "source")
		}
	}
	if sh.script == "" {
		out = append(out, "main")
	}
	return out
}

// sources is BASH_SOURCE.
func (sh *Shell) sources() []string {
	var out []string
	for i := len(sh.frames) - 1; i >= 0; i-- {
		out = append(out, sh.frames[i].file)
	}
	if sh.script == "" {
		out = append(out, sh.name)
	}
	return out
}

// callLines is BASH_LINENO.
func (sh *Shell) callLines() []string {
	var out []string
	for i := len(sh.frames) - 1; i >= 0; i-- {
		out = append(out, strconv.Itoa(sh.frames[i].line))
	}
	if sh.script == "" {
		out = append(out, "0")
	}
	return out
}

// callArgs is BASH_ARGC or BASH_ARGV, which are kept under extdebug only.
func (sh *Shell) callArgs(counts bool) []string {
	if !sh.shopt(shExtdebug) {
		return nil
	}
	var out []string
	for i := len(sh.frames) - 1; i >= 0; i-- {
		args := sh.frames[i].args
		if counts {
			out = append(out, strconv.Itoa(len(args)))
			continue
		}
		for j := len(args) - 1; j >= 0; j-- {
			out = append(out, args[j])
		}
	}
	return out
}
