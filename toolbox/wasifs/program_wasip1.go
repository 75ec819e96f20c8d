package wasifs

import (
	"strings"
	"unsafe"
)

// Args asks the host for the arguments, which os.Args may have from another
// run: that of the image that the program was started from.
func Args() []string { return list(argsSizesGet, argsGet) }

// Environ asks the host for the environment, for the same reason.
func Environ() []string { return list(environSizesGet, environGet) }

// list asks for strings: how many and how long they are, and then for all.
// They share one buffer.
func list(sizes func(count, size *uint32) uint32, get func(ptrs, buf unsafe.Pointer) uint32) []string {
	var count, size uint32
	if sizes(&count, &size) != 0 || count == 0 {
		return nil
	}
	ptrs := make([]uint32, count)
	buf := make([]byte, size)
	if get(unsafe.Pointer(&ptrs[0]), unsafe.Pointer(&buf[0])) != 0 {
		return nil
	}
	out := make([]string, 0, count)
	for rest := unsafe.String(&buf[0], size); len(rest) > 0; {
		n := strings.IndexByte(rest, 0)
		if n < 0 {
			break
		}
		out = append(out, rest[:n])
		rest = rest[n+1:]
	}
	return out
}
