/*
Package tr translates, squeezes and deletes bytes of standard input.

	tr [OPTION]... SET1 [SET2]

	-c, -C, --complement  use the complement of SET1
	-d, --delete          delete what is in SET1
	-s, --squeeze-repeats replace each run of a byte that is in the last SET by
	                      one of it
	-t, --truncate-set1   cut SET1 to the length of SET2 first

A SET is a string of bytes and of these:

	\NNN \\ \a \b \f \n \r \t \v
	              as in C
	A-B           all from A to B
	[A*N], [A*]   in SET2, N times A, or as many as SET1 needs
	[:CLASS:]     alnum, alpha, blank, cntrl, digit, graph, lower, print,
	              punct, space, upper, xdigit
	[=A=]         what is equivalent to A

SET2 is extended to the length of SET1 by its last byte.
*/
package tr

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/tool"
)

// options say what to do with the sets.
type options struct {
	complement, delete, squeeze, truncate bool
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, sets, err := parse(x)
	if err != nil {
		return err
	}
	p, err := o.plan(x, sets)
	if err != nil {
		return err
	}
	out := tool.WriteErrors(x.Stdout, "write error")
	err = tool.Blocks(ctx, x.Stdin, func(block []byte) error {
		_, err := out.Write(p.apply(block))
		return err
	})
	if tool.ReadFailed(err) {
		return x.Fail(1, "read error: %s", tool.ErrText(err))
	}
	return err
}

func parse(x *tool.Exec) (o options, sets []string, err error) {
	f := tool.NewFlags(x)
	f.Posix = true
	f.BoolVar(&o.complement, true, 'c', "complement")
	f.BoolVar(&o.complement, true, 'C', "")
	f.BoolVar(&o.delete, true, 'd', "delete")
	f.BoolVar(&o.squeeze, true, 's', "squeeze-repeats")
	f.BoolVar(&o.truncate, true, 't', "truncate-set1")
	sets, err = f.Parse()
	if err != nil {
		return o, nil, err
	}
	return o, sets, o.operands(x, sets)
}

// operands checks how many sets there are.
func (o *options) operands(x *tool.Exec, sets []string) error {
	least, most := 2, 2
	switch {
	case o.delete && !o.squeeze:
		least, most = 1, 1
	case o.squeeze && !o.delete:
		least = 1
	}
	hint := ""
	switch {
	case len(sets) == 0:
		x.Errorf("missing operand")
	case len(sets) < least:
		x.Errorf("missing operand after %s", tool.QuoteText(sets[len(sets)-1]))
		hint = "Two strings must be given when translating.\n"
		if o.delete {
			hint = "Two strings must be given when both deleting and squeezing repeats.\n"
		}
	case len(sets) > most:
		x.Errorf("extra operand %s", tool.QuoteText(sets[most]))
		if len(sets) == 2 {
			hint = "Only one string may be given when deleting without squeezing repeats.\n"
		}
	default:
		return nil
	}
	fmt.Fprintf(x.Stderr, "%sTry '%s --help' for more information.\n", hint, x.Name)
	return tool.Exit(1)
}

// plan is what happens to each byte: it is deleted, or translated and, where
// that repeats what was last written, squeezed.
type plan struct {
	translate bool
	deletes   *set
	squeezes  *set
	table     [256]byte
	last      int // byte that was written last, -1 for none
}

// apply changes a block in place and returns what is left of it.
func (p *plan) apply(block []byte) []byte {
	if p.translate {
		for i, c := range block {
			block[i] = p.table[c]
		}
	}
	if p.deletes != nil {
		n := 0
		for _, c := range block {
			block[n] = c
			if !p.deletes[c] {
				n++
			}
		}
		block = block[:n]
	}
	if p.squeezes != nil {
		block = p.squeeze(block)
	}
	return block
}

func (p *plan) squeeze(block []byte) []byte {
	n, last := 0, p.last
	for _, c := range block {
		if int(c) == last && p.squeezes[c] {
			continue
		}
		last = int(c)
		block[n] = c
		n++
	}
	p.last = last
	return block[:n]
}
