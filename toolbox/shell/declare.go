package shell

import (
	"strings"

	"agentsandbox/toolbox/shell/syntax"
)

func isName(s string) bool { return syntax.IsName(s) }

// declaring is one run of declare, typeset, local, export or readonly.
type declaring struct {
	sh       *Shell
	cmd      string
	on, off  attr
	print    bool
	funcs    bool
	names    bool // -F
	global   bool
	inherit  bool
	local    bool
	exported bool // export or readonly: bindings stay where they are
	status   int
}

// declare is declare, typeset and local.
func (sh *Shell) declare(argv []string) int {
	d := &declaring{sh: sh, cmd: argv[0], local: argv[0] == "local"}
	if d.local && sh.frame() == nil {
		sh.errorf("can only be used in a function")
		return 1
	}
	args, ok := d.options(argv)
	if !ok {
		return 2
	}
	return d.run(argv, args)
}

func (d *declaring) run(argv []string, args int) int {
	sh := d.sh
	if args == len(argv) {
		return d.list()
	}
	for i := args; i < len(argv); i++ {
		var a argument
		if i < len(sh.declArgs) {
			a = sh.declArgs[i]
		}
		switch {
		case d.funcs:
			d.function(argv[i])
		case d.print:
			d.printOne(argv[i])
		case argv[i] == "-" && d.local:
			d.saveOptions()
		default:
			d.name(argv[i], a)
		}
		if sh.flow != flowNone {
			break
		}
	}
	if sh.heldTrace != "" {
		line := sh.heldTrace
		sh.heldTrace = ""
		sh.trace(line)
	}
	return d.status
}

// options reads the options; it returns where the names start.
func (d *declaring) options(argv []string) (int, bool) {
	sh := d.sh
	i := 1
	for ; i < len(argv); i++ {
		arg := argv[i]
		if len(arg) < 2 || arg[0] != '-' && arg[0] != '+' {
			break
		}
		if arg == "--" {
			i++
			break
		}
		for j := 1; j < len(arg); j++ {
			if !d.option(arg[j], arg[0] == '-') {
				sh.errorf("%c%c: invalid option", arg[0], arg[j])
				sh.usageError()
				return 0, false
			}
		}
	}
	return i, true
}

func (d *declaring) option(c byte, on bool) bool {
	switch c {
	case 'p':
		d.print = true
	case 'f':
		d.funcs = true
	case 'F':
		d.funcs, d.names = true, true
	case 'g':
		d.global = on
	case 'I':
		d.inherit = true
	default:
		a := attrOf(c)
		if a == 0 {
			return false
		}
		if on {
			d.on |= a
		} else {
			d.off |= a
		}
	}
	return true
}

// saveOptions is "local -": the options are put back when the function ends.
func (d *declaring) saveOptions() {
	f := d.sh.frame()
	if f.options == nil {
		saved := d.sh.opt
		f.options = &saved
	}
}

// list prints what matches the options when no name is given.
func (d *declaring) list() int {
	sh := d.sh
	switch {
	case d.funcs:
		return sh.write(sh.listFuncs(d.names, d.on&attrReadonly != 0))
	case d.local:
		return sh.write(sh.listLocals())
	case d.on == 0 && !d.print && !d.exported:
		out := sh.listSet()
		if !sh.opt.posix {
			out += sh.listFuncs(false, false)
		}
		return sh.write(out)
	}
	var b strings.Builder
	for _, name := range sh.listedNames() {
		v := sh.lookup(name)
		if v != nil && v.attr&d.on == d.on {
			b.WriteString(d.show(v))
		}
	}
	return sh.write(b.String())
}

// show is the line of a variable; POSIX has export and readonly in it.
func (d *declaring) show(v *variable) string {
	if d.sh.opt.posix && d.exported {
		if !v.set {
			return d.cmd + " " + v.name + "\n"
		}
		return d.cmd + " " + v.name + "=" + v.literal() + "\n"
	}
	return declaration(v)
}

func (d *declaring) printOne(name string) {
	v := d.sh.lookup(name)
	if v == nil || v.name != name {
		if v = d.sh.lookup(name); v == nil {
			d.fail("%s: not found", name)
			return
		}
	}
	if d.local && v.depth != d.sh.depth {
		d.fail("%s: not found", name)
		return
	}
	if s := d.sh.write(declaration(v)); s != 0 {
		d.status = s
	}
}

// readonly reports a variable that cannot be changed: export and readonly do
// so without their name.
func (d *declaring) readonly(name string) {
	if d.exported {
		d.sh.warnf("%s: readonly variable", name)
		d.status = 1
		return
	}
	d.fail("%s: readonly variable", name)
}

func (d *declaring) fail(format string, args ...any) {
	d.sh.errorf(format, args...)
	d.status = 1
}

// function shows a function, or gives it attributes.
func (d *declaring) function(name string) {
	sh := d.sh
	fn := sh.funcs.get(name)
	switch {
	case fn == nil && strings.Contains(name, "=") && !d.names:
		d.fail("cannot use `-f' to make functions")
	case fn == nil && d.exported:
		d.fail("%s: not a function", name)
	case fn == nil:
		d.status = 1
	case d.on|d.off != 0:
		d.funcAttrs(name, *fn)
	case d.names && sh.shopt(shExtdebug):
		sh.write(name + " " + itoa(fn.line) + " " + fn.file + "\n")
	case d.names:
		sh.write(name + "\n")
	default:
		sh.write(fn.source() + "\n")
	}
}

func (d *declaring) funcAttrs(name string, fn function) {
	if fn.readonly && d.off&attrReadonly != 0 {
		d.fail("%s: readonly function", name)
		return
	}
	fn.export = (fn.export || d.on&attrExport != 0) && d.off&attrExport == 0
	fn.readonly = fn.readonly || d.on&attrReadonly != 0
	fn.trace = (fn.trace || d.on&attrTrace != 0) && d.off&attrTrace == 0
	d.sh.funcs.put(name, &fn)
	d.sh.env = nil
}

// target is what one argument of a declaration says.
type target struct {
	name   string
	index  *syntax.Index
	add    bool
	has    bool // a value is given
	value  string
	assign *syntax.Assign // of a compound value
}

// parse takes an argument apart; not ok if it names nothing.
func (d *declaring) parse(text string, a argument) (t target, ok bool) {
	if a.assign != nil {
		t = target{name: a.assign.Name, index: a.assign.Index, add: a.assign.Append, has: true, value: a.value}
		if a.assign.IsArr {
			t.assign = a.assign
		}
		return t, true
	}
	head, value, has := cutAssign(text)
	t = target{has: has, value: value}
	if head, t.add = strings.CutSuffix(head, "+"); t.add && !has {
		return t, false
	}
	name, sub, isSub := strings.Cut(head, "[")
	if isSub {
		if !strings.HasSuffix(sub, "]") {
			return t, false
		}
		ref, ok := syntax.ParseRef(head)
		if !ok {
			return t, false
		}
		t.index = ref.Index
	}
	t.name = name
	return t, isName(name)
}

// cutAssign cuts text at the = that is not within a subscript.
func cutAssign(text string) (head, value string, ok bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '=':
			if depth <= 0 {
				return text[:i], text[i+1:], true
			}
		}
	}
	return text, "", false
}

// name declares one name.
func (d *declaring) name(text string, a argument) {
	sh := d.sh
	t, ok := d.parse(text, a)
	if !ok {
		d.fail("`%s': not a valid identifier", text)
		return
	}
	if t.add && !t.has {
		d.fail("`%s': not a valid identifier", text)
		return
	}
	if d.exported && t.index != nil {
		d.fail("`%s[%s]': not a valid identifier", t.name, t.index.Raw)
		return
	}
	v := d.binding(t)
	if v == nil {
		return
	}
	if v.has(attrReadonly) && (t.has || d.off&attrReadonly != 0) {
		d.readonly(t.name)
		return
	}
	if (t.has || !d.exported) && !d.shape(v, t) {
		return
	}
	if d.on&attrNameref != 0 {
		d.nameref(v, t)
		return
	}
	on := d.on &^ attrReadonly
	if d.exported && !t.has {
		on &^= attrArray | attrAssoc // readonly -a makes no array
	}
	v.attr = v.attr&^(d.off&^attrReadonly) | on
	d.exclusive(v)
	if t.has && !d.assign(v, t) {
		d.status = 1
	}
	v.attr |= d.on & attrReadonly
	if (d.on|d.off)&attrExport != 0 || v.has(attrExport) {
		sh.env = nil
	}
}

// exclusive keeps only the last of -l, -u and -c.
func (d *declaring) exclusive(v *variable) {
	const cases = attrLower | attrUpper | attrCapital
	if d.on&cases == 0 {
		return
	}
	v.attr &^= cases
	if set := d.on & cases; set == attrLower || set == attrUpper || set == attrCapital {
		v.attr |= set
	}
}

// binding finds or makes the variable that is declared.
func (d *declaring) binding(t target) *variable {
	sh := d.sh
	name := t.name
	onRef := (d.on|d.off)&attrNameref != 0
	inFunc := sh.frame() != nil && !d.exported && !d.global
	if inFunc {
		old := sh.lookup(name)
		if old != nil && old.has(attrReadonly) && (old.depth != sh.depth || t.has) && old.depth == 0 && d.local {
			d.fail("%s: readonly variable", name)
			return nil
		}
		if old != nil && old.has(attrNameref) && old.depth == sh.depth && old.has(attrLocal) && !onRef {
			if target := sh.binding(name); target != nil {
				return target
			}
		}
		v := sh.makeLocal(name)
		if d.inherit && old != nil && v != old && !v.set {
			v.inherit(old)
		}
		return v
	}
	if !onRef {
		if v := sh.lookup(name); v != nil && v.has(attrNameref) {
			target, _, hasSub, ok := sh.deref(name)
			if ok && !hasSub && target != name {
				name = target
			}
		}
	}
	if d.global {
		return sh.globalBinding(name)
	}
	return sh.bind(name)
}

// shape makes the variable the kind of array that was asked for.
func (d *declaring) shape(v *variable, t target) bool {
	switch {
	case d.off&(attrArray|attrAssoc)&v.attr != 0:
		d.fail("%s: cannot destroy array variables in this way", v.name)
		return false
	case d.on&attrAssoc != 0 && v.has(attrArray):
		d.fail("%s: cannot convert indexed to associative array", v.name)
		return false
	case d.on&attrArray != 0 && v.has(attrAssoc):
		d.fail("%s: cannot convert associative to indexed array", v.name)
		return false
	}
	set := v.set
	switch {
	case v.isArray():
	case d.on&attrAssoc != 0:
		v.toAssoc()
		v.set = set
	case d.on&attrArray != 0 || t.assign != nil || t.index != nil:
		v.toArray()
		v.set = set
	}
	return true
}

func (d *declaring) assign(v *variable, t target) bool {
	sh := d.sh
	switch {
	case t.assign != nil:
		return sh.compoundInto(v, t.assign)
	case t.index != nil:
		return sh.assignSub(v.name, t.index, t.value, t.add)
	case v.isArray() && strings.HasPrefix(t.value, "(") && strings.HasSuffix(t.value, ")"):
		return sh.compoundText(v, t)
	}
	return sh.store(v, t.value, t.add)
}

// compoundText assigns an array whose elements are given as text.
func (sh *Shell) compoundText(v *variable, t target) bool {
	p := sh.parser("x="+t.value, sh.line)
	defer sh.giveParser(p)
	list, err := p.Next()
	if err != nil || len(list.Items) != 1 {
		return sh.store(v, t.value, t.add)
	}
	c, ok := list.Items[0].Cmd.(*syntax.Simple)
	if !ok || len(c.Assigns) != 1 || !c.Assigns[0].IsArr {
		return sh.store(v, t.value, t.add)
	}
	a := *c.Assigns[0]
	a.Append = t.add
	return sh.compoundInto(v, &a)
}

// export is export and readonly.
func (sh *Shell) export(argv []string) int {
	d := &declaring{sh: sh, cmd: argv[0], exported: true}
	opts, rest, ok := sh.flags(argv, map[string]string{"export": "fnp", "readonly": "aAfp"}[argv[0]])
	if !ok {
		return 2
	}
	kind := attrExport
	if argv[0] == "readonly" {
		kind = attrReadonly
	}
	d.on = kind
	for _, f := range opts {
		switch f.c {
		case 'f':
			d.funcs = true
		case 'n':
			d.on, d.off = 0, attrExport
		case 'a':
			d.on |= attrArray
		case 'A':
			d.on |= attrAssoc
		}
	}
	if len(rest) == 0 {
		if d.funcs {
			return sh.write(sh.listFuncsWith(d.on))
		}
		d.on |= kind
	}
	return d.run(argv, len(argv)-len(rest))
}
