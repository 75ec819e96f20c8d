package getdate

// isoDate reads 2024-01-31, and the time that a T joins to it.
func (p *parser) isoDate() bool {
	year, month, day := p.at(0), p.at(1), p.at(2)
	p.skip(3)
	p.dates++
	p.setDate(year.value, year.digits, -month.value, -day.value)
	if p.at(0).kind != letterT || p.at(1).kind != number {
		return true
	}
	if p.isChar(2, ':') || p.at(2).kind == signed {
		p.skip(1)
		return p.number()
	}
	return false
}

// slashed reads 1/31, 1/31/2024 and 2024/1/31.
func (p *parser) slashed() bool {
	a, b := p.at(0), p.at(2)
	if b.kind != number {
		return false
	}
	p.skip(3)
	p.dates++
	p.month, p.day = a.value, b.value
	if !p.isChar(0, '/') {
		return true
	}
	c := p.at(1)
	if c.kind != number {
		return false
	}
	p.skip(2)
	if a.digits >= 4 {
		p.setDate(a.value, a.digits, b.value, c.value)
	} else {
		p.setDate(c.value, c.digits, a.value, b.value)
	}
	return true
}

// dayFirst reads 31 Jan, 31 Jan 2024 and 31-Jan-2024.
func (p *parser) dayFirst() bool {
	p.dates++
	p.day, p.month = p.at(0).value, p.at(1).value
	p.skip(2)
	switch t := p.at(0); t.kind {
	case number:
		p.skip(1)
		p.year, p.yearDigits = t.value, t.digits
	case signed:
		p.skip(1)
		p.year, p.yearDigits = -t.value, t.digits
	}
	return true
}

// monthFirst reads Jan 31, Jan 31, 2024 and Jan-31-2024.
func (p *parser) monthFirst() bool {
	day := p.at(1)
	p.dates++
	p.month = p.at(0).value
	switch day.kind {
	case number:
		p.day = day.value
		p.skip(2)
		if p.isChar(0, ',') {
			year := p.at(1)
			if year.kind != number {
				return false
			}
			p.skip(2)
			p.year, p.yearDigits = year.value, year.digits
		}
		return true
	case signed:
		year := p.at(2)
		if year.kind != signed {
			return false
		}
		p.skip(3)
		p.setDate(-year.value, year.digits, p.month, -day.value)
		return true
	}
	return false
}

// span reads a length of time: 2 days, +1 month, next week, 3 hours ago.
func (p *parser) span() bool {
	n := token{value: 1}
	if t := p.at(0); t.kind != unit {
		n = t
		p.skip(1)
	}
	u := p.at(0)
	if u.kind != unit || n.kind == decimal && u.scale != seconds {
		return false
	}
	p.skip(1)
	sign := int64(1)
	if t := p.at(0); t.kind == ago {
		sign = t.value
		p.skip(1)
	}
	p.rels++
	return p.rel.add(u, n, sign)
}

// maxSpan bounds each part of a span, so that no sum overflows.
const maxSpan = 1 << 40

func (r *relative) add(u, n token, sign int64) bool {
	if n.value > maxSpan || n.value < -maxSpan {
		return false
	}
	at := [...]*int64{&r.years, &r.months, &r.days, &r.hours, &r.minutes, &r.seconds}[u.scale]
	*at += n.value * u.value * sign
	r.nanos += n.nanos * sign
	return *at <= maxSpan*16 && *at >= -maxSpan*16
}
