/*
Package sha1sum writes SHA-1 checksums of files, or verifies them.

	sha1sum [OPTION]... [FILE]...

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
package sha1sum

import (
	"context"
	"crypto/sha1"

	"agentsandbox/toolbox/digest"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	return digest.Run(ctx, x, digest.Algorithm{Tag: "SHA1", Size: sha1.Size, New: sha1.New})
}
