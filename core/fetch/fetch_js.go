package fetch

import (
	"context"
	"strings"
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
	stop := context.AfterFunc(ctx, func() { abort.Call("abort") })
	defer stop()
	answer, err := t.fetch(ctx, req, abort.Get("signal"), "manual")
	if err == nil && answer.Get("type").String() == "opaqueredirect" {
		if req.Manual || !repeatable(req.Method) {
			return nil, &Error{Kind: KindOpaque, Target: target.HostPort(), Detail: "it is a redirect, which must be followed"}
		}
		answer, err = t.fetch(ctx, req, abort.Get("signal"), "follow")
	}
	if err != nil {
		return nil, t.fail(ctx, target, err)
	}
	resp := response(answer)
	resp.Timing.FirstByte = time.Since(begun)
	if err := t.readBody(ctx, answer, resp, target); err != nil {
		return resp, t.fail(ctx, target, err)
	}
	return resp, nil
}

// repeatable reports whether a request may be made twice.
func repeatable(method string) bool { return method == "GET" || method == "HEAD" }

func (t *Transport) fetch(ctx context.Context, req *Request, signal js.Value, redirect string) (js.Value, error) {
	headers := js.Global().Get("Headers").New()
	for _, f := range req.Header {
		if !strings.EqualFold(f.Name, "Accept-Encoding") { // the platform's own affair
			headers.Call("append", f.Name, f.Value)
		}
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

func response(answer js.Value) *Response {
	r := &Response{Status: answer.Get("status").Int(), Reason: answer.Get("statusText").String(), Decoded: true}
	if u := answer.Get("url"); u.Type() == js.TypeString {
		r.URL = u.String()
	}
	entries := js.Global().Get("Array").Call("from", answer.Get("headers").Call("entries"))
	for i := range entries.Length() {
		entry := entries.Index(i)
		r.Header = append(r.Header, Field{entry.Index(0).String(), entry.Index(1).String()})
	}
	return r
}

// readBody reads the body piece by piece, up to the limit.
func (t *Transport) readBody(ctx context.Context, answer js.Value, resp *Response, target Target) error {
	stream := answer.Get("body")
	if !stream.Truthy() {
		return nil
	}
	reader := stream.Call("getReader")
	limit := or(t.policy.MaxResponseBody, DefaultMaxResponseBody)
	for {
		part, err := await(ctx, reader.Call("read"))
		if err != nil {
			return err
		}
		if part.Get("done").Bool() {
			return nil
		}
		chunk := part.Get("value")
		n := chunk.Get("byteLength").Int()
		if resp.BytesRead += int64(n); resp.BytesRead > limit {
			resp.Body = nil
			reader.Call("cancel")
			return &Error{Kind: KindBodySize, Target: target.HostPort(), Want: limit}
		}
		at := len(resp.Body)
		resp.Body = append(resp.Body, make([]byte, n)...)
		js.CopyBytesToGo(resp.Body[at:], chunk)
	}
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
	e := &Error{Kind: KindConnect, Target: target.HostPort(), Detail: printable(err.Error())}
	if js.Global().Get("document").Truthy() || js.Global().Get("importScripts").Truthy() {
		e.Kind = KindOpaque
		e.Detail = "the server can't be reached, or does not allow this page's origin by CORS"
	}
	return e
}
