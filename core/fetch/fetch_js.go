package fetch

import (
	"context"
	"io"
	"syscall/js"
	"time"
)

// Transport makes single requests by the JavaScript host's own fetch, which
// resolves names out of reach: addresses are what the platform lets through.
// Browsers hide redirects; where one is to be followed it is they who follow
// it, and the URL that answered is checked after.
type Transport struct {
	policy *Policy
	worker bool // Cloudflare's runtime, which knows fewer options
}

// NewTransport makes a transport.
func NewTransport(p *Policy) *Transport {
	agent := js.Global().Get("navigator")
	worker := agent.Truthy() && agent.Get("userAgent").Type() == js.TypeString &&
		agent.Get("userAgent").String() == "Cloudflare-Workers"
	return &Transport{policy: p, worker: worker}
}

// Do implements Doer. It must not be called from a callback of JavaScript's: it
// waits.
func (t *Transport) Do(ctx context.Context, req *Request) (*Response, error) {
	target, err := ParseTarget(req.URL)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	abort := js.Global().Get("AbortController").New()
	ctx, cancel := context.WithCancelCause(ctx)
	context.AfterFunc(ctx, func() { abort.Call("abort") })
	answer, err := t.ask(ctx, req, abort.Get("signal"), target)
	if err != nil {
		defer cancel(nil)
		return nil, t.fail(ctx, target, err)
	}
	resp := response(answer)
	resp.Timing.FirstByte = time.Since(begun)
	resp.Stream = &body{
		t: t, ctx: ctx, cancel: cancel, target: target,
		stream: answer.Get("body"), limit: or(t.policy.MaxResponseBody, DefaultMaxResponseBody),
	}
	if req.Stream {
		return resp, nil
	}
	return resp, collect(resp)
}

// ask sends a request. A browser hides redirects; one that may be followed is
// asked for again, for the browser to follow it. What a request carries for its
// own host alone would go along, and is sent nowhere then.
//
// THREAT[NP-16] THREAT[SE-02]
func (t *Transport) ask(ctx context.Context, req *Request, signal js.Value, target Target) (js.Value, error) {
	answer, err := t.fetch(ctx, req, signal, "manual")
	if err != nil || answer.Get("type").String() != "opaqueredirect" {
		return answer, err
	}
	why := ""
	switch {
	case req.bound:
		why = "it is a redirect, which a browser follows by itself, and the request carries a secret of its host"
	case req.Manual:
		why = "it is a redirect, which a browser shows to nobody: it can be followed only"
	case !repeatable(req.Method):
		why = "it is a redirect of a " + req.Method + ", which would have to be sent twice"
	default:
		return t.fetch(ctx, req, signal, "follow")
	}
	return answer, &Error{Kind: KindOpaque, Target: target.HostPort(), Detail: why}
}

// repeatable reports whether a request may be made twice.
func repeatable(method string) bool { return method == "GET" || method == "HEAD" }

func (t *Transport) fetch(ctx context.Context, req *Request, signal js.Value, redirect string) (js.Value, error) {
	headers := js.Global().Get("Headers").New()
	for _, f := range platformHeader(req.Header) {
		headers.Call("append", f.Name, f.Value)
	}
	init := js.Global().Get("Object").New()
	init.Set("method", req.Method)
	init.Set("headers", headers)
	init.Set("redirect", redirect)
	init.Set("signal", signal)
	if !t.worker {
		init.Set("credentials", "omit")
		init.Set("referrerPolicy", "no-referrer")
		init.Set("cache", "no-store")
	}
	if len(req.Body) > 0 {
		body := js.Global().Get("Uint8Array").New(len(req.Body))
		js.CopyBytesToJS(body, req.Body)
		init.Set("body", body)
	}
	return await(ctx, js.Global().Call("fetch", req.URL, init))
}

// platformHeader is a header without what is the platform's own affair.
func platformHeader(h Header) Header { return h.Without("Accept-Encoding") }

func response(answer js.Value) *Response {
	r := &Response{Status: answer.Get("status").Int(), Reason: answer.Get("statusText").String(), Decoded: true}
	if u := answer.Get("url"); u.Type() == js.TypeString {
		r.URL = u.String()
	}
	entries := js.Global().Get("Array").Call("from", answer.Get("headers"))
	for i := range entries.Length() {
		entry := entries.Index(i)
		r.Header = append(r.Header, Field{entry.Index(0).String(), entry.Index(1).String()})
	}
	return r
}

// body is an answer's body. It implements Stream.
type body struct {
	t      *Transport
	ctx    context.Context
	cancel context.CancelCauseFunc
	target Target
	stream js.Value // null where there is none
	limit  int64

	reader js.Value
	chunk  js.Value // what came last
	at     int      // how much of it was read
	got    int64
	err    error
}

// Read implements Stream.
func (b *body) Read(p []byte) (int, error) {
	for b.err == nil && (b.chunk.IsUndefined() || b.at == b.chunk.Length()) {
		b.err = b.next()
	}
	if b.err != nil {
		return 0, b.err
	}
	n := js.CopyBytesToGo(p, b.chunk.Call("subarray", b.at))
	b.at += n
	return n, nil
}

// next waits for the next piece.
func (b *body) next() error {
	if !b.stream.Truthy() {
		return io.EOF
	}
	if b.reader.IsUndefined() {
		b.reader = b.stream.Call("getReader")
	}
	part, err := await(b.ctx, b.reader.Call("read"))
	if err != nil {
		return b.t.fail(b.ctx, b.target, err)
	}
	if part.Get("done").Bool() {
		return io.EOF
	}
	b.chunk, b.at = part.Get("value"), 0
	if b.got += int64(b.chunk.Length()); b.got > b.limit {
		return &Error{Kind: KindBodySize, Target: b.target.HostPort(), Want: b.limit}
	}
	return nil
}

// Received implements Stream. What a platform decodes is counted decoded.
func (b *body) Received() int64 { return b.got }

// Close implements Stream.
func (b *body) Close() error {
	b.cancel(nil)
	return nil
}

// jsError is what a promise was rejected with.
type jsError struct{ js.Value }

// Error is the reason's message.
func (e jsError) Error() string {
	if e.Type() == js.TypeObject && e.Get("message").Type() == js.TypeString {
		return e.Get("message").String()
	}
	return "the request failed"
}

// await waits for a promise, no longer than ctx.
func await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	first := func(args []js.Value) js.Value {
		if len(args) == 0 {
			return js.Undefined()
		}
		return args[0]
	}
	var then, otherwise js.Func
	release := func() { then.Release(); otherwise.Release() }
	then = js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{value: first(args)}
		release()
		return nil
	})
	otherwise = js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{err: jsError{first(args)}}
		release()
		return nil
	})
	promise.Call("then", then, otherwise)
	select {
	case o := <-settled:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), context.Cause(ctx)
	}
}

// fail is an error as a type of this package. A browser does not tell a refusal
// by CORS from a connection that failed.
func (t *Transport) fail(ctx context.Context, target Target, err error) error {
	if ctx.Err() != nil {
		return ended(ctx, target)
	}
	switch err.(type) {
	case *Error, *DeniedError:
		return err
	}
	return unreachable(target, err.Error())
}

// unreachable is the error of a request that came to nothing.
func unreachable(target Target, text string) error {
	e := &Error{Kind: KindConnect, Target: target.HostPort(), Detail: printable(text)}
	if js.Global().Get("document").Truthy() || js.Global().Get("importScripts").Truthy() {
		e.Kind = KindOpaque
		e.Detail = "the server can't be reached, or does not allow this page's origin by CORS"
	}
	return e
}
