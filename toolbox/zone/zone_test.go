package zone

import (
	"strings"
	"testing"
	"time"
)

func TestLoad(t *testing.T) {
	winter := time.Date(2024, 1, 15, 12, 0, 0, 0, time.UTC)
	summer := time.Date(2024, 7, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ tz, winter, summer string }{
		{"", "12:00 UTC", "12:00 UTC"},
		{"UTC", "12:00 UTC", "12:00 UTC"},
		{"GMT", "12:00 GMT", "12:00 GMT"},
		{"America/New_York", "07:00 EST", "08:00 EDT"},
		{":America/New_York", "07:00 EST", "08:00 EDT"},
		{"Europe/Berlin", "13:00 CET", "14:00 CEST"},
		{"Asia/Kolkata", "17:30 IST", "17:30 IST"},
		{"Asia/Tokyo", "21:00 JST", "21:00 JST"},
		{"Australia/Sydney", "23:00 AEDT", "22:00 AEST"},
		{"America/Sao_Paulo", "09:00 -03", "09:00 -03"},
		{"EST5EDT,M3.2.0,M11.1.0", "07:00 EST", "08:00 EDT"},
		{"EST5EDT", "07:00 EST", "08:00 EDT"},
		{"XYZ-5:30", "17:30 XYZ", "17:30 XYZ"},
		{"<+03>-3", "15:00 +03", "15:00 +03"},
		{"Foo/Bar", "12:00 Foo", "12:00 Foo"},
		{"Nowhere", "12:00 Nowhere", "12:00 Nowhere"},
		{"../../etc/passwd", "12:00 UTC", "12:00 UTC"},
		{"12", "12:00 UTC", "12:00 UTC"},
	} {
		loc := Load(c.tz)
		if got := winter.In(loc).Format("15:04 MST"); got != c.winter {
			t.Errorf("%q in winter: %s, want %s", c.tz, got, c.winter)
		}
		if got := summer.In(loc).Format("15:04 MST"); got != c.summer {
			t.Errorf("%q in summer: %s, want %s", c.tz, got, c.summer)
		}
	}
}

func TestZonesAreRules(t *testing.T) {
	for line := range strings.Lines(zones) {
		rule, _, _ := strings.Cut(line, " ")
		if posix(rule) == nil {
			t.Errorf("%q is not understood", rule)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, tz := range []string{"EST5EDT,M3.2.0/1,M11.1.0/-3", "<+03>-3", "A", "Europe/Berlin", "X5Y,J1,400"} {
		f.Add(tz)
	}
	f.Fuzz(func(t *testing.T, tz string) {
		if Load(tz) == nil {
			t.Errorf("%q: no location", tz)
		}
		time.Unix(1700000000, 0).In(Load(tz)).Zone()
	})
}
