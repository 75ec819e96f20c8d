package dd

import (
	"fmt"
	"math"
	"strings"

	"agentsandbox/toolbox/tool"
)

const (
	defaultBlock = 512
	maxBlock     = 64 << 20 // bytes of one buffer; THREAT[SH-10]
)

// options are those of one run.
type options struct {
	ifile, ofile       string
	ibs, obs, cbs      int
	whole              bool  // a block is written as it was read
	count              int64 // blocks or bytes; -1 is all
	countBytes         bool
	skip, seek         int64 // bytes
	conv, iflag, oflag map[string]bool
	status             string
}

var (
	conversions = []string{"lcase", "ucase", "swab", "sync", "noerror", "notrunc", "excl", "nocreat", "sparse", "block", "unblock", "fsync", "fdatasync"}
	fileFlags   = []string{"append", "direct", "directory", "dsync", "sync", "fullblock", "nonblock", "noatime", "nocache", "noctty", "nofollow", "count_bytes", "skip_bytes", "seek_bytes"}
)

// number is a count with its unit: bytes where it was given with B.
type number struct {
	n     int64
	bytes bool
}

// parser reads the operands.
type parser struct {
	*options
	x                 *tool.Exec
	flags             *tool.Flags
	bs                int64
	ib, ob, cb        int64
	cnt, skips, seeks number
}

func parse(x *tool.Exec) (options, error) {
	o := options{count: -1, conv: map[string]bool{}, iflag: map[string]bool{}, oflag: map[string]bool{}}
	p := parser{options: &o, x: x, flags: tool.NewFlags(x), ib: defaultBlock, ob: defaultBlock, cnt: number{n: -1}}
	operands, err := p.flags.Parse()
	if err != nil {
		return o, err
	}
	for _, operand := range operands {
		name, value, ok := strings.Cut(operand, "=")
		if !ok {
			return o, p.flags.Errorf("unrecognized operand %s", tool.QuoteText(operand))
		}
		if err := p.operand(name, value, operand); err != nil {
			return o, err
		}
	}
	return o, p.settle()
}

func (p *parser) operand(name, value, operand string) (err error) {
	switch name {
	case "if":
		p.ifile = value
	case "of":
		p.ofile = value
	case "bs":
		p.bs, err = p.block(value)
	case "ibs":
		p.ib, err = p.block(value)
	case "obs":
		p.ob, err = p.block(value)
	case "cbs":
		p.cb, err = p.block(value)
	case "count":
		p.cnt, err = p.number(value)
	case "skip", "iseek":
		p.skips, err = p.number(value)
	case "seek", "oseek":
		p.seeks, err = p.number(value)
	case "conv":
		err = p.words(value, "conversion", conversions, p.conv)
	case "iflag":
		err = p.words(value, "input flag", fileFlags, p.iflag)
	case "oflag":
		err = p.words(value, "output flag", fileFlags, p.oflag)
	case "status":
		if value != "none" && value != "noxfer" && value != "progress" {
			return p.flags.Errorf("invalid status level: %s", tool.QuoteText(value))
		}
		p.status = value
	default:
		return p.flags.Errorf("unrecognized operand %s", tool.QuoteText(operand))
	}
	return err
}

func (p *parser) words(list, what string, known []string, set map[string]bool) error {
next:
	for word := range strings.SplitSeq(list, ",") {
		for _, k := range known {
			if word == k {
				set[word] = true
				continue next
			}
		}
		return p.flags.Errorf("invalid %s: %s", what, tool.QuoteText(word))
	}
	return nil
}

// number reads a number: factors with units and x between them.
func (p *parser) number(s string) (number, error) {
	product := number{n: 1}
	text := s
	if strings.HasSuffix(s, "B") && len(s) > 1 && s[len(s)-2] >= '0' && s[len(s)-2] <= '9' {
		text, product.bytes = s[:len(s)-1], true
	}
	for factor := range strings.SplitSeq(text, "x") {
		n, err := tool.ParseSize(factor, "bcwkKMGTPEZY")
		if err != nil || factor == "" || factor[0] < '0' || factor[0] > '9' || n > math.MaxInt64 ||
			n > 0 && product.n > math.MaxInt64/int64(n) {
			return product, p.x.Fail(1, "invalid number: %s", tool.QuoteText(s))
		}
		product.n *= int64(n)
	}
	return product, nil
}

func (p *parser) block(s string) (int64, error) {
	n, err := p.number(s)
	if err == nil && n.n == 0 {
		err = p.x.Fail(1, "invalid number: %s", tool.QuoteText(s))
	}
	return n.n, err
}

// settle works out what depends on several operands.
func (p *parser) settle() error {
	if p.bs > 0 {
		p.ib, p.ob = p.bs, p.bs
	}
	converts := p.conv["lcase"] || p.conv["ucase"] || p.conv["swab"] || p.conv["block"] || p.conv["unblock"]
	p.whole = p.bs > 0 && !converts
	switch {
	case p.conv["lcase"] && p.conv["ucase"]:
		return p.x.Fail(1, "cannot combine lcase and ucase")
	case p.conv["block"] && p.conv["unblock"]:
		return p.x.Fail(1, "cannot combine any two of {ascii,ebcdic,ibm}, {block,unblock}")
	case p.conv["excl"] && p.conv["nocreat"]:
		return p.x.Fail(1, "cannot combine excl and nocreat")
	case p.ib > maxBlock || p.ob > maxBlock:
		n := max(p.ib, p.ob)
		return p.x.Fail(1, "memory exhausted by input buffer of size %d bytes (%s)", n, scaled(float64(n), 1024, "KMGTPE", "iB", false))
	case p.cb > maxBlock:
		return p.x.Fail(1, "memory exhausted by a record of size %d bytes", p.cb)
	}
	if p.cb == 0 {
		p.conv["block"], p.conv["unblock"] = false, false
	}
	p.ibs, p.obs, p.cbs = int(p.ib), int(p.ob), int(p.cb)
	p.count, p.countBytes = p.cnt.n, p.cnt.bytes || p.iflag["count_bytes"]
	var err error
	if p.skip, err = p.offset(p.skips, p.ib, p.iflag["skip_bytes"]); err != nil {
		return err
	}
	p.seek, err = p.offset(p.seeks, p.ob, p.oflag["seek_bytes"])
	return err
}

// offset is a number of blocks in bytes.
func (p *parser) offset(n number, block int64, bytes bool) (int64, error) {
	if n.bytes || bytes {
		return n.n, nil
	}
	if n.n > math.MaxInt64/block {
		return 0, fmt.Errorf("offset too large: %d blocks", n.n)
	}
	return n.n * block, nil
}
