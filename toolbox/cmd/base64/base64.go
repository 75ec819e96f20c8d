/*
Package base64 encodes bytes as text in base 64, and decodes it.

	base64 [OPTION]... [FILE]

Without FILE, or for "-", it reads standard input.

	-d, --decode          decode
	-i, --ignore-garbage  when decoding, pass over what is not in the alphabet
	-w, --wrap=COLS       break lines after COLS characters (76), 0 for no breaks
*/
package base64

import (
	"context"
	"encoding/base64"

	"agentsandbox/toolbox/basenc"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	return basenc.Run(ctx, x, basenc.Codec{
		Alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
		Chars:    4,
		Bytes:    3,
		Partial:  true,
		Encode:   base64.StdEncoding.AppendEncode,
	})
}
