//go:build unix

package shell_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// program draws scripts from a grammar of statements, of which script draws
// the words. Each script ends, and soon: every loop has a counter of its own
// that nothing else sets, and no function calls one. None of its commands is
// from outside of the shell.
type program struct {
	script
	depth  int
	loops  int
	inside bool // a function
}

func newProgram(r *rand.Rand) *program { return &program{script: script{r}} }

func (p *program) String() string {
	var b strings.Builder
	if p.r.IntN(2) == 0 {
		fmt.Fprintln(&b, "set "+p.pick("-e", "-u", "-eu", "-o pipefail", "-eo pipefail", "-euo pipefail", "-E", "-eE", "-f", "-x", "-C", "-T", "-a"))
	}
	if p.r.IntN(5) == 0 {
		fmt.Fprintln(&b, "shopt -s "+p.pick("lastpipe", "inherit_errexit", "nullglob", "extglob", "expand_aliases", "localvar_inherit", "nocasematch", "xpg_echo", "extdebug", "dotglob", "failglob"))
	}
	if p.r.IntN(3) == 0 {
		fmt.Fprintf(&b, "trap 'echo %s:$?:$LINENO' %s\n", p.pick("t", "q"), p.pick("EXIT", "ERR", "ERR EXIT", "RETURN"))
	}
	fmt.Fprintf(&b, "x=%s y=%s n=%s; a=(%s %s) ; declare -A m=([k]=%s)\n", p.value(), p.value(), p.number(), p.value(), p.value(), p.value())
	fmt.Fprintf(&b, "f() %s\ng() %s\nset -- %s %s\n", p.body(), p.body(), p.value(), p.value())
	for range 2 + p.r.IntN(4) {
		b.WriteString(p.list() + "\n")
	}
	b.WriteString("echo \"end $?\"")
	return b.String() + "\n"
}

func (p *program) number() string { return p.pick("0", "1", "2", "7", "-3", "010", "0x1f", "16#ff") }

// arithmetic draws an expression of integers.
func (p *program) arithmetic(depth int) string {
	if depth > 2 || p.r.IntN(4) == 0 {
		return p.pick("n", "$n", "i", "1", "2", "3", "${#x}", "${#a[@]}", "a[0]", "0x10", "2#101", "n++", "--n", "j")
	}
	sub := func() string { return p.arithmetic(depth + 1) }
	switch p.r.IntN(6) {
	case 0:
		return "(" + sub() + ")"
	case 1:
		return p.pick("!", "~", "-", "+") + "(" + sub() + ")"
	case 2:
		return sub() + " ? " + sub() + " : " + sub()
	case 3:
		return p.pick("i", "j", "n", "a[1]") + p.pick("=", "+=", "-=", "*=", "|=", "^=", "<<=") + sub()
	}
	return sub() + " " + p.pick("+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&", "|", "^", "&&", "||", "<<", ">>", ",") + " " + sub()
}

// test draws an expression of [[ ]].
func (p *program) test() string {
	switch p.r.IntN(7) {
	case 0:
		return "-" + p.pick("z", "n") + " " + p.word(1)
	case 1:
		return "$((" + p.arithmetic(1) + ")) -" + p.pick("eq", "lt", "ge") + " n"
	case 2:
		return "-v " + p.pick("x", "nope", "a[1]", "m[k]", "a[7]")
	case 3:
		return p.word(1) + " =~ " + p.pick("^a", "(a|b)+", "[0-9]+", ".", "^$", "$x", "'a b'")
	case 4:
		return "! -n $x"
	case 5:
		return "( -n $x " + p.pick("&&", "||") + " $y < b )"
	}
	return p.word(1) + " " + p.pick("==", "!=", "=") + " " + p.operand()
}

// operand draws a pattern that is one word, whatever the options.
func (p *program) operand() string {
	for {
		if o := p.pattern(); o != " " && !strings.Contains(o, "(") {
			return o
		}
	}
}

// simple draws a command that has no other in it.
func (p *program) simple() string {
	switch p.r.IntN(24) {
	case 0:
		return p.pick("x", "y", "n", "local x", "export x", "declare -i n", "a[1]", "a[3]", "m[q]", "readonly q", "declare -u y", "declare -l y", "x+", "a[0]+", "local -i n", "declare -g x", "declare -r w") + "=" + p.word(0)
	case 1:
		return "a" + p.pick("=", "+=") + "(" + p.word(1) + " " + p.word(1) + p.pick("", " [5]=z", " [1]=k") + ")"
	case 2:
		return "((" + p.arithmetic(0) + "))"
	case 3:
		return "echo $((" + p.arithmetic(0) + "))"
	case 4:
		return "[[ " + p.test() + " ]]"
	case 5:
		return "[ " + p.pick("\"$x\" = a", "-n \"$x\"", "-z $x", "$n -gt 1", "$# -eq 2", "-e file", "! a", "$x", "-v x", "a -a b", "\"$x\" \\< b") + " ]"
	case 6:
		return p.pick("true", "false", ":", p.call("f"), p.call("g"), p.call("f a b"), "! true", "! false", "nosuch", "return 3", "(exit 4)", "break", "continue", "shift", "wait", "unset x", "unset 'a[1]'", "unset -f g", "eval 'echo $x; false'", p.call("eval f"), "exit 5", "command f", "command false", "builtin echo b", "set -- p q r", "set +e", "hash -r", "trap - ERR", "trap", "trap 'echo T$?' ERR", "trap 'echo D$BASH_COMMAND' DEBUG", "trap - DEBUG", "let n+=2", "let 'n=0'", "umask 22", "alias e=echo", "type f", "declare -f f", "set -e", "return", "local", "exec 4>&-", "kill -0 $$", "caller", "times >null", "shift 7", "cd /nowhere", ". ./nofile", "readonly x", "echo $-", "trap '' USR1; kill -USR1 $$", "trap 'echo U$?' USR1", "kill -USR1 $$")
	case 7:
		return "declare -p " + p.pick("x", "y", "n", "a", "m", "nope", "a m")
	case 8:
		return "printf '" + p.pick("%s|", "%q ", "%d,", "%5s|", "%-4s|", "%x ", "%b|", "%05d|", "%.2s|", "%c", "%s %s;", "%*d|", "%%|", "%e|", "%(%Y)T") + "\\n' " + p.word(0) + " " + p.word(1)
	case 9:
		return "read " + p.pick("-r x y", "x", "-ra a", "-d : x", "-n 2 x", "-N 3 x", "x y n", "-r", "-t 0 x") + " " + p.pick("<<<", "<<< ") + p.word(0)
	case 10:
		return p.pick("printf -v x '%s-%s' a b", "printf -v 'a[2]' %03d 7", "mapfile -t a <<<$'1\\n2'", "IFS=: read -r x y <<<a:b:c", "IFS=, eval 'echo $x'", p.call("x=tmp f"), "x=1 y=2 eval 'echo $x$y'", "read -r x < <(echo sub)", "getopts ab: o -a -b v; echo $o $OPTIND", "declare -n r=x; r=ref; unset -n r", "IFS=; echo $*; unset IFS", "echo \"${a[*]/%/,}\" ${!a[*]}", "echo ${m[@]@K}", "echo \"${x@A}\" ${a[@]@A}", "OPTIND=1", "echo $FUNCNAME ${#FUNCNAME[@]} $LINENO", "echo ${BASH_LINENO[*]}", "echo ${PIPESTATUS[*]}", "echo $_", "echo ${x:?}", "echo ${nope?gone}", "echo $nope", "echo $BASH_SUBSHELL", "echo ${BASH_SOURCE[0]}", "echo $1 $#")
	case 11:
		return "cat <<" + p.pick("E\n$x ${y:-d} `echo b` $((n))\n\\$x\nE", "'E'\n$x\nE", "-E\n\tin\n\tE", "E\n${x/a/\"q\"} \"${y}\" 'z'\nE")
	}
	return "echo " + p.word(0) + " " + p.word(1)
}

func (p *program) redirected(cmd string) string {
	if p.r.IntN(5) != 0 || strings.Contains(cmd, "<<") {
		return cmd
	}
	return cmd + p.pick(" >out", " >>out", " 2>&1", " >&2", " <null", " 2>null", " 3>&1 >&3", " <nofile", " >no/dir", " {fd}>out", " >|out", " <>out", " &>out", " >out <out", " 3>&1 1>&2 2>&3", " >&9", " <&-", " >&-")
}

// command draws a simple command or a compound one.
func (p *program) command() string {
	if p.depth > 3 || p.r.IntN(2) == 0 {
		return p.redirected(p.simple())
	}
	p.depth++
	defer func() { p.depth-- }()
	var c string
	switch p.r.IntN(14) {
	case 0:
		c = "if " + p.list() + "\nthen " + p.list() + "\n" + p.pick("", "else "+p.list()+"\n", "elif "+p.list()+"\nthen "+p.list()+"\n") + "fi"
	case 1:
		c = "for x in " + p.word(1) + " " + p.word(1) + "; do " + p.list() + "\ndone"
	case 2:
		k := p.counter()
		c = fmt.Sprintf("for ((%s=0; %s<2; %s++)); do %s\ndone", k, k, k, p.list())
	case 3:
		k := p.counter()
		c = fmt.Sprintf("%s=0; while ((%s++ < 2)); do %s\ndone", k, k, p.list())
	case 4:
		k := p.counter()
		c = fmt.Sprintf("%s=0; until ((%s++ >= 2)); do %s\ndone", k, k, p.list())
	case 5:
		c = "case " + p.word(1) + " in " + p.operand() + ") " + p.list() + "\n" + p.pick(";;", ";&", ";;&") + " *) " + p.list() + "\nesac"
	case 6:
		c = "( " + p.list() + "\n)"
	case 7:
		c = p.group()
	case 8:
		return "x=" + p.quoted("$("+p.list()+"\n)")
	case 9:
		c = "echo " + p.quoted("$("+p.list()+"\n)")
	case 10:
		c = "printf '%s\\n' " + p.word(1) + " | while read -r y; do echo \"r$y\"; " + p.list() + "\ndone"
	case 11:
		return p.command() + " && " + p.command()
	case 12:
		return p.command() + " || " + p.command()
	case 13:
		return p.pick("! ", p.call("f")+" | ", "", "") + p.group()
	}
	return p.redirected(c)
}

// counter is the variable of one loop.
func (p *program) counter() string {
	p.loops++
	return fmt.Sprintf("k%d", p.loops)
}

// body draws what a function does.
func (p *program) body() string {
	p.inside = true
	defer func() { p.inside = false }()
	return p.group()
}

// call is the call of a function, where there may be one.
func (p *program) call(c string) string {
	if p.inside {
		return ":"
	}
	return c
}

func (p *program) group() string { return "{ " + p.list() + "\n}" }

// list draws some commands, one a line.
func (p *program) list() string {
	var lines []string
	for range 1 + p.r.IntN(2) {
		lines = append(lines, p.command())
	}
	return strings.Join(lines, "\n")
}
