package bzip2

// sorter sorts the rotations of a block. It keeps its memory for the next one.
type sorter struct {
	order, rank, next []int32
	count             []int32
}

// transform is the transform of Burrows and Wheeler: the last byte of each
// rotation of the block, in their order, and where the block itself is. It
// sorts by prefixes that double in length, so that no input takes longer than
// n log n steps with a constant of a few passes.
func (s *sorter) transform(block []byte) (last []byte, start int) {
	n := len(block)
	s.room(n)
	order, rank, next := s.order[:n], s.rank[:n], s.next[:n]
	clear(s.count[:257])
	for _, c := range block {
		s.count[int(c)+1]++
	}
	for c := range 256 {
		s.count[c+1] += s.count[c]
	}
	first := s.count
	classes := int32(0)
	var class [256]int32
	for c := range 256 {
		class[c] = classes
		if first[c+1] > first[c] {
			classes++
		}
	}
	for i, c := range block {
		order[first[c]] = int32(i)
		first[c]++
		rank[i] = class[c]
	}
	for k := 1; k < n && int(classes) < n; k *= 2 {
		classes = s.double(order, rank, next, k, classes)
		rank, next = next, rank
	}
	last = make([]byte, n)
	for i, at := range order {
		if at == 0 {
			start = i
			at = int32(n)
		}
		last[i] = block[at-1]
	}
	return last, start
}

// double takes rotations that are sorted by their first k bytes, and sorts
// them by 2k. rank is the class of each by k bytes, next becomes that by 2k.
func (s *sorter) double(order, rank, next []int32, k int, classes int32) int32 {
	n := len(order)
	// Sorted by their second half: those k before, in the same order.
	shifted := next
	for i, at := range order {
		if at -= int32(k); at < 0 {
			at += int32(n)
		}
		shifted[i] = at
	}
	count := s.count[:classes+1]
	clear(count)
	for _, at := range shifted {
		count[rank[at]+1]++
	}
	for c := range classes {
		count[c+1] += count[c]
	}
	for _, at := range shifted {
		r := rank[at]
		order[count[r]] = at
		count[r]++
	}
	second := func(at int32) int32 {
		if at += int32(k); int(at) >= n {
			at -= int32(n)
		}
		return rank[at]
	}
	// next is free again.
	made := int32(0)
	next[order[0]] = 0
	for i := 1; i < n; i++ {
		a, b := order[i-1], order[i]
		if rank[a] != rank[b] || second(a) != second(b) {
			made++
		}
		next[b] = made
	}
	return made + 1
}

// room makes the tables large enough for n rotations.
func (s *sorter) room(n int) {
	if cap(s.order) < n {
		s.order, s.rank, s.next = make([]int32, n), make([]int32, n), make([]int32, n)
		s.count = make([]int32, max(n, 256)+2)
	}
}
