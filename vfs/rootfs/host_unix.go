//go:build unix

package rootfs

import "syscall"

// nonBlocking keeps an open from waiting, and from taking over a terminal.
const nonBlocking = syscall.O_NONBLOCK | syscall.O_NOCTTY
