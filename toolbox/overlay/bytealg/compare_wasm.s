// Order of memory, eight bytes at a time. Go's own for WebAssembly goes byte by
// byte.

#include "go_asm.h"
#include "textflag.h"

// func Compare(a, b []byte) int
TEXT ·Compare(SB), NOSPLIT, $0-56
	Get SP
	I64Load a_base+0(FP)
	I64Load a_len+8(FP)
	I64Load b_base+24(FP)
	I64Load b_len+32(FP)
	Call cmpbody<>(SB)
	I64Store ret+48(FP)
	RET

// func cmpstring(a, b string) int
TEXT runtime·cmpstring(SB), NOSPLIT, $0-40
	Get SP
	I64Load a_base+0(FP)
	I64Load a_len+8(FP)
	I64Load b_base+16(FP)
	I64Load b_len+24(FP)
	Call cmpbody<>(SB)
	I64Store ret+32(FP)
	RET

// cmpbody compares the R1 bytes at R0 with the R3 bytes at R2: -1, 0 or 1.
TEXT cmpbody<>(SB), NOSPLIT, $0-0
	// R4 is how many bytes are still to be compared.
	Get R1
	Get R3
	Get R1
	Get R3
	I64LtU
	Select
	Set R4

	Block
		Get R0
		Get R2
		I64Eq
		BrIf $0

		Block
			Loop
				Get R4
				I64Const $8
				I64LtU
				BrIf $1
				Get R0
				I32WrapI64
				I64Load $0
				Get R2
				I32WrapI64
				I64Load $0
				I64Xor
				Tee R5
				I64Eqz
				I32Eqz
				If
					// R5 becomes the shift that makes the first
					// byte that differs the lowest.
					Get R5
					I64Ctz
					I64Const $56
					I64And
					Set R5
					I64Const $-1
					I64Const $1
					Get R0
					I32WrapI64
					I64Load $0
					Get R5
					I64ShrU
					I64Const $255
					I64And
					Get R2
					I32WrapI64
					I64Load $0
					Get R5
					I64ShrU
					I64Const $255
					I64And
					I64LtU
					Select
					Return
				End
				Get R0
				I64Const $8
				I64Add
				Set R0
				Get R2
				I64Const $8
				I64Add
				Set R2
				Get R4
				I64Const $8
				I64Sub
				Set R4
				Br $0
			End
		End

		Loop
			Get R4
			I64Eqz
			BrIf $1
			Get R0
			I32WrapI64
			I64Load8U $0
			Get R2
			I32WrapI64
			I64Load8U $0
			I64Sub
			Tee R5
			I64Eqz
			I32Eqz
			If
				I64Const $-1
				I64Const $1
				Get R5
				I64Const $0
				I64LtS
				Select
				Return
			End
			Get R0
			I64Const $1
			I64Add
			Set R0
			Get R2
			I64Const $1
			I64Add
			Set R2
			Get R4
			I64Const $1
			I64Sub
			Set R4
			Br $0
		End
	End

	// One is the beginning of the other: the shorter is less.
	Get R1
	Get R3
	I64GtU
	I64ExtendI32U
	Get R1
	Get R3
	I64LtU
	I64ExtendI32U
	I64Sub
	Return
