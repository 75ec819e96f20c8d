package regex

import (
	"slices"
	"unicode/utf8"
)

// nodeOp is the kind of a node of the tree.
type nodeOp uint8

const (
	nEmpty  nodeOp = iota
	nSet           // one character of set
	nCat           // subs in order
	nAlt           // one of subs
	nRepeat        // sub[0], min to max times
	nGroup         // sub[0], remembered as group n
	nRef           // what group n matched
	nAssert        // assertion n
	nLook          // sub[0] matches ahead or behind, or does not
	nAtomic        // sub[0], its first match only
	nKeep          // \K: the match starts here
	nFail          // matches nothing
)

// node is one node of the tree of a pattern.
type node struct {
	op       nodeOp
	sub      []*node
	set      set
	min, max int // max < 0: no limit
	n        int // group or assertion
	lazy     bool
	fold     bool // nRef: either case
	behind   bool // nLook
	negate   bool // nLook
}

// The assertions: what must stand left and right of a place.
const (
	beginText = iota
	endText
	endTextNewline // the end, or before a newline that ends the text
	beginLine
	endLine
	wordEdge
	notWordEdge
	wordStart
	wordEnd
	notWordBefore
	notWordAfter
)

func assertion(kind int) *node { return &node{op: nAssert, n: kind} }

func empty() *node { return &node{op: nEmpty} }

func one(s set) *node { return &node{op: nSet, set: s} }

func concat(subs []*node) *node {
	switch len(subs) {
	case 0:
		return empty()
	case 1:
		return subs[0]
	}
	return &node{op: nCat, sub: subs}
}

func alternate(subs []*node) *node {
	if len(subs) == 1 {
		return subs[0]
	}
	return &node{op: nAlt, sub: subs}
}

func repeat(n *node, min, max int, lazy bool) *node {
	return &node{op: nRepeat, sub: []*node{n}, min: min, max: max, lazy: lazy}
}

// hard reports whether the tree needs the backtracker.
func (n *node) hard() bool {
	switch n.op {
	case nRef, nLook, nAtomic:
		return true
	}
	return slices.ContainsFunc(n.sub, (*node).hard)
}

// keeps reports whether there is a \K in the tree.
func (n *node) keeps() bool {
	return n.op == nKeep || slices.ContainsFunc(n.sub, (*node).keeps)
}

// loosen returns a tree without hard nodes that matches all that n matches.
func (n *node) loosen() *node {
	groups := map[int]*node{}
	return n.loosened(groups)
}

func (n *node) loosened(groups map[int]*node) *node {
	switch n.op {
	case nLook, nKeep:
		return empty()
	case nAtomic:
		return n.sub[0].loosened(groups)
	case nRef:
		if g, ok := groups[n.n]; ok && !n.fold {
			return g
		}
		return repeat(one(anyByte()), 0, -1, false)
	}
	if len(n.sub) == 0 {
		return n
	}
	out := *n
	out.sub = make([]*node, len(n.sub))
	for i, sub := range n.sub {
		out.sub[i] = sub.loosened(groups)
	}
	if n.op == nGroup {
		groups[n.n] = out.sub[0]
		return out.sub[0]
	}
	return &out
}

// nullable reports whether the node can match nothing; where it is not known
// the answer is yes.
func (n *node) nullable() bool {
	switch n.op {
	case nSet, nFail:
		return false
	case nCat:
		for _, sub := range n.sub {
			if !sub.nullable() {
				return false
			}
		}
	case nAlt:
		return slices.ContainsFunc(n.sub, (*node).nullable)
	case nRepeat:
		return n.min == 0 || n.sub[0].nullable()
	case nGroup, nAtomic:
		return n.sub[0].nullable()
	}
	return true
}

// width returns how many characters the node matches, if that is always the
// same number.
func (n *node) width() (int, bool) {
	switch n.op {
	case nSet:
		return 1, true
	case nCat:
		total := 0
		for _, sub := range n.sub {
			w, ok := sub.width()
			if !ok {
				return 0, false
			}
			total += w
		}
		return total, true
	case nAlt:
		return sameWidth(n.sub)
	case nRepeat:
		w, ok := n.sub[0].width()
		return w * n.min, ok && n.min == n.max
	case nGroup, nAtomic:
		return n.sub[0].width()
	case nRef:
		return 0, false
	}
	return 0, true
}

// byteWidth returns how many bytes the node matches, if that is always the
// same number.
func (n *node) byteWidth() (int, bool) {
	switch n.op {
	case nSet:
		return 1, len(n.set) > 0 && (n.set[len(n.set)-1] < utf8.RuneSelf || n.set[0] >= rawByte)
	case nCat:
		total := 0
		for _, sub := range n.sub {
			w, ok := sub.byteWidth()
			if !ok {
				return 0, false
			}
			total += w
		}
		return total, true
	case nGroup:
		return n.sub[0].byteWidth()
	case nRepeat:
		w, ok := n.sub[0].byteWidth()
		return w * n.min, ok && n.min == n.max
	}
	return 0, false
}

func sameWidth(subs []*node) (int, bool) {
	width := -1
	for _, sub := range subs {
		w, ok := sub.width()
		if !ok || width >= 0 && w != width {
			return 0, false
		}
		width = w
	}
	return width, width >= 0
}
