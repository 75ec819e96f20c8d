package wazero

import (
	"encoding/binary"
	"os"
	"sync"
	"unsafe"
)

const (
	// lessons is how many runs the hot pages are learnt from.
	lessons = 16
	// maxHot is the most pages that are copied back at a reset.
	maxHot = 256
	// nearby is how many pages that are not hot may lie inside a span: to copy
	// them is cheaper than another system call.
	nearby = 3
)

// span is a range of memory, from and to in bytes.
type span struct{ from, to int }

// hotPages learns which pages of a module's memory most of its runs write.
type hotPages struct {
	mu      sync.Mutex
	learnt  int            // runs looked at; guarded by mu, as are the rest
	written map[int]uint16 // page to how many runs wrote it
	known   []span         // set once learnt is lessons
}

// spans returns the hot pages of a memory that a run has just left, in order.
// While there is more to learn it looks at what that run wrote.
func (h *hotPages) spans(mem []byte) []span {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.learnt < lessons {
		h.learn(mem)
	}
	return h.known
}

func (h *hotPages) learn(mem []byte) {
	pages, err := privatePages(mem)
	if err != nil {
		h.learnt = lessons // no pagemap here: everything is dropped
		return
	}
	if h.written == nil {
		h.written = map[int]uint16{}
	}
	for _, p := range pages {
		h.written[p]++
	}
	if h.learnt++; h.learnt == lessons {
		h.known = spansOf(h.written, len(mem)/os.Getpagesize())
		h.written = nil
	}
}

// spansOf joins the pages that half of the runs wrote into spans.
func spansOf(written map[int]uint16, pages int) []span {
	var out []span
	size := os.Getpagesize()
	count := 0
	for p := 0; p < pages && count < maxHot; p++ {
		if written[p] < lessons/2 {
			continue
		}
		if n := len(out); n > 0 && p*size-out[n-1].to <= nearby*size {
			count += p + 1 - out[n-1].to/size
			out[n-1].to = (p + 1) * size
			continue
		}
		count++
		out = append(out, span{p * size, (p + 1) * size})
	}
	return out
}

// Bits of an entry of /proc/self/pagemap.
const (
	pagePresent = 1 << 63
	pageOfFile  = 1 << 61
)

// privatePages lists the pages of mem that were written since they were mapped
// or dropped: the ones that are there and no longer the file's.
func privatePages(mem []byte) ([]int, error) {
	f, err := os.Open("/proc/self/pagemap")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := os.Getpagesize()
	entries := make([]byte, len(mem)/size*8)
	first := int64(uintptr(unsafe.Pointer(unsafe.SliceData(mem)))) / int64(size)
	if _, err := f.ReadAt(entries, first*8); err != nil {
		return nil, err
	}
	var pages []int
	for i := range len(mem) / size {
		e := binary.LittleEndian.Uint64(entries[i*8:])
		if e&pagePresent != 0 && e&pageOfFile == 0 {
			pages = append(pages, i)
		}
	}
	return pages, nil
}
