package fetch

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Client makes requests under a policy. It implements Doer. One is for one
// sandbox: its connections are shared with no other.
type Client struct {
	policy *Policy
	doer   Doer
	limits *limiter

	asking   chan struct{} // holds a token while Approve runs
	mu       sync.Mutex
	answered map[string]Answer // by host and port; guarded by mu
}

// New makes a client that sends by a Transport of its own. Close it.
func New(p *Policy) *Client { return NewClient(p, NewTransport(p)) }

// NewClient makes a client that sends by doer, which makes single requests and
// checks the addresses that names lead to, if it can.
func NewClient(p *Policy, doer Doer) *Client {
	return &Client{
		policy: p, doer: doer,
		limits:   newLimiter(or(p.MaxConcurrent, DefaultMaxConcurrent), or(p.MaxRequestsPerMinute, DefaultMaxRequestsPerMinute)),
		asking:   make(chan struct{}, 1),
		answered: map[string]Answer{},
	}
}

// Close drops the connections that wait for reuse.
func (c *Client) Close() error {
	if closer, ok := c.doer.(interface{ Close() error }); ok {
		return closer.Close()
	}
	return nil
}

// Do makes a request and follows its redirects. It waits where too many run.
func (c *Client) Do(ctx context.Context, req *Request) (*Response, error) {
	first, err := c.admit(ctx, req, 0)
	if err != nil {
		return nil, err
	}
	leave, err := c.limits.enter(ctx)
	if err != nil {
		return nil, ended(ctx, first.target)
	}
	defer leave()
	limit := tighter(or(c.policy.RequestTimeout, DefaultRequestTimeout), req.Timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &Error{Kind: KindTimeout, Stage: StageTotal, Target: first.target.HostPort()})
	defer cancel()
	return c.follow(ctx, first)
}

// follow sends a request and goes where the answers lead.
func (c *Client) follow(ctx context.Context, h *hop) (*Response, error) {
	begun := time.Now()
	for {
		resp, err := c.send(ctx, h)
		if resp != nil {
			resp.Redirects += h.number
			resp.Timing.Total = time.Since(begun)
		}
		if err != nil || h.req.Manual || !isRedirect(resp.Status) {
			return resp, err
		}
		next, err := c.next(ctx, h, resp)
		if next == nil || err != nil {
			return resp, err
		}
		h = next
	}
}

// hop is one request on its way: checked, not yet sent.
type hop struct {
	number   int
	req      Request
	target   Target
	approved bool
}

// admit checks a request by all that can be known without the network. What
// it denies is logged.
func (c *Client) admit(ctx context.Context, req *Request, number int) (*hop, error) {
	h := &hop{number: number, req: *req}
	if h.req.Method == "" {
		h.req.Method = "GET" // net/http would be a third of a program for js
	}
	err := c.check(ctx, h)
	if err != nil {
		c.policy.finish(h.event(time.Now()), nil, err)
		return nil, err
	}
	return h, nil
}

func (c *Client) check(ctx context.Context, h *hop) error {
	t, known, err := c.policy.Check(h.req.Method, h.req.URL)
	if err != nil {
		return err
	}
	h.target = t
	if h.req.Header, err = guestHeader(h.req.Header, t); err != nil {
		return err
	}
	if limit := or(c.policy.MaxRequestBody, DefaultMaxRequestBody); int64(len(h.req.Body)) > limit {
		return &Error{Kind: KindRequestSize, Want: limit, Target: t.HostPort()}
	}
	if !known {
		if err := c.ask(ctx, h); err != nil {
			return err
		}
		h.approved = true
	}
	return nil
}

// ask has an unknown host approved.
func (c *Client) ask(ctx context.Context, h *hop) error {
	select {
	case c.asking <- struct{}{}:
		defer func() { <-c.asking }()
	case <-ctx.Done():
		return ended(ctx, h.target)
	}
	key := h.target.HostPort()
	c.mu.Lock()
	answer, ok := c.answered[key]
	c.mu.Unlock()
	if !ok {
		answer = c.policy.Approve(ctx, Question{Method: h.req.Method, URL: h.req.URL, Host: h.target.Host, Port: h.target.Port})
		if answer == Allow || answer == Deny {
			c.mu.Lock()
			c.answered[key] = answer
			c.mu.Unlock()
		}
	}
	if answer == Allow || answer == AllowOnce {
		return nil
	}
	return denied(key, "not approved", "allow it with --allow-net "+h.target.allowAs())
}

// send makes the one request of a hop, with what is injected.
func (c *Client) send(ctx context.Context, h *hop) (*Response, error) {
	event := h.event(time.Now())
	resp, err := c.sendInjected(ctx, h)
	c.policy.finish(event, resp, err)
	return resp, err
}

func (c *Client) sendInjected(ctx context.Context, h *hop) (*Response, error) {
	in, err := c.policy.injected(h.target)
	if err != nil {
		return nil, err
	}
	if err := c.limits.start(ctx); err != nil {
		return nil, ended(ctx, h.target)
	}
	req := h.req
	req.URL = h.target.URL()
	req.Header = in.apply(req.Header)
	if len(in.secrets) > 0 {
		req.Raw = false // what is compressed can't be scrubbed
	}
	resp, err := c.doer.Do(ctx, &req)
	in.scrub(resp)
	if resp != nil {
		if resp.URL == "" {
			resp.URL = req.URL
		}
		err = errors.Join(err, c.checkFinal(h, resp))
	}
	return resp, unwrapOne(err)
}

// checkFinal looks at the URL that answered, where the doer followed redirects
// by itself.
func (c *Client) checkFinal(h *hop, resp *Response) error {
	if resp.URL == h.target.URL() {
		return nil
	}
	_, known, err := c.policy.Check(h.req.Method, resp.URL)
	if err == nil && !known {
		err = denied(resp.URL, "not approved", "")
	}
	if err != nil {
		*resp = Response{}
	}
	return err
}

// unwrapOne takes a join of a single error apart.
func unwrapOne(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) == 1 {
		return joined.Unwrap()[0]
	}
	return err
}

func (h *hop) event(begun time.Time) Event {
	e := Event{Time: begun, Method: h.req.Method, URL: h.req.URL, Hop: h.number, Sent: int64(len(h.req.Body))}
	if h.approved {
		e.Rule = "approved"
	}
	return e
}

// ended is the error of a request that its context ended.
func ended(ctx context.Context, t Target) error {
	cause := context.Cause(ctx)
	var e *Error
	switch {
	case errors.As(cause, &e):
		return e
	case errors.Is(cause, context.Canceled):
		return &Error{Kind: KindCanceled, Target: t.HostPort()}
	}
	return &Error{Kind: KindTimeout, Stage: StageTotal, Target: t.HostPort()}
}
