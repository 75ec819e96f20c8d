package find

import (
	"math"
	"strconv"
	"time"

	"agentsandbox/toolbox/getdate"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

const day = 24 * time.Hour

// startDay makes ages count from the start of today (-daystart). Without it
// dayStart is a day ago: an age of 0 days reaches from there to now.
func (f *finder) startDay() {
	y, m, d := f.now.Date()
	f.dayStart = time.Date(y, m, d, 0, 0, 0, 0, f.zone)
}

// timeOf picks a time by its letter: a, c or m.
func timeOf(i vfs.Info, letter byte) int64 {
	switch letter {
	case 'a':
		return i.Atime
	case 'c':
		return i.Ctime
	}
	return i.Mtime
}

// days makes -mtime and its like, minutes -mmin and its like.
func (p *parser) days(name string) (test, error) {
	origin := p.dayStart
	sign, n, err := p.age(name)
	if sign < 0 {
		origin = origin.Add(day - time.Second)
	}
	return p.younger(name[1], origin, sign, n, day), err
}

func (p *parser) minutes(name string) (test, error) {
	sign, n, err := p.age(name)
	return p.younger(name[1], p.dayStart.Add(day), sign, n, time.Minute), err
}

func (p *parser) age(name string) (int, float64, error) {
	s, err := p.argument(name)
	if err != nil {
		return 0, 0, err
	}
	sign, digits := sense(s)
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsNaN(n) || n < 0 {
		return 0, 0, p.syntax("invalid argument `%s' to `%s'", s, name)
	}
	return sign, n, nil
}

// younger compares a time with one that is n units before origin: older for
// +n, newer for -n, else within the unit behind it.
func (p *parser) younger(letter byte, origin time.Time, sign int, n float64, unit time.Duration) test {
	seconds := min(n*unit.Seconds(), maxAge)
	at := origin.UnixNano() - int64(seconds*1e9)
	return p.info(func(i vfs.Info) bool {
		t := timeOf(i, letter)
		switch {
		case sign > 0:
			return t < at
		case sign < 0:
			return t > at
		}
		return t > at && t <= at+int64(unit)
	})
}

// used compares how long after the last change a file was read, in days.
func (p *parser) used(name string) (test, error) {
	s, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	sign, digits := sense(s)
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsNaN(n) || n < 0 {
		return nil, p.syntax("Invalid argument %s to -used", s)
	}
	return p.info(func(i vfs.Info) bool {
		days := time.Duration(i.Atime-i.Ctime).Hours() / 24
		switch {
		case days < 0:
			return false
		case sign > 0:
			return days > n+1
		case sign < 0:
			return days < n
		}
		return days >= n && days < n+1
	}), nil
}

// newer makes -newer, -anewer and -cnewer.
func (p *parser) newer(name string) (test, error) {
	letter := byte('m')
	if name != "-newer" {
		letter = name[1]
	}
	ref, err := p.reference(name)
	return p.info(func(i vfs.Info) bool { return timeOf(i, letter) > ref.Mtime }), err
}

// newerXY makes -newerXY: time X of the file is newer than time Y of another,
// or than a date where Y is t.
func (p *parser) newerXY(name string) (test, error) {
	x, y := name[len("-newer")], name[len("-newerX")]
	if !isTime(x) || !isTime(y) && y != 't' {
		return nil, p.syntax("invalid predicate `%s'", name)
	}
	if y != 't' {
		ref, err := p.reference(name)
		at := timeOf(ref, y)
		return p.info(func(i vfs.Info) bool { return timeOf(i, x) > at }), err
	}
	s, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	t, err := getdate.Parse(s, p.now)
	if err != nil {
		return nil, p.syntax("I cannot figure out how to interpret %s as a date or time", tool.QuoteText(s))
	}
	return p.info(func(i vfs.Info) bool { return timeOf(i, x) > t.UnixNano() }), nil
}

// isTime reports whether a letter names a time. That of birth is not kept: it
// is taken for the time of modification.
func isTime(c byte) bool { return c == 'a' || c == 'c' || c == 'm' || c == 'B' }
