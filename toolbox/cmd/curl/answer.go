package curl

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/sandboxabi"
)

// tooLarge ends a transfer that is more than --max-filesize.
func tooLarge() *transferError { return failure(63, "Maximum file size exceeded") }

// answered deals with the answer that ends a transfer, which began base
// microseconds after the first request.
func (t *transfer) answered(resp *sandboxabi.Response, base int64) *transferError {
	var httpError *transferError
	if (t.c.fail || t.c.failBody) && resp.Status >= 400 {
		httpError = failure(22, "The requested URL returned error: %d", resp.Status)
		if t.c.fail {
			return httpError
		}
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
	if t.method == "HEAD" {
		t.r.leftIntact(t.at)
		return httpError
	}
	err := t.save(resp)
	t.took.total = max(t.took.total, base+resp.Timing.Total)
	if err != nil {
		return err
	}
	t.r.leftIntact(t.at)
	return httpError
}

// bufferSize is how much of a body is moved at once.
const bufferSize = 16 << 10

// save writes the body to where it goes, as it comes.
func (t *transfer) save(resp *sandboxabi.Response) *transferError {
	buf := make([]byte, bufferSize)
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			if failed := t.write(resp, buf[:n]); failed != nil {
				return failed
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case resp.Failure != nil:
			return failed(resp.Failure, resp, t.at, t.r.now().Sub(t.begun).Milliseconds())
		case err != nil:
			return failure(56, "%s", err)
		}
	}
}

func (t *transfer) write(resp *sandboxabi.Response, p []byte) *transferError {
	if t.offset > 0 && resp.Status == 200 && t.method == "GET" {
		return failure(33, "HTTP server doesn't seem to support byte ranges. Cannot resume.")
	}
	if t.got += int64(len(p)); t.c.maxFilesize > 0 && t.got > t.c.maxFilesize {
		return tooLarge()
	}
	t.r.showData('{', len(p))
	if err := t.out.write(p); err != nil {
		return asTransfer(err)
	}
	t.showProgress(false)
	return nil
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
	t.showProgress(true)
	if t.c.writeOut != "" {
		t.writeOut(t.c.writeOut)
	}
}
