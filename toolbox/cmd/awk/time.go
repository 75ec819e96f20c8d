package awk

import (
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/zone"
)

func bSystime(m *machine, _ []expr) value { return num(float64(m.x.Now().Unix())) }

// location is the time zone of TZ.
func (m *machine) location() *time.Location {
	if a := m.globals[gENVIRON].arr; a != nil {
		if c := a.cells["TZ"]; c != nil {
			return zone.Load(m.text(c.v))
		}
	}
	return zone.Load(m.x.Getenv("TZ"))
}

func bStrftime(m *machine, args []expr) value {
	format := "%a %b %e %H:%M:%S %Z %Y"
	if c := m.procinfo("strftime"); c != "" {
		format = c
	}
	if len(args) > 0 {
		format = m.strArg(args, 0)
	}
	t := m.x.Now()
	if len(args) > 1 {
		t = time.Unix(int64(args[1].num(m)), 0)
	}
	loc := m.location()
	if len(args) > 2 && args[2].cond(m) {
		loc = time.UTC
	}
	return str(strftime.Format(format, t.In(loc)))
}

// procinfo is an element of PROCINFO, "" if it is not set.
func (m *machine) procinfo(key string) string {
	if a := m.globals[gPROCINFO].arr; a != nil {
		if c := a.cells[key]; c != nil {
			return m.text(c.v)
		}
	}
	return ""
}

// bMktime reads "YYYY MM DD HH MM SS [DST]".
func bMktime(m *machine, args []expr) value {
	fields := strings.Fields(m.strArg(args, 0))
	var n [6]int
	if len(fields) < 6 {
		return num(-1)
	}
	for i := range n {
		v, err := strconv.Atoi(fields[i])
		if err != nil {
			return num(-1)
		}
		n[i] = v
	}
	loc := m.location()
	if len(args) > 1 && args[1].cond(m) {
		loc = time.UTC
	}
	at := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, loc)
	if len(fields) > 6 {
		if summer, err := strconv.Atoi(fields[6]); err == nil {
			at = daylight(at, summer)
		}
	}
	return num(float64(at.Unix()))
}

// daylight moves a time that was read on a clock which is set to summer time (1)
// or is not (0), where the zone says otherwise; -1 leaves it to the zone.
func daylight(at time.Time, summer int) time.Time {
	_, offset := at.Zone()
	_, january := time.Date(at.Year(), time.January, 1, 0, 0, 0, 0, at.Location()).Zone()
	_, july := time.Date(at.Year(), time.July, 1, 0, 0, 0, 0, at.Location()).Zone()
	standard, shifted := min(january, july), max(january, july)
	if standard == shifted {
		shifted += int(time.Hour / time.Second)
	}
	switch {
	case summer == 0 && at.IsDST():
		return at.Add(time.Duration(offset-standard) * time.Second)
	case summer > 0 && !at.IsDST():
		return at.Add(time.Duration(offset-shifted) * time.Second)
	}
	return at
}
