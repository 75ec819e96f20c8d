package memfs

import (
	"cmp"
	"iter"
	"slices"
)

// fanout is the most keys that a node of a tree holds.
const fanout = 32

// tree is an ordered map, a B+tree that is copied where it is written: set and
// del change in place the nodes that bear the given mark and copy the others.
// A copy of the struct is a copy of the map, as long as no node bears the mark
// of two writers. Nodes go when they are empty, and are not merged before;
// they give back memory as they shrink.
type tree[K cmp.Ordered, V any] struct {
	root *branch[K, V]
	len  int
}

// branch is a node of a tree. keys[i] belongs to vals[i] in a leaf, else it is
// a lower bound of the keys below kids[i].
type branch[K cmp.Ordered, V any] struct {
	mark *mark
	keys []K
	vals []V
	kids []*branch[K, V]
}

func (t *tree[K, V]) get(k K) (v V, ok bool) {
	b := t.root
	if b == nil {
		return v, false
	}
	for b.kids != nil {
		b = b.kids[b.below(k)]
	}
	i, ok := slices.BinarySearch(b.keys, k)
	if ok {
		v = b.vals[i]
	}
	return v, ok
}

// last returns the greatest key.
func (t *tree[K, V]) last() (k K, ok bool) {
	b := t.root
	if b == nil {
		return k, false
	}
	for b.kids != nil {
		b = b.kids[len(b.kids)-1]
	}
	return b.keys[len(b.keys)-1], true
}

// all yields the entries in the order of their keys.
func (t *tree[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		if t.root != nil {
			t.root.each(yield)
		}
	}
}

func (t *tree[K, V]) set(m *mark, k K, v V) {
	if t.root == nil {
		t.root = &branch[K, V]{mark: m}
	}
	t.root = t.root.own(m)
	if t.root.set(m, k, v) {
		t.len++
	}
	if right := t.root.split(); right != nil {
		left := t.root
		t.root = &branch[K, V]{
			mark: m,
			keys: []K{left.keys[0], right.keys[0]},
			kids: []*branch[K, V]{left, right},
		}
	}
}

func (t *tree[K, V]) del(m *mark, k K) {
	if _, ok := t.get(k); !ok {
		return
	}
	t.len--
	t.root = t.root.own(m)
	t.root.del(m, k)
	for len(t.root.kids) == 1 {
		t.root = t.root.kids[0]
	}
	if len(t.root.keys) == 0 {
		t.root = nil
	}
}

// own returns the branch itself if it bears the mark, else a copy that does.
func (b *branch[K, V]) own(m *mark) *branch[K, V] {
	if b.mark == m {
		return b
	}
	return &branch[K, V]{m, slices.Clone(b.keys), slices.Clone(b.vals), slices.Clone(b.kids)}
}

// below returns the index of the kid that k belongs to: the first one for a
// key that is less than all.
func (b *branch[K, V]) below(k K) int {
	i, ok := slices.BinarySearch(b.keys, k)
	if !ok {
		i--
	}
	return max(i, 0)
}

func (b *branch[K, V]) each(yield func(K, V) bool) bool {
	for i, v := range b.vals {
		if !yield(b.keys[i], v) {
			return false
		}
	}
	for _, kid := range b.kids {
		if !kid.each(yield) {
			return false
		}
	}
	return true
}

// set stores below b, which the caller owns, and reports whether k is new.
func (b *branch[K, V]) set(m *mark, k K, v V) bool {
	if b.kids == nil {
		i, ok := slices.BinarySearch(b.keys, k)
		if ok {
			b.vals[i] = v
			return false
		}
		b.keys = slices.Insert(b.keys, i, k)
		b.vals = slices.Insert(b.vals, i, v)
		return true
	}
	i := b.below(k)
	b.keys[i] = min(b.keys[i], k)
	kid := b.kids[i].own(m)
	b.kids[i] = kid
	added := kid.set(m, k, v)
	if right := kid.split(); right != nil {
		b.keys = slices.Insert(b.keys, i+1, right.keys[0])
		b.kids = slices.Insert(b.kids, i+1, right)
	}
	return added
}

// split moves the upper half of an overfull branch to a new one, or returns nil.
func (b *branch[K, V]) split() *branch[K, V] {
	if len(b.keys) <= fanout {
		return nil
	}
	right := &branch[K, V]{mark: b.mark}
	b.keys, right.keys = halve(b.keys)
	b.vals, right.vals = halve(b.vals)
	b.kids, right.kids = halve(b.kids)
	return right
}

// del removes a key that is there from below b, which the caller owns.
func (b *branch[K, V]) del(m *mark, k K) {
	if b.kids == nil {
		i, _ := slices.BinarySearch(b.keys, k)
		b.keys = cut(b.keys, i)
		b.vals = cut(b.vals, i)
		return
	}
	i := b.below(k)
	kid := b.kids[i].own(m)
	b.kids[i] = kid
	kid.del(m, k)
	if len(kid.keys) == 0 {
		b.keys = cut(b.keys, i)
		b.kids = cut(b.kids, i)
	}
}

// halve splits a slice in two that share no memory; nil stays nil.
func halve[T any](s []T) (left, right []T) {
	if s == nil {
		return nil, nil
	}
	mid := len(s) / 2
	right = slices.Clone(s[mid:])
	clear(s[mid:])
	return s[:mid], right
}

// cut removes one element, and memory when most of it is unused.
func cut[T any](s []T, i int) []T {
	s = slices.Delete(s, i, i+1)
	if len(s) < cap(s)/4 {
		return slices.Clone(s)
	}
	return s
}
