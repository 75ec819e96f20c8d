package bc

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"agentsandbox/toolbox/decimal"
	"agentsandbox/toolbox/tool"
)

// machine runs code.
type machine struct {
	ctx           context.Context
	x             *tool.Exec
	out           *bufio.Writer
	in            *lexer // what is being read
	column, width int

	names     map[string]int // of variables
	arrays    map[string]int // of arrays
	vars      []decimal.Number
	items     []*array
	functions map[string]*function
	library   bool

	scale, ibase, obase int
	last                decimal.Number

	stack  []value
	calls  []string // names of the functions that run
	random uint32
}

// value is what is on the stack: a number, or an array that is an argument.
type value struct {
	decimal.Number
	array *array
}

// array is the items of an array by index. Those that are not there are 0.
type array struct{ items map[int]decimal.Number }

func newMachine(ctx context.Context, x *tool.Exec) *machine {
	m := &machine{ctx: ctx, x: x, out: x.Writer(), names: map[string]int{}, arrays: map[string]int{},
		functions: map[string]*function{}, ibase: 10, obase: 10, width: 70, random: 1}
	if text, ok := x.LookupEnv("BC_LINE_LENGTH"); ok {
		if n, err := strconv.Atoi(text); err == nil && (n == 0 || n >= 3) {
			m.width = n
		}
	}
	return m
}

func (m *machine) useLibrary() { m.library, m.scale = true, 20 }

// variable is the number of a variable.
func (m *machine) variable(name string) int {
	i, ok := m.names[name]
	if !ok {
		i = len(m.vars)
		m.names[name] = i
		m.vars = append(m.vars, decimal.Number{})
	}
	return i
}

// array is the number of an array.
func (m *machine) array(name string) int {
	i, ok := m.arrays[name]
	if !ok {
		i = len(m.items)
		m.arrays[name] = i
		m.items = append(m.items, &array{map[int]decimal.Number{}})
	}
	return i
}

func (m *machine) arrayName(n int) string {
	for name, i := range m.arrays {
		if i == n {
			return name
		}
	}
	return ""
}

// complain prints what is wrong with the program.
func (m *machine) complain(name string, e syntaxError) error {
	if err := m.out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(m.x.Stderr, "%s %d: %s\n", name, e.line, e.text)
	return err
}

// runtimeError ends the line that runs.
type runtimeError string

// Error is the text.
func (e runtimeError) Error() string { return string(e) }

// main runs the code of a line, and reports what goes wrong.
func (m *machine) main(c *code) error {
	m.stack, m.calls = m.stack[:0], m.calls[:0]
	err := m.run(c)
	var re runtimeError
	if errors.As(err, &re) {
		return nil
	}
	return err
}

// say prints a message about the instruction that runs.
func (m *machine) say(kind string, i instr, text string) error {
	if err := m.out.Flush(); err != nil {
		return err
	}
	name := "(main)"
	if n := len(m.calls); n > 0 {
		name = m.calls[n-1]
	}
	_, err := fmt.Fprintf(m.x.Stderr, "Runtime %s (func=%s, adr=%d): %s\n", kind, name, i.at, text)
	return err
}

func (m *machine) fail(i instr, text string) error {
	if err := m.say("error", i, text); err != nil {
		return err
	}
	return runtimeError(text)
}

func (m *machine) warn(i instr, text string) error { return m.say("warning", i, text) }

func (m *machine) push(n decimal.Number) { m.stack = append(m.stack, value{Number: n}) }

func (m *machine) pop() decimal.Number {
	n := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return n.Number
}

func (m *machine) top() decimal.Number { return m.stack[len(m.stack)-1].Number }

// run runs a program to its end, or to a return.
func (m *machine) run(c *code) error {
	for at := 0; at < len(c.list); at++ {
		if at&63 == 0 || c.list[at].op == opJump {
			if err := m.ctx.Err(); err != nil {
				return err
			}
		}
		i := c.list[at]
		switch i.op {
		case opJump:
			at = i.n - 1
		case opJumpFalse:
			if m.pop().Sign() == 0 {
				at = i.n - 1
			}
		case opJumpTrue:
			if m.pop().Sign() != 0 {
				at = i.n - 1
			}
		case opReturn:
			return nil
		default:
			if err := m.do(i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *machine) do(i instr) error {
	switch i.op {
	case opNumber:
		n, _ := decimal.Parse(i.text, m.ibase)
		m.push(n)
	case opLoad:
		m.push(m.vars[i.n])
	case opStore:
		m.vars[i.n] = m.top()
	case opLoadSpecial:
		m.push(m.special(i.text))
	case opStoreSpecial:
		return m.storeSpecial(i)
	case opIndex, opLoadItem, opTakeItem, opStoreItem, opArray:
		return m.item(i)
	case opDup:
		m.stack = append(m.stack, m.stack[len(m.stack)-1])
	case opPop:
		m.pop()
	case opSwap:
		// index, value becomes value, index, value.
		n := len(m.stack)
		m.stack = append(m.stack, m.stack[n-1])
		m.stack[n-2], m.stack[n-1] = m.stack[n-1], m.stack[n-2]
	case opNeg:
		m.push(m.pop().Neg())
	case opNot:
		m.push(truth(m.pop().Sign() == 0))
	case opBool:
		m.push(truth(m.pop().Sign() != 0))
	case opBinary:
		return m.binary(i)
	case opRel:
		m.push(m.relation(i.text))
	case opCall:
		return m.call(i)
	case opBuiltin:
		return m.builtin(i)
	case opHalt:
		return errQuit
	default:
		return m.print(i)
	}
	return nil
}

func truth(b bool) decimal.Number {
	if b {
		return decimal.Int(1)
	}
	return decimal.Number{}
}

func (m *machine) binary(i instr) (err error) {
	b, a := m.pop(), m.pop()
	var r decimal.Number
	switch i.n {
	case '+':
		r = a.Add(b)
	case '-':
		r = a.Sub(b)
	case '*':
		r = a.Mul(b, m.scale)
	case '/':
		r, err = a.Div(b, m.scale)
	case '%':
		r, err = a.Mod(b, m.scale)
	case '^':
		if b.Rescale(0).Compare(b) != 0 {
			if err := m.warn(i, "non-zero scale in exponent"); err != nil {
				return err
			}
		}
		r, err = a.Pow(b, m.scale)
	}
	if err != nil {
		return m.fail(i, err.Error())
	}
	m.push(r)
	return nil
}

func (m *machine) relation(operator string) decimal.Number {
	b, a := m.pop(), m.pop()
	order := a.Compare(b)
	switch operator {
	case "<":
		return truth(order < 0)
	case "<=":
		return truth(order <= 0)
	case ">":
		return truth(order > 0)
	case ">=":
		return truth(order >= 0)
	case "==":
		return truth(order == 0)
	}
	return truth(order != 0)
}

const maxIndex = 1<<24 - 1

func (m *machine) item(i instr) error {
	arr := m.items[i.n]
	switch i.op {
	case opArray:
		m.stack = append(m.stack, value{array: arr})
		return nil
	case opIndex:
		return nil
	case opTakeItem:
		at, err := m.index(i, m.pop())
		m.push(arr.items[at])
		return err
	case opLoadItem:
		at, err := m.index(i, m.top())
		m.push(arr.items[at])
		return err
	}
	v := m.pop()
	at, err := m.index(i, m.pop())
	if err != nil {
		return err
	}
	arr.items[at] = v
	m.push(v)
	return nil
}

func (m *machine) index(i instr, n decimal.Number) (int, error) {
	at, ok := n.Small()
	if !ok || at < 0 || at > maxIndex {
		return 0, m.fail(i, "Array "+m.arrayName(i.n)+" subscript out of bounds.")
	}
	return at, nil
}

func (m *machine) special(name string) decimal.Number {
	switch name {
	case "scale":
		return decimal.Int(m.scale)
	case "ibase":
		return decimal.Int(m.ibase)
	case "obase":
		return decimal.Int(m.obase)
	}
	return m.last
}

func (m *machine) storeSpecial(i instr) error {
	n := m.top()
	v, ok := n.Small()
	if !ok {
		v = 1<<31 - 1
		if n.Sign() < 0 {
			v = -1
		}
	}
	between := func(name string, low, high int) (int, error) {
		switch {
		case v < low:
			return low, m.warn(i, fmt.Sprintf("%s too small, set to %d", name, low))
		case v > high:
			return high, m.warn(i, fmt.Sprintf("%s too large, set to %d", name, high))
		}
		return v, nil
	}
	var err error
	switch i.text {
	case "scale":
		if v < 0 {
			err = m.warn(i, "negative scale, set to 0")
			v = 0
		}
		m.scale = v
	case "ibase":
		m.ibase, err = between("ibase", 2, 36)
	case "obase":
		m.obase, err = between("obase", 2, 1<<31-1)
	default:
		m.last = n
	}
	return err
}

// maxCalls bounds the depth of calls (THREAT[SH-06]).
const maxCalls = 4000

// call runs a function with what is on the stack.
func (m *machine) call(i instr) error {
	args := m.stack[len(m.stack)-i.n:]
	if r, ok, err := m.libraryCall(i, args); ok || err != nil {
		if err != nil {
			return err
		}
		m.stack = m.stack[:len(m.stack)-i.n]
		m.push(r)
		return nil
	}
	fn := m.functions[i.text]
	switch {
	case fn == nil:
		return m.fail(i, "Function "+i.text+" not defined.")
	case len(fn.params) != len(args):
		i.at += i.n + 1
		return m.fail(i, "Parameter number mismatch")
	case len(m.calls) >= maxCalls:
		return m.fail(i, "Function calls nested too deeply")
	}
	for k, p := range fn.params {
		if p.array != (args[k].array != nil) {
			return m.fail(i, "Parameter type mismatch, parameter "+i.text)
		}
	}
	saved := m.enter(fn, args)
	base := len(m.stack) - i.n
	m.calls = append(m.calls, i.text)
	err := m.run(&fn.code)
	m.calls = m.calls[:len(m.calls)-1]
	m.leave(fn, saved)
	if err != nil {
		return err
	}
	r := m.pop()
	m.stack = m.stack[:base]
	m.push(r)
	return nil
}

// enter gives the names of a function their values, and returns the old ones.
func (m *machine) enter(fn *function, args []value) []value {
	var saved []value
	for k, p := range fn.params {
		saved = append(saved, m.value(p))
		switch {
		case !p.array:
			m.vars[p.name] = args[k].Number
		case p.reference:
			m.items[p.name] = args[k].array
		default:
			m.items[p.name] = args[k].array.copy()
		}
	}
	for _, p := range fn.autos {
		saved = append(saved, m.value(p))
		if p.array {
			m.items[p.name] = &array{map[int]decimal.Number{}}
		} else {
			m.vars[p.name] = decimal.Number{}
		}
	}
	return saved
}

func (m *machine) value(p param) value {
	if p.array {
		return value{array: m.items[p.name]}
	}
	return value{Number: m.vars[p.name]}
}

func (m *machine) leave(fn *function, saved []value) {
	all := append(append([]param{}, fn.params...), fn.autos...)
	for k := len(all) - 1; k >= 0; k-- {
		if all[k].array {
			m.items[all[k].name] = saved[k].array
		} else {
			m.vars[all[k].name] = saved[k].Number
		}
	}
}

func (a *array) copy() *array {
	c := &array{make(map[int]decimal.Number, len(a.items))}
	for k, v := range a.items {
		c.items[k] = v
	}
	return c
}

// libraryCall runs a function of -l, unless the program has its own.
func (m *machine) libraryCall(i instr, args []value) (r decimal.Number, ok bool, err error) {
	if !m.library || m.functions[i.text] != nil || len(i.text) != 1 {
		return r, false, nil
	}
	want := 1
	if i.text == "j" {
		want = 2
	}
	switch i.text {
	case "s", "c", "a", "l", "e", "j":
	default:
		return r, false, nil
	}
	if len(args) != want {
		return r, false, m.fail(i, "Parameter number mismatch")
	}
	x := args[len(args)-1].Number
	switch i.text {
	case "s":
		r = x.Sin(m.scale)
	case "c":
		r = x.Cos(m.scale)
	case "a":
		r = x.Atan(m.scale)
	case "e":
		r, err = x.Exp(m.scale)
	case "l":
		if x.Sign() <= 0 {
			r, _ = decimal.Int(1).Sub(power10(m.scale)).Div(decimal.Int(1), m.scale)
		} else {
			r = x.Log(m.scale)
		}
	case "j":
		n, _ := args[0].Small()
		r = x.Bessel(n, m.scale)
	}
	if err != nil {
		return r, false, m.fail(i, err.Error())
	}
	return r, true, nil
}

func power10(n int) decimal.Number {
	p, _ := decimal.Int(10).Pow(decimal.Int(n), 0)
	return p
}

func (m *machine) builtin(i instr) error {
	switch i.text {
	case "length":
		m.push(decimal.Int(m.pop().Length()))
	case "scale":
		m.push(decimal.Int(m.pop().Scale()))
	case "sqrt":
		r, err := m.pop().Sqrt(m.scale)
		if err != nil {
			return m.fail(i, err.Error())
		}
		m.push(r)
	case "random":
		m.random = m.random*1103515245 + 12345
		m.push(decimal.Int(int(m.random >> 1)))
	case "read":
		return m.readNumber()
	}
	return nil
}

// readNumber reads a number from standard input: the next word that is one.
func (m *machine) readNumber() error {
	neg := false
	for {
		t, err := m.in.next()
		switch {
		case err != nil:
			return err
		case t.kind == tokEOF:
			m.push(decimal.Number{})
			return nil
		case t.kind == '-':
			neg = true
		case t.kind == tokNumber:
			n, _ := decimal.Parse(t.text, m.ibase)
			if neg {
				n = n.Neg()
			}
			m.push(n)
			return nil
		}
	}
}

// print runs the instructions that print.
func (m *machine) print(i instr) error {
	switch i.op {
	case opShow:
		n := m.pop()
		m.last = n
		m.write(n.Text(m.obase))
		m.write("\n")
	case opPrint:
		n := m.pop()
		m.last = n
		m.write(n.Text(m.obase))
	case opText:
		m.write(i.text)
	case opLimits:
		m.write("BC_BASE_MAX     = 2147483647\nBC_DIM_MAX      = 16777215\nBC_SCALE_MAX    = 2147483647\n" +
			"BC_STRING_MAX   = 2147483647\nMAX Exponent    = 9223372036854775807\nNumber of vars  = 32767\n")
	}
	return nil
}

// write breaks lines that are too long.
func (m *machine) write(s string) {
	for i := range len(s) {
		if s[i] == '\n' {
			m.column = 0
		} else {
			m.column++
			if m.column == m.width-1 && m.width != 0 {
				io.WriteString(m.out, "\\\n")
				m.column = 1
			}
		}
		m.out.WriteByte(s[i])
	}
}
