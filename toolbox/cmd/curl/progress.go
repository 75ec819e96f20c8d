package curl

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	meterHead = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n" +
		"                                 Dload  Upload   Total   Spent    Left  Speed\n"
	parallelHead = "DL% UL%  Dled  Uled  Xfers  Live Total     Current  Left    Speed\n"
)

// metered reports whether the progress of a transfer is shown: on a terminal
// that does not show the output itself.
func (t *transfer) metered() bool {
	r := t.r
	return !r.global.silent && !r.global.noMeter && r.x.IsTerminal(2) && t.out != nil && (t.out.path != "" || !r.x.IsTerminal(1))
}

// showProgress shows how far the transfer is: once a second, and at its end.
func (t *transfer) showProgress(final bool) {
	if !t.metered() || t.last == nil {
		return
	}
	now := t.r.now()
	if !final && now.Sub(t.shown) < time.Second {
		return
	}
	first := t.shown.IsZero()
	t.shown = now
	switch {
	case t.r.parallel:
	case t.r.global.bar:
		t.showBar(final)
	default:
		t.showMeter(now.Sub(t.begun), first, final)
	}
}

// expected is how long the body is to be; 0 if that is not known.
func (t *transfer) expected() int64 {
	n, err := strconv.ParseInt(t.last.Get("Content-Length"), 10, 64)
	if err != nil || n < 0 || t.last.Decoded || t.method == "HEAD" {
		return 0
	}
	return n
}

func (t *transfer) showMeter(spent time.Duration, first, final bool) {
	down, up, want := t.got, int64(t.sentBody), t.expected()
	if first {
		if !t.r.meterShown {
			fmt.Fprint(t.r.stderr, meterHead)
			t.r.meterShown = true
		}
		fmt.Fprintf(t.r.stderr, "\r  0 %s    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0", short(0))
	}
	speed := func(n int64) int64 { return n * 1e6 / max(1, spent.Microseconds()) }
	total := max(want, down) + up
	left := time.Duration(0)
	if rate := speed(down); want > down && rate > 0 {
		left = time.Duration((want-down)/rate) * time.Second
	}
	fmt.Fprintf(t.r.stderr, "\r%3d %s  %3d %s  %3d %s  %s  %s %s %s %s %s", percent(down+up, total), short(total), percent(down, max(want, down)), short(down),
		percent(up, up), short(up), short(speed(down)), short(speed(up)), clock(spent+left), clock(spent), clock(left), short(speed(down+up)))
	if final {
		fmt.Fprintln(t.r.stderr)
	}
}

// barWidth is how wide the bar of -# is.
const barWidth = 72

func (t *transfer) showBar(final bool) {
	part := 1.0
	if want := t.expected(); !final && want > 0 {
		part = float64(t.got) / float64(want)
	}
	fmt.Fprintf(t.r.stderr, "\r%-*s %5.1f%%", barWidth, strings.Repeat("#", int(part*barWidth)), part*100)
	if final {
		fmt.Fprintln(t.r.stderr)
	}
}

// showTotals shows what parallel transfers came to.
func (r *runner) showTotals(all []*transfer, spent time.Duration) {
	if r.global.silent || r.global.noMeter || !r.x.IsTerminal(2) {
		return
	}
	var down, up int64
	for _, t := range all {
		down, up = down+t.got, up+int64(t.sentBody)
	}
	fmt.Fprintf(r.stderr, "%s\r%-3s %-3s %s %s %5d %5d  %s %s %s %s\n", parallelHead, "100", "--", short(down), short(up), len(all), 0,
		clock(spent), clock(spent), clock(0), short(down*1e6/max(1, spent.Microseconds())))
}

func percent(n, of int64) int64 {
	if of == 0 {
		return 0
	}
	return n * 100 / of
}

// clock writes a time as hours, minutes and seconds; none is dashes.
func clock(d time.Duration) string {
	s := int64(d / time.Second)
	if s <= 0 {
		return "--:--:--"
	}
	return fmt.Sprintf("%2d:%02d:%02d", s/3600, s/60%60, s%60)
}

// short writes a number of bytes in five columns.
func short(n int64) string {
	switch {
	case n < 100_000:
		return fmt.Sprintf("%5d", n)
	case n < 10_000<<10:
		return fmt.Sprintf("%4dk", n>>10)
	case n < 100<<20:
		return fmt.Sprintf("%2d.%0dM", n>>20, n%(1<<20)/(1<<20/10))
	}
	return fmt.Sprintf("%4dM", n>>20)
}
