//go:build !unix && !plan9

package rootfs

import "syscall"

// nonBlocking keeps an open from waiting; nothing here would.
const nonBlocking = 0

// textBusy is not in package syscall everywhere.
const textBusy = syscall.Errno(26)
