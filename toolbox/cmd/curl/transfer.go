package curl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/sandboxabi"
)

// transfer is one URL on its way, with its redirects.
type transfer struct {
	r      *runner
	c      *config
	spec   *urlSpec
	parts  []string // what the URL's sets and ranges are, for "#1"
	number int      // counted from 0
	out    *sink

	// the request
	method      string
	body        []byte
	hasBody     bool
	contentType string
	rng         string
	referer     string
	offset      int64 // of -C
	etag        string

	// how far it came, for -w
	given     string   // the URL as it was asked for
	at        location // where it ended
	last      *sandboxabi.Response
	redirects int
	took      times
	sentBody  int
	sentHead  int
	gotHead   int
	connects  int
	code      int
	message   string
}

// times are seconds on the clock of -w, in microseconds.
type times struct {
	redirect, resolved, connected, secured, pretransfer, first, total int64
}

// run makes the transfer. Output has been written when it returns.
func (t *transfer) run(ctx context.Context, raw string) *transferError {
	t.given = raw
	l, err := parseURL(raw, t.c.protoDefault, t.c.pathAsIs)
	if err != nil {
		return asTransfer(err)
	}
	if l.hasUser && t.c.disallowUser {
		return failure(67, "Access denied: URL has user name")
	}
	if t.c.insecure && l.scheme == "https" {
		t.r.warn("-k has no effect: certificates are always verified in this sandbox")
	}
	if t.out, err = t.openSink(l); err != nil {
		return asTransfer(err)
	}
	if err := t.prepare(&l); err != nil {
		return asTransfer(err)
	}
	t.at = l
	return t.hops(ctx, l)
}

func asTransfer(err error) *transferError {
	var e *transferError
	if err == nil || errors.As(err, &e) {
		return e
	}
	return failure(23, "Failure writing output to destination")
}

// prepare chooses method and body.
func (t *transfer) prepare(l *location) error {
	c := t.c
	for _, q := range c.query {
		l.addQuery(q)
	}
	t.method = "GET"
	switch {
	case t.spec.uploadSet:
		if err := t.upload(l); err != nil {
			return err
		}
	case c.formSet:
		if t.r.formMissing {
			return failure(26, "Failed to open/read local data from file/application")
		}
		t.method, t.hasBody = "POST", true
		t.contentType, t.body = multipart(c.form, t.r.x.Rand)
	case c.data != nil && c.get:
		l.addQuery(string(c.data.bytes))
	case c.data != nil:
		t.method, t.hasBody = "POST", true
		t.contentType, t.body = "application/x-www-form-urlencoded", c.data.bytes
	}
	if c.head {
		t.method = "HEAD"
	}
	if c.method != "" {
		t.method = c.method
	}
	t.rng, t.referer = c.rng, c.referer
	return t.conditions()
}

// upload reads the file of -T. A URL that ends in "/" gets its name.
func (t *transfer) upload(l *location) error {
	name := t.spec.upload
	if name == "." {
		name = "-"
	}
	data, err := t.r.readFile(name)
	if err != nil {
		t.r.errorf("Can't open '%s'!", name)
		t.r.hint()
		return failure(26, "Failed to open/read local data from file/application")
	}
	if strings.HasSuffix(l.path, "/") && l.query == "" && name != "-" {
		l.path += escape(name[strings.LastIndexByte(name, '/')+1:], false)
	}
	t.method, t.body, t.hasBody = "PUT", data, true
	return nil
}

// conditions reads what -C, -z and --etag-compare have to do with files.
func (t *transfer) conditions() error {
	if name := t.c.etagCompare; name != "" {
		data, err := t.r.readFile(name)
		if err != nil {
			return failure(26, "Failed to open %s", name)
		}
		t.etag = string(data)
	}
	if at := t.c.continueAt; at != "" {
		offset, err := strconv.ParseInt(at, 10, 64)
		if at == "-" {
			offset = t.out.size()
		} else if err != nil {
			return failure(2, "option -C: expected a proper numerical parameter")
		}
		if t.offset = offset; offset > 0 {
			t.rng = fmt.Sprintf("%d-", offset)
			t.out.append = true
		}
	}
	return nil
}

// hops sends the request and follows where the answers lead.
func (t *transfer) hops(ctx context.Context, first location) *transferError {
	begun := t.r.now()
	l := first
	for {
		t.at = l
		resp, err := t.hop(ctx, l, first, begun)
		if resp != nil {
			t.last = resp
		}
		if err != nil {
			return err
		}
		next, following, err := t.redirect(l, resp)
		if err != nil {
			return err
		}
		if !following {
			return t.answered(resp)
		}
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
	resp, err := sandboxabi.Do(ctx, t.r.x, req)
	if err == nil && t.c.location && resp.Failure != nil && resp.Failure.Kind == sandboxabi.Opaque {
		req.Redirect = "follow" // a browser shows no redirects, and follows them itself
		resp, err = sandboxabi.Do(ctx, t.r.x, req)
	}
	if err != nil {
		return nil, failure(2, "%s", err)
	}
	took := t.r.now().Sub(start)
	t.account(&m, l, resp, took)
	t.r.showRequest(l, &m, resp, t.r.connected(l, resp))
	if resp.Status != 0 {
		if err := t.received(l, resp); err != nil {
			return resp, err
		}
	}
	if resp.Failure == nil {
		return resp, nil
	}
	if resp.Status == 0 {
		return nil, failed(resp.Failure, nil, l, took.Milliseconds())
	}
	e := failed(resp.Failure, resp, l, took.Milliseconds())
	if err := t.out.write(resp.Body); err != nil {
		return resp, asTransfer(err)
	}
	return resp, e
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
	if timing.Total == 0 {
		timing.Total = took.Microseconds()
	}
	t.took.resolved, t.took.connected = base+timing.Resolved, base+timing.Connected
	if t.took.secured = 0; timing.Secured > 0 {
		t.took.secured = base + timing.Secured
	}
	t.took.pretransfer, t.took.first, t.took.total = base+timing.Sent, base+timing.FirstByte, base+timing.Total
	if _, known := t.r.connections[l.origin()]; resp.RemoteAddr != "" && !known {
		t.connects++
	}
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
	if t.r.jar.keep {
		for _, f := range resp.Headers {
			if strings.EqualFold(f[0], "Set-Cookie") {
				t.r.jar.set(f[1], l, t.r.now())
			}
		}
	}
	t.r.showResponse(head)
	if err := t.dumpHeader(head); err != nil {
		return failure(23, "Failed writing header")
	}
	if limit := t.c.maxFilesize; limit > 0 {
		if n, err := strconv.ParseInt(resp.Get("Content-Length"), 10, 64); err == nil && n > limit || int64(len(resp.Body)) > limit {
			return failure(63, "Maximum file size exceeded")
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

// answered deals with the answer that ends a transfer.
func (t *transfer) answered(resp *sandboxabi.Response) *transferError {
	var httpError *transferError
	if (t.c.fail || t.c.failBody) && resp.Status >= 400 {
		httpError = failure(22, "The requested URL returned error: %d", resp.Status)
		if t.c.fail {
			return httpError
		}
	}
	if t.offset > 0 && resp.Status == 200 && t.method == "GET" && len(resp.Body) > 0 {
		return failure(33, "HTTP server doesn't seem to support byte ranges. Cannot resume.")
	}
	if t.offset > 0 && resp.Status == 416 {
		return httpError
	}
	if tag := resp.Get("ETag"); t.c.etagSave != "" && tag != "" {
		if f, err := t.r.x.Create(t.c.etagSave); err == nil {
			fmt.Fprintf(f, "%s\n", tag)
			f.Close()
		}
	}
	defer t.r.leftIntact(t.at)
	if t.method != "HEAD" {
		t.r.showData('{', len(resp.Body))
		if err := t.out.write(resp.Body); err != nil {
			return asTransfer(err)
		}
	}
	return httpError
}

// retry says how long to wait before the transfer is tried again, and why;
// "" if it is not.
func (t *transfer) retry(err *transferError, left int, delay time.Duration) (wait time.Duration, why string) {
	if left <= 0 {
		return 0, ""
	}
	status := 0
	if t.last != nil {
		status = t.last.Status
	}
	switch {
	case err != nil && err.code == 28:
		why = ": timeout"
	case err != nil && err.code == 7 && t.c.retryRefused && !strings.Contains(err.text, "network policy") && !strings.Contains(err.text, "disabled"):
		why = ": connection refused"
	case (err == nil || err.code == 22) && transient(status):
		why = ": HTTP error"
	case err != nil && t.c.retryAll:
		why = "(retrying all errors)"
	default:
		return 0, ""
	}
	switch {
	case t.c.retryDelay > 0:
		delay = t.c.retryDelay
	case why == ": HTTP error":
		if n, err := strconv.ParseInt(t.last.Get("Retry-After"), 10, 64); err == nil && n > 0 && n < 1<<20 {
			delay = time.Duration(n) * time.Second
		}
	}
	return delay, why
}

func transient(status int) bool {
	switch status {
	case 408, 429, 500, 502, 503, 504:
		return true
	}
	return false
}

// discard forgets what a try wrote to a file.
func (t *transfer) discard() {
	if t.out != nil {
		t.out.restart()
	}
}

// finish closes the output and writes what -w asks for.
func (t *transfer) finish(err *transferError) {
	if err != nil {
		t.code, t.message = err.code, err.text
	}
	if t.out != nil {
		t.out.close(err == nil)
		if t.c.remoteTime && t.last != nil {
			if at, ok := parseDate(t.last.Get("Last-Modified")); ok && t.out.path != "" {
				t.r.x.FS.Chtimes(t.r.x.Abs(t.out.path), true, at.UnixNano(), at.UnixNano())
			}
		}
	}
	t.r.meter(t)
	if t.c.writeOut != "" {
		t.writeOut(t.c.writeOut)
	}
}
