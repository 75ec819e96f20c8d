package curl

import (
	"context"
	"errors"
	"fmt"
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
	begun  time.Time
	shown  time.Time // when its progress was shown last
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
	got       int64 // of the body
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
func (t *transfer) run(ctx context.Context) *transferError {
	l, err := parseURL(t.given, t.c.protoDefault, t.c.pathAsIs)
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
