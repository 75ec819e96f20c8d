package awk

import (
	"math"
	"strings"
)

// builtin is a function of awk.
type builtin struct {
	name     string
	min, max int
	arrays   uint // bits: which arguments must be arrays
	call     func(m *machine, args []expr) value
}

func (e *builtinExpr) eval(m *machine) value {
	if m.err != nil {
		return value{}
	}
	m.line = e.line
	return e.b.call(m, e.args)
}
func (e *builtinExpr) num(m *machine) float64 { v := e.eval(m); return v.toNum() }
func (e *builtinExpr) cond(m *machine) bool   { v := e.eval(m); return v.isTrue() }

// math1 is a function of one number.
func math1(f func(float64) float64) func(*machine, []expr) value {
	return func(m *machine, args []expr) value { return num(f(args[0].num(m))) }
}

// warned is math1 for a function that does not take negative numbers.
func warned(name string, f func(float64) float64) func(*machine, []expr) value {
	return func(m *machine, args []expr) value {
		x := args[0].num(m)
		if x < 0 {
			m.warn("%s: received negative argument %s", name, numText(x, "%.6g"))
			return num(math.Copysign(math.NaN(), -1))
		}
		return num(f(x))
	}
}

// bExp warns of what is too large or too small for a number.
func bExp(m *machine, args []expr) value {
	x := args[0].num(m)
	r := math.Exp(x)
	if !math.IsInf(x, 0) && (math.IsInf(r, 0) || r == 0) {
		m.warn("exp: argument %s is out of range", numText(x, "%.6g"))
	}
	return num(r)
}

// strArg is an argument as a string, "" if it is not there.
func (m *machine) strArg(args []expr, i int) string {
	if i >= len(args) {
		return ""
	}
	v := args[i].eval(m)
	return m.text(v)
}

func bLength(m *machine, args []expr) value {
	if len(args) == 0 {
		return num(float64(m.length(m.whole())))
	}
	if n, ok := m.arrayLength(args[0]); ok {
		return num(float64(n))
	}
	v := args[0].eval(m)
	return num(float64(m.length(m.text(v))))
}

// arrayLength is the number of elements, if the argument is an array.
func (m *machine) arrayLength(x expr) (int, bool) {
	var a *array
	switch e := x.(type) {
	case *globalVar:
		if v := &m.globals[e.at]; v.isArray() {
			a = v.array()
		}
	case *localVar:
		if v := &m.frame[e.at]; v.isArray() {
			a = v.array()
		}
	case *indexExpr:
		if c := e.arr.array(m).cells[m.key(e.sub)]; c != nil {
			a = c.arr
		}
	}
	if a == nil {
		return 0, false
	}
	return len(a.cells), true
}

func bSubstr(m *machine, args []expr) value {
	s := m.strArg(args, 0)
	// gawk cuts fractions off, and a start before the first character does not
	// shorten the result.
	start := math.Max(math.Trunc(args[1].num(m)), 1)
	length := math.Inf(1)
	if len(args) > 2 {
		length = math.Trunc(args[2].num(m))
	}
	if math.IsNaN(start) || !(length >= 1) || start > float64(len(s)) {
		return str("")
	}
	if m.utf8 && !isASCII(s) {
		return str(m.substrChars(s, start, length))
	}
	from := int(start) - 1
	return str(s[from:int(math.Min(float64(len(s)), float64(from)+length))])
}

func (m *machine) substrChars(s string, start, length float64) string {
	s = m.after(s, int(start)-1)
	if length >= float64(len(s)) {
		return s
	}
	return s[:len(s)-len(m.after(s, int(length)))]
}

func bIndex(m *machine, args []expr) value {
	s, t := m.strArg(args, 0), m.strArg(args, 1)
	if m.fold {
		s, t = strings.ToLower(s), strings.ToLower(t)
	}
	at := strings.Index(s, t)
	if at < 0 {
		return num(0)
	}
	return num(float64(m.length(s[:at]) + 1))
}

func bToupper(m *machine, args []expr) value { return str(m.upper(m.strArg(args, 0))) }
func bTolower(m *machine, args []expr) value { return str(m.lower(m.strArg(args, 0))) }

func (m *machine) upper(s string) string {
	if !m.utf8 {
		return asciiUpper(s)
	}
	return mapValid(s, strings.ToUpper)
}

func (m *machine) lower(s string) string {
	if !m.utf8 {
		return asciiLower(s)
	}
	return mapValid(s, strings.ToLower)
}

// mapValid applies f to text that is valid UTF-8; stray bytes stay.
func mapValid(s string, f func(string) string) string {
	if strings.ToValidUTF8(s, "") == s {
		return f(s)
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteString(f(s[i : i+1]))
	}
	return b.String()
}

func asciiUpper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 0x20
		}
	}
	return string(b)
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = lower(c)
	}
	return string(b)
}

func bSprintf(m *machine, args []expr) value {
	b := m.formatArgs(args)
	m.bound(len(b))
	return str(string(b))
}

func bInt(m *machine, args []expr) value { return num(math.Trunc(args[0].num(m))) }

func bAtan2(m *machine, args []expr) value {
	y := args[0].num(m)
	return num(math.Atan2(y, args[1].num(m)))
}

func bRand(m *machine, _ []expr) value { return num(m.rand.float()) }

func bSrand(m *machine, args []expr) value {
	old := m.rand.seed
	if !m.rand.seeded {
		old = firstSeed
	}
	if len(args) == 0 {
		m.rand.seed = float64(m.x.Now().Unix())
	} else {
		m.rand.seed = args[0].num(m)
	}
	m.rand.reset(uint32(int64(m.rand.seed)))
	return num(old)
}

func bSystem(m *machine, args []expr) value {
	line := m.strArg(args, 0)
	m.flushAll()
	if m.err != nil || m.x.Spawn == nil {
		return num(-1)
	}
	x := *m.x
	x.Env = m.environ()
	status, err := m.x.Spawn(m.ctx, &x, []string{"sh", "-c", line})
	if err != nil && status == 0 {
		status = 127
	}
	m.fail(m.ctx.Err())
	return num(float64(status))
}

func bClose(m *machine, args []expr) value {
	return num(m.closeNamed(m.strArg(args, 0), m.strArg(args, 1)))
}

func bFflush(m *machine, args []expr) value {
	name := m.strArg(args, 0)
	if name == "" {
		m.flushAll()
		return num(0)
	}
	s := m.streams[streamKey(name, false, false)]
	if s == nil {
		s = m.streams["&"+name]
	}
	if s == nil || s.w == nil {
		return num(-1)
	}
	m.fail(s.w.Flush())
	return num(0)
}

func bIsarray(m *machine, args []expr) value {
	_, ok := m.arrayLength(args[0])
	return boolean(ok)
}

func bTypeof(m *machine, args []expr) value {
	if _, ok := m.arrayLength(args[0]); ok {
		return str("array")
	}
	fresh := false
	switch e := args[0].(type) {
	case *globalVar:
		fresh = m.globals[e.at].v.kind == unset
	case *localVar:
		fresh = m.frame[e.at].v.kind == unset
	}
	v := args[0].eval(m)
	switch v.kind {
	case number:
		return str("number")
	case regexK:
		return str("regexp")
	case input:
		if _, ok := v.numeric(); ok {
			return str("strnum")
		}
	case unset, missing:
		if fresh {
			return str("untyped")
		}
		return str("unassigned")
	}
	return str("string")
}

// bits64 is a number as the bit functions take it.
func (m *machine) bits64(name string, x expr) uint64 {
	f := x.num(m)
	if f < 0 {
		m.fatal("%s: argument 1 negative value %s is not allowed", name, numText(f, "%.6g"))
		return 0
	}
	return uint64(f)
}

func bitwise(name string, op func(a, b uint64) uint64) func(*machine, []expr) value {
	return func(m *machine, args []expr) value {
		v := m.bits64(name, args[0])
		for _, x := range args[1:] {
			v = op(v, m.bits64(name, x))
		}
		return num(float64(v))
	}
}

func bCompl(m *machine, args []expr) value {
	return num(float64(^m.bits64("compl", args[0]) & (1<<53 - 1)))
}

func bStrtonum(m *machine, args []expr) value {
	v := args[0].eval(m)
	if v.kind == number {
		return v
	}
	s := trimLeft(v.str)
	negative := strings.HasPrefix(s, "-")
	digits := strings.TrimLeft(s, "+-")
	if n, ok := sourceInteger(digits); ok && n > 0 {
		f := hexOrOctal(digits[:n])
		if negative {
			f = -f
		}
		return num(f)
	}
	return num(strNum(s))
}
