//go:build unix

package hosterrno

import "syscall"

// textBusy is not in package syscall everywhere.
const textBusy = syscall.ETXTBSY
