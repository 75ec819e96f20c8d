package getdate

import (
	"bufio"
	_ "embed"
	"strings"
	"testing"
	"time"

	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/zone"
)

// dates.txt holds what date of coreutils 9.1 makes of dates, when it is
// 2024-02-03 04:05:06.789 in the zone of the line: TZ, date, result, by tabs.
//
//go:embed dates.txt
var dates string

func TestParse(t *testing.T) {
	lines := bufio.NewScanner(strings.NewReader(dates))
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		now := time.Unix(1706933106, 789e6).In(zone.Load(f[0]))
		got := "invalid"
		if at, err := Parse(f[1], now); err == nil {
			got = strftime.Format("%F %T.%N %z", at)
		}
		if got != f[2] {
			t.Errorf("TZ=%s %q: %s, want %s", f[0], f[1], got, f[2])
		}
	}
}

func FuzzParse(f *testing.F) {
	for line := range strings.Lines(dates) {
		f.Add(strings.Split(line, "\t")[1])
	}
	now := time.Unix(1706933106, 0).UTC()
	f.Fuzz(func(t *testing.T, s string) {
		at, err := Parse(s, now)
		if err == nil && (at.Year() > 2*maxYear || at.Year() < -2*maxYear) {
			t.Errorf("%q is the year %d", s, at.Year())
		}
	})
}
