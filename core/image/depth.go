package image

// callGraph finds the calls that close a circle: each recursion goes through
// one of them or through an indirect call, so it is enough to count these.
type callGraph struct {
	first  []int32  // per function, where its calls begin in callee
	callee []uint32 // the defined functions called, in order of the code
	circle []bool   // per call: it leads back to a function that is being called
	at     int      // the next call that the planner will come to
}

// next reports whether the next call of a function closes a circle.
func (g *callGraph) next() bool {
	g.at++
	return g.circle[g.at-1]
}

// callGraph reads all calls and marks those that close a circle.
func (m *Module) callGraph() *callGraph {
	g := &callGraph{first: make([]int32, 0, len(m.funcs)+1)}
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
	g.mark(len(m.funcs))
	return g
}

// mark walks the graph depth first, without recursion of its own.
func (g *callGraph) mark(n int) {
	const (
		open = 1
		done = 2
	)
	g.circle = make([]bool, len(g.callee))
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
				path = path[:len(path)-1]
				continue
			}
			next[fn]++
			switch to := g.callee[at]; {
			case to >= uint32(n): // imported
			case state[to] == open:
				g.circle[at] = true
			case state[to] == 0:
				state[to] = open
				path = append(path, int32(to))
			}
		}
	}
}
