package curl

import (
	"fmt"

	"agentsandbox/toolbox/sandboxabi"
)

const meterHead = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n" +
	"                                 Dload  Upload   Total   Spent    Left  Speed\n"

// meter shows what a transfer has moved, on a terminal that does not show the
// output itself. Bodies come in one piece, so there is one line of it.
func (r *runner) meter(t *transfer) {
	if r.global.silent || r.global.noMeter || !r.x.IsTerminal(2) || t.last == nil || t.out == nil || t.out.path == "" && r.x.IsTerminal(1) {
		return
	}
	if r.global.bar {
		fmt.Fprintf(r.stderr, "######################################################################## 100.0%%\n")
		return
	}
	if !r.meterShown {
		fmt.Fprint(r.stderr, meterHead)
		r.meterShown = true
	}
	down, up := int64(t.out.wroteBody(t.last, t)), int64(t.sentBody)
	speed := func(n int64) int64 { return n * 1e6 / max(1, t.took.total) }
	percent := func(n int64) int {
		if n > 0 {
			return 100
		}
		return 0
	}
	fmt.Fprintf(r.stderr, "%3d %s  %3d %s  %3d %s  %s  %s --:--:-- --:--:-- --:--:-- %s\n",
		percent(down+up), short(down+up), percent(down), short(down), percent(up), short(up),
		short(speed(down)), short(speed(up)), short(speed(down+up)))
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

// wroteBody is how much of a body came.
func (s *sink) wroteBody(resp *sandboxabi.Response, t *transfer) int {
	if t.code == 22 && t.c.fail || t.method == "HEAD" {
		return 0
	}
	return len(resp.Body)
}
