package shell

import (
	"errors"
	"strings"

	"agentsandbox/toolbox/shell/arith"
	"agentsandbox/toolbox/shell/syntax"
)

// errReported is an error whose message was printed already.
var errReported = errors.New("reported")

// arithEnv is the shell as arithmetic sees it.
type arithEnv struct{ sh *Shell }

// Value returns the text of a variable or an element.
func (a arithEnv) Value(name, sub string, hasSub bool) (string, error) {
	sh := a.sh
	if !hasSub {
		s, ok := sh.value(name)
		if !ok && sh.opt.nounset {
			return "", a.unbound(name)
		}
		return s, nil
	}
	v := sh.binding(name)
	s, ok, err := a.element(v, name, sub)
	if err == nil && !ok && sh.opt.nounset {
		return "", a.unbound(name + "[" + sub + "]")
	}
	return s, err
}

func (a arithEnv) unbound(name string) error {
	a.sh.unboundError(name)
	return errReported
}

func (a arithEnv) element(v *variable, name, sub string) (string, bool, error) {
	if v != nil && v.has(attrAssoc) {
		if v.assoc == nil {
			return "", false, nil
		}
		s, ok := v.assoc.get(a.key(sub))
		return s, ok, nil
	}
	if strings.TrimSpace(sub) == "" {
		for range 2 {
			// Bash looks twice.
			a.sh.warnf("%s[%s]: bad array subscript", name, sub)
		}
		return "", false, nil
	}
	i, err := a.sh.subscript(sub)
	if err != nil || v == nil {
		return "", false, err
	}
	if i < 0 && v.has(attrArray) && v.arr != nil && i+v.arr.end() < 0 {
		a.sh.warnf("%s: bad array subscript", name)
		return "", false, nil
	}
	s, ok := v.at(i)
	return s, ok, nil
}

// key expands a subscript that still holds quotes or expansions.
func (a arithEnv) key(sub string) string {
	if !strings.ContainsAny(sub, "'\"\\$`") {
		return sub
	}
	if w := syntax.ParseWord(sub, a.sh.line, syntax.Options{}); w != nil {
		return a.sh.text(w)
	}
	return sub
}

// Assign sets a variable or an element.
func (a arithEnv) Assign(name, sub string, hasSub bool, value int64) error {
	sh := a.sh
	text := decimal(value)
	ok := false
	if !hasSub {
		ok = sh.assign(name, text, false)
	} else {
		if v := sh.binding(name); v != nil && v.has(attrAssoc) {
			sub = a.key(sub)
		} else if strings.TrimSpace(sub) == "" {
			sh.errorf("`%s[%s]': not a valid identifier", name, sub)
			return nil
		}
		ok = sh.assignElement(name, sub, text, false)
	}
	if !ok {
		return errReported
	}
	return nil
}

// arith evaluates an expression of the source.
func (sh *Shell) arith(x *syntax.Arith) (int64, error) {
	if !x.Plain {
		text := sh.partsText(x.Parts)
		if sh.flow != flowNone {
			return 0, errReported
		}
		return arith.Eval(text, arithEnv{sh})
	}
	expr, ok := x.Cache.Load().(*arith.Expr)
	if !ok {
		expr = arith.Parse(x.Src)
		x.Cache.Store(expr)
	}
	return expr.Eval(arithEnv{sh})
}

// subscript evaluates the subscript of an indexed array that is known as text,
// and may hold expansions still. An error in it gives up the command.
func (sh *Shell) subscript(text string) (n int64, err error) {
	if strings.ContainsAny(text, "$`\"\\") {
		if x := syntax.ParseArith(text, sh.line, sh.parserOptions()); x != nil {
			n, err = sh.arith(x)
			return n, sh.badSubscript(err)
		}
	}
	n, err = sh.arithText(text)
	return n, sh.badSubscript(err)
}

// badSubscript reports an error in a subscript: all that runs is given up.
func (sh *Shell) badSubscript(err error) error {
	if err == nil {
		return nil
	}
	sh.wordError(err)
	sh.giveUpAll(1)
	return errReported
}

// wordError reports an error of an expression within a word.
func (sh *Shell) wordError(err error) {
	builtin := sh.builtin
	sh.builtin = ""
	sh.arithError(err)
	sh.builtin = builtin
}

// arithText evaluates text.
func (sh *Shell) arithText(text string) (int64, error) { return arith.Eval(text, arithEnv{sh}) }

// arithError prints an error of an expression.
func (sh *Shell) arithError(err error) {
	if !errors.Is(err, errReported) {
		sh.errorf("%s", err)
	}
}

// arithSub is the value of $((…)).
func (sh *Shell) arithSub(x *syntax.ArithSub) string {
	n, err := sh.arith(x.Expr)
	if err != nil {
		sh.wordError(err)
		sh.giveUp(1)
		return ""
	}
	return decimal(n)
}
