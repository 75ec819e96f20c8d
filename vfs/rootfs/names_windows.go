package rootfs

import (
	"strings"

	"agentsandbox/vfs"
)

// checkHostName refuses the characters that separate or qualify names on this
// system, so that one piece of a guest's name is one piece of the host's.
func checkHostName(name string) error {
	if strings.ContainsAny(name, `\:`) {
		return vfs.EILSEQ
	}
	return nil
}
