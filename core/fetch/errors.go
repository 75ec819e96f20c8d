package fetch

import (
	"errors"
	"fmt"
)

// ErrDisabled is the error of a request where no policy opens the network.
var ErrDisabled = errors.New("networking is disabled in this sandbox: no fetch policy is set (allow hosts with --allow-net HOST, or set a fetch policy)")

// DeniedError is the error of a request that the policy refuses. Nothing was
// sent then, unless it is a redirect that was refused.
type DeniedError struct {
	Op     string // "fetch", "resolve", "connect", "redirect"
	Target string // host, URL or header, as the guest knows it
	Rule   string // which rule refused: a name of the policy's fields, or of a built-in rule
	Hint   string // how to allow it; "" where nothing can
}

// Error says what was refused, by which rule, and how to allow it.
func (e *DeniedError) Error() string {
	s := fmt.Sprintf("%s of %s denied by the network policy (%s)", e.Op, e.Target, e.Rule)
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Kind says what went wrong with a request. The names are part of the API on
// every host.
type Kind string

// Kinds of failure.
const (
	KindURL         Kind = "url"          // not a URL that can be fetched
	KindResolve     Kind = "resolve"      // no such host
	KindConnect     Kind = "connect"      // no connection
	KindTLS         Kind = "tls"          // the handshake failed
	KindCertificate Kind = "certificate"  // the server's certificate is not good
	KindEmpty       Kind = "empty"        // the server closed without an answer
	KindProtocol    Kind = "protocol"     // the answer is not HTTP as it should be
	KindHTTP09      Kind = "http09"       // the answer has no status line
	KindHeaderSize  Kind = "header_size"  // the answer's header is too long
	KindBodySize    Kind = "body_size"    // the body is longer than the policy allows
	KindRequestSize Kind = "request_size" // the request's body is too long
	KindTruncated   Kind = "truncated"    // the body ended early
	KindReset       Kind = "reset"        // the connection broke
	KindEncoding    Kind = "encoding"     // the content encoding is unknown or broken
	KindRedirects   Kind = "redirects"    // too many redirects
	KindOpaque      Kind = "opaque"       // the host hides redirects, or refuses by CORS
	KindTimeout     Kind = "timeout"      // a limit of time; see Error.Stage
	KindCanceled    Kind = "canceled"     // the caller's context ended
)

// Stages of a request that have a limit of time.
const (
	StageResolve = "resolve"
	StageConnect = "connect"
	StageTLS     = "tls"
	StageHeader  = "header" // from the request to the end of the answer's header
	StageIdle    = "idle"   // no byte of the body for a while
	StageRate    = "rate"   // too few bytes of the body
	StageTotal   = "total"
)

// Error is the error of a request that the policy allows but that failed. Its
// text is fit for guests: it names nothing of the host's.
type Error struct {
	Kind   Kind
	Target string // host and port, or URL
	Stage  string // of a timeout
	Detail string // more words; may be empty
	Want   int64  // bytes that were announced, or the limit; -1 if not known
}

// Error is the failure in one line.
func (e *Error) Error() string {
	s := e.what()
	if e.Target != "" {
		s += " (" + e.Target + ")"
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

func (e *Error) what() string {
	switch e.Kind {
	case KindURL:
		return "bad URL"
	case KindResolve:
		return "could not resolve host"
	case KindConnect:
		return "could not connect"
	case KindTLS:
		return "TLS handshake failed"
	case KindCertificate:
		return "server certificate not accepted"
	case KindEmpty:
		return "empty reply from server"
	case KindHTTP09:
		return "received HTTP/0.9, which is not allowed"
	case KindHeaderSize:
		return "response header is too long"
	case KindBodySize:
		return fmt.Sprintf("response body is longer than the limit of %d bytes (max_response_body)", e.Want)
	case KindRequestSize:
		return fmt.Sprintf("request body is longer than the limit of %d bytes (max_request_body)", e.Want)
	case KindTruncated:
		return "response ended early"
	case KindReset:
		return "connection broke"
	case KindEncoding:
		return "bad content encoding"
	case KindRedirects:
		return fmt.Sprintf("more than %d redirects", e.Want)
	case KindOpaque:
		return "the browser hides the response"
	case KindTimeout:
		return "timed out in stage " + e.Stage
	case KindCanceled:
		return "canceled"
	}
	return "bad response"
}

// Timeout reports whether a limit of time ended the request.
func (e *Error) Timeout() bool { return e.Kind == KindTimeout }

// errKind is the kind of err, "" if it has none.
func errKind(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
