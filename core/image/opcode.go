package image

// Opcodes as instr.op holds them: one byte as it is, those behind the prefixes
// 0xfc and 0xfd from opFC and opFD on.
const (
	opUnreachable  = 0x00
	opNop          = 0x01
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opElse         = 0x05
	opEnd          = 0x0b
	opBr           = 0x0c
	opBrIf         = 0x0d
	opBrTable      = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opCallIndirect = 0x11
	opDrop         = 0x1a
	opLocalGet     = 0x20
	opLocalSet     = 0x21
	opLocalTee     = 0x22
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opTableSet     = 0x26
	opMemoryGrow   = 0x40
	opI32Const     = 0x41
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opI32LtS       = 0x48
	opI64LtS       = 0x53
	opI32Add       = 0x6a
	opI32Sub       = 0x6b
	opI64Sub       = 0x7d
	opI64Shl       = 0x86
	opI64ShrU      = 0x88
	opI64ExtendU   = 0xad
	opRefNull      = 0xd0
	opRefFunc      = 0xd2

	opFC         = 0x100
	opMemoryInit = opFC + 8
	opDataDrop   = opFC + 9
	opMemoryCopy = opFC + 10
	opMemoryFill = opFC + 11
	opTableInit  = opFC + 12
	opElemDrop   = opFC + 13
	opTableCopy  = opFC + 14
	opTableGrow  = opFC + 15
	opTableFill  = opFC + 17

	opFD        = 0x200
	opV128Const = opFD + 12
)

// ValType is a value type by its code in the binary format.
type ValType byte

// The value types.
const (
	I32       ValType = 0x7f
	I64       ValType = 0x7e
	F32       ValType = 0x7d
	F64       ValType = 0x7c
	V128      ValType = 0x7b
	FuncRef   ValType = 0x70
	ExternRef ValType = 0x6f
)

const emptyBlock = 0x40

// String is the type's name in the text format.
func (t ValType) String() string {
	switch t {
	case I32:
		return "i32"
	case I64:
		return "i64"
	case F32:
		return "f32"
	case F64:
		return "f64"
	case V128:
		return "v128"
	case FuncRef:
		return "funcref"
	case ExternRef:
		return "externref"
	}
	return "?"
}

func (t ValType) isRef() bool { return t == FuncRef || t == ExternRef }

func (t ValType) valid() bool { return t.String() != "?" }

// imm is the form of an instruction's immediate operands.
type imm uint8

const (
	immBad imm = iota
	immNone
	immBlock     // block type
	immLabel     // label
	immBrTable   // vector of labels, default label
	immFunc      // function
	immIndirect  // type, table
	immLocal     // local
	immGlobal    // global
	immTable     // table
	immTable2    // table, table
	immElem      // element segment
	immElemTable // element segment, table
	immMem       // alignment, offset
	immMemLane   // alignment, offset, lane
	immZero      // memory, which is a zero byte
	immZero2     // memory, memory
	immData      // data segment
	immDataZero  // data segment, memory
	immI32       // signed 32 bits
	immI64       // signed 64 bits
	imm1         // that many bytes …
	imm4
	imm8
	imm16
	immRefType // reference type
	immTypes   // vector of value types
	immPrefix  // a second opcode
)

// plain is the table of one-byte opcodes.
var plain = func() (t [256]imm) {
	spans := []struct {
		from, to int
		imm      imm
	}{
		{0x00, 0x01, immNone}, {0x02, 0x04, immBlock}, {0x05, 0x05, immNone}, {0x0b, 0x0b, immNone},
		{0x0c, 0x0d, immLabel}, {0x0e, 0x0e, immBrTable}, {0x0f, 0x0f, immNone}, {0x10, 0x10, immFunc},
		{0x11, 0x11, immIndirect}, {0x1a, 0x1b, immNone}, {0x1c, 0x1c, immTypes}, {0x20, 0x22, immLocal},
		{0x23, 0x24, immGlobal}, {0x25, 0x26, immTable}, {0x28, 0x3e, immMem}, {0x3f, 0x40, immZero},
		{0x41, 0x41, immI32}, {0x42, 0x42, immI64}, {0x43, 0x43, imm4}, {0x44, 0x44, imm8},
		{0x45, 0xc4, immNone}, {0xd0, 0xd0, immRefType}, {0xd1, 0xd1, immNone}, {0xd2, 0xd2, immFunc},
		{0xfc, 0xfd, immPrefix},
	}
	for _, s := range spans {
		for op := s.from; op <= s.to; op++ {
			t[op] = s.imm
		}
	}
	return t
}()

// prefixFC is the table of opcodes behind 0xfc.
var prefixFC = [...]imm{
	immNone, immNone, immNone, immNone, immNone, immNone, immNone, immNone, // saturating conversions
	immDataZero, immData, immZero2, immZero, // memory.init, data.drop, memory.copy, memory.fill
	immElemTable, immElem, immTable2, // table.init, elem.drop, table.copy
	immTable, immTable, immTable, // table.grow, table.size, table.fill
}

// vector returns the form of an opcode behind 0xfd.
func vector(sub uint32) imm {
	switch {
	case sub <= 11, sub == 92, sub == 93:
		return immMem
	case sub == 12, sub == 13:
		return imm16
	case 21 <= sub && sub <= 34:
		return imm1
	case 84 <= sub && sub <= 91:
		return immMemLane
	case sub > 0xff:
		return immBad
	}
	switch sub {
	case 0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb,
		0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee:
		return immBad
	}
	return immNone
}

// refused names the feature that an unknown opcode belongs to, or is "".
func refused(op byte) string {
	switch op {
	case 0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f:
		return "exceptions are"
	case 0x12, 0x13:
		return "tail calls are"
	case 0x14, 0x15, 0xd4, 0xd5, 0xd6:
		return "typed function references are"
	case 0xd3, 0xfb:
		return "garbage collection is"
	case 0xfe:
		return "threads (atomic instructions) are"
	}
	return ""
}

// instr is one decoded instruction.
type instr struct {
	op      uint16
	at, end int    // where it lies in the code
	x, y    uint32 // its immediates: indices, a label, a block type's index, an i32
	// outer is the largest label of a br_table; x is how many it has.
	outer uint32
}

// next decodes the next instruction.
func (r *reader) next(in *instr) {
	in.at = r.pos
	op := r.byte()
	in.op = uint16(op)
	form := plain[op]
	if form == immPrefix {
		form = r.prefixed(op, in)
	}
	switch form {
	case immNone:
	case immBad:
		r.unknown(op)
	case immLabel, immFunc, immLocal, immGlobal, immTable, immElem, immData:
		in.x = r.u32()
	case immMem:
		r.memArg()
	case immI32:
		in.x = uint32(r.signed(32))
	case immI64:
		r.signed(64)
	default:
		r.rare(form, in)
	}
	in.end = r.pos
}

func (r *reader) prefixed(op byte, in *instr) imm {
	sub := r.u32()
	if op == 0xfc {
		if sub < uint32(len(prefixFC)) {
			in.op = opFC + uint16(sub)
			return prefixFC[sub]
		}
		return immBad
	}
	if form := vector(sub); form != immBad {
		in.op = opFD + uint16(sub)
		return form
	}
	if sub > 0xff {
		r.abort(unsupported("relaxed SIMD is"))
	}
	return immBad
}

func (r *reader) unknown(op byte) {
	if what := refused(op); what != "" && r.err == nil {
		r.abort(unsupported(what))
	}
	r.fail("illegal opcode")
}

// rare decodes the immediates of the forms that are seldom met.
func (r *reader) rare(form imm, in *instr) {
	switch form {
	case immBlock:
		r.blockType(in)
	case immBrTable:
		r.brTable(in)
	case immIndirect, immTable2, immElemTable:
		in.x, in.y = r.u32(), r.u32()
	case immMemLane:
		r.memArg()
		r.byte()
	case immZero:
		r.zero()
	case immZero2:
		r.zero()
		r.zero()
	case immDataZero:
		in.x = r.u32()
		r.zero()
	case immRefType:
		in.x = uint32(r.refType())
	case immTypes:
		for n := r.count(); n > 0; n-- {
			r.valType()
		}
	case imm1:
		r.byte()
	case imm4:
		r.take(4)
	case imm8:
		r.take(8)
	case imm16:
		r.take(16)
	}
}

func (r *reader) memArg() {
	if r.u32()&0x40 != 0 {
		r.abort(unsupported("multi-memory is"))
	}
	r.u32()
}

// zero reads the index of the one memory that there is.
func (r *reader) zero() {
	if r.byte() != 0 && r.err == nil {
		r.abort(unsupported("multi-memory is"))
	}
}

// noType is the x of a block whose type is not in the type section.
const noType = ^uint32(0)

func (r *reader) blockType(in *instr) {
	in.x = noType
	if t := r.signed(33); t >= 0 {
		in.x = uint32(t)
	} else if t < -64 || t != emptyBlock-0x80 && !ValType(t&0x7f).valid() {
		r.badType(byte(t & 0x7f))
	}
}

func (r *reader) brTable(in *instr) {
	in.x, in.outer = r.count(), 0
	for n := uint64(in.x) + 1; n > 0 && r.err == nil; n-- {
		in.outer = max(in.outer, r.u32())
	}
}

func (r *reader) valType() ValType {
	b := r.byte()
	if !ValType(b).valid() {
		r.badType(b)
	}
	return ValType(b)
}

func (r *reader) refType() ValType {
	b := r.byte()
	if !ValType(b).isRef() {
		r.badType(b)
	}
	return ValType(b)
}

func (r *reader) badType(b byte) {
	switch {
	case r.err != nil:
	case b == 0x69 || b == 0x74:
		r.abort(unsupported("exceptions are"))
	case b == 0x63 || b == 0x64:
		r.abort(unsupported("typed function references are"))
	case 0x6a <= b && b <= 0x6e || 0x71 <= b && b <= 0x73:
		r.abort(unsupported("garbage collection is"))
	default:
		r.fail("malformed type")
	}
}
