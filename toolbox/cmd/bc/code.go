package bc

// op is an instruction of the machine. What it takes is on the stack, what it
// gives, too.
type op int

const (
	opNumber      op = iota // push text, read in ibase
	opLoad                  // push variable n
	opStore                 // to variable n; the value stays
	opIndex                 // the top becomes an index of array n
	opLoadItem              // push the item of array n at the index, which stays
	opTakeItem              // the index becomes the item of array n
	opStoreItem             // index, value: the value stays
	opArray                 // push array n, for a call
	opLoadSpecial           // push scale, ibase, obase or last
	opStoreSpecial
	opDup
	opPop
	opSwap
	opBinary // operator n
	opRel    // text
	opNeg
	opNot
	opBool // 1 or 0
	opJump // to n
	opJumpFalse
	opJumpTrue
	opCall   // function text with n values
	opReturn // the top
	opBuiltin
	opShow  // print a number as a statement does
	opPrint // print a number
	opText  // print text as it is
	opHalt
	opLimits
)

type instr struct {
	op   op
	n    int
	text string
	at   int // where the instruction ends in the code of the original, which messages name
}

// code is a program: of a line, or of a function.
type code struct {
	list []instr
	at   int // where the next one starts, for messages
}

// emit adds an instruction that is size bytes long in the original's code.
func (c *code) emit(i instr, size int) int {
	c.at += size
	i.at = c.at
	c.list = append(c.list, i)
	return len(c.list) - 1
}

// land makes a jump lead to the next instruction.
func (c *code) land(jump int) { c.list[jump].n = len(c.list) }

// function is a function that was defined.
type function struct {
	params []param
	autos  []param
	code   code
	void   bool
}

// param is a parameter, or a local variable.
type param struct {
	name      int // of a variable, or an array
	array     bool
	reference bool
}
