// Equality of memory, eight bytes at a time. Go's own for WebAssembly goes byte
// by byte, and every comparison of strings and every look into a map ends here.

#include "go_asm.h"
#include "textflag.h"

// func memequal(p, q unsafe.Pointer, size uintptr) bool
TEXT runtime·memequal(SB), NOSPLIT, $0-25
	Get SP
	I64Load a+0(FP)
	I64Load b+8(FP)
	I64Load size+16(FP)
	Call memeqbody<>(SB)
	I64Store8 ret+24(FP)
	RET

// func memequal_varlen(p, q unsafe.Pointer) bool
TEXT runtime·memequal_varlen(SB), NOSPLIT, $0-17
	Get SP
	I64Load a+0(FP)
	I64Load b+8(FP)
	I64Load 8(CTXT) // the closure holds the size there
	Call memeqbody<>(SB)
	I64Store8 ret+16(FP)
	RET

// memeqbody reports whether the R2 bytes at R0 and R1 are the same. What is no
// whole word is compared as a word that overlaps the last one.
TEXT memeqbody<>(SB), NOSPLIT, $0-0
	Get R0
	Get R1
	I64Eq
	If
		I64Const $1
		Return
	End

	Get R2
	I64Const $8
	I64GeU
	If
		// R2 is where the last word starts in R0's.
		Get R0
		Get R2
		I64Add
		I64Const $8
		I64Sub
		Set R2
		Block
			Loop
				Get R0
				Get R2
				I64GeU
				BrIf $1
				Get R0
				I32WrapI64
				I64Load $0
				Get R1
				I32WrapI64
				I64Load $0
				I64Ne
				If
					I64Const $0
					Return
				End
				Get R0
				I64Const $8
				I64Add
				Set R0
				Get R1
				I64Const $8
				I64Add
				Set R1
				Br $0
			End
		End
		Get R2
		I32WrapI64
		I64Load $0
		Get R2
		Get R0
		I64Sub
		Get R1
		I64Add
		I32WrapI64
		I64Load $0
		I64Eq
		I64ExtendI32U
		Return
	End

	Get R2
	I64Const $4
	I64GeU
	If
		// The first four bytes and the last four.
		Get R0
		I32WrapI64
		I64Load32U $0
		Get R1
		I32WrapI64
		I64Load32U $0
		I64Xor
		Get R0
		Get R2
		I64Add
		I32WrapI64
		I32Const $4
		I32Sub
		I64Load32U $0
		Get R1
		Get R2
		I64Add
		I32WrapI64
		I32Const $4
		I32Sub
		I64Load32U $0
		I64Xor
		I64Or
		I64Eqz
		I64ExtendI32U
		Return
	End

	Get R2
	I64Eqz
	If
		I64Const $1
		Return
	End
	// The first, the middle and the last of up to three.
	Get R0
	I32WrapI64
	I64Load8U $0
	Get R1
	I32WrapI64
	I64Load8U $0
	I64Xor
	Get R0
	Get R2
	I64Const $1
	I64ShrU
	I64Add
	I32WrapI64
	I64Load8U $0
	Get R1
	Get R2
	I64Const $1
	I64ShrU
	I64Add
	I32WrapI64
	I64Load8U $0
	I64Xor
	I64Or
	Get R0
	Get R2
	I64Add
	I32WrapI64
	I32Const $1
	I32Sub
	I64Load8U $0
	Get R1
	Get R2
	I64Add
	I32WrapI64
	I32Const $1
	I32Sub
	I64Load8U $0
	I64Xor
	I64Or
	I64Eqz
	I64ExtendI32U
	Return
