/*
Package base32 encodes bytes as text in base 32, and decodes it.

	base32 [OPTION]... [FILE]

Without FILE, or for "-", it reads standard input.

	-d, --decode          decode
	-i, --ignore-garbage  when decoding, pass over what is not in the alphabet
	-w, --wrap=COLS       break lines after COLS characters (76), 0 for no breaks
*/
package base32

import (
	"context"
	"encoding/base32"

	"agentsandbox/toolbox/basenc"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	return basenc.Run(ctx, x, basenc.Codec{
		Alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
		Chars:    8,
		Bytes:    5,
		Encode:   base32.StdEncoding.AppendEncode,
	})
}
