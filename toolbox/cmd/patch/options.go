package patch

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// options say how to apply the patch.
type options struct {
	target   string // the file to patch, "" for those the patch names
	input    string
	output   string
	strip    int // -1 for all but the last piece
	reverse  bool
	forward  bool
	force    bool
	batch    bool
	fuzz     int
	blanks   bool
	remove   bool
	backup   bool
	suffix   string
	mismatch bool // a backup where a hunk did not fit exactly
	rejects  string
	dryRun   bool
	quiet    bool
	verbose  bool
	format   format // of the patch, if it was said
}

func (p *patch) parse() error {
	o := &p.options
	o.strip, o.fuzz, o.suffix, o.mismatch = -1, 2, ".orig", true
	f := tool.NewFlags(p.x)
	f.Usage, f.HintNamed = trouble, true
	number := func(to *int, what string) func(string) error {
		return func(s string) error {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return p.fatal("%s %s is not a number", what, s)
			}
			*to = n
			return nil
		}
	}
	word := func(to *string) func(string) error {
		return func(s string) error { *to = s; return nil }
	}
	f.Func('p', "strip", number(&o.strip, "strip count"))
	f.Func('i', "input", word(&o.input))
	f.Func('d', "directory", p.chdir)
	f.Func('o', "output", word(&o.output))
	f.BoolVar(&o.reverse, true, 'R', "reverse")
	f.BoolVar(&o.forward, true, 'N', "forward")
	f.BoolVar(&o.force, true, 'f', "force")
	f.BoolVar(&o.batch, true, 't', "batch")
	f.Func('F', "fuzz", number(&o.fuzz, "fuzz factor"))
	f.BoolVar(&o.blanks, true, 'l', "ignore-whitespace")
	f.BoolVar(&o.remove, true, 'E', "remove-empty-files")
	f.BoolVar(&o.backup, true, 'b', "backup")
	f.Func('z', "suffix", word(&o.suffix))
	f.BoolVar(&o.mismatch, true, 0, "backup-if-mismatch")
	f.BoolVar(&o.mismatch, false, 0, "no-backup-if-mismatch")
	f.Func('r', "reject-file", word(&o.rejects))
	f.BoolVar(&o.dryRun, true, 0, "dry-run")
	quiet := func() { o.quiet = true }
	f.Switch('s', "quiet", quiet)
	f.Switch(0, "silent", quiet)
	f.BoolVar(&o.verbose, true, 0, "verbose")
	f.Switch('u', "unified", func() { o.format = unified })
	f.Switch('c', "context", func() { o.format = contextDiff })
	f.Switch('n', "normal", func() { o.format = normal })
	for _, name := range []string{"binary", "posix", "set-time", "set-utc"} {
		f.Bool(map[string]byte{"set-time": 'T', "set-utc": 'Z'}[name], name)
	}
	for _, name := range []string{"read-only", "reject-format", "quoting-style"} {
		f.Func(0, name, func(string) error { return nil })
	}
	names, err := f.Parse()
	switch {
	case err != nil:
		return err
	case len(names) > 2:
		p.x.Errorf("%s: extra operand", names[2])
		return f.Hint()
	case len(names) == 2:
		o.input = names[1]
	}
	if len(names) > 0 {
		o.target = names[0]
	}
	return nil
}

// chdir has all names from here on begin at dir.
func (p *patch) chdir(dir string) error {
	info, err := p.x.Stat(dir)
	if err != nil || !info.IsDir() {
		reason := "Not a directory"
		if err != nil {
			reason = tool.ErrText(err)
		}
		return p.fatal("Can't change to directory %s : %s", dir, reason)
	}
	x := *p.x
	x.Dir = strings.TrimRight(x.Abs(dir), "/")
	if x.Dir == "" {
		x.Dir = "/"
	}
	p.x = &x
	return nil
}
