/*
Package touch sets the times of files, and makes those that are missing.

	touch [-acmh] [-d DATE | -t STAMP | -r FILE] FILE...

	-a                    only the time of access
	-m                    only the time of modification
	-c, --no-create       make no files
	-h, --no-dereference  a link's own times
	-d, --date=DATE       not now but DATE: "2 days ago", 2024-01-31T10:00, @0
	-t STAMP              not now but [[CC]YY]MMDDhhmm[.ss]
	-r, --reference=FILE  not now but the times of FILE; -d is relative to them
	--time=WORD           access, atime or use is -a; modify or mtime is -m
*/
package touch

import (
	"context"
	"strings"
	"time"

	"agentsandbox/toolbox/getdate"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	t := toucher{x: x, create: true, follow: true}
	names, err := t.parse()
	if err != nil {
		return err
	}
	for _, name := range names {
		t.touch(name)
	}
	return tool.Exit(t.status)
}

type toucher struct {
	x              *tool.Exec
	create, follow bool
	atime, mtime   int64
	status         int
}

func (t *toucher) parse() ([]string, error) {
	flags := tool.NewFlags(t.x)
	atime := flags.Bool('a', "")
	mtime := flags.Bool('m', "")
	flags.BoolVar(&t.create, false, 'c', "no-create")
	flags.BoolVar(&t.follow, false, 'h', "no-dereference")
	flags.Switch('f', "", func() {})
	var date, stamp, ref *string
	flags.Func('d', "date", func(s string) error { date = &s; return nil })
	flags.Func('t', "", func(s string) error { stamp = &s; return nil })
	flags.Func('r', "reference", func(s string) error { ref = &s; return nil })
	flags.Func(0, "time", func(s string) error {
		i, err := flags.Pick("--time", s, []tool.Choice{{"atime", "access", "use"}, {"mtime", "modify"}})
		*atime = *atime || err == nil && i == 0
		*mtime = *mtime || err == nil && i == 1
		return err
	})
	names, err := flags.Parse()
	if err != nil {
		return nil, err
	}
	if stamp != nil && (date != nil || ref != nil) {
		return nil, flags.Errorf("cannot specify times from more than one source")
	}
	if err := t.times(date, stamp, ref); err != nil {
		return nil, err
	}
	if *mtime && !*atime {
		t.atime = vfs.Omit
	}
	if *atime && !*mtime {
		t.mtime = vfs.Omit
	}
	if len(names) == 0 {
		return nil, flags.Errorf("missing file operand")
	}
	return names, nil
}

// times finds the times to set.
func (t *toucher) times(date, stamp, ref *string) error {
	loc := zone.Load(t.x.Getenv("TZ"))
	now := t.x.Now().In(loc)
	t.atime, t.mtime = now.UnixNano(), now.UnixNano()
	if ref != nil {
		info, err := t.info(*ref)
		if err != nil {
			return t.x.Fail(1, "failed to get attributes of %s: %s", tool.Quote(*ref), tool.ErrText(err))
		}
		t.atime, t.mtime = info.Atime, info.Mtime
	}
	if date != nil {
		for _, at := range []*int64{&t.atime, &t.mtime} {
			got, err := getdate.Parse(*date, time.Unix(0, *at).In(loc))
			if err != nil {
				return t.badDate(*date)
			}
			*at = got.UnixNano()
		}
	}
	if stamp != nil {
		got, ok := parseStamp(*stamp, now)
		if !ok {
			return t.badDate(*stamp)
		}
		t.atime, t.mtime = got.UnixNano(), got.UnixNano()
	}
	return nil
}

func (t *toucher) badDate(s string) error {
	return t.x.Fail(1, "invalid date format %s", tool.QuoteText(s))
}

func (t *toucher) info(name string) (vfs.Info, error) {
	if t.follow {
		return t.x.Stat(name)
	}
	return t.x.Lstat(name)
}

func (t *toucher) touch(name string) {
	if name == "-" {
		return // standard output, which has no times of its own here
	}
	var openErr error
	if t.create && t.follow {
		openErr = t.make(name)
	}
	err := t.x.FS.Chtimes(t.x.Abs(name), t.follow, t.atime, t.mtime)
	switch {
	case err == nil || !t.create && vfs.ToErrno(err) == vfs.ENOENT:
		return
	case openErr != nil:
		t.x.Errorf("cannot touch %s: %s", tool.Quote(name), tool.ErrText(openErr))
	default:
		t.x.Errorf("setting times of %s: %s", tool.Quote(name), tool.ErrText(err))
	}
	t.status = 1
}

// make makes a file where there is none. That a name is one of a directory is
// no error: it has times, too.
func (t *toucher) make(name string) error {
	f, err := t.x.FS.Open(t.x.Abs(name), vfs.Write|vfs.Create, 0o666&^t.x.Umask)
	if err == nil {
		return f.Close()
	}
	if vfs.ToErrno(err) == vfs.EISDIR && !missing(t.x, name) {
		return nil
	}
	return err
}

// missing reports whether name, which ends in a slash, is not there.
func missing(x *tool.Exec, name string) bool {
	_, err := x.Stat(name)
	return vfs.ToErrno(err) == vfs.ENOENT
}

// parseStamp reads [[CC]YY]MMDDhhmm[.ss] in the zone of now.
func parseStamp(s string, now time.Time) (time.Time, bool) {
	s, sec, dotted := strings.Cut(s, ".")
	if !digits(s) || dotted && (len(sec) != 2 || !digits(sec)) {
		return now, false
	}
	var year int
	switch len(s) {
	case 8:
		year = now.Year()
	case 10:
		year = two(s) + 1900
		if year < 1969 {
			year += 100
		}
	case 12:
		year = two(s)*100 + two(s[2:])
	default:
		return now, false
	}
	s = s[len(s)-8:]
	second := 0
	if dotted {
		second = two(sec)
	}
	at := time.Date(year, time.Month(two(s)), two(s[2:]), two(s[4:]), two(s[6:]), min(second, 59), 0, now.Location())
	ok := int(at.Month()) == two(s) && at.Day() == two(s[2:]) && at.Hour() == two(s[4:]) && at.Minute() == two(s[6:]) && second <= 60
	return at, ok
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
