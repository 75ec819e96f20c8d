package getdate

import "errors"

var errInvalid = errors.New("invalid date")

// parser reads tokens into the parts of a date. It decides by one or two
// tokens ahead what the grammar of GNU's parse-datetime decides, and takes as
// much as that does: "10:00 +1 day" is ten o'clock in the zone +1, and a day.
type parser struct {
	toks []token
	parts
}

// parts is what a date says.
type parts struct {
	year, month, day int64
	yearDigits       int

	hour, minute, second, nanos int64
	half                        int64 // 0 am, 12 pm, or 24 for neither

	zone                int64 // minutes east
	own                 bool  // the zone is one of the time zone in force
	dayNumber, dayCount int64

	rel relative
	// How often each kind was met.
	dates, times, weekdays, zones, rels int
}

// relative is a span of time, by what it is added to.
type relative struct {
	years, months, days, hours, minutes, seconds, nanos int64
}

// at returns the token i places ahead.
func (p *parser) at(i int) token {
	if i < len(p.toks) {
		return p.toks[i]
	}
	return token{kind: end}
}

func (p *parser) isChar(i int, c byte) bool {
	t := p.at(i)
	return t.kind == other && t.value == int64(c)
}

func (p *parser) skip(n int) { p.toks = p.toks[n:] }

func (p *parser) items() error {
	for p.at(0).kind != end {
		if !p.item() {
			return errInvalid
		}
	}
	if p.dates > 1 || p.times > 1 || p.weekdays > 1 || p.zones > 1 {
		return errInvalid
	}
	return nil
}

// item reads one item of a date, and reports whether there was one.
func (p *parser) item() bool {
	switch t := p.at(0); t.kind {
	case number:
		return p.number()
	case signed, decimal, unit:
		return p.span()
	case ordinal:
		if p.at(1).kind == weekday {
			p.skip(1)
			return p.weekday(t.value)
		}
		return p.span()
	case weekday:
		return p.weekday(0)
	case month:
		return p.monthFirst()
	case zoneName, letterT:
		p.skip(1)
		if t.local {
			return p.ownZone(t.value)
		}
		return p.namedZone(t.value)
	case shift:
		p.skip(1)
		p.rel.days += t.value
		p.rels++
		return true
	}
	return false
}

// number reads what starts with a number.
func (p *parser) number() bool {
	n := p.at(0)
	next := p.at(1)
	switch {
	case next.kind == meridian || p.isChar(1, ':'):
		return p.clock()
	case p.isChar(1, '/'):
		return p.slashed()
	case next.kind == month:
		return p.dayFirst()
	case next.kind == signed && p.at(2).kind == signed:
		return p.isoDate()
	case next.kind == weekday:
		p.skip(1)
		return p.weekday(n.value)
	case next.kind == unit:
		return p.span()
	case next.kind == signed && p.at(2).kind != unit:
		p.skip(1)
		p.setTime(n.value, 0, token{}, 24)
		return p.offset(0)
	}
	p.skip(1)
	p.bare(n)
	return true
}

// bare reads a number that stands alone: a year behind a date and a time, a
// date of at least five digits, or hours and minutes.
func (p *parser) bare(n token) {
	switch {
	case p.dates > 0 && p.yearDigits == 0 && p.rels == 0 && (p.times > 0 || n.digits > 2):
		p.year, p.yearDigits = n.value, n.digits
	case n.digits > 4:
		p.dates++
		p.setDate(n.value/10000, n.digits-4, n.value/100%100, n.value%100)
	case n.digits <= 2:
		p.setTime(n.value, 0, token{}, 24)
	default:
		p.setTime(n.value/100, n.value%100, token{}, 24)
	}
}

func (p *parser) setDate(year int64, digits int, month, day int64) {
	p.year, p.yearDigits, p.month, p.day = year, digits, month, day
}

func (p *parser) setTime(hour, minute int64, second token, half int64) {
	p.times++
	p.hour, p.minute, p.second, p.nanos, p.half = hour, minute, second.value, second.nanos, half
}

// clock reads a time of day, with what may follow it: am, pm, or an offset.
func (p *parser) clock() bool {
	hour := p.at(0).value
	p.skip(1)
	var minute int64
	var second token
	if p.isChar(0, ':') {
		if p.at(1).kind != number {
			return false
		}
		minute = p.at(1).value
		p.skip(2)
		if p.isChar(0, ':') {
			second = p.at(1)
			if second.kind != number && (second.kind != decimal || second.signed) {
				return false
			}
			p.skip(2)
		}
	}
	switch next := p.at(0); next.kind {
	case meridian:
		p.skip(1)
		p.setTime(hour, minute, second, next.value)
	case signed:
		p.setTime(hour, minute, second, 24)
		return p.offset(0)
	default:
		p.setTime(hour, minute, second, 24)
	}
	return true
}

// offset reads +HH, +HHMM or +HH:MM on top of a zone.
func (p *parser) offset(zone int64) bool {
	t := p.at(0)
	p.skip(1)
	p.zones++
	value := t.value
	switch {
	case p.isChar(0, ':'):
		m := p.at(1)
		if m.kind != number {
			return false
		}
		p.skip(2)
		if t.minus {
			m.value = -m.value
		}
		value = value*60 + m.value
	case t.digits <= 2:
		value *= 60
	default:
		value = value/100*60 + value%100
	}
	p.zone = zone + value
	return value >= -24*60 && value <= 24*60
}

// namedZone reads what may follow the name of a zone: an offset, or DST.
func (p *parser) namedZone(zone int64) bool {
	switch {
	case p.at(0).kind == signed && p.at(1).kind != unit:
		return p.offset(zone)
	case p.at(0).kind == summer:
		p.skip(1)
		zone += 60
	}
	p.zones++
	p.zone = zone
	return true
}

// ownZone reads a name of the time zone in force, or of its summer time.
func (p *parser) ownZone(zone int64) bool {
	if p.at(0).kind == summer {
		p.skip(1)
		zone += 60
	}
	p.zones++
	p.zone, p.own = zone, true
	return true
}

// weekday reads a day of the week; count is how many such days ahead.
func (p *parser) weekday(count int64) bool {
	p.weekdays++
	p.dayCount, p.dayNumber = count, p.at(0).value
	p.skip(1)
	if p.isChar(0, ',') {
		p.skip(1)
	}
	return count <= maxSpan
}
