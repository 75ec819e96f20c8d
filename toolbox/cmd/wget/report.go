package wget

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/sandboxabi"
)

// say prints what only the verbose form says.
func (r *run) say(format string, args ...any) {
	if !r.quiet && !r.terse {
		fmt.Fprintf(r.log, format, args...)
	}
}

// tell prints unless the run is quiet.
func (r *run) tell(format string, args ...any) {
	if !r.quiet {
		fmt.Fprintf(r.log, format, args...)
	}
}

func (r *run) now() time.Time {
	if r.x.Now == nil {
		return time.Time{}
	}
	return r.x.Now()
}

func (r *run) stamp() string { return r.now().Format("2006-01-02 15:04:05") }

func (r *run) announce(u *url.URL, try int) {
	shown := *u
	if u.User != nil {
		shown.User = url.User(u.User.Username())
	}
	attempt := ""
	if try > 1 {
		attempt = fmt.Sprintf("(try:%2d)", try)
	}
	r.say("--%s--%s  %s\n", r.stamp(), attempt, shown.String())
}

func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return u.Hostname() + ":" + port
}

// connected tells how the connection came about.
func (r *run) connected(u *url.URL, resp *sandboxabi.Response) {
	if resp.RemoteAddr == "" {
		return
	}
	host := u.Hostname()
	address := resp.RemoteAddr[:strings.LastIndexByte(resp.RemoteAddr, ':')]
	switch {
	case resp.Timing.Reused:
		r.say("Reusing existing connection to %s.\n", hostPort(u))
	case strings.Trim(address, "[]") == host:
		r.say("Connecting to %s... connected.\n", hostPort(u))
	default:
		r.say("Resolving %s (%s)... %s\nConnecting to %s (%s)|%s|:%d... connected.\n",
			host, host, address, host, host, address, port(u))
	}
}

func port(u *url.URL) int {
	hp := hostPort(u)
	n, _ := strconv.Atoi(hp[strings.LastIndexByte(hp, ':')+1:])
	return n
}

// failed says why there is no answer.
func (r *run) failed(u *url.URL, resp *sandboxabi.Response) (status int, again bool) {
	f := resp.Failure
	switch f.Kind {
	case sandboxabi.Disabled:
		r.tell("wget: unable to connect to %s: networking is disabled in this sandbox (allow hosts with --allow-net %s, or set a fetch policy)\n", hostPort(u), u.Host)
	case sandboxabi.Denied:
		r.tell("wget: %s\n", resp.ErrorText)
	case sandboxabi.Resolve:
		r.say("Resolving %s (%s)... failed: Name or service not known.\n", u.Hostname(), u.Hostname())
		r.tell("wget: unable to resolve host address '%s'\n", u.Hostname())
	case sandboxabi.Connect:
		r.say("Connecting to %s... ", hostPort(u))
		r.tell("failed: %s.\n", strings.ToUpper(f.Detail[:min(1, len(f.Detail))])+f.Detail[min(1, len(f.Detail)):])
	case sandboxabi.Certificate:
		r.tell("ERROR: cannot verify %s's certificate: %s\n", u.Hostname(), f.Detail)
		return exitTLS, false
	case sandboxabi.TLS:
		r.tell("Unable to establish SSL connection: %s.\n", f.Detail)
		return exitNetwork, false
	case sandboxabi.Empty:
		r.say("HTTP request sent, awaiting response... ")
		r.tell("No data received.\nRetrying.\n\n")
		return exitNetwork, true
	case sandboxabi.Timeout:
		r.tell("failed: Connection timed out.\n")
	case sandboxabi.BodySize:
		r.tell("wget: %s\n", resp.ErrorText)
		return exitGeneric, false
	default:
		r.tell("wget: %s\n", resp.ErrorText)
	}
	return exitNetwork, false
}

// showStatus shows the answer's status, or with -S all of its header.
func (r *run) showStatus(resp *sandboxabi.Response) {
	if !r.response {
		r.say("HTTP request sent, awaiting response... %d %s\n", resp.Status, resp.Reason)
		return
	}
	r.say("HTTP request sent, awaiting response... \n")
	fmt.Fprintf(r.log, "  HTTP/1.1 %d %s\n", resp.Status, resp.Reason)
	for _, f := range resp.Headers {
		fmt.Fprintf(r.log, "  %s: %s\n", f[0], f[1])
	}
}

func (r *run) httpError(u *url.URL, resp *sandboxabi.Response) int {
	if r.terse {
		r.tell("%s:\n", u)
	}
	reason := resp.Reason
	if reason == "" {
		reason = "(no description)"
	}
	r.tell("%s ERROR %d: %s.\n", r.stamp(), resp.Status, reason)
	r.say("\n")
	return exitResponse
}

func (r *run) showLength(resp *sandboxabi.Response, offset int64) {
	length := "unspecified"
	if n, err := strconv.ParseInt(resp.Get("Content-Length"), 10, 64); err == nil {
		length = withHuman(n + offset)
		if offset > 0 {
			length += fmt.Sprintf(", %s remaining", withHuman(n))
		}
	}
	kind, _, _ := strings.Cut(resp.Get("Content-Type"), ";")
	if kind != "" {
		kind = " [" + strings.TrimSpace(kind) + "]"
	}
	r.say("Length: %s%s\n", length, kind)
}

// withHuman writes a number of bytes, from 1 KiB on with a short form.
func withHuman(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%d (%s)", n, human(n))
}

func human(n int64) string {
	value := float64(n)
	if n < 1024 {
		return strconv.FormatInt(n, 10)
	}
	for _, unit := range "KMGT" {
		if value /= 1024; value < 1024 {
			if value < 10 {
				return fmt.Sprintf("%.1f%c", value, unit)
			}
			return fmt.Sprintf("%.0f%c", value, unit)
		}
	}
	return fmt.Sprintf("%.0fP", value/1024)
}

// showSaved draws the dots of the transfer and tells what was saved.
func (f *fetch) showSaved(name string, offset, size int64, resp *sandboxabi.Response) {
	r := f.run
	seconds := max(1e-6, sandboxabi.Duration(resp.Timing.Total).Seconds())
	r.files, r.bytes, r.took = r.files+1, r.bytes+size, r.took+seconds
	want, err := strconv.ParseInt(resp.Get("Content-Length"), 10, 64)
	r.say("%s\n", dots(size, seconds, err == nil))
	if r.newer && resp.Get("Last-Modified") == "" {
		r.tell("Last-modified header missing -- time-stamps turned off.\n")
	}
	total := ""
	if err == nil {
		total = "/" + strconv.FormatInt(want+offset, 10)
	}
	rate := speed(float64(size) / seconds)
	switch {
	case resp.Failure != nil:
		f.showBroken(rate, offset+size, resp)
	case r.terse:
		shown := name
		if r.document == "-" {
			shown = "-"
		}
		r.tell("%s URL:%s [%d%s] -> \"%s\" [%d]\n", r.stamp(), f.url, size+offset, total, shown, f.number)
	case r.document == "-":
		r.say("%s (%s) - written to stdout [%d%s]\n\n", r.stamp(), rate, size+offset, total)
	default:
		r.say("%s (%s) - '%s' saved [%d%s]\n\n", r.stamp(), rate, name, size+offset, total)
	}
}

// showBroken tells that the document came in part only.
func (f *fetch) showBroken(rate string, at int64, resp *sandboxabi.Response) {
	next := "Retrying.\n\n"
	if f.last {
		next = "Giving up.\n\n"
	}
	switch resp.Failure.Kind {
	case sandboxabi.Truncated, sandboxabi.Reset:
		f.say("%s (%s) - Connection closed at byte %d. %s", f.stamp(), rate, at, next)
	case sandboxabi.Timeout:
		f.say("%s (%s) - Read error at byte %d (Connection timed out). %s", f.stamp(), rate, at, next)
	default:
		f.tell("wget: %s\n", resp.ErrorText)
	}
}

// summary tells what several URLs came to.
func (r *run) summary(begun time.Time) {
	r.tell("FINISHED --%s--\nTotal wall clock time: %ss\nDownloaded: %d files, %s in %ss (%s)\n", r.stamp(),
		brief(r.now().Sub(begun).Seconds()), r.files, human(r.bytes), brief(r.took), speed(float64(r.bytes)/max(1e-6, r.took)))
}

// dots draws a line of dots for each 50 KB. Of a length that was announced it
// tells the share.
func dots(size int64, seconds float64, announced bool) string {
	const perLine, perDot = 50 << 10, 1 << 10
	var b strings.Builder
	rate := float64(size) / seconds
	for at := int64(0); at == 0 || at < size; at += perLine {
		fmt.Fprintf(&b, "%6dK", at>>10)
		n := int((min(size-at, perLine) + perDot - 1) / perDot)
		if size-at < perDot {
			n = 0
		}
		for i := range 50 {
			if i%10 == 0 {
				b.WriteByte(' ')
			}
			if i < n {
				b.WriteByte('.')
			} else {
				b.WriteByte(' ')
			}
		}
		percent := int64(100)
		if size > 0 {
			percent = min(100, (at+perLine)*100/size)
		}
		if announced {
			fmt.Fprintf(&b, " %3d%%", percent)
		} else {
			b.WriteString(" ")
		}
		fmt.Fprintf(&b, " %s", short(rate))
		if at+perLine >= size {
			fmt.Fprintf(&b, "=%ss\n", brief(seconds))
			break
		}
		if announced {
			b.WriteString(" 0s")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func brief(seconds float64) string {
	if seconds < 0.01 {
		return "0"
	}
	return strconv.FormatFloat(seconds, 'g', 2, 64)
}

func scaled(rate float64) (float64, string) {
	for _, unit := range []string{"B", "KB", "MB"} {
		if rate < 1024 {
			return rate, unit
		}
		rate /= 1024
	}
	return rate, "GB"
}

func short(rate float64) string {
	value, unit := scaled(rate)
	return strconv.FormatFloat(value, 'g', 3, 64) + unit[:1]
}

func speed(rate float64) string {
	value, unit := scaled(rate)
	return strconv.FormatFloat(value, 'g', 3, 64) + " " + unit + "/s"
}
