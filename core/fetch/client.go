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
	inline bool // nothing may wait for its turn

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

// Do makes a request and follows its redirects. It waits where too many run; one
// whose body is a stream runs until that is closed.
func (c *Client) Do(ctx context.Context, req *Request) (*Response, error) {
	begun := time.Now()
	first, err := c.admit(ctx, req, 0)
	if err != nil {
		return nil, err
	}
	leave, err := c.limits.enter(ctx, c.inline)
	if err != nil {
		return nil, orEnded(ctx, first.target, err)
	}
	limit := tighter(or(c.policy.RequestTimeout, DefaultRequestTimeout), req.Timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &Error{Kind: KindTimeout, Stage: StageTotal, Target: first.target.HostPort()})
	resp, err := c.follow(ctx, first, func() { cancel(); leave() })
	if !req.Stream && err == nil {
		err = collect(resp)
	}
	if resp != nil {
		resp.Timing.Total = time.Since(begun)
	}
	return resp, err
}

// follow sends a request and goes where the answers lead. over is called when
// all has ended: before follow returns, if not by the end of the answer's body.
func (c *Client) follow(ctx context.Context, h *hop, over func()) (*Response, error) {
	for {
		resp, body, err := c.send(ctx, h)
		if err != nil {
			over()
			return nil, err
		}
		resp.Redirects += h.number
		to := ""
		if !h.req.Manual && isRedirect(resp.Status) {
			to, err = location(resp.Header)
		}
		if to == "" && err == nil {
			body.after = over
			return resp, nil
		}
		drain(body)
		if err == nil {
			h, err = c.next(ctx, h, resp, to)
		}
		if err != nil {
			over()
			resp.Stream = nil
			return resp, err
		}
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
		c.policy.finish(h.event(time.Now()), nil, 0, err)
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

// send makes the one request of a hop, with what is injected. The answer's body
// is its stream; when that ends, the request is logged.
func (c *Client) send(ctx context.Context, h *hop) (*Response, *answer, error) {
	event := h.event(time.Now())
	in, err := c.policy.injected(h.target)
	var resp *Response
	if err == nil {
		resp, err = c.sendInjected(ctx, h, in)
	}
	if err != nil {
		c.policy.finish(event, nil, 0, err)
		return nil, nil, err
	}
	body := &answer{Stream: resp.Stream, scrub: in.scrub(resp)}
	body.over = func(received int64, err error) { c.policy.finish(event, resp, received, err) }
	resp.Stream = body
	return resp, body, nil
}

func (c *Client) sendInjected(ctx context.Context, h *hop, in injection) (*Response, error) {
	if err := c.limits.start(ctx, c.inline); err != nil {
		return nil, orEnded(ctx, h.target, err)
	}
	req := h.req
	req.URL, req.Stream = h.target.URL(), true
	req.Header = in.apply(req.Header)
	if len(in.fields) > 0 {
		req.bound = true
		req.Raw = false // what is compressed can't be scrubbed
	}
	resp, err := c.doer.Do(ctx, &req)
	if resp == nil {
		return nil, err
	}
	resp.AsStream(err)
	if resp.URL == "" {
		resp.URL = req.URL
	}
	if err := c.checkFinal(h, resp); err != nil {
		_ = resp.Stream.Close()
		return nil, err
	}
	return resp, nil
}

// checkFinal looks at the URL that answered, where the doer followed redirects
// by itself. THREAT[NP-16]
func (c *Client) checkFinal(h *hop, resp *Response) error {
	if resp.URL == h.target.URL() {
		return nil
	}
	_, known, err := c.policy.Check(h.req.Method, resp.URL)
	if err == nil && !known {
		err = denied(resp.URL, "not approved", "")
	}
	return asRedirect(err)
}

func (h *hop) event(begun time.Time) Event {
	e := Event{Time: begun, Method: h.req.Method, URL: h.req.URL, Hop: h.number, Sent: int64(len(h.req.Body))}
	if h.approved {
		e.Rule = "approved"
	}
	return e
}

// orEnded is an error of this package, or that of a context which ended.
func orEnded(ctx context.Context, t Target, err error) error {
	if err == errBusy {
		return &Error{Kind: KindConnect, Target: t.HostPort(), Detail: err.Error()}
	}
	return ended(ctx, t)
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
