package strftime

import (
	"strings"
	"testing"
	"time"
)

// Recorded from date of coreutils 9.1 with -d @1700000000.123456789.
func TestFormat(t *testing.T) {
	ny := time.FixedZone("EST", -5*3600)
	at := time.Unix(1700000000, 123456789).In(ny)
	for _, c := range []struct{ format, want string }{
		{"%N %3N %6N %-N %_3N", "123456789 123 123456 123456789 123"},
		{"%z %:z %::z %:::z %Z", "-0500 -05:00 -05:00:00 -05 EST"},
		{"%5d %-d %_d %^a %#Z %#p", "00014 14 14 TUE est pm"},
		{"%+4Y %010s %e %k %l %P %q", "2023 1700000000 14 17  5 pm 4"},
		{"%U %V %W %G %g %C", "46 46 46 2023 23 20"},
		{"%h %x %X %c", "Nov 11/14/23 17:13:20 Tue Nov 14 17:13:20 2023"},
		{"%r %T %R %D %F", "05:13:20 PM 17:13:20 17:13 11/14/23 2023-11-14"},
		{"%Ey %Od %E %f %5 %", "23 14 %E %f   %5 %"},
		{"%_z %-z %10z %_10z", " -500 -500 -000000500       -500"},
	} {
		if got := Format(c.format, at); got != c.want {
			t.Errorf("%q: %q, want %q", c.format, got, c.want)
		}
	}
}

// Recorded with -u -d @0.
func TestFormatEpoch(t *testing.T) {
	at := time.Unix(0, 0).UTC()
	for _, c := range []struct{ format, want string }{
		{"[%10F][%-F][%_10F][%12c]", "[1970-01-01][1970-01-01][1970-01-01][Thu Jan  1 00:00:00 1970]"},
		{"[%-y][%_m][%05e][%-j]", "[70][ 1][00001][1]"},
		{"[%10B][%^10B][%010B][%-10B]", "[   January][   JANUARY][000January][January]"},
		{"[%:::z][%_z][%-z][%10z][%_10z]", "[+00][   +0][+0][+000000000][        +0]"},
		{"[%#B][%10t][%::::z][%:d][%EQ][%+]", "[JANUARY][         \t][%::::z][%:d][%EQ][%+]"},
		{"[%_10T][%6R][%-I][%^p][%#a]", "[  00:00:00][ 00:00][12][AM][THU]"},
		{"[%+F][%+6C][%+7Y][%_Y][%-3d]", "[1970-01-01][+00019][+001970][1970][1]"},
		{"[%_N][%-N][%12N][%2N][%012N]", "[0        ][000000000][000000000000][00][000000000000]"},
		{"[%s][%15s][%^#B][%#^B][%0e][%-H]", "[0][000000000000000][JANUARY][JANUARY][01][0]"},
	} {
		if got := Format(c.format, at); got != c.want {
			t.Errorf("%q: %q, want %q", c.format, got, c.want)
		}
	}
}

func TestYears(t *testing.T) {
	for _, c := range []struct {
		year         int
		format, want string
	}{
		{12345, "%+F %F %Y %+Y %C %+C %G", "+12345-01-01 +12345-01-01 12345 +12345 123 +123 12345"},
		{5, "%F %Y %-Y %_Y %C %y %-F %G", "0005-01-01 0005 5    5 00 05 5-01-01 0004"},
		{-1, "%Y %C %y", "-0001 -01 99"},
	} {
		at := time.Date(c.year, 1, 1, 0, 0, 0, 0, time.UTC)
		if got := Format(c.format, at); got != c.want {
			t.Errorf("%d %q: %q, want %q", c.year, c.format, got, c.want)
		}
	}
}

func FuzzFormat(f *testing.F) {
	f.Add("%Y-%m-%dT%H:%M:%S.%3N%:z", int64(1700000000))
	f.Add("%^_10a%#Z%E%O%%%+999999999d", int64(-1))
	f.Fuzz(func(t *testing.T, format string, sec int64) {
		at := time.Unix(sec%(1<<50), 0).UTC()
		got := Format(format, at)
		if bound := (len(format)+1)*maxWidth + 64; len(got) > bound {
			t.Errorf("%q prints %d bytes", format, len(got))
		}
		if !strings.Contains(format, "%") && got != format {
			t.Errorf("%q became %q", format, got)
		}
	})
}
