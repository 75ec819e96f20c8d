package shell

import "iter"

// varTable holds the visible bindings by name. It is a hash table of its own:
// a subshell copies it as a whole, which of a map of Go can't be done cheaply.
// The zero value is empty.
type varTable struct {
	slots []varSlot // a power of two of them, at most three quarters in use
	n     int
}

type varSlot struct {
	hash uint32
	v    *variable // nil for a free slot; its name is the key
}

// minSlots is what the table of a shell starts with.
const minSlots = 64

// hashName is the hash of a name (FNV-1a).
func hashName(name string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h
}

// get finds the binding of a name, nil if there is none.
func (t *varTable) get(name string) *variable {
	if t.n == 0 {
		return nil
	}
	hash := hashName(name)
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.v == nil {
			return nil
		}
		if s.hash == hash && s.v.name == name {
			return s.v
		}
	}
}

// put makes v the binding of its name.
func (t *varTable) put(v *variable) {
	if 4*(t.n+1) > 3*len(t.slots) {
		t.grow()
	}
	hash := hashName(v.name)
	mask := uint32(len(t.slots) - 1)
	i := hash & mask
	for t.slots[i].v != nil && (t.slots[i].hash != hash || t.slots[i].v.name != v.name) {
		i = (i + 1) & mask
	}
	if t.slots[i].v == nil {
		t.n++
	}
	t.slots[i] = varSlot{hash, v}
}

func (t *varTable) grow() {
	old := t.slots
	t.slots = make([]varSlot, max(minSlots, 2*len(old)))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.v == nil {
			continue
		}
		i := s.hash & mask
		for t.slots[i].v != nil {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

// drop removes the binding of a name. What stood behind it because of it moves
// up.
func (t *varTable) drop(name string) {
	if t.get(name) == nil {
		return
	}
	mask := uint32(len(t.slots) - 1)
	i := hashName(name) & mask
	for t.slots[i].v == nil || t.slots[i].v.name != name {
		i = (i + 1) & mask
	}
	t.n--
	for {
		t.slots[i] = varSlot{}
		j := i
		for {
			j = (j + 1) & mask
			s := t.slots[j]
			if s.v == nil {
				return
			}
			if home := s.hash & mask; (j-home)&mask >= (j-i)&mask {
				t.slots[i] = s
				break
			}
		}
		i = j
	}
}

// all yields the bindings in no order. The table must not change meanwhile.
func (t *varTable) all() iter.Seq[*variable] {
	return func(yield func(*variable) bool) {
		for _, s := range t.slots {
			if s.v != nil && !yield(s.v) {
				return
			}
		}
	}
}

// clone copies the table and all bindings for a subshell. Arrays are shared
// until one side changes them.
func (t *varTable) clone() varTable {
	out := varTable{slots: make([]varSlot, len(t.slots)), n: t.n}
	copy(out.slots, t.slots)
	slab := make([]variable, t.n)
	for i := range out.slots {
		v := out.slots[i].v
		if v == nil {
			continue
		}
		c := &slab[0]
		slab = slab[1:]
		*c = *v
		out.slots[i].v = c
		c.share()
		for c.outer != nil {
			o := *c.outer
			o.share()
			c.outer = &o
			c = &o
		}
	}
	return out
}

// share makes ready to share: the arrays are from now on copied before either
// side changes them.
func (v *variable) share() {
	v.grown = nil
	if v.arr != nil && !v.arr.shared {
		v.arr.shared = true
	}
	if v.assoc != nil && !v.assoc.shared {
		v.assoc.shared = true
	}
}
