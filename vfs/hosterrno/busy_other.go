//go:build !unix && !windows && !plan9

package hosterrno

import "syscall"

// textBusy is not in package syscall everywhere.
const textBusy = syscall.Errno(26)
