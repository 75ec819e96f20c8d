//go:build !unix

package rootfs

// nonBlocking keeps an open from waiting; nothing here would.
const nonBlocking = 0
