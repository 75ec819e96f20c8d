// The first byte of a kind, sixteen bytes at a time. Go's own for WebAssembly
// takes four.

#include "go_asm.h"
#include "textflag.h"

// ZEROS leaves on the stack the word x with its highest bit of a byte set where
// the byte was 0 (and perhaps in bytes above one that was).
#define ZEROS(x) \
	Get x \
	I64Const $0x0101010101010101 \
	I64Sub \
	Get x \
	I64Const $-1 \
	I64Xor \
	I64And \
	I64Const $-0x7f7f7f7f7f7f7f80 \
	I64And

// FIND looks for the byte R2 in the R1 bytes at R0, and leaves in R0 the address
// of the first, 0 if there is none. The word that is not whole is looked at as
// one that overlaps the last.
#define FIND \
	Get R2 \
	I64Const $0x0101010101010101 \
	I64Mul \
	Set R3 \
	Get R0 \
	Get R1 \
	I64Add \
	Set R4 \
	Block \
	Get R1 \
	I64Const $8 \
	I64LtU \
	If \
		Loop \
			Get R0 \
			Get R4 \
			I64Eq \
			If \
				I64Const $0 \
				Set R0 \
				Br $3 \
			End \
			Get R0 \
			I32WrapI64 \
			I64Load8U $0 \
			Get R2 \
			I64Eq \
			BrIf $2 \
			Get R0 \
			I64Const $1 \
			I64Add \
			Set R0 \
			Br $0 \
		End \
	End \
	Block \
		Get R4 \
		I64Const $16 \
		I64Sub \
		Set R5 \
		Loop \
			Get R0 \
			Get R5 \
			I64GtU \
			BrIf $1 \
			Get R0 \
			I32WrapI64 \
			I64Load $0 \
			Get R3 \
			I64Xor \
			Set R6 \
			Get R0 \
			I32WrapI64 \
			I64Load $8 \
			Get R3 \
			I64Xor \
			Set R7 \
			ZEROS(R6) \
			Set R6 \
			ZEROS(R7) \
			Set R7 \
			Get R6 \
			Get R7 \
			I64Or \
			I64Eqz \
			If \
				Get R0 \
				I64Const $16 \
				I64Add \
				Set R0 \
				Br $1 \
			End \
		End \
		Get R6 \
		I64Eqz \
		If \
			Get R0 \
			I64Const $8 \
			I64Add \
			Set R0 \
			Get R7 \
			Set R6 \
		End \
		Get R0 \
		Get R6 \
		I64Ctz \
		I64Const $3 \
		I64ShrU \
		I64Add \
		Set R0 \
		Br $1 \
	End \
	Loop \
		Get R0 \
		Get R4 \
		I64GeU \
		If \
			I64Const $0 \
			Set R0 \
			Br $2 \
		End \
		Get R0 \
		Get R4 \
		I64Const $8 \
		I64Sub \
		Tee R5 \
		Get R0 \
		Get R5 \
		I64LtU \
		Select \
		Tee R0 \
		I32WrapI64 \
		I64Load $0 \
		Get R3 \
		I64Xor \
		Set R6 \
		ZEROS(R6) \
		Tee R6 \
		I64Eqz \
		If \
			Get R0 \
			I64Const $8 \
			I64Add \
			Set R0 \
			Br $1 \
		End \
	End \
	Get R0 \
	Get R6 \
	I64Ctz \
	I64Const $3 \
	I64ShrU \
	I64Add \
	Set R0 \
	End

// func IndexByte(b []byte, c byte) int
TEXT ·IndexByte(SB), NOSPLIT, $0-40
	I64Load b_base+0(FP)
	Set R0
	I64Load b_len+8(FP)
	Set R1
	I64Load8U c+24(FP)
	Set R2
	FIND
	Get SP
	I64Const $-1
	Get R0
	I64Load b_base+0(FP)
	I64Sub
	Get R0
	I64Eqz
	Select
	I64Store ret+32(FP)
	RET

// func IndexByteString(s string, c byte) int
TEXT ·IndexByteString(SB), NOSPLIT, $0-32
	I64Load s_base+0(FP)
	Set R0
	I64Load s_len+8(FP)
	Set R1
	I64Load8U c+16(FP)
	Set R2
	FIND
	Get SP
	I64Const $-1
	Get R0
	I64Load s_base+0(FP)
	I64Sub
	Get R0
	I64Eqz
	Select
	I64Store ret+24(FP)
	RET
