//go:build !js

package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"
)

// Transport makes single requests by sockets. It resolves names and checks the
// addresses under its policy, and follows no redirect. Nothing of the process's
// environment (proxies, credentials) has a part in it. Its connections wait for
// reuse by later requests to the same host.
type Transport struct {
	policy *Policy
	http   *http.Transport
	tls    *tls.Config

	// What the network is made of; tests put their own here.
	resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	dial    func(ctx context.Context, to netip.AddrPort) (net.Conn, error)
}

// idleConnections is how long a connection waits for its next request.
const idleConnections = 30 * time.Second

// NewTransport makes a transport for one sandbox. Close it.
func NewTransport(p *Policy) *Transport {
	t := &Transport{
		policy:  p,
		resolve: lookup,
		tls:     &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}},
	}
	t.dial = t.dialChecked
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	t.http = &http.Transport{
		Proxy:                  nil, // an environment's proxy would undo every check
		DialContext:            t.dialPlain,
		DialTLSContext:         t.dialTLS,
		Protocols:              protocols,
		DisableCompression:     true, // decoding is limited here
		MaxResponseHeaderBytes: MaxResponseHeader,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        idleConnections,
	}
	return t
}

// Close drops the connections that wait for reuse.
func (t *Transport) Close() error {
	t.http.CloseIdleConnections()
	return nil
}

// Do implements Doer. The URL must have been checked by the policy; addresses
// are checked here.
func (t *Transport) Do(ctx context.Context, req *Request) (*Response, error) {
	target, err := ParseTarget(req.URL)
	if err != nil {
		return nil, err
	}
	x := &exchange{transport: t, req: req, target: target, begun: time.Now()}
	resp, err := x.open(ctx)
	if err != nil || req.Stream {
		return resp, err
	}
	return resp, collect(resp)
}

// exchange is one request and its answer.
type exchange struct {
	transport *Transport
	req       *Request
	target    Target
	begun     time.Time
	stages    stages
	watch     watch
	dials     atomic.Int32
}

// open sends the request and returns its answer, whose body is a stream.
func (x *exchange) open(ctx context.Context) (*Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	policy := x.transport.policy
	x.watch.cancel, x.watch.target = cancel, x.target.HostPort()
	x.watch.idle, x.watch.minRate = or(policy.IdleTimeout, DefaultIdleTimeout), or(policy.MinRate, DefaultMinRate)
	req, err := x.request(ctx)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	answer, err := x.transport.http.RoundTrip(req)
	x.watch.stop()
	if err != nil {
		defer cancel(nil)
		return nil, x.fail(ctx, err)
	}
	resp := x.response(answer)
	resp.Stream = x.body(ctx, answer, resp)
	return resp, nil
}

// request is the request as net/http has it.
func (x *exchange) request(ctx context.Context) (*http.Request, error) {
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			x.stages.got(info, x.req.Method)
			x.watch.wait(StageHeader, or(x.transport.policy.HeaderTimeout, DefaultHeaderTimeout))
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { x.stages.mark(&x.stages.sent) },
		GotFirstResponseByte: func() { x.stages.mark(&x.stages.firstByte) },
	})
	u, err := url.Parse(x.target.URL())
	if err != nil {
		return nil, badURL(x.req.URL, "malformed")
	}
	req := &http.Request{
		Method: x.req.Method, URL: u, Host: x.target.Authority(), Header: x.header(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if body := x.req.Body; len(body) > 0 {
		req.Body, req.ContentLength = newBody(body), int64(len(body))
		req.GetBody = func() (io.ReadCloser, error) { return newBody(body), nil }
	}
	return req.WithContext(ctx), nil
}

func (x *exchange) header() http.Header {
	h := http.Header{"User-Agent": nil} // none but the guest's own
	for _, f := range x.req.Header {
		name := f.Name
		if http.CanonicalHeaderKey(name) == "User-Agent" {
			name = "User-Agent"
		}
		h[name] = append(h[name], f.Value)
	}
	if _, ok := x.req.Header.Lookup("Accept-Encoding"); !ok && !x.req.Raw {
		h["Accept-Encoding"] = []string{acceptEncoding}
	}
	return h
}

// response is an answer without its body.
func (x *exchange) response(answer *http.Response) *Response {
	reason, header := x.stages.rawHeader(answer)
	return &Response{
		Status: answer.StatusCode, Reason: reason, Proto: answer.Proto, Header: header,
		RemoteAddr: x.stages.remoteAddr(), Timing: x.stages.timing(x.begun),
	}
}

// sent is a request's body.
type sent struct{ *bytes.Reader }

func newBody(b []byte) sent { return sent{bytes.NewReader(b)} }

// Close implements io.Closer.
func (sent) Close() error { return nil }
