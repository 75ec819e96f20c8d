package tar

import (
	"io"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/codec"
	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/getdate"
	"agentsandbox/toolbox/tool"
)

// mode is what is done.
type mode int

const (
	none mode = iota
	create
	extract
	list
	appendFiles
	update
	concatenate
	compare
	remove
)

// oldFiles says what is done where there is a file already.
type oldFiles int

const (
	replaceOld oldFiles = iota
	keepOld
	skipOld
	overwriteOld
	unlinkOld
	keepNewer
)

// options are those of one run.
type options struct {
	mode    mode
	archive string
	format  codec.Format
	auto    bool
	program string // to compress with

	verbose               int
	toStdout, fullTime    bool
	toCommand             string
	utc, numeric, totals  bool
	showPlaced            bool // list names as they become
	operands              []operand
	dir                   string // of the operand that comes next
	excludes              []exclude
	anchored              bool
	plain, plainExclude   bool // no wildcards
	wildcards             bool // in the names of members
	slashless, ignoreCase bool // wildcards don't match /
	nulls                 bool
	strip                 int
	transforms            []*transform
	topLevel              *string
	absolute              bool

	old                       oldFiles
	recursiveUnlink, keepLink bool // --keep-directory-symlink
	touch, samePermissions    bool

	dereference, hardDereference, flat, oneFS, removeFiles, ignoreZeros bool
	sorted                                                              bool
	newer                                                               time.Time
	owner, group                                                        *id
	change                                                              *filemode.Change
	mtime                                                               *time.Time
	layout                                                              string // of headers
	blocks                                                              int    // of a record
}

// operand is a file or member that was named.
type operand struct {
	dir, name string
	found     bool
	literal   bool // of a list: no option
}

// id is an owner given by name or number.
type id struct {
	name string
	id   int
}

const usageHint = "Try 'tar --help' or 'tar --usage' for more information.\n"

func (t *runner) parse() error {
	f := tool.NewFlags(t.x)
	f.Usage = 64
	f.OnUsage = func() { io.WriteString(t.x.Stderr, usageHint) }
	o := &t.options
	o.archive, o.blocks = "-", 20
	if name, ok := t.x.LookupEnv("TAPE"); ok {
		o.archive = name
	}
	t.defineModes(f)
	t.defineArchive(f)
	t.defineNames(f)
	t.defineExtract(f)
	t.defineCreate(f)
	t.defineIgnored(f)
	f.Operand = func(name string) { o.operands = append(o.operands, operand{dir: o.dir, name: name}) }
	args, lacks := oldStyle(t.x.Args)
	if lacks != 0 {
		return t.usage("Old option '%c' requires an argument.", lacks)
	}
	behind := 0 // operands behind "--" are not handed out
	names, err := f.ParseArgs(args)
	if err != nil {
		return err
	}
	seen := 0
	for _, op := range o.operands {
		if !op.literal {
			seen++
		}
	}
	behind = len(names) - seen
	for _, name := range names[len(names)-behind:] {
		o.operands = append(o.operands, operand{dir: o.dir, name: name})
	}
	return t.check()
}

func (t *runner) usage(format string, args ...any) error {
	t.x.Errorf(format, args...)
	io.WriteString(t.x.Stderr, usageHint)
	return tool.Exit(statusFatal)
}

// check refuses what does not go together.
func (t *runner) check() error {
	switch {
	case t.mode == none:
		return t.usage("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
	case t.mode == create && len(t.operands) == 0:
		return t.usage("Cowardly refusing to create an empty archive")
	}
	if t.auto && t.mode == create {
		t.format = bySuffix(t.archive)
	}
	if t.topLevel != nil && *t.topLevel == "" {
		base := t.archive[strings.LastIndexByte(t.archive, '/')+1:]
		stem := stemOf(base)
		if stem == "" {
			return t.usage("Cannot deduce top-level directory name; please set it explicitly with --one-top-level=DIR")
		}
		t.topLevel = &stem
	}
	return nil
}

// suffixes are those of -a.
var suffixes = []struct {
	suffix string
	format codec.Format
}{
	{".tar.gz", codec.Gzip}, {".tgz", codec.Gzip}, {".taz", codec.Gzip}, {".gz", codec.Gzip},
	{".tar.bz2", codec.Bzip2}, {".tbz2", codec.Bzip2}, {".tbz", codec.Bzip2}, {".tz2", codec.Bzip2}, {".bz2", codec.Bzip2},
	{".tar.xz", codec.Xz}, {".txz", codec.Xz}, {".xz", codec.Xz},
	{".tar.zst", codec.Zstd}, {".tzst", codec.Zstd}, {".zst", codec.Zstd},
	{".tar", codec.None},
}

func bySuffix(name string) codec.Format {
	for _, s := range suffixes {
		if strings.HasSuffix(name, s.suffix) {
			return s.format
		}
	}
	return codec.None
}

// stemOf is the name of an archive without its suffixes, "" if it has none.
func stemOf(name string) string {
	for _, s := range suffixes {
		if stem, ok := strings.CutSuffix(name, s.suffix); ok {
			return stem
		}
	}
	return ""
}

// withValue are the letters that take the next word in the old style.
const withValue = "bCfFgHIKLNTVX"

// oldStyle turns a first word without a dash into options. lacks is one that
// has no value.
func oldStyle(args []string) (out []string, lacks rune) {
	if len(args) == 0 || args[0] == "" || args[0][0] == '-' {
		return args, 0
	}
	rest := args[1:]
	for _, c := range args[0] {
		out = append(out, "-"+string(c))
		if !strings.ContainsRune(withValue, c) {
			continue
		}
		if len(rest) == 0 {
			return nil, c
		}
		out = append(out, rest[0])
		rest = rest[1:]
	}
	return append(out, rest...), 0
}

func (t *runner) defineModes(f *tool.Flags) {
	set := func(m mode) func() error {
		return func() error {
			if t.mode != none && t.mode != m {
				return t.usage("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option")
			}
			t.mode = m
			return nil
		}
	}
	f.Do('c', "create", set(create))
	f.Do('x', "extract", set(extract))
	f.Do(0, "get", set(extract))
	f.Do('t', "list", set(list))
	f.Do('r', "append", set(appendFiles))
	f.Do('u', "update", set(update))
	f.Do('A', "catenate", set(concatenate))
	f.Do(0, "concatenate", set(concatenate))
	f.Do('d', "diff", set(compare))
	f.Do(0, "compare", set(compare))
	f.Do(0, "delete", set(remove))
}

func (t *runner) defineArchive(f *tool.Flags) {
	o := &t.options
	compress := func(format codec.Format) func() {
		return func() { o.format = format }
	}
	f.Func('f', "file", func(v string) error { o.archive = v; return nil })
	f.Switch('z', "gzip", compress(codec.Gzip))
	f.Switch(0, "gunzip", compress(codec.Gzip))
	f.Switch(0, "ungzip", compress(codec.Gzip))
	f.Switch('j', "bzip2", compress(codec.Bzip2))
	f.Switch('J', "xz", compress(codec.Xz))
	f.Switch(0, "zstd", compress(codec.Zstd))
	f.BoolVar(&o.auto, true, 'a', "auto-compress")
	f.BoolVar(&o.auto, false, 0, "no-auto-compress")
	f.Func('I', "use-compress-program", func(v string) error { o.program = v; return nil })
	f.Func('b', "blocking-factor", func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return t.usage("%s: Invalid blocking factor", v)
		}
		o.blocks = min(n, 1<<16)
		return nil
	})
	f.Func(0, "record-size", func(v string) error {
		n, err := tool.ParseSize(v, "bEGgKkMmPTtw")
		if err != nil || n%512 != 0 || n == 0 {
			return t.usage("Record size must be a multiple of 512.")
		}
		o.blocks = int(min(n/512, 1<<16))
		return nil
	})
	f.Func('H', "format", func(v string) error {
		switch v {
		case "gnu", "oldgnu", "pax", "posix", "ustar", "v7":
			o.layout = v
			return nil
		}
		return t.usage("%s: Invalid archive format", v)
	})
	f.Switch(0, "old-archive", func() { o.layout = "v7" })
	f.Switch(0, "portability", func() { o.layout = "v7" })
	f.Switch(0, "posix", func() { o.layout = "posix" })
	f.BoolVar(&o.ignoreZeros, true, 'i', "ignore-zeros")
	f.BoolVar(&o.totals, true, 0, "totals")
	f.Switch('v', "verbose", func() { o.verbose++ })
	f.BoolVar(&o.fullTime, true, 0, "full-time")
	f.BoolVar(&o.utc, true, 0, "utc")
	f.BoolVar(&o.numeric, true, 0, "numeric-owner")
	f.BoolVar(&o.showPlaced, true, 0, "show-transformed-names")
	f.BoolVar(&o.showPlaced, true, 0, "show-stored-names")
}

func (t *runner) defineIgnored(f *tool.Flags) {
	for _, name := range []string{"read-full-records", "sparse", "verify", "interactive", "block-number", "check-links", "seek",
		"multi-volume", "acls", "selinux", "xattrs", "no-acls", "no-selinux", "no-xattrs", "same-order", "preserve-order",
		"clamp-mtime", "no-check-device", "check-device", "force-local", "no-seek", "delay-directory-restore",
		"no-delay-directory-restore", "no-overwrite-dir", "overwrite-dir", "ignore-failed-read", "ignore-command-error",
		"no-quote-chars", "atime-preserve", "checkpoint", "sort-links", "no-ignore-case", "recursion"} {
		switch name {
		case "atime-preserve", "checkpoint":
			f.Optional(0, name, "", func(string) error { return nil })
		case "no-ignore-case", "recursion":
		default:
			f.Bool(ignoredLetters[name], name)
		}
	}
	for _, name := range []string{"warning", "checkpoint-action", "pax-option", "quoting-style", "label", "sparse-version",
		"index-file", "rmt-command", "rsh-command", "hole-detection", "quote-chars"} {
		f.Func(ignoredLetters[name], name, func(string) error { return nil })
	}
	f.Func('g', "listed-incremental", func(string) error { return t.usage("incremental archives are not supported in this sandbox") })
	f.Func('L', "tape-length", func(string) error { return t.usage("archives of several volumes are not supported in this sandbox") })
}

var ignoredLetters = map[string]byte{"read-full-records": 'B', "sparse": 'S', "verify": 'W', "interactive": 'w', "block-number": 'R',
	"check-links": 'l', "seek": 'n', "multi-volume": 'M', "same-order": 's', "label": 'V'}

// date reads the value of --mtime or --newer: a date, or a file whose time it is.
func (t *runner) date(v string) (time.Time, error) {
	if strings.HasPrefix(v, "/") || strings.HasPrefix(v, ".") {
		info, err := t.x.Stat(v)
		if err != nil {
			return time.Time{}, fatalf("%s: Cannot stat: %s", quoteColon(v), tool.ErrText(err))
		}
		return time.Unix(0, info.Mtime), nil
	}
	at, err := getdate.Parse(v, t.x.Now().In(t.zone))
	if err != nil {
		t.x.Errorf("Substituting %s for unknown date format %s", t.x.Now().In(t.zone).Format("2006-01-02 15:04:05"), tool.QuoteText(v))
		return t.x.Now(), nil
	}
	return at, nil
}
