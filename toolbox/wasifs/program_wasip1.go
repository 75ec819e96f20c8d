package wasifs

import "unsafe"

// Args asks the host for the arguments, which os.Args may have from another
// run: that of the image that the program was started from.
func Args() []string { return new(List).Args() }

// Environ asks the host for the environment, for the same reason.
func Environ() []string { return new(List).Environ() }

// List is room for a list of strings that the host tells. The zero value has
// none and makes it.
type List struct {
	ptrs []uint32
	buf  []byte
	out  []string
}

// NewList makes room for count strings of size bytes together, an end each.
func NewList(count, size int) List {
	return List{make([]uint32, count), make([]byte, size), make([]string, 0, count)}
}

// Args asks for the arguments. The strings stand in the list's room: they hold
// until it is used again.
func (l *List) Args() []string { return l.ask(argsSizesGet, argsGet) }

// Environ asks for the environment, as Args does.
func (l *List) Environ() []string { return l.ask(environSizesGet, environGet) }

// ask asks how many strings there are and how long they are, and then for all.
func (l *List) ask(sizes func(count, size *uint32) uint32, get func(ptrs, buf unsafe.Pointer) uint32) []string {
	var count, size uint32
	if sizes(&count, &size) != 0 || count == 0 {
		return nil
	}
	if int(count) > len(l.ptrs) {
		l.ptrs, l.out = make([]uint32, count), make([]string, 0, count)
	}
	if int(size) > len(l.buf) {
		l.buf = make([]byte, size)
	}
	if get(unsafe.Pointer(&l.ptrs[0]), unsafe.Pointer(&l.buf[0])) != 0 {
		return nil
	}
	l.out = l.out[:0]
	start := uint32(0)
	for i := range count {
		end := size
		if i+1 < count {
			end = l.ptrs[i+1] - l.ptrs[0]
		}
		l.out = append(l.out, unsafe.String(&l.buf[start], end-start-1))
		start = end
	}
	return l.out
}
