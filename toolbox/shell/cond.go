package shell

import (
	"strings"

	"agentsandbox/toolbox/regex"
	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/testexpr"
)

// condCmd runs [[ ]].
func (sh *Shell) condCmd(c *syntax.Cond) {
	sh.at(c.Line)
	if !sh.tick() {
		return
	}
	sh.note(c)
	if !sh.debugTrap() {
		return
	}
	was := sh.builtin
	sh.builtin = "[["
	status := sh.condExpr(c.Expr)
	sh.builtin = was
	if sh.flow != flowNone {
		return
	}
	sh.status = status
	sh.check()
}

// condExpr evaluates an expression to 0, 1, or 2 for an error.
func (sh *Shell) condExpr(x syntax.CondExpr) int {
	switch x := x.(type) {
	case *syntax.CondBinary:
		left := sh.condExpr(x.Left)
		if sh.flow != flowNone || (left == 0) == x.Or {
			return left
		}
		return sh.condExpr(x.Right)
	case *syntax.CondNot:
		if inner, ok := x.X.(*syntax.CondNot); ok {
			return sh.condExpr(inner.X)
		}
		_, sh.negated = x.X.(*syntax.CondTest)
		if s := sh.condExpr(x.X); s < 2 {
			return 1 - s
		}
		return 2
	case *syntax.CondGroup:
		return sh.condExpr(x.X)
	}
	return sh.condTest(x.(*syntax.CondTest))
}

// traceCond prints a test as xtrace does, its operands as they are.
func (sh *Shell) traceCond(words ...string) {
	not := ""
	if sh.negated {
		not = "! "
		sh.negated = false
	}
	if !sh.opt.xtrace {
		return
	}
	for i, w := range words {
		if w == "" {
			words[i] = "''"
		}
	}
	sh.trace("[[ " + not + strings.Join(words, " ") + " ]]")
}

func (sh *Shell) condTest(t *syntax.CondTest) int {
	if t.Y == nil {
		return sh.condUnary(t)
	}
	left := sh.text(t.X)
	if sh.flow != flowNone {
		return 1
	}
	switch t.Op {
	case "=", "==", "!=":
		return sh.condMatch(t, left)
	case "=~":
		return sh.condRegex(t, left)
	}
	right := sh.text(t.Y)
	if sh.flow != flowNone {
		return 1
	}
	sh.traceCond(left, t.Op, right)
	switch t.Op {
	case "<":
		return boolStatus(left < right)
	case ">":
		return boolStatus(left > right)
	case "-nt", "-ot", "-ef":
		ok, _ := testexpr.Binary(left, t.Op, right, testHost{sh})
		return boolStatus(ok)
	}
	a, err := sh.arithText(left)
	var b int64
	if err == nil {
		b, err = sh.arithText(right)
	}
	if err != nil {
		sh.arithError(err)
		return 1
	}
	return boolStatus(compareInts(t.Op, a, b))
}

func compareInts(op string, a, b int64) bool {
	switch op {
	case "-eq":
		return a == b
	case "-ne":
		return a != b
	case "-lt":
		return a < b
	case "-le":
		return a <= b
	case "-gt":
		return a > b
	}
	return a >= b
}

func (sh *Shell) condUnary(t *syntax.CondTest) int {
	op := t.Op
	if op == "" {
		op = "-n"
	}
	if op == "-v" {
		return sh.condSet(t)
	}
	s := sh.text(t.X)
	if sh.flow != flowNone {
		return 1
	}
	sh.traceCond(op, s)
	ok, _ := testexpr.Unary(op, s, testHost{sh})
	return boolStatus(ok)
}

// condSet is -v, whose operand may name an element.
func (sh *Shell) condSet(t *syntax.CondTest) int {
	s := sh.text(t.X)
	if sh.flow != flowNone {
		return 1
	}
	sh.traceCond("-v", s)
	return boolStatus(sh.isSet(s))
}

func (sh *Shell) condMatch(t *syntax.CondTest, left string) int {
	pat := sh.patternText(t.Y)
	if sh.flow != flowNone {
		return 1
	}
	if sh.opt.xtrace {
		sh.traceCond(left, t.Op, sh.shownPattern(t.Y))
	}
	flags := pattern.Ext
	if sh.shopt(shNocasematch) {
		flags |= pattern.Fold
	}
	return boolStatus(pattern.Compile(pat, flags).Match(left) == (t.Op != "!="))
}

// shownPattern is a pattern as xtrace shows it: each quoted character with a
// backslash.
func (sh *Shell) shownPattern(w *syntax.Word) string {
	e := expander{sh: sh}
	e.parts(w.Parts, false, true)
	var b strings.Builder
	quoted, marks := false, e.marks
	for i, c := range string(e.cur) {
		for len(marks) > 0 && marks[0] <= i {
			quoted, marks = !quoted, marks[1:]
		}
		if quoted {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// condRegex is =~. Quoted parts of the pattern are literal.
func (sh *Shell) condRegex(t *syntax.CondTest, left string) int {
	pat := sh.regexText(t.Y)
	if sh.flow != flowNone {
		return 1
	}
	sh.traceCond(left, "=~", pat)
	re, err := sh.compileRegex(pat)
	if err != nil {
		sh.rematchSet(nil)
		return 2
	}
	loc, err := re.Find(nil, []byte(left), 0)
	if err != nil || loc == nil {
		sh.rematchSet(nil)
		return 1
	}
	var groups []string
	for i := 0; i+1 < len(loc); i += 2 {
		if loc[i] < 0 {
			groups = append(groups, "")
		} else {
			groups = append(groups, left[loc[i]:loc[i+1]])
		}
	}
	sh.rematchSet(groups)
	return 0
}

// keepRegexes is how many compiled expressions are kept.
const keepRegexes = 64

func (sh *Shell) compileRegex(pat string) (*regex.Regexp, error) {
	key := pat
	flags := regex.Flags(0)
	if sh.shopt(shNocasematch) {
		flags |= regex.IgnoreCase
		key = "i" + pat
	} else {
		key = "c" + pat
	}
	if re := sh.regexes[key]; re != nil {
		return re, nil
	}
	re, err := regex.Compile(pat, regex.ERE, flags)
	if err != nil {
		return nil, err
	}
	if sh.regexes == nil || len(sh.regexes) >= keepRegexes {
		sh.regexes = map[string]*regex.Regexp{}
	}
	sh.regexes[key] = re
	return re, nil
}

func (sh *Shell) rematchSet(groups []string) {
	v := &variable{name: "BASH_REMATCH", attr: attrArray, set: true, arr: newArray(groups)}
	if old := sh.vars.get("BASH_REMATCH"); old != nil {
		v.depth, v.outer = old.depth, old.outer
		v.attr |= old.attr & attrLocal
	}
	sh.put(v)
}

// regexText expands a word to a regular expression: what was quoted has its
// special characters escaped.
func (sh *Shell) regexText(w *syntax.Word) string {
	e := expander{sh: sh}
	e.parts(w.Parts, false, true)
	var b strings.Builder
	quoted := false
	marks := e.marks
	for i := 0; i < len(e.cur); i++ {
		for len(marks) > 0 && marks[0] == i {
			quoted = !quoted
			marks = marks[1:]
		}
		if quoted && strings.IndexByte(`\^$.|?*+()[]{}`, e.cur[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(e.cur[i])
	}
	return b.String()
}
