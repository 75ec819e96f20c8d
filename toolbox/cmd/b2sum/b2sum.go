/*
Package b2sum writes BLAKE2b checksums of files, or verifies them.

	b2sum [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-b, --binary       mark the names with *
	-c, --check        read checksums from the FILEs and verify them
	-l, --length=BITS  the length of a sum, a multiple of 8 (512)
	    --tag          write lines in BSD style
	-t, --text         do not mark the names (the default)
	-z, --zero         end lines with NUL, and do not escape names

With -c:

	    --ignore-missing  pass over files that are not there
	    --quiet           do not write OK for each file
	    --status          write nothing; the exit status says it
	    --strict          fail on lines that are not well formed
	-w, --warn            report lines that are not well formed
*/
package b2sum

import (
	"context"
	"hash"
	"strconv"

	"agentsandbox/toolbox/digest"
	"agentsandbox/toolbox/digest/blake2b"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	a := sized(blake2b.Size)
	a.Sized = sized
	return digest.Run(ctx, x, a)
}

// sized is the algorithm whose sums have size bytes.
func sized(size int) digest.Algorithm {
	tag := "BLAKE2b"
	if size != blake2b.Size {
		tag += "-" + strconv.Itoa(8*size)
	}
	return digest.Algorithm{Tag: tag, Size: size, New: func() hash.Hash { return blake2b.New(size) }}
}
