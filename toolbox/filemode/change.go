package filemode

import "strings"

// Change is what chmod does to permissions: a number, or steps such as u+x.
type Change struct {
	steps []step
}

// step is one operator with what it works on.
type step struct {
	op        byte // + - =
	affected  Bits // whose bits; 0 where nobody is named: all, less the umask
	value     Bits
	mentioned Bits // bits of directories that are to change, too
	copies    bool // value is the bits to copy from
	ifAnyX    bool // X: x for directories and where there is one
}

// Parse reads a mode: octal, or a list such as u=rwx,go-w.
func Parse(s string) (Change, bool) {
	if bits, ok := octal(s); ok {
		mentioned := bits&setIDs | Sticky | 0o777
		if len(s) >= 5 {
			mentioned = all
		}
		return Change{[]step{{op: '=', affected: all, value: bits, mentioned: mentioned}}}, true
	}
	var c Change
	for clause := range strings.SplitSeq(s, ",") {
		if !c.clause(clause) {
			return Change{}, false
		}
	}
	return c, true
}

// Exactly is the change that sets bits.
func Exactly(b Bits) Change {
	return Change{[]step{{op: '=', affected: all, value: b, mentioned: all}}}
}

func octal(s string) (Bits, bool) {
	if s == "" {
		return 0, false
	}
	var b Bits
	for i := range len(s) {
		if s[i] < '0' || s[i] > '7' {
			return 0, false
		}
		if b = b<<3 | Bits(s[i]-'0'); b > all {
			return 0, false
		}
	}
	return b, true
}

// clause reads whom and then one or more operators with their permissions.
func (c *Change) clause(s string) bool {
	var affected Bits
	i := 0
	for ; i < len(s); i++ {
		who, ok := whoBits(s[i])
		if !ok {
			break
		}
		affected |= who
	}
	if i == len(s) {
		return false
	}
	for i < len(s) {
		op := s[i]
		if op != '+' && op != '-' && op != '=' {
			return false
		}
		n, ok := c.action(op, affected, s[i+1:])
		if !ok {
			return false
		}
		i += 1 + n
	}
	return true
}

func whoBits(c byte) (Bits, bool) {
	switch c {
	case 'u':
		return SetUID | 0o700, true
	case 'g':
		return SetGID | 0o070, true
	case 'o':
		return Sticky | 0o007, true
	case 'a':
		return all, true
	}
	return 0, false
}

// action reads what stands behind an operator, and returns its length.
func (c *Change) action(op byte, affected Bits, s string) (int, bool) {
	st := step{op: op, affected: affected}
	n := strings.IndexAny(s+"+", "+-=")
	word := s[:n]
	if bits, ok := octal(word); ok && affected == 0 && n == len(s) {
		st.affected, st.mentioned, st.value = all, all, bits
		c.steps = append(c.steps, st)
		return n, true
	}
	if len(word) == 1 && strings.Contains("ugo", word) {
		who, _ := whoBits(word[0])
		st.copies, st.value = true, who&0o777
	} else if !st.letters(word) {
		return 0, false
	}
	st.mentioned = st.value
	if affected != 0 {
		st.mentioned &= affected
	}
	c.steps = append(c.steps, st)
	return n, true
}

func (st *step) letters(word string) bool {
	for _, letter := range word {
		switch letter {
		case 'r':
			st.value |= allR
		case 'w':
			st.value |= allW
		case 'x':
			st.value |= allX
		case 'X':
			st.ifAnyX = true
		case 's':
			st.value |= setIDs
		case 't':
			st.value |= Sticky
		default:
			return false
		}
	}
	return true
}

// Apply returns what the change makes of old. umask counts for steps that name
// nobody. A directory keeps its set-ID bits unless they are mentioned.
func (c Change) Apply(old Bits, dir bool, umask Bits) Bits {
	for _, st := range c.steps {
		old = st.apply(old, dir, umask)
	}
	return old
}

func (st step) apply(old Bits, dir bool, umask Bits) Bits {
	var omit Bits
	if dir {
		omit = setIDs &^ st.mentioned
	}
	value := st.value
	if st.copies {
		value = spread(value & old)
	}
	if st.ifAnyX && (dir || old&allX != 0) {
		value |= allX
	}
	mask := ^umask
	if st.affected != 0 {
		mask = st.affected
	}
	value &= mask &^ omit
	switch st.op {
	case '+':
		return old | value
	case '-':
		return old &^ value
	}
	keep := omit
	if st.affected != 0 {
		keep |= ^st.affected
	}
	return old&keep | value
}

// spread gives everybody what somebody has.
func spread(b Bits) Bits {
	var out Bits
	for _, each := range []Bits{allR, allW, allX} {
		if b&each != 0 {
			out |= each
		}
	}
	return out
}
