/*
Package basenc encodes bytes as text in one of several ways, and decodes it.

	basenc --base64|--base64url|--base32|--base32hex|--base16|--base2msbf|--base2lsbf|--z85
	       [OPTION]... [FILE]

Without FILE, or for "-", it reads standard input.

	--base64              as base64
	--base64url           the same with - and _, for names and addresses
	--base32              as base32
	--base32hex           the same with 0-9 and A-V
	--base16              hexadecimal
	--base2msbf           bits, the high one of each byte first
	--base2lsbf           bits, the low one first
	--z85                 ZeroMQ's base 85; in groups of four bytes only
	-d, --decode          decode
	-i, --ignore-garbage  when decoding, pass over what is not in the alphabet
	-w, --wrap=COLS       break lines after COLS characters (76), 0 for no breaks
*/
package basenc

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"math/bits"

	"agentsandbox/toolbox/basenc"
	"agentsandbox/toolbox/tool"
)

const (
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"
	z85    = digits + lower + upper + ".-:+=^!/*?&<>()[]{}@%$#"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	return basenc.RunChoice(ctx, x, []basenc.Choice{
		{Option: "base64", Codec: basenc.Codec{Alphabet: upper + lower + digits + "+/", Chars: 4, Bytes: 3, Partial: true,
			Encode: base64.StdEncoding.AppendEncode}},
		{Option: "base64url", Codec: basenc.Codec{Alphabet: upper + lower + digits + "-_", Chars: 4, Bytes: 3, Partial: true,
			Encode: base64.URLEncoding.AppendEncode}},
		{Option: "base32", Codec: basenc.Codec{Alphabet: upper + "234567", Chars: 8, Bytes: 5,
			Encode: base32.StdEncoding.AppendEncode}},
		{Option: "base32hex", Codec: basenc.Codec{Alphabet: digits + upper[:22], Chars: 8, Bytes: 5,
			Encode: base32.HexEncoding.AppendEncode}},
		{Option: "base16", Codec: basenc.Codec{Alphabet: digits + upper[:6], Chars: 2, Bytes: 1, Encode: encode16}},
		{Option: "base2msbf", Codec: basenc.Codec{Alphabet: "01", Chars: 8, Bytes: 1, Encode: encode2}},
		{Option: "base2lsbf", Codec: basenc.Codec{Alphabet: "01", Chars: 8, Bytes: 1, Encode: encode2Reversed, Decode: decode2Reversed}},
		{Option: "z85", Codec: basenc.Codec{Alphabet: z85, Chars: 5, Bytes: 4, Whole: true, Encode: encode85, Decode: decode85}},
	})
}

func encode16(dst, src []byte) []byte {
	for _, c := range src {
		dst = append(dst, "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
	}
	return dst
}

func encode2(dst, src []byte) []byte {
	for _, c := range src {
		for i := 7; i >= 0; i-- {
			dst = append(dst, '0'+c>>i&1)
		}
	}
	return dst
}

func encode2Reversed(dst, src []byte) []byte {
	for _, c := range src {
		dst = encode2(dst, []byte{bits.Reverse8(c)})
	}
	return dst
}

func decode2Reversed(dst, values []byte) ([]byte, bool) {
	var c byte
	for i, v := range values {
		c |= v << i
	}
	return append(dst, c), true
}

func encode85(dst, src []byte) []byte {
	for ; len(src) >= 4; src = src[4:] {
		v := binary.BigEndian.Uint32(src)
		for power := uint32(85 * 85 * 85 * 85); power > 0; power /= 85 {
			dst = append(dst, z85[v/power%85])
		}
	}
	return dst
}

func decode85(dst, values []byte) ([]byte, bool) {
	v := uint64(0)
	for _, d := range values {
		v = v*85 + uint64(d)
	}
	return binary.BigEndian.AppendUint32(dst, uint32(v)), v <= 1<<32-1
}
