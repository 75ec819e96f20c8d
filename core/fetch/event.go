package fetch

import (
	"errors"
	"time"
)

// Event is one line of the log: a request, or one hop of it.
type Event struct {
	Time     time.Time // when it began
	Duration time.Duration
	Method   string
	URL      string // as the guest wrote it, or as a redirect led to it
	Hop      int    // 0 for the request, then one for each redirect

	Allowed bool
	Rule    string // what denied it, or "approved" for what Approve let through

	Status     int    // of the answer; 0 if there was none
	RemoteAddr string // what was dialled
	Sent       int64  // bytes of the request's body
	Received   int64  // bytes of the answer's body as they came over the wire
	Err        string // why it failed
}

// Question asks whether a guest may reach a host that no rule knows.
type Question struct {
	Method, URL string
	Host        string
	Port        uint16
}

// Answer is what a Question gets.
type Answer int

// Answers. The zero value denies, this time and later.
const (
	Deny      Answer = iota
	Allow            // from now on, for this host and port
	AllowOnce        // this request only
	DenyOnce         // this request only
)

// finish completes an event and hands it to the log.
func (p *Policy) finish(e Event, resp *Response, received int64, err error) {
	if p.Log == nil {
		return
	}
	e.Duration = time.Since(e.Time)
	var denied *DeniedError
	if e.Allowed = !errors.As(err, &denied); !e.Allowed {
		e.Rule = denied.Rule
	}
	if resp == nil && errKind(err) == KindURL {
		e.Allowed, e.Rule = false, "not a URL, a method or a header that can be sent"
	}
	if err != nil {
		e.Err = err.Error()
	}
	if resp != nil {
		e.Status, e.RemoteAddr, e.Received = resp.Status, resp.RemoteAddr, received
	}
	p.Log(e)
}
