package wazero

import (
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// span is a range of memory, from and to in bytes.
type span struct{ from, to int }

const (
	// maxDirty is the most bytes that are copied back at a reset. To drop
	// everything is cheaper beyond, next reuse included.
	maxDirty = 1 << 20
	// maxSpans is how many ranges the kernel is asked for.
	maxSpans = 256
)

// pageScan is the argument of the ioctl PAGEMAP_SCAN (Linux 6.7, struct
// pm_scan_arg).
type pageScan struct {
	size, flags, start, end, walkEnd uint64
	vec, vecLen, maxPages            uint64
	inverted, mask, anyOf, result    uint64
}

// pageRegion is a range that the scan found.
type pageRegion struct{ start, end, categories uint64 }

// Categories of pages, and the number of the ioctl.
const (
	pageFile    = 1 << 2
	pagePresent = 1 << 3
	pageSwapped = 1 << 4
	pageZero    = 1 << 5

	pagemapScan = 0xc0606610
)

// pagemap is this process's own, opened once; nil where there is none.
var pagemap = sync.OnceValue(func() *os.File {
	f, err := os.Open("/proc/self/pagemap")
	if err != nil {
		return nil
	}
	return f
})

// dirtySpans finds the pages of a private mapping that were written since it was
// made or dropped: those that are no longer the file's. ok is false where the
// kernel can't tell, or where they are more than to be copied.
func dirtySpans(mem []byte) (spans []span, ok bool) {
	f := pagemap()
	if f == nil || len(mem) == 0 {
		return nil, false
	}
	var found [maxSpans]pageRegion
	base := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(mem))))
	scan := pageScan{
		start: base, end: base + uint64(len(mem)),
		vec: uint64(uintptr(unsafe.Pointer(&found[0]))), vecLen: maxSpans,
		// Neither of the file nor the shared page of zeros; in memory or swapped out.
		inverted: pageFile | pageZero, mask: pageFile | pageZero,
		anyOf: pagePresent | pageSwapped, result: pagePresent,
	}
	scan.size = uint64(unsafe.Sizeof(scan))
	n, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), pagemapScan, uintptr(unsafe.Pointer(&scan)))
	if errno != 0 || n == maxSpans {
		return nil, false
	}
	total := 0
	for _, r := range found[:n] {
		s := span{int(r.start - base), int(r.end - base)}
		if total += s.to - s.from; total > maxDirty {
			return nil, false
		}
		spans = append(spans, s)
	}
	return spans, true
}
