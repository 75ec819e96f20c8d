#include "textflag.h"

// LOW is the low bit of each byte, REST all bits but the high, HIGH the high bit.
#define LOW I64Const $0x0101010101010101
#define REST I64Const $0x7f7f7f7f7f7f7f7f
#define HIGH I64Const $-0x7f7f7f7f7f7f7f80

// OTHERS makes of a word on the stack one that has the high bit of each byte that is
// not 0, and nothing else; it uses tmp.
#define OTHERS(tmp) \
	Tee tmp \
	REST \
	I64And \
	REST \
	I64Add \
	Get tmp \
	I64Or \
	HIGH \
	I64And

// ZEROS makes of a word on the stack one that has the high bit of each byte that is
// 0, and perhaps of bytes above one that is; it uses tmp.
#define ZEROS(tmp) \
	Tee tmp \
	LOW \
	I64Sub \
	Get tmp \
	I64Const $-1 \
	I64Xor \
	I64And \
	HIGH \
	I64And

// COUNT adds to R3 how many of eight bytes are not those of R2.
#define COUNT(off) \
	Get PC_B \
	I64Load $off \
	Get R2 \
	I64Xor \
	OTHERS(R5) \
	I64Popcnt \
	Get R3 \
	I64Add \
	Set R3

// func count(b []byte, c byte) int
TEXT ·count(SB), NOSPLIT, $0-40
	I64Load b_base+0(FP)
	Set R0
	I64Load b_len+8(FP)
	Get R0
	I64Add
	Set R1
	I64Load8U c+24(FP)
	Set R4
	Get R4
	LOW
	I64Mul
	Set R2

	Block
		Get R1
		I64Const $32
		I64Sub
		Set R6
		Loop
			Get R0
			Get R6
			I64GtU
			BrIf $1
			Get R0
			I32WrapI64
			Set PC_B
			COUNT(24)
			COUNT(16)
			COUNT(8)
			COUNT(0)
			Get R0
			I64Const $32
			I64Add
			Set R0
			Br $0
		End
	End
	Block
		Loop
			Get R0
			Get R1
			I64GeU
			BrIf $1
			Get R0
			I32WrapI64
			I64Load8U $0
			Get R4
			I64Ne
			I64ExtendI32U
			Get R3
			I64Add
			Set R3
			Get R0
			I64Const $1
			I64Add
			Set R0
			Br $0
		End
	End

	Get SP
	I64Load b_len+8(FP)
	Get R3
	I64Sub
	I64Store ret+32(FP)
	RET

// func lastIndexByte(b []byte, c byte) int
TEXT ·lastIndexByte(SB), NOSPLIT, $0-40
	I64Load b_base+0(FP)
	Set R0
	I64Load b_len+8(FP)
	Get R0
	I64Add
	Set R1
	I64Load8U c+24(FP)
	Set R4
	Get R4
	LOW
	I64Mul
	Set R2

	// R1 is the end of what is still to be looked at.
	Block
		Get R0
		I64Const $8
		I64Add
		Set R6
		Loop
			Get R1
			Get R6
			I64LtU
			BrIf $1
			Get R1
			I32WrapI64
			I32Const $8
			I32Sub
			I64Load $0
			Get R2
			I64Xor
			OTHERS(R5)
			HIGH
			I64Xor
			Tee R5
			I64Eqz
			If
				Get R1
				I64Const $8
				I64Sub
				Set R1
				Br $1
			End
		End
		// The highest bit of R5 is the last byte that was found.
		Get SP
		Get R1
		Get R0
		I64Sub
		I64Const $1
		I64Sub
		Get R5
		I64Clz
		I64Const $3
		I64ShrU
		I64Sub
		I64Store ret+32(FP)
		RET
	End
	Block
		Loop
			Get R1
			Get R0
			I64LeU
			BrIf $1
			Get R1
			I64Const $1
			I64Sub
			Tee R1
			I32WrapI64
			I64Load8U $0
			Get R4
			I64Ne
			BrIf $0
		End
		Get SP
		Get R1
		Get R0
		I64Sub
		I64Store ret+32(FP)
		RET
	End
	Get SP
	I64Const $-1
	I64Store ret+32(FP)
	RET

// PAIR leaves what the words at both places have other than what is looked for.
#define PAIR(off) \
	Get PC_B \
	I64Load $off \
	Get R5 \
	I64And \
	Get R4 \
	I64Xor \
	Get R1 \
	I32WrapI64 \
	I64Load $off \
	Get R7 \
	I64And \
	Get R6 \
	I64Xor \
	I64Or

// func indexPair(b []byte, gap int, a, am, z, zm uint64) int
TEXT ·indexPair(SB), NOSPLIT, $0-72
	I64Load b_base+0(FP)
	Tee R0
	I64Load gap+24(FP)
	I64Add
	Set R1
	I64Load b_base+0(FP)
	I64Load b_len+8(FP)
	I64Add
	Set R2
	I64Load a+32(FP)
	Set R4
	I64Load am+40(FP)
	Set R5
	I64Load z+48(FP)
	Set R6
	I64Load zm+56(FP)
	Set R7

	Block
		Get R2
		I64Const $16
		I64Sub
		Set R3
		Loop
			Get R1
			Get R3
			I64GtU
			BrIf $1
			Get R0
			I32WrapI64
			Set PC_B
			PAIR(8)
			ZEROS(R9)
			Set R9
			PAIR(0)
			ZEROS(R8)
			Tee R8
			Get R9
			I64Or
			I64Eqz
			If
				Get R0
				I64Const $16
				I64Add
				Set R0
				Get R1
				I64Const $16
				I64Add
				Set R1
				Br $1
			End
		End
		Get R8
		I64Eqz
		If
			Get R0
			I64Const $8
			I64Add
			Set R0
			Get R9
			Set R8
		End
		Get SP
		Get R0
		Get R8
		I64Ctz
		I64Const $3
		I64ShrU
		I64Add
		I64Load b_base+0(FP)
		I64Sub
		I64Store ret+64(FP)
		RET
	End
	Block
		Get R1
		Get R2
		I64Const $8
		I64Sub
		I64GtU
		BrIf $0
		Get R0
		I32WrapI64
		Set PC_B
		PAIR(0)
		ZEROS(R8)
		Tee R8
		I64Eqz
		If
			Get R0
			I64Const $8
			I64Add
			Set R0
			Br $1
		End
		Get SP
		Get R0
		Get R8
		I64Ctz
		I64Const $3
		I64ShrU
		I64Add
		I64Load b_base+0(FP)
		I64Sub
		I64Store ret+64(FP)
		RET
	End
	Get SP
	Get R0
	I64Load b_base+0(FP)
	I64Sub
	I64Const $-1
	I64Xor
	I64Store ret+64(FP)
	RET

// LOOK leaves what the table has for a byte of the word R2.
#define LOOK(shift) \
	Get R2 \
	I64Const $shift \
	I64ShrU \
	I64Const $255 \
	I64And \
	Get R3 \
	I64Add \
	I32WrapI64 \
	I64Load8U $0

// func skip(t *Table, b []byte) int
TEXT ·skip(SB), NOSPLIT, $0-40
	I64Load t+0(FP)
	Set R3
	I64Load b_base+8(FP)
	Set R0
	I64Load b_len+16(FP)
	Get R0
	I64Add
	I64Const $8
	I64Sub
	Set R1

	Block
		Loop
			Get R0
			Get R1
			I64GtU
			BrIf $1
			Get R0
			I32WrapI64
			I64Load $0
			Set R2
			LOOK(0)
			LOOK(8)
			I64Or
			LOOK(16)
			LOOK(24)
			I64Or
			I64Or
			I64Eqz
			I32Eqz
			BrIf $1
			LOOK(32)
			LOOK(40)
			I64Or
			LOOK(48)
			LOOK(56)
			I64Or
			I64Or
			I64Eqz
			I32Eqz
			BrIf $1
			Get R0
			I64Const $8
			I64Add
			Set R0
			Br $0
		End
	End
	Get SP
	Get R0
	I64Load b_base+8(FP)
	I64Sub
	I64Store ret+32(FP)
	RET

// func translate(t *Table, dst, src []byte) int
TEXT ·translate(SB), NOSPLIT, $0-64
	I64Load t+0(FP)
	Set R3
	I64Load dst_base+8(FP)
	Set R4
	I64Load src_base+32(FP)
	Set R0
	I64Load src_len+40(FP)
	Get R0
	I64Add
	I64Const $8
	I64Sub
	Set R1

	Block
		Loop
			Get R0
			Get R1
			I64GtU
			BrIf $1
			Get R0
			I32WrapI64
			I64Load $0
			Set R2
			Get R4
			I32WrapI64
			LOOK(0)
			LOOK(8)
			I64Const $8
			I64Shl
			I64Or
			LOOK(16)
			I64Const $16
			I64Shl
			I64Or
			LOOK(24)
			I64Const $24
			I64Shl
			I64Or
			LOOK(32)
			I64Const $32
			I64Shl
			I64Or
			LOOK(40)
			I64Const $40
			I64Shl
			I64Or
			LOOK(48)
			I64Const $48
			I64Shl
			I64Or
			LOOK(56)
			I64Const $56
			I64Shl
			I64Or
			I64Store $0
			Get R0
			I64Const $8
			I64Add
			Set R0
			Get R4
			I64Const $8
			I64Add
			Set R4
			Br $0
		End
	End
	Get SP
	Get R0
	I64Load src_base+32(FP)
	I64Sub
	I64Store ret+56(FP)
	RET

// FROM leaves the high bit of each byte of the word R2, of ASCII, that is c or
// greater; plus is 0x80 - c in each byte.
#define FROM(plus) \
	Get R2 \
	I64Const $plus \
	I64Add

// BELOW makes of two words that FROM left what is in the first and not the second.
#define BELOW \
	I64Const $-1 \
	I64Xor \
	I64And

// func words(b []byte, within bool) (n, words, lines int, still bool)
TEXT ·words(SB), NOSPLIT, $0-57
	I64Load b_base+0(FP)
	Set R0
	I64Load b_len+8(FP)
	Get R0
	I64Add
	I64Const $8
	I64Sub
	Set R1
	I64Load8U within+24(FP)
	I64Const $7
	I64Shl
	Set R3

	Block
		Loop
			Get R0
			Get R1
			I64GtU
			BrIf $1
			Get R0
			I32WrapI64
			I64Load $0
			Set R2
			// R4: what prints.
			FROM(0x5f5f5f5f5f5f5f5f)
			FROM(0x0101010101010101)
			BELOW
			Tee R4
			// White space: tab to carriage return, and space.
			FROM(0x7777777777777777)
			FROM(0x7272727272727272)
			BELOW
			FROM(0x6060606060606060)
			FROM(0x5f5f5f5f5f5f5f5f)
			BELOW
			I64Or
			I64Or
			Get R2
			BELOW
			HIGH
			I64And
			HIGH
			I64Ne
			BrIf $1
			// R4 without what follows another that prints.
			Get R4
			HIGH
			I64And
			Tee R4
			Get R4
			I64Const $8
			I64Shl
			Get R3
			I64Or
			BELOW
			I64Popcnt
			Get R5
			I64Add
			Set R5
			Get R4
			I64Const $56
			I64ShrU
			Set R3
			FROM(0x7676767676767676)
			FROM(0x7575757575757575)
			BELOW
			HIGH
			I64And
			I64Popcnt
			Get R6
			I64Add
			Set R6
			Get R0
			I64Const $8
			I64Add
			Set R0
			Br $0
		End
	End
	Get SP
	Get R0
	I64Load b_base+0(FP)
	I64Sub
	I64Store n+32(FP)
	Get SP
	Get R5
	I64Store words+40(FP)
	Get SP
	Get R6
	I64Store lines+48(FP)
	Get SP
	Get R3
	I64Const $7
	I64ShrU
	I64Store8 still+56(FP)
	RET

// STEP goes one byte of the word R6 further: R4 is the state, an offset in the table
// at R2, and R3 where the classes are. It leaves with BrIf to label out before a
// transition that is none. shift is that which makes the byte an offset in the classes.
#define STEP(shift, out) \
	Get R6 \
	shift \
	I64Const $0x1fe \
	I64And \
	Get R3 \
	I64Add \
	I32WrapI64 \
	I64Load16U $0 \
	Get R2 \
	I64Add \
	Get R4 \
	I64Add \
	I32WrapI64 \
	I64Load32U $0 \
	Tee R5 \
	I64Const $0x40000000 \
	I64GeU \
	BrIf out \
	Get R5 \
	Set R4

#define RIGHT(n) \
	I64Const $n \
	I64ShrU

// LEFT is where a walk goes on behind STEP's label for the n-th byte.
#define LEFT(n, out) \
	Get R0 \
	I64Const $n \
	I64Add \
	Set R0 \
	Br out

// func walk(trans *uint32, classes *[256]uint16, s uint32, text []byte) (to uint32, n int)
TEXT ·walk(SB), NOSPLIT, $0-64
	I64Load trans+0(FP)
	Set R2
	I64Load classes+8(FP)
	Set R3
	I64Load32U s+16(FP)
	Set R4
	I64Load text_base+24(FP)
	Set R0
	I64Load text_len+32(FP)
	Get R0
	I64Add
	Set R1

	Block // the end
		Block // what is no whole word
			Get R1
			I64Const $8
			I64Sub
			Set R7
			Loop
				Get R0
				Get R7
				I64GtU
				BrIf $1
				Get R0
				I32WrapI64
				I64Load $0
				Set R6
				Block
				Block
				Block
				Block
				Block
				Block
				Block
				Block
					STEP(I64Const $1; I64Shl, $0)
					STEP(RIGHT(7), $1)
					STEP(RIGHT(15), $2)
					STEP(RIGHT(23), $3)
					STEP(RIGHT(31), $4)
					STEP(RIGHT(39), $5)
					STEP(RIGHT(47), $6)
					STEP(RIGHT(55), $7)
					LEFT(8, $8)
				End
				Br $9
				End
				LEFT(1, $8)
				End
				LEFT(2, $7)
				End
				LEFT(3, $6)
				End
				LEFT(4, $5)
				End
				LEFT(5, $4)
				End
				LEFT(6, $3)
				End
				LEFT(7, $2)
			End
		End
		Loop
			Get R0
			Get R1
			I64GeU
			BrIf $1
			Get R0
			I32WrapI64
			I64Load8U $0
			Set R6
			STEP(I64Const $1; I64Shl, $1)
			LEFT(1, $0)
		End
	End

	Get SP
	Get R4
	I64Store32 to+48(FP)
	Get SP
	Get R0
	I64Load text_base+24(FP)
	I64Sub
	I64Store n+56(FP)
	RET

// PLACES appends to the int32s at R2 the place in the text at R5 of each byte of the
// word at R0 whose high bit is set in R6.
#define PLACES \
	Get R6 \
	I64Eqz \
	I32Eqz \
	If \
		Loop \
			Get R2 \
			I32WrapI64 \
			Get R0 \
			Get R5 \
			I64Sub \
			Get R6 \
			I64Ctz \
			I64Const $3 \
			I64ShrU \
			I64Add \
			I64Store32 $0 \
			Get R2 \
			I64Const $4 \
			I64Add \
			Set R2 \
			Get R6 \
			Get R6 \
			I64Const $1 \
			I64Sub \
			I64And \
			Tee R6 \
			I64Eqz \
			I32Eqz \
			BrIf $0 \
		End \
	End

// func edges(text string, out []int32, within bool) (n, scanned int)
TEXT ·edges(SB), NOSPLIT, $0-64
	I64Load text_base+0(FP)
	Set R0
	Get R0
	Set R5
	I64Load text_len+8(FP)
	Get R0
	I64Add
	I64Const $8
	I64Sub
	Set R1
	I64Load out_base+16(FP)
	Set R2
	I64Load out_len+24(FP)
	I64Const $2
	I64Shl
	Get R2
	I64Add
	I64Const $32
	I64Sub
	Set R3
	I64Load8U within+40(FP)
	I64Const $7
	I64Shl
	Set R4

	Block
		Loop
			Get R0
			Get R1
			I64GtU
			Get R2
			Get R3
			I64GtU
			I32Or
			BrIf $1
			Get R0
			I32WrapI64
			I64Load $0
			Tee R7
			REST
			I64And
			Tee R8
			// Tab and newline, and space.
			I64Const $0x7777777777777777
			I64Add
			Get R8
			I64Const $0x7575757575757575
			I64Add
			BELOW
			Get R8
			I64Const $0x6060606060606060
			I64Add
			Get R8
			I64Const $0x5f5f5f5f5f5f5f5f
			I64Add
			BELOW
			I64Or
			Get R7
			BELOW
			HIGH
			I64And
			HIGH
			I64Xor
			Tee R7
			Get R7
			I64Const $8
			I64Shl
			Get R4
			I64Or
			I64Xor
			Set R6
			Get R7
			I64Const $56
			I64ShrU
			Set R4
			PLACES
			Get R0
			I64Const $8
			I64Add
			Set R0
			Br $0
		End
	End
	Get SP
	Get R2
	I64Load out_base+16(FP)
	I64Sub
	I64Const $2
	I64ShrU
	I64Store n+48(FP)
	Get SP
	Get R0
	Get R5
	I64Sub
	I64Store scanned+56(FP)
	RET

// func places(text string, c byte, out []int32) (n, scanned int)
TEXT ·places(SB), NOSPLIT, $0-64
	I64Load text_base+0(FP)
	Set R0
	Get R0
	Set R5
	I64Load text_len+8(FP)
	Get R0
	I64Add
	I64Const $8
	I64Sub
	Set R1
	I64Load8U c+16(FP)
	LOW
	I64Mul
	Set R4
	I64Load out_base+24(FP)
	Set R2
	I64Load out_len+32(FP)
	I64Const $2
	I64Shl
	Get R2
	I64Add
	I64Const $32
	I64Sub
	Set R3

	Block
		Loop
			Get R0
			Get R1
			I64GtU
			Get R2
			Get R3
			I64GtU
			I32Or
			BrIf $1
			Get R0
			I32WrapI64
			I64Load $0
			Get R4
			I64Xor
			OTHERS(R7)
			HIGH
			I64Xor
			Set R6
			PLACES
			Get R0
			I64Const $8
			I64Add
			Set R0
			Br $0
		End
	End
	Get SP
	Get R2
	I64Load out_base+24(FP)
	I64Sub
	I64Const $2
	I64ShrU
	I64Store n+48(FP)
	Get SP
	Get R0
	Get R5
	I64Sub
	I64Store scanned+56(FP)
	RET
