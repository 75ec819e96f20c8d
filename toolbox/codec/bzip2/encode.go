package bzip2

import "slices"

const (
	groupSize = 50 // symbols that share a table
	passes    = 4  // over the tables, to fit them to their groups
	longest   = 17 // bits of a code
)

// encode writes the last column of a sorted block: moved to front, zeros
// counted, and then in Huffman codes, with a few tables to choose from.
func encode(w *bitWriter, last []byte) {
	used := writeAlphabet(w, last)
	symbols := moveToFront(last, used)
	end := len(used) + 1 // of the alphabet: two for runs, one each but the first, the end
	tables, selectors := fitTables(symbols, end+1)
	w.write(3, uint64(len(tables)))
	w.write(15, uint64(len(selectors)))
	writeSelectors(w, selectors, len(tables))
	for _, t := range tables {
		writeLengths(w, t)
	}
	codes := make([][]uint32, len(tables))
	for i, t := range tables {
		codes[i] = assign(t)
	}
	for i, s := range symbols {
		t := selectors[i/groupSize]
		w.write(uint(tables[t][s]), uint64(codes[t][s]))
	}
}

// writeAlphabet writes which bytes there are, and returns them in order.
func writeAlphabet(w *bitWriter, block []byte) []byte {
	var in [256]bool
	for _, c := range block {
		in[c] = true
	}
	var used []byte
	var rows [16]uint64
	var present uint64
	for c := range in {
		if in[c] {
			used = append(used, byte(c))
			rows[c/16] |= 1 << (15 - c%16)
			present |= 1 << (15 - c/16)
		}
	}
	w.write(16, present)
	for _, row := range rows {
		if row != 0 {
			w.write(16, row)
		}
	}
	return used
}

// moveToFront replaces each byte by how many others came since it last did.
// Zeros are written as their count, in digits 1 and 2 that are symbols 0 and 1;
// n is symbol n+1. The end of the block is the last symbol.
func moveToFront(block, used []byte) []uint16 {
	list := slices.Clone(used)
	symbols := make([]uint16, 0, len(block)/2+16)
	zeros := 0
	flush := func() {
		for ; zeros > 0; zeros = (zeros - 1) / 2 {
			symbols = append(symbols, uint16((zeros-1)&1))
		}
	}
	for _, c := range block {
		if list[0] == c {
			zeros++
			continue
		}
		flush()
		i := 1
		for list[i] != c {
			i++
		}
		copy(list[1:i+1], list[:i])
		list[0] = c
		symbols = append(symbols, uint16(i+1))
	}
	flush()
	return append(symbols, uint16(len(used)+1))
}

// fitTables makes tables of code lengths and chooses one for each group.
func fitTables(symbols []uint16, size int) (tables [][]uint8, selectors []uint8) {
	count := 6
	for i, below := range []int{200, 600, 1200, 2400} {
		if len(symbols) < below {
			count = i + 2
			break
		}
	}
	tables = firstTables(symbols, size, count)
	selectors = make([]uint8, (len(symbols)+groupSize-1)/groupSize)
	for range passes {
		freq := make([][]int, count)
		for t := range freq {
			freq[t] = make([]int, size)
		}
		for g := range selectors {
			group := symbols[g*groupSize : min((g+1)*groupSize, len(symbols))]
			selectors[g] = cheapest(tables, group)
			for _, s := range group {
				freq[selectors[g]][s]++
			}
		}
		for t := range tables {
			tables[t] = lengths(freq[t])
		}
	}
	return tables, selectors
}

// firstTables gives each table a range of symbols that are as frequent together
// as those of the others.
func firstTables(symbols []uint16, size, count int) [][]uint8 {
	freq := make([]int, size)
	for _, s := range symbols {
		freq[s]++
	}
	tables := make([][]uint8, count)
	left, from := len(symbols), 0
	for t := range tables {
		want, sum, to := left/(count-t), 0, from
		for to < size && (sum < want || to == from) {
			sum += freq[to]
			to++
		}
		tables[t] = make([]uint8, size)
		for s := range tables[t] {
			if s < from || s >= to {
				tables[t][s] = 15
			}
		}
		left -= sum
		from = to
	}
	return tables
}

func cheapest(tables [][]uint8, group []uint16) uint8 {
	best, bestCost := 0, 1<<30
	for t, table := range tables {
		cost := 0
		for _, s := range group {
			cost += int(table[s])
		}
		if cost < bestCost {
			best, bestCost = t, cost
		}
	}
	return uint8(best)
}

// writeSelectors writes the table of each group, moved to front, in unary.
func writeSelectors(w *bitWriter, selectors []uint8, count int) {
	list := []uint8{0, 1, 2, 3, 4, 5}[:count]
	for _, s := range selectors {
		i := slices.Index(list, s)
		copy(list[1:i+1], list[:i])
		list[0] = s
		w.write(uint(i+1), 1<<(i+1)-2)
	}
}

// writeLengths writes the lengths of a table, each as its difference.
func writeLengths(w *bitWriter, table []uint8) {
	at := table[0]
	w.write(5, uint64(at))
	for _, n := range table {
		for ; at < n; at++ {
			w.write(2, 2)
		}
		for ; at > n; at-- {
			w.write(2, 3)
		}
		w.write(1, 0)
	}
}

// assign gives each symbol its code: in order of length, then of symbols.
func assign(table []uint8) []uint32 {
	codes := make([]uint32, len(table))
	code := uint32(0)
	for n := uint8(1); n <= longest; n++ {
		for s, length := range table {
			if length == n {
				codes[s] = code
				code++
			}
		}
		code <<= 1
	}
	return codes
}

// lengths are the lengths of Huffman codes for symbols of these frequencies.
// One that never comes counts as if it did once.
func lengths(freq []int) []uint8 {
	weights := make([]int, len(freq))
	for s, n := range freq {
		weights[s] = max(n, 1)
	}
	for {
		out, ok := huffman(weights)
		if ok {
			return out
		}
		for s := range weights {
			weights[s] = weights[s]/2 + 1
		}
	}
}

// huffman builds the tree; ok is false if a code is too long.
func huffman(weights []int) (out []uint8, ok bool) {
	n := len(weights)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return weights[a] - weights[b] })
	// Two queues: the leaves in order, and the nodes, which come in order.
	total := make([]int, n, 2*n)
	copy(total, weights)
	parent := make([]int, 2*n)
	leaf, node := 0, n
	take := func() int {
		if leaf < n && (node >= len(total) || total[order[leaf]] <= total[node]) {
			leaf++
			return order[leaf-1]
		}
		node++
		return node - 1
	}
	for len(total) < 2*n-1 {
		a, b := take(), take()
		parent[a], parent[b] = len(total), len(total)
		total = append(total, total[a]+total[b])
	}
	depth := make([]uint8, len(total))
	for i := len(total) - 2; i >= 0; i-- {
		depth[i] = depth[parent[i]] + 1
		if depth[i] > longest {
			return nil, false
		}
	}
	return depth[:n], true
}
