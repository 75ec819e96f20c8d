package jq

import (
	"math"
	"time"

	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/zone"

	"github.com/itchyny/timefmt-go"
)

var times = map[string]valueFunc{
	"mktime/0": func(_ *machine, in any, _ []any) (any, error) {
		t, err := brokenDown(in, "mktime", time.UTC)
		if err != nil {
			return nil, err
		}
		return float64(t.Unix()), nil
	},
	"gmtime/0":    func(_ *machine, in any, _ []any) (any, error) { return split(in, "gmtime", time.UTC) },
	"localtime/0": func(m *machine, in any, _ []any) (any, error) { return split(in, "localtime", m.location()) },
	"strftime/1": func(_ *machine, in any, args []any) (any, error) {
		return formatTime(in, args[0], "strftime/1", time.UTC)
	},
	"strflocaltime/1": func(m *machine, in any, args []any) (any, error) {
		return formatTime(in, args[0], "strflocaltime/1", m.location())
	},
	"strptime/1": func(_ *machine, in any, args []any) (any, error) {
		s, ok := in.(string)
		if !ok {
			return nil, fail("strptime/1 requires string inputs and arguments")
		}
		layout, ok := args[0].(string)
		if !ok {
			return nil, fail("strptime/1 requires string inputs and arguments")
		}
		t, err := timefmt.Parse(s, layout)
		if err != nil {
			return nil, fail("date \"", s, "\" does not match format \"", layout, "\"")
		}
		return broken(t), nil
	},
}

func (m *machine) location() *time.Location { return zone.Load(m.x.Getenv("TZ")) }

func unix(f float64) time.Time {
	return time.Unix(int64(math.Floor(f)), 0)
}

// broken is a time as jq breaks it down.
func broken(t time.Time) []any {
	return []any{float64(t.Year()), float64(t.Month() - 1), float64(t.Day()), float64(t.Hour()), float64(t.Minute()), float64(t.Second()),
		float64(t.Weekday()), float64(t.YearDay() - 1)}
}

func split(in any, name string, loc *time.Location) (any, error) {
	f, ok := number(in)
	if !ok {
		return nil, fail(name, "() requires numeric inputs")
	}
	list := broken(unix(f).In(loc))
	const seconds = 5
	list[seconds] = list[seconds].(float64) + (f - math.Floor(f))
	return list, nil
}

// brokenDown is the time that an array stands for.
func brokenDown(in any, name string, loc *time.Location) (time.Time, error) {
	a, ok := in.([]any)
	if !ok {
		return time.Time{}, fail(name, " requires array inputs")
	}
	var n [6]float64
	if len(a) < len(n) {
		return time.Time{}, fail(name, " requires parsed datetime inputs")
	}
	for i := range n {
		f, ok := number(a[i])
		if !ok {
			return time.Time{}, fail(name, " requires parsed datetime inputs")
		}
		n[i] = f
	}
	return time.Date(int(n[0]), time.Month(int(n[1])+1), int(n[2]), int(n[3]), int(n[4]), int(n[5]), 0, loc), nil
}

func formatTime(in, layout any, name string, loc *time.Location) (any, error) {
	f, isNumber := number(in)
	_, isArray := in.([]any)
	if !isNumber && !isArray {
		return nil, fail(name, " requires parsed datetime inputs")
	}
	format, ok := layout.(string)
	if !ok {
		return nil, fail(name, " requires a string format")
	}
	t := unix(f).In(loc)
	if isArray {
		var err error
		if t, err = brokenDown(in, name, loc); err != nil {
			return nil, err
		}
	}
	return strftime.Format(format, t), nil
}
