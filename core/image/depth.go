package image

// The stack that a guest takes is counted at calls: those that close a circle in
// the call graph, indirect ones, and so many others that no chain of uncounted
// ones holds much. Each recursion goes through one that is counted.
//
// THREAT[M7] [EN-06] no frame is on the stack that was not counted, or bounded by chainBound.

// chainBound is how many bytes a chain of uncounted calls may hold.
const chainBound = 16 << 10

// frameBytes estimates what a call of a function takes of the stack. Compilers
// keep a place for each value that is alive across a call, which are as many as
// locals and code allow. With wazero's compiler and the toolbox it is between a
// fifth and thrice as much, and twice too much on average.
func (f *function) frameBytes() uint32 {
	const overhead = 32 // what is saved at each call
	return overhead + 8*f.locals + uint32(len(f.code)/2)
}

// callGraph knows which calls are counted.
type callGraph struct {
	first   []int32  // per function, where its calls begin in callee
	callee  []uint32 // the defined functions called, in order of the code
	counted []bool   // per call
	held    []uint32 // per function: what it and the uncounted calls that led to it hold
	at      int      // the next call that the planner will come to
}

// next reports whether the next call of a function is counted.
func (g *callGraph) next() bool {
	g.at++
	return g.counted[g.at-1]
}

// callGraph reads all calls and marks those that are to be counted.
func (m *Module) callGraph() *callGraph {
	g := &callGraph{first: make([]int32, 0, len(m.funcs)+1), held: make([]uint32, len(m.funcs))}
	var in instr
	for i := range m.funcs {
		g.first = append(g.first, int32(len(g.callee)))
		for r := (reader{buf: m.funcs[i].code}); !r.done(); {
			if r.next(&in); in.op == opCall {
				g.callee = append(g.callee, in.x-uint32(len(m.importedFuncs)))
			}
		}
	}
	g.first = append(g.first, int32(len(g.callee)))
	order := g.mark(len(m.funcs))
	for i := len(order) - 1; i >= 0; i-- {
		fn := order[i]
		g.held[fn] += m.funcs[fn].frameBytes()
		g.hold(fn)
	}
	return g
}

// hold hands on what is on the stack when a function calls, where the call is not
// counted. All calls that lead to the function without being counted were seen before.
func (g *callGraph) hold(fn int32) {
	n := uint32(len(g.held))
	for at := g.first[fn]; at < g.first[fn+1]; at++ {
		to := g.callee[at]
		switch {
		case to >= n: // imported
		case g.counted[at]:
		case g.held[fn] > chainBound:
			g.counted[at] = true
		default:
			g.held[to] = max(g.held[to], g.held[fn])
		}
	}
}

// mark counts the calls that close a circle. It walks the graph depth first,
// without recursion of its own, and returns the functions in the order in which it was
// done with them: each before those that call it, but for the circles.
func (g *callGraph) mark(n int) (order []int32) {
	const (
		open = 1
		done = 2
	)
	g.counted = make([]bool, len(g.callee))
	state := make([]byte, n)
	next := append([]int32(nil), g.first[:n]...) // the call to look at
	var path []int32
	for root := range n {
		if state[root] == 0 {
			state[root] = open
			path = append(path, int32(root))
		}
		for len(path) > 0 {
			fn := path[len(path)-1]
			at := next[fn]
			if at == g.first[fn+1] {
				state[fn] = done
				order = append(order, fn)
				path = path[:len(path)-1]
				continue
			}
			next[fn]++
			switch to := g.callee[at]; {
			case to >= uint32(n): // imported
			case state[to] == open:
				g.counted[at] = true
			case state[to] == 0:
				state[to] = open
				path = append(path, int32(to))
			}
		}
	}
	return order
}
