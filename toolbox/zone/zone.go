// Package zone finds the time zone that the variable TZ names.
//
// A rule in POSIX form (EST5EDT,M3.2.0,M11.1.0) is taken as it is. Of a name
// (Europe/Berlin) only the rule in force today is known: zones.txt has the
// last line of each file of the tz database, 10 KB in place of 450. Times
// before a zone last changed its rule therefore show as if it always had it.
package zone

import (
	_ "embed"
	"strings"
	"time"
)

// zones has one line a rule: the rule, then the names that follow it.
//
//go:embed zones.txt
var zones string

// Load returns the zone of a value of TZ. Empty is UTC; what can not be read
// is UTC too, under the letters that it starts with, as glibc has it.
func Load(tz string) *time.Location {
	tz = strings.TrimPrefix(tz, ":")
	if tz == "" || tz == "UTC" || tz == "UTC0" || tz == "Etc/UTC" {
		return time.UTC
	}
	if rule := ruleOf(tz); rule != "" {
		tz = rule
	}
	if loc := posix(tz); loc != nil {
		return loc
	}
	name, rest := abbreviation(tz)
	if rest == tz || len(name) < 3 {
		return time.UTC
	}
	return time.FixedZone(name, 0)
}

// Known reports whether tz is a name or a rule that Load understands.
func Known(tz string) bool {
	tz = strings.TrimPrefix(tz, ":")
	return ruleOf(tz) != "" || posix(tz) != nil
}

// ruleOf finds the rule of a zone's name, "" if there is none.
func ruleOf(name string) string {
	if strings.ContainsAny(name, " \n,<") || name == "" {
		return ""
	}
	for line := range strings.Lines(zones) {
		rule, names, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if strings.Contains(" "+names+" ", " "+name+" ") {
			return rule
		}
	}
	return ""
}

// abbreviation cuts the name of a zone from the front of a rule.
func abbreviation(rule string) (name, rest string) {
	if strings.HasPrefix(rule, "<") {
		name, rest, ok := strings.Cut(rule[1:], ">")
		if !ok {
			return "", rule
		}
		return name, rest
	}
	rest = strings.TrimLeft(rule, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return rule[:len(rule)-len(rest)], rest
}

// posix makes a location of a rule in POSIX form, nil if it is none.
//
// Package time reads such rules only at the end of a tz file, for the times
// behind its last change. So it is given a file without any change, whose one
// zone has a name that shows when the rule was not understood.
func posix(rule string) *time.Location {
	const refused = "?"
	name, rest := abbreviation(rule)
	if len(name) < 3 || rest == "" {
		return nil
	}
	file := header(0, 0)
	file = append(file, header(1, len(refused)+1)...)
	file = append(file, 0, 0, 0, 0, 0, 0) // offset 0, no summer time, name at 0
	file = append(file, refused+"\x00\n"+rule+"\n"...)
	loc, err := time.LoadLocationFromTZData(name, file)
	if err != nil {
		return nil
	}
	if got, _ := time.Unix(0, 0).In(loc).Zone(); got == refused {
		return nil
	}
	return loc
}

// header is that of a tz file of version 2, with so many zones and so many
// bytes of names.
func header(zones, names int) []byte {
	h := make([]byte, 44)
	copy(h, "TZif2")
	h[39], h[43] = byte(zones), byte(names)
	return h
}
