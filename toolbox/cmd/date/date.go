/*
Package date prints dates.

	date [OPTION]... [+FORMAT]

	-d, --date=DATE        not now but DATE: "2 days ago", @0, "next monday",
	                       2024-01-31T10:00Z, "1 Feb 2024 +1 month"
	-f, --file=FILE        each line of FILE as with -d
	-r, --reference=FILE   when FILE was last modified
	-u, --utc              in UTC, not in the zone that TZ names
	-I[WHAT], --iso-8601   date, or to hours, minutes, seconds or ns
	-R, --rfc-email        Mon, 01 Jan 2024 10:00:00 +0000
	--rfc-3339=WHAT        date, seconds or ns
	-s, --set=DATE         refused: the clock is not ours to set
	--resolution           print the resolution of the clock

FORMAT is that of strftime with GNU's flags: %- no padding, %_ spaces, %0 zeros,
%^ upper case, %# the other case, a width, and %N nanoseconds, %:z, %q.
*/
package date

import (
	"bufio"
	"context"
	"io"
	"strings"
	"time"

	"agentsandbox/toolbox/getdate"
	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	d := printer{x: x, out: x.Writer()}
	if err := d.parse(); err != nil {
		return err
	}
	if d.operand != "" && !d.settable() {
		return x.Fail(1, "invalid date %s", tool.QuoteText(d.operand))
	}
	if err := d.print(ctx); err != nil {
		d.out.Flush()
		return err
	}
	if err := d.out.Flush(); err != nil {
		return err
	}
	return tool.Exit(d.status)
}

// printer prints dates in one format and zone.
type printer struct {
	x          *tool.Exec
	out        *bufio.Writer
	loc        *time.Location
	utc        bool
	format     string
	formats    int // how many formats were given
	resolution bool
	// What to print: at most one of these; now if there is none.
	date, file, ref, set *string
	operand              string // a date to set, in digits
	status               int
}

func (d *printer) parse() error {
	flags := tool.NewFlags(d.x)
	text := func(short byte, long string, at **string) {
		flags.Func(short, long, func(s string) error { *at = &s; return nil })
	}
	text('d', "date", &d.date)
	text('f', "file", &d.file)
	text('r', "reference", &d.ref)
	text('s', "set", &d.set)
	flags.BoolVar(&d.utc, true, 'u', "utc")
	flags.BoolVar(&d.utc, true, 0, "universal")
	flags.BoolVar(&d.utc, true, 0, "uct")
	flags.BoolVar(&d.resolution, true, 0, "resolution")
	flags.Bool(0, "debug")
	d.formatOptions(flags)
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	return d.check(flags, operands)
}

func (d *printer) formatOptions(flags *tool.Flags) {
	use := func(format string) error {
		d.format = format
		d.formats++
		return nil
	}
	flags.Optional('I', "iso-8601", "date", func(s string) error {
		i, err := flags.Pick("--iso-8601", s, []tool.Choice{{"hours"}, {"minutes"}, {"date"}, {"seconds"}, {"ns"}})
		if err != nil {
			return err
		}
		return use([...]string{"%Y-%m-%dT%H%:z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S,%N%:z"}[i])
	})
	flags.Func(0, "rfc-3339", func(s string) error {
		i, err := flags.Pick("--rfc-3339", s, []tool.Choice{{"date"}, {"seconds"}, {"ns"}})
		if err != nil {
			return err
		}
		return use([...]string{"%Y-%m-%d", "%Y-%m-%d %H:%M:%S%:z", "%Y-%m-%d %H:%M:%S.%N%:z"}[i])
	})
	email := func() { _ = use("%a, %d %b %Y %H:%M:%S %z") }
	flags.Switch('R', "rfc-email", email)
	flags.Switch(0, "rfc-822", email)
	flags.Switch(0, "rfc-2822", email)
}

// check looks at what was given together.
func (d *printer) check(flags *tool.Flags, operands []string) error {
	given := 0
	for _, set := range []bool{d.date != nil, d.file != nil, d.ref != nil, d.resolution} {
		if set {
			given++
		}
	}
	switch {
	case given > 1:
		return flags.Errorf("the options to specify dates for printing are mutually exclusive")
	case given > 0 && d.set != nil:
		return flags.Errorf("the options to print and set the time may not be used together")
	case len(operands) > 1:
		return flags.Errorf("extra operand %s", tool.QuoteText(operands[1]))
	}
	if len(operands) == 1 {
		format, ok := strings.CutPrefix(operands[0], "+")
		switch {
		case ok:
			d.format = format
			d.formats++
		case given > 0 || d.set != nil:
			return flags.Errorf("the argument %s lacks a leading '+';\n"+
				"when using an option to specify date(s), any non-option\n"+
				"argument must be a format string beginning with '+'", tool.QuoteText(operands[0]))
		default:
			d.operand = operands[0]
		}
	}
	if d.formats > 1 {
		return d.x.Fail(1, "multiple output formats specified")
	}
	if d.formats == 0 {
		d.format = "%a %b %e %H:%M:%S %Z %Y"
		if d.resolution {
			d.format = "%s.%N"
		}
	}
	d.loc = time.UTC
	if !d.utc {
		d.loc = zone.Load(d.x.Getenv("TZ"))
	}
	return nil
}

// settable reports whether the operand is a date to set: MMDDhhmm[[CC]YY][.ss].
func (d *printer) settable() bool {
	s, sec, dotted := strings.Cut(d.operand, ".")
	if strings.Trim(s+sec, "0123456789") != "" || dotted && len(sec) != 2 || len(s) < 8 || len(s) > 12 || len(s)%2 != 0 {
		return false
	}
	_, err := time.Parse("01021504", s[:8])
	return err == nil
}

func (d *printer) now() time.Time { return d.x.Now().In(d.loc) }

func (d *printer) print(ctx context.Context) error {
	switch {
	case d.file != nil:
		return d.lines(ctx)
	case d.date != nil:
		return d.parsed(*d.date)
	case d.set != nil || d.operand != "":
		return d.refuse()
	case d.ref != nil:
		info, err := d.x.Stat(*d.ref)
		if err != nil {
			d.x.WarnFile(*d.ref, err)
			return tool.Exit(1)
		}
		return d.show(time.Unix(0, info.Mtime))
	case d.resolution:
		return d.show(time.Unix(0, 1))
	}
	return d.show(d.now())
}

func (d *printer) show(t time.Time) error {
	_, err := d.out.Write(append(strftime.Append(nil, d.format, t.In(d.loc)), '\n'))
	return err
}

// parsed prints the date that s describes; that it is none is reported.
func (d *printer) parsed(s string) error {
	t, err := getdate.Parse(s, d.now())
	if err != nil {
		d.out.Flush()
		d.x.Errorf("invalid date %s", tool.QuoteText(s))
		d.status = 1
		return nil
	}
	return d.show(t)
}

// lines prints the date of each line of a file.
func (d *printer) lines(ctx context.Context) error {
	f, err := d.x.Open(*d.file)
	if err != nil {
		d.x.WarnFile(*d.file, err)
		return tool.Exit(1)
	}
	defer f.Close()
	lines := d.x.Lines(ctx, f, '\n')
	for {
		text, _, err := lines.NextText()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := d.parsed(string(text)); err != nil {
			return err
		}
	}
}

// refuse does what GNU's date does when the system does not let it set the
// clock: it says so, and prints what it would have set.
func (d *printer) refuse() error {
	t := d.now()
	if d.set != nil {
		var err error
		if t, err = getdate.Parse(*d.set, t); err != nil {
			return d.x.Fail(1, "invalid date %s", tool.QuoteText(*d.set))
		}
	}
	d.x.Errorf("cannot set date: %s", vfs.EPERM.Error())
	d.status = 1
	return d.show(t)
}
