package tool

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads the durations of sleep and timeout: a number, also with
// a fraction or an exponent, of seconds or what its unit s, m, h or d says;
// and "infinity". What is longer than a time.Duration is the longest one.
func ParseDuration(s string) (time.Duration, bool) {
	unit := time.Second
	digits := s
	if n := len(s); n > 0 {
		switch s[n-1] {
		case 's':
			digits = s[:n-1]
		case 'm':
			digits, unit = s[:n-1], time.Minute
		case 'h':
			digits, unit = s[:n-1], time.Hour
		case 'd':
			digits, unit = s[:n-1], 24*time.Hour
		}
	}
	v, ok := parseFloat(digits)
	if !ok || v < 0 || math.IsNaN(v) {
		return 0, false
	}
	ns := math.Ceil(v * float64(unit))
	if ns >= math.MaxInt64 {
		return math.MaxInt64, true
	}
	return time.Duration(ns), true
}

// parseFloat is strtod on a whole string: no underscores, spaces in front.
func parseFloat(s string) (float64, bool) {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	if strings.Contains(s, "_") {
		return 0, false
	}
	hex := strings.HasPrefix(strings.ToLower(strings.TrimLeft(s, "+-")), "0x")
	if hex && !strings.ContainsAny(s, "pP") {
		s += "p0"
	}
	v, err := strconv.ParseFloat(s, 64)
	if ne, ok := err.(*strconv.NumError); ok && ne.Err == strconv.ErrRange {
		return v, true
	}
	return v, err == nil
}
