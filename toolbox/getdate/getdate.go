// Package getdate reads the dates that GNU tools take: date -d, touch -d,
// find -newermt.
//
// It understands what parse-datetime of gnulib does, and in the same way: ISO
// 8601 forms, @SECONDS, 31 Jan 2024, 1/31/2024, times with zones, days of the
// week, and spans such as "3 days ago", "next month", "+2 weeks", in any order.
package getdate

import (
	"strings"
	"time"

	"agentsandbox/toolbox/zone"
)

// Parse reads a date. What it leaves out comes from now, and times without a
// zone are in that of now, as is the result.
func Parse(s string, now time.Time) (time.Time, error) {
	loc := now.Location()
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	if rest, ok := strings.CutPrefix(s, `TZ="`); ok {
		tz, rest, ok := cutZone(rest)
		if !ok {
			return now, errInvalid
		}
		s, now = rest, now.In(zone.Load(tz))
	}
	if rest, ok := strings.CutPrefix(s, "@"); ok {
		t, err := epoch(rest)
		return t.In(loc), err
	}
	l := lexer{s: s, zones: localZones(now)}
	p := parser{toks: l.tokens()}
	p.start(now)
	if err := p.items(); err != nil {
		return now, err
	}
	t, err := p.time(now)
	return t.In(loc), err
}

// cutZone reads a quoted value of TZ, where \ takes the next character as it is.
func cutZone(s string) (tz, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

// epoch reads seconds since 1970.
func epoch(s string) (time.Time, error) {
	l := lexer{s: s}
	toks := l.tokens()
	if len(toks) != 2 || toks[1].kind != end || toks[0].kind != number && toks[0].kind != signed && toks[0].kind != decimal {
		return time.Time{}, errInvalid
	}
	if sec := toks[0].value; sec > maxSeconds || sec < -maxSeconds {
		return time.Time{}, errInvalid
	}
	return time.Unix(toks[0].value, toks[0].nanos), nil
}

// maxSeconds keeps times within the years of struct tm.
const maxSeconds = maxYear * 365 * 86400

// localZones are the names of a zone in winter and summer.
func localZones(now time.Time) []localZone {
	var out []localZone
	for _, m := range []time.Month{time.January, time.July} {
		name, east := time.Date(now.Year(), m, 1, 0, 0, 0, 0, now.Location()).Zone()
		out = append(out, localZone{name, int64(east / 60)})
	}
	return out
}

// start fills in what a date may leave out.
func (p *parser) start(now time.Time) {
	p.year, p.month, p.day = int64(now.Year()), int64(now.Month()), int64(now.Day())
	p.hour, p.minute, p.second, p.nanos = int64(now.Hour()), int64(now.Minute()), int64(now.Second()), int64(now.Nanosecond())
	p.half = 24
}

// time puts the parts together.
func (p *parser) time(now time.Time) (time.Time, error) {
	if p.yearDigits == 2 {
		p.year = century(p.year)
	}
	if p.times == 0 && (p.rels == 0 || p.dates > 0 || p.weekdays > 0) {
		p.hour, p.minute, p.second, p.nanos = 0, 0, 0, 0
	}
	if !p.to24() || !p.exists(now.Location()) {
		return time.Time{}, errInvalid
	}
	if p.weekdays > 0 && p.dates == 0 {
		p.day += p.untilWeekday(p.date(relative{}, now.Location()))
	}
	r := p.rel
	if year := p.year + r.years + r.months/12; year >= maxYear || year <= -maxYear {
		return time.Time{}, errInvalid
	}
	t := p.moveZone(p.calendar(now))
	seconds := t.Unix() + r.hours*3600 + r.minutes*60 + r.seconds
	return time.Unix(seconds, int64(t.Nanosecond())+r.nanos), nil
}

// calendar is the date with the part of the span that counts days and more. A
// date that says nothing but a span keeps to summer time or winter time.
func (p *parser) calendar(now time.Time) time.Time {
	t := p.date(p.rel, now.Location())
	if p.dates+p.times+p.weekdays == 0 && t.IsDST() != now.IsDST() {
		_, east := now.Zone()
		return p.date(p.rel, time.FixedZone("", east))
	}
	return t
}

// moveZone takes the clock of t to be that of the zone that was given.
func (p *parser) moveZone(t time.Time) time.Time {
	if p.zones == 0 || p.own {
		return t
	}
	_, east := t.Zone()
	return t.Add(time.Duration(int64(east)-p.zone*60) * time.Second)
}

// maxYear is where struct tm of C ends.
const maxYear = 1 << 31

func century(year int64) int64 {
	if year < 69 {
		return year + 2000
	}
	return year + 1900
}

// to24 turns an hour of a half day into one of a day.
func (p *parser) to24() bool {
	if p.half == 24 {
		return p.hour >= 0 && p.hour < 24
	}
	if p.hour < 1 || p.hour > 12 {
		return false
	}
	p.hour = p.hour%12 + p.half
	return true
}

// exists reports whether the calendar has the day and the clock the time, also
// where summer time takes an hour out; and whether a zone of our own applies.
func (p *parser) exists(loc *time.Location) bool {
	if p.year >= maxYear || p.year <= -maxYear || p.month < 1 || p.month > 12 || p.day < 1 || p.day > 31 {
		return false
	}
	if p.zones > 0 && !p.own {
		loc = time.UTC
	}
	t := p.date(relative{}, loc)
	_, east := t.Zone()
	return int64(t.Month()) == p.month && int64(t.Day()) == p.day &&
		int64(t.Hour()) == p.hour && int64(t.Minute()) == p.minute && int64(t.Second()) == p.second &&
		(!p.own || int64(east) == p.zone*60)
}

func (p *parser) date(r relative, loc *time.Location) time.Time {
	t := time.Date(int(p.year+r.years), time.Month(p.month+r.months), int(p.day+r.days),
		int(p.hour), int(p.minute), int(p.second), int(p.nanos), loc)
	// Of an hour that summer time takes out, Go may give the one before.
	if lost := p.hour - int64(t.Hour()); lost == 1 {
		t = t.Add(time.Hour)
	}
	return t
}

// untilWeekday is how many days to go from t to the day of the week.
func (p *parser) untilWeekday(t time.Time) int64 {
	today := int64(t.Weekday())
	count := p.dayCount
	if count > 0 && today != p.dayNumber {
		count--
	}
	return (p.dayNumber-today+7)%7 + 7*count
}
