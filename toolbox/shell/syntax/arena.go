package syntax

// Arena is room for the nodes that parsers make. Most nodes are small, and an
// allocation costs more than to read what they stand for; so they are made
// many at a time. What has been handed out is never used again. The zero value
// is ready; one arena is for one goroutine at a time.
type Arena struct {
	words   []Word
	lits    []Lit
	quotes  []Quoted
	doubles []Double
	params  []Param
	assigns []Assign
	simples []Simple
	lists   []List
	parts   []Part
	args    []Arg
	items   []Item

	// Stacks on which lists are put together whose length is not known yet.
	someParts []Part
	someArgs  []Arg
	someItems []Item

	made int // how many times room was made
}

// chunk is how many nodes are made at a time, once the arena has shown that it
// is there for more than a few.
const chunk = 16

// more is how many nodes to make room for.
func (a *Arena) more() int {
	a.made++
	return min(a.made, chunk)
}

// Fill makes the room ahead, for an image.
func (a *Arena) Fill() {
	a.made = chunk
	a.words, a.lits, a.quotes = make([]Word, chunk), make([]Lit, chunk), make([]Quoted, chunk)
	a.doubles, a.params = make([]Double, chunk), make([]Param, chunk)
	a.assigns = make([]Assign, chunk/2)
	a.simples, a.lists = make([]Simple, chunk), make([]List, chunk)
	a.parts, a.args, a.items = make([]Part, 2*chunk), make([]Arg, 2*chunk), make([]Item, chunk)
	a.someParts, a.someArgs, a.someItems = make([]Part, 0, chunk), make([]Arg, 0, chunk), make([]Item, 0, chunk)
}

// one takes a node from the room.
func one[T any](a *Arena, room *[]T) *T {
	if len(*room) == 0 {
		*room = make([]T, a.more())
	}
	node := &(*room)[0]
	*room = (*room)[1:]
	return node
}

// settle takes what stands on a stack from mark on as a list of its own.
func settle[T any](a *Arena, room, stack *[]T, mark int) []T {
	made := (*stack)[mark:]
	n := len(made)
	if n == 0 {
		return nil
	}
	if len(*room) < n {
		*room = make([]T, max(n, 2*a.more()))
	}
	list := (*room)[:n:n]
	*room = (*room)[n:]
	copy(list, made)
	clear(made)
	*stack = (*stack)[:mark]
	return list
}

// newWord is a word that starts here.
func (p *Parser) newWord() *Word {
	w := one(p.room, &p.room.words)
	w.Line = p.line
	return w
}

func (p *Parser) newLit(text string) *Lit {
	l := one(p.room, &p.room.lits)
	l.Text = text
	return l
}
