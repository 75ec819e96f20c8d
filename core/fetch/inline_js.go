package fetch

import (
	"context"
	"syscall/js"
	"time"
)

// inlineFunc is the global function that a JavaScript host may have for guests
// that can't be suspended: it makes a request and returns only when all of the
// answer is there. Its property "follows" says that it follows redirects by
// itself, whatever it is asked.
const inlineFunc = "agentsandboxFetch"

// Inline is the client for guests that can't be suspended, nil where the host
// has no way to wait for an answer. Policy and limits are c's. Nothing in it waits:
// what c would have wait for its turn is refused.
func (c *Client) Inline() Doer {
	call := js.Global().Get(inlineFunc)
	if call.Type() != js.TypeFunction {
		return nil
	}
	return &Client{
		policy: c.policy, doer: &inline{c.policy, call}, limits: c.limits, inline: true,
		asking: make(chan struct{}, 1), answered: map[string]Answer{},
	}
}

// inline makes requests by the global function.
type inline struct {
	policy *Policy
	call   js.Value
}

// Do implements Doer.
//
// THREAT[NP-16] THREAT[SE-02] A platform that follows redirects by itself is
// given no secret.
func (t *inline) Do(ctx context.Context, req *Request) (*Response, error) {
	target, err := ParseTarget(req.URL)
	if err != nil {
		return nil, err
	}
	follows := t.call.Get("follows").Truthy()
	opaque := func(why string) error {
		return &Error{Kind: KindOpaque, Target: target.HostPort(), Detail: why}
	}
	if follows && req.bound {
		return nil, opaque("the request carries a secret of its host, and this browser would take it along where a redirect leads")
	}
	answer := t.call.Invoke(t.request(ctx, req))
	if failed := answer.Get("error"); failed.Type() == js.TypeString {
		return nil, t.fail(target, answer, failed.String())
	}
	resp := response(answer)
	if follows && req.Manual && resp.URL != "" && resp.URL != target.URL() {
		return nil, opaque("it is a redirect, which this browser follows by itself")
	}
	body := answer.Get("body")
	resp.Body = make([]byte, body.Length())
	js.CopyBytesToGo(resp.Body, body)
	resp.BytesRead = int64(len(resp.Body))
	if answer.Get("cut").Truthy() {
		return resp, &Error{Kind: KindBodySize, Target: target.HostPort(), Want: or(t.policy.MaxResponseBody, DefaultMaxResponseBody)}
	}
	return resp, nil
}

// request is a request as the function takes it.
func (t *inline) request(ctx context.Context, req *Request) js.Value {
	init := js.Global().Get("Object").New()
	init.Set("url", req.URL)
	init.Set("method", req.Method)
	list := js.Global().Get("Array").New()
	for _, f := range platformHeader(req.Header) {
		list.Call("push", js.ValueOf([]any{f.Name, f.Value}))
	}
	init.Set("headers", list)
	init.Set("limit", or(t.policy.MaxResponseBody, DefaultMaxResponseBody))
	if deadline, ok := ctx.Deadline(); ok {
		init.Set("timeout", max(1, time.Until(deadline).Milliseconds()))
	}
	if len(req.Body) > 0 {
		body := js.Global().Get("Uint8Array").New(len(req.Body))
		js.CopyBytesToJS(body, req.Body)
		init.Set("body", body)
	}
	return init
}

func (t *inline) fail(target Target, answer js.Value, text string) error {
	if answer.Get("timedOut").Truthy() {
		return &Error{Kind: KindTimeout, Stage: StageTotal, Target: target.HostPort()}
	}
	return unreachable(target, text)
}
