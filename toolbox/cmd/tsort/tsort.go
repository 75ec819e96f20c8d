/*
Package tsort sorts words so that each stands before those that it must precede.

	tsort [FILE]

FILE, or standard input, holds pairs of words: the first comes before the second.
*/
package tsort

import (
	"bufio"
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	names, err := f.Parse()
	switch {
	case err != nil:
		return err
	case len(names) > 1:
		return f.Errorf("extra operand %s", tool.Quote(names[1]))
	case len(names) == 0:
		names = []string{"-"}
	}
	in, shut, err := x.OpenInput(names[0])
	if err != nil {
		return x.Fail(1, "%s: %s", tool.QuoteFile(names[0]), tool.ErrText(err))
	}
	defer shut()
	data, err := io.ReadAll(io.LimitReader(in, tool.MaxHeld))
	if err != nil {
		return x.Fail(1, "%s: read error: %s", tool.QuoteFile(names[0]), tool.ErrText(err))
	}
	words := strings.Fields(string(data))
	if len(words)%2 != 0 {
		return x.Fail(1, "%s: input contains an odd number of tokens", tool.QuoteFile(names[0]))
	}
	g := newGraph(words)
	w := x.Writer()
	loops, err := g.sort(ctx, w, func(loop []string) {
		w.Flush()
		x.Errorf("%s: input contains a loop:", tool.QuoteFile(names[0]))
		for _, word := range loop {
			x.Errorf("%s", word)
		}
	})
	if ferr := w.Flush(); err == nil {
		err = ferr
	}
	if err == nil && loops {
		err = tool.Exit(1)
	}
	return err
}

// node is a word.
type node struct {
	word   string
	before int     // how many must come before it
	after  []*node // that come after it, the last pair first
	done   bool
	link   *node // the next of a chain of which each comes before the next
}

// graph holds the words that are left.
type graph struct {
	nodes []*node // in byte order
	left  int
}

func newGraph(words []string) *graph {
	byWord := map[string]*node{}
	find := func(word string) *node {
		n, ok := byWord[word]
		if !ok {
			n = &node{word: word}
			byWord[word] = n
		}
		return n
	}
	for i := 0; i < len(words); i += 2 {
		a, b := find(words[i]), find(words[i+1])
		if a != b {
			a.after = append(a.after, b)
			b.before++
		}
	}
	g := &graph{left: len(byWord)}
	for _, word := range slices.Sorted(maps.Keys(byWord)) {
		n := byWord[word]
		slices.Reverse(n.after)
		g.nodes = append(g.nodes, n)
	}
	return g
}

// sort writes the words. A loop is reported, and cut.
func (g *graph) sort(ctx context.Context, w *bufio.Writer, report func([]string)) (loops bool, err error) {
	for {
		if err := g.write(ctx, w); err != nil || g.left == 0 {
			return loops, err
		}
		loops = true
		report(g.cut())
	}
}

// write writes the words that nothing must precede, until there is none.
func (g *graph) write(ctx context.Context, w *bufio.Writer) error {
	var queue []*node
	for _, n := range g.nodes {
		if n.before == 0 && !n.done {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := queue[0]
		queue = queue[1:]
		w.WriteString(n.word)
		w.WriteByte('\n')
		n.done = true
		g.left--
		for _, next := range n.after {
			if next.before--; next.before == 0 {
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// cut finds a loop, takes the pair that closes it away, and returns its words.
// It goes from word to word that comes before, until it meets one again.
func (g *graph) cut() []string {
	var head *node // of the chain
	for {
		for _, n := range g.nodes {
			if n.before == 0 {
				continue
			}
			if head == nil {
				head = n
				continue
			}
			at := slices.Index(n.after, head)
			if at < 0 {
				continue
			}
			if n.link == nil {
				n.link, head = head, n
				continue
			}
			n.after = slices.Delete(n.after, at, at+1)
			head.before--
			return unlink(head, n)
		}
	}
}

// unlink takes a chain apart, and returns its words up to the last of its loop.
func unlink(head, last *node) (words []string) {
	open := true
	for head != nil {
		if open {
			words = append(words, head.word)
		}
		open = open && head != last
		next := head.link
		head.link = nil
		head = next
	}
	return words
}
