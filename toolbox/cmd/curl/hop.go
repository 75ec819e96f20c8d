package curl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/sandboxabi"
)

// hops sends the request and follows where the answers lead.
func (t *transfer) hops(ctx context.Context, first location) *transferError {
	begun := t.r.now()
	l := first
	for {
		t.at = l
		base := t.took.total
		resp, err := t.hop(ctx, l, first, begun)
		if resp != nil {
			t.last = resp
			defer resp.Body.Close()
		}
		if err != nil {
			return err
		}
		next, following, err := t.redirect(l, resp)
		if err != nil {
			return err
		}
		if !following {
			return t.answered(resp, base)
		}
		resp.Body.Close()
		t.r.verbose("Issue another request to this URL: '%s'", next)
		l = next
	}
}

// hop makes one request and shows its header.
func (t *transfer) hop(ctx context.Context, l, first location, begun time.Time) (*sandboxabi.Response, *transferError) {
	m := t.request(l, first)
	t.conditional(&m)
	req := m.wire(l)
	req.Raw = !t.c.compressed || t.c.raw
	req.ConnectTimeout = t.c.connectTimeout.Milliseconds()
	if t.c.maxTime > 0 {
		left := (t.c.maxTime - t.r.now().Sub(begun)).Milliseconds()
		req.Timeout = max(1, left)
	}
	start := t.r.now()
	resp, err := sandboxabi.Open(ctx, t.r.x, req)
	if err == nil && t.c.location && resp.Failure != nil && resp.Failure.Kind == sandboxabi.Opaque {
		req.Redirect = "follow" // a browser shows no redirects, and follows them itself
		resp, err = sandboxabi.Open(ctx, t.r.x, req)
	}
	if err != nil {
		return nil, failure(2, "%s", err)
	}
	took := t.r.now().Sub(start)
	t.account(&m, l, resp, took)
	known := t.r.connected(l, resp)
	if resp.RemoteAddr != "" && !known {
		t.connects++
	}
	t.r.showRequest(l, &m, resp, known)
	if resp.Status != 0 {
		if err := t.received(l, resp); err != nil {
			return resp, err
		}
	}
	switch {
	case resp.Failure == nil:
		return resp, nil
	case resp.Status == 0:
		return nil, failed(resp.Failure, nil, l, took.Milliseconds())
	}
	return resp, failed(resp.Failure, resp, l, took.Milliseconds())
}

// conditional adds what makes a request depend on a file's time or tag.
func (t *transfer) conditional(m *message) {
	if t.c.etagCompare != "" {
		value := strings.TrimSpace(t.etag)
		if value == "" {
			value = `""`
		}
		m.set("If-None-Match", value)
	}
	if when := t.c.timeCond; when != "" {
		name := "If-Modified-Since"
		if rest, ok := strings.CutPrefix(when, "-"); ok {
			name, when = "If-Unmodified-Since", rest
		}
		at, ok := parseDate(when)
		if info, err := t.r.x.Stat(when); !ok && err == nil {
			at, ok = time.Unix(0, info.Mtime).UTC(), true
		}
		if ok {
			m.set(name, at.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
		} else {
			t.r.warn("Illegal date format for -z, --time-cond (and not a file name). Disabling time condition. See curl_getdate(3) for valid date syntax.")
		}
	}
}

// account adds a hop to what -w tells.
func (t *transfer) account(m *message, l location, resp *sandboxabi.Response, took time.Duration) {
	if t.redirects > 0 || t.took.total > 0 {
		t.took.redirect = t.took.total
	}
	base := t.took.total
	timing := resp.Timing
	timing.Total = max(timing.FirstByte, took.Microseconds())
	t.took.resolved, t.took.connected = base+timing.Resolved, base+timing.Connected
	if t.took.secured = 0; timing.Secured > 0 {
		t.took.secured = base + timing.Secured
	}
	t.took.pretransfer, t.took.first, t.took.total = base+timing.Sent, base+timing.FirstByte, base+timing.Total
	if resp.Status != 0 {
		t.sentBody += len(m.body)
		for _, line := range m.lines(l) {
			t.sentHead += len(line) + 2
		}
		t.sentHead += 2
	}
}

// received shows an answer's header and takes its cookies.
func (t *transfer) received(l location, resp *sandboxabi.Response) *transferError {
	head := responseLines(resp)
	for _, line := range head {
		t.gotHead += len(line) + 2
	}
	t.r.takeCookies(resp, l)
	t.r.showResponse(head)
	if err := t.dumpHeader(head); err != nil {
		return failure(23, "Failed writing header")
	}
	if limit := t.c.maxFilesize; limit > 0 {
		if n, err := strconv.ParseInt(resp.Get("Content-Length"), 10, 64); err == nil && n > limit {
			return tooLarge()
		}
	}
	return nil
}

// dumpHeader writes the lines of a header where -i, -I and -D want them.
func (t *transfer) dumpHeader(head []string) error {
	if t.c.headerName && t.last == nil {
		if err := t.out.nameFrom(head); err != nil {
			return err
		}
	}
	if t.c.dumpHeader == "-" && (t.c.include || t.c.head) {
		for i := range head { // both go by lines
			head = slices.Insert(head, 2*i, head[2*i])
		}
	}
	text := []byte(strings.Join(head, "\r\n") + "\r\n")
	if t.c.include || t.c.head {
		if err := t.out.write(text); err != nil {
			return err
		}
		if t.c.dumpHeader == "-" {
			return nil
		}
	}
	if t.c.dumpHeader == "" {
		return nil
	}
	return t.out.dump(t.c.dumpHeader, text)
}

// responseLines are an answer's header as it came, an empty line at its end.
func responseLines(resp *sandboxabi.Response) []string {
	status := fmt.Sprintf("HTTP/1.1 %d %s", resp.Status, resp.Reason)
	switch resp.Proto {
	case "HTTP/2.0":
		status = fmt.Sprintf("HTTP/2 %d ", resp.Status)
	case "HTTP/1.0":
		status = fmt.Sprintf("HTTP/1.0 %d %s", resp.Status, resp.Reason)
	}
	lines := []string{status}
	for _, f := range resp.Headers {
		if f[1] == "" {
			lines = append(lines, f[0]+": ")
			continue
		}
		lines = append(lines, f[0]+": "+f[1])
	}
	return append(lines, "")
}

// redirect decides whether an answer is to be followed, and where to.
func (t *transfer) redirect(l location, resp *sandboxabi.Response) (next location, following bool, err *transferError) {
	to := resp.Get("Location")
	if !t.c.location || resp.Status < 300 || resp.Status > 399 || to == "" {
		return l, false, nil
	}
	if t.c.maxRedirs >= 0 && t.redirects >= t.c.maxRedirs {
		return l, false, failure(47, "Maximum (%d) redirects followed", t.c.maxRedirs)
	}
	next, badURL := l.resolve(to, t.c.protoDefault, t.c.pathAsIs)
	if badURL != nil {
		err := asTransfer(badURL)
		if err.code == 1 {
			err.text = "The redirect target URL could not be parsed: Unsupported URL scheme"
		}
		return l, false, err
	}
	t.redirects++
	if t.c.autoReferer {
		t.referer = l.String()
	}
	t.changeMethod(resp.Status)
	return next, true, nil
}

// changeMethod turns a POST into a GET where a redirect asks for it.
func (t *transfer) changeMethod(status int) {
	keep := true
	switch status {
	case 301:
		keep = t.method != "POST" || t.c.post301
	case 302:
		keep = t.method != "POST" || t.c.post302
	case 303:
		keep = t.method == "GET" || t.method == "HEAD" || t.c.post303
	}
	if t.c.method != "" { // -X stays; the body goes with what would have been a POST
		keep = status != 303 && (status > 302 || !t.hasBody || t.spec.uploadSet)
	}
	if keep {
		return
	}
	t.body, t.hasBody, t.contentType = nil, false, ""
	if t.c.method == "" {
		t.r.verbose("Switch from %s to GET", t.method)
		t.method = "GET"
	}
}
