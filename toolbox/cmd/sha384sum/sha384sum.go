/*
Package sha384sum writes SHA-384 checksums of files, or verifies them.

	sha384sum [OPTION]... [FILE]...

Without FILE, or for "-", it reads standard input.

	-b, --binary      mark the names with *
	-c, --check       read checksums from the FILEs and verify them
	    --tag         write lines in BSD style
	-t, --text        do not mark the names (the default)
	-z, --zero        end lines with NUL, and do not escape names

With -c:

	    --ignore-missing  pass over files that are not there
	    --quiet           do not write OK for each file
	    --status          write nothing; the exit status says it
	    --strict          fail on lines that are not well formed
	-w, --warn            report lines that are not well formed
*/
package sha384sum

import (
	"context"
	"crypto/sha512"

	"agentsandbox/toolbox/digest"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	return digest.Run(ctx, x, digest.Algorithm{Tag: "SHA384", Size: sha512.Size384, New: sha512.New384})
}
