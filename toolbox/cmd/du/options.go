package du

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
)

// follow says which links are followed.
type follow int

const (
	followNone follow = iota
	followOperands
	followAll
)

type timeKind int

const (
	noTime timeKind = iota
	modifyTime
	accessTime
	changeTime
)

// options are those of one run.
type options struct {
	everything, separate, total         bool
	maxDepth                            int // -1 is no bound
	apparent, inodes, countLinks, oneFS bool
	size                                tool.BlockSize
	follow                              follow
	excludes                            []*pattern.Pattern
	threshold                           int64 // 0 is none; below 0 is at most
	time                                timeKind
	timeFormat                          string
	zone                                *time.Location
	end                                 byte
}

// parser reads the options.
type parser struct {
	*options
	x         *tool.Exec
	flags     *tool.Flags
	summarize bool
	from      string
	style     string
}

func parse(x *tool.Exec) (options, []string, error) {
	o := options{maxDepth: -1, end: '\n', zone: zone.Load(x.Getenv("TZ")), size: defaultSize(x)}
	p := parser{options: &o, x: x, flags: tool.NewFlags(x), style: x.Getenv("TIME_STYLE")}
	p.which()
	p.sizes()
	p.rest()
	files, err := p.flags.Parse()
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return o, nil, err
	}
	files, err = p.files(files)
	return o, files, err
}

func defaultSize(x *tool.Exec) tool.BlockSize {
	for _, key := range []string{"DU_BLOCK_SIZE", "BLOCK_SIZE", "BLOCKSIZE"} {
		if s := x.Getenv(key); s != "" {
			if b, err := tool.ParseBlockSize(s); err == nil {
				return b
			}
			break
		}
	}
	return tool.BlockSize{Unit: 1024}
}

// which defines the options of what is summed up and shown.
func (p *parser) which() {
	f := p.flags
	f.BoolVar(&p.everything, true, 'a', "all")
	f.BoolVar(&p.summarize, true, 's', "summarize")
	f.BoolVar(&p.total, true, 'c', "total")
	f.BoolVar(&p.separate, true, 'S', "separate-dirs")
	f.BoolVar(&p.countLinks, true, 'l', "count-links")
	f.BoolVar(&p.oneFS, true, 'x', "one-file-system")
	f.Func('d', "max-depth", func(s string) error {
		n, err := strconv.ParseUint(s, 10, 31)
		if err != nil {
			return f.Errorf("invalid maximum depth %s", tool.QuoteText(s))
		}
		p.maxDepth = int(n)
		return nil
	})
	for _, o := range []struct {
		short byte
		long  string
		to    follow
	}{{'L', "dereference", followAll}, {'D', "dereference-args", followOperands}, {'H', "", followOperands}, {'P', "no-dereference", followNone}} {
		f.Switch(o.short, o.long, func() { p.follow = o.to })
	}
	f.Func(0, "exclude", func(s string) error { p.exclude(s); return nil })
	f.Func('X', "exclude-from", func(s string) error {
		data, err := p.x.ReadFile(s, maxList)
		if err != nil {
			p.x.WarnFile(s, err)
			return f.Hint()
		}
		for line := range strings.Lines(string(data)) {
			p.exclude(strings.TrimSuffix(line, "\n"))
		}
		return nil
	})
	f.Func(0, "files0-from", func(s string) error { p.from = s; return nil })
}

// maxList bounds the files that hold names and patterns.
const maxList = 16 << 20

func (p *parser) exclude(s string) {
	p.excludes = append(p.excludes, pattern.Compile(strings.TrimSuffix(s, "/"), 0))
}

// sizes defines the options of units.
func (p *parser) sizes() {
	f := p.flags
	unit := func(b tool.BlockSize) func() { return func() { p.size = b } }
	f.Switch('h', "human-readable", unit(tool.BlockSize{Unit: 1024, Human: true}))
	f.Switch(0, "si", unit(tool.BlockSize{Unit: 1000, Human: true}))
	f.Switch('k', "", unit(tool.BlockSize{Unit: 1024}))
	f.Switch('m', "", unit(tool.BlockSize{Unit: 1 << 20}))
	f.Switch('b', "bytes", func() { p.apparent, p.size = true, tool.BlockSize{Unit: 1} })
	f.BoolVar(&p.apparent, true, 0, "apparent-size")
	f.BoolVar(&p.inodes, true, 0, "inodes")
	block := func(name string) func(string) error {
		return func(s string) error {
			b, err := tool.ParseBlockSize(s)
			if err != nil {
				return fmt.Errorf("invalid %s argument %s", name, tool.Quote(s))
			}
			p.size = b
			return nil
		}
	}
	f.Func('B', "", block("-B"))
	f.Func(0, "block-size", block("--block-size"))
	f.Func('t', "threshold", func(s string) error {
		digits := strings.TrimPrefix(s, "-")
		n, err := tool.ParseSize(digits, "bkKmMGTPEZY")
		if err != nil || n > math.MaxInt64 {
			return fmt.Errorf("invalid -t argument %s", tool.Quote(s))
		}
		p.threshold = int64(n)
		if digits != s {
			if n == 0 {
				return fmt.Errorf("invalid --threshold argument %s", tool.Quote(s))
			}
			p.threshold = -p.threshold
		}
		return nil
	})
}

// rest defines the options of times and lines.
func (p *parser) rest() {
	f := p.flags
	f.Switch('0', "null", func() { p.end = 0 })
	f.Optional(0, "time", "", func(s string) error {
		p.time = modifyTime
		if s == "" {
			return nil
		}
		i, err := f.Pick("--time", s, []tool.Choice{{"atime", "access", "use"}, {"ctime", "status"}})
		if err == nil {
			p.time = [...]timeKind{accessTime, changeTime}[i]
		}
		return err
	})
	f.Func(0, "time-style", func(s string) error { p.style = s; return nil })
}

// check settles what depends on several options.
func (p *parser) check() error {
	switch {
	case p.everything && p.summarize:
		return p.flags.Errorf("cannot both summarize and show all entries")
	case p.summarize && p.maxDepth > 0:
		return p.flags.Errorf("warning: summarizing conflicts with --max-depth=%d", p.maxDepth)
	case p.summarize && p.maxDepth == 0:
		p.x.Errorf("warning: summarizing is the same as using --max-depth=0")
	}
	if p.summarize {
		p.maxDepth = 0
	}
	if p.time == noTime {
		return nil
	}
	switch style := p.style; {
	case strings.HasPrefix(style, "+"):
		p.timeFormat = style[1:]
	case style == "full-iso":
		p.timeFormat = "%Y-%m-%d %H:%M:%S.%N %z"
	case style == "iso":
		p.timeFormat = "%Y-%m-%d"
	case style == "long-iso" || style == "" || style == "locale":
		p.timeFormat = "%Y-%m-%d %H:%M"
	default:
		_, err := p.flags.Pick("time style", style, []tool.Choice{{"full-iso"}, {"long-iso"}, {"iso"}})
		return err
	}
	return nil
}

// files are the operands, or the names that a file holds.
func (p *parser) files(operands []string) ([]string, error) {
	switch {
	case p.from == "" && len(operands) == 0:
		return []string{"."}, nil
	case p.from == "":
		return operands, nil
	case len(operands) > 0:
		return nil, p.flags.Errorf("extra operand %s\nfile operands cannot be combined with --files0-from", tool.Quote(operands[0]))
	}
	data, err := p.x.ReadFile(p.from, maxList)
	if err != nil {
		return nil, p.x.Fail(1, "cannot open %s for reading: %s", tool.Quote(p.from), tool.ErrText(err))
	}
	return strings.Split(strings.TrimSuffix(string(data), "\x00"), "\x00"), nil
}

// print prints one line, unless the threshold leaves it out.
func (s *summer) print(u usage, name string) {
	n := u.bytes
	if s.inodes {
		n = u.files
	}
	if s.threshold > 0 && n < uint64(s.threshold) || s.threshold < 0 && n > uint64(-s.threshold) {
		return
	}
	size := s.size
	if s.inodes && !size.Human {
		size = tool.BlockSize{Unit: 1}
	}
	s.out.WriteString(size.Show(n, 1))
	if s.time != noTime {
		s.out.WriteString("\t" + strftime.Format(s.timeFormat, time.Unix(0, u.time).In(s.zone)))
	}
	s.out.WriteString("\t" + name)
	s.out.WriteByte(s.end)
}
