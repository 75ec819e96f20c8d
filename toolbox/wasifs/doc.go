// Package wasifs is the file system, the standard streams, the arguments and
// the environment of a program that runs as a guest (GOOS=wasip1). On any other
// system the package is empty.
//
// It calls WASI preview 1 directly and not through package os, so that an errno
// stays what it is, permission bits arrive (the host shows st_mode where
// preview 1 has padding, and takes a mode through its module "sandbox"), and
// a read goes straight into the caller's buffer. All paths are looked up from
// the single preopen, descriptor 3, which is "/".
package wasifs
