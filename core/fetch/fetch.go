// Package fetch is the sandbox's way to the network: a policy, and the one
// place that may open a socket.
//
// A [Policy] says which requests may be made; it is pure, and the same on every
// host. A [Client] holds one to it: it checks each request and each redirect,
// adds the headers that guests must not see, keeps the limits, and writes the
// log. What it lets through goes to a [Doer], which makes a single request:
// [Transport], by sockets natively and by the platform's fetch on js. The
// native one resolves names by itself, checks every address and dials only
// what it checked.
package fetch

import (
	"context"
	"strings"
	"time"
)

// Doer makes HTTP requests. Implementations may be used from several
// goroutines.
type Doer interface {
	// Do makes one request. Response and error may both be set: the error then
	// says why the body is not whole. Errors are of the types of this package.
	// The Response of a Request with Stream may have a Body all the same, where
	// the Doer can do no better.
	Do(ctx context.Context, req *Request) (*Response, error)
}

// Request is an HTTP request as a guest asks for it.
type Request struct {
	Method string // "" is GET
	URL    string // absolute, http or https
	Header Header
	Body   []byte

	// Manual returns a redirect as it is instead of following it.
	Manual bool
	// Raw leaves a compressed body as the server sent it. Otherwise the usual
	// encodings are asked for and undone.
	Raw bool

	// Stream leaves the body to be read from Response.Stream, which must be
	// closed. The request's limits hold until then.
	Stream bool

	// Timeout and ConnectTimeout tighten those of the policy; 0 leaves them.
	Timeout, ConnectTimeout time.Duration

	bound bool // it carries what is for its host alone
}

// Response is what came of a request.
type Response struct {
	Status int
	Reason string // the text after the status code; may be empty
	Proto  string // "HTTP/1.1", "HTTP/2.0"; "" where the host doesn't know
	// Header has the fields in the server's order and spelling where the
	// host can see them.
	Header Header
	Body   []byte
	// Stream is the body of a Request with Stream; Body is nil then.
	Stream Stream
	// Decoded reports that a content encoding was undone, so that
	// Content-Encoding and Content-Length speak of another form of Body.
	Decoded bool

	URL        string // of the request that was answered, after redirects
	Redirects  int    // how many were followed
	RemoteAddr string // address and port that were dialled; "" if not known
	Timing     Timing
	// BytesRead counts the body as it came over the wire; see Stream.Received
	// for one that is not read yet.
	BytesRead int64

	announced int64 // length of the body as the answer has it; 0 if not known
}

// Timing says how long after its start a request reached each stage; 0 where
// it didn't, or the host doesn't know. Of a redirected request it is that of
// the last hop.
type Timing struct {
	Resolved, Connected, Secured, Sent, FirstByte, Total time.Duration
	// Reused reports that no new connection was made.
	Reused bool
}

// Field is one header field.
type Field struct{ Name, Value string }

// Header is a list of header fields, in order.
type Header []Field

// Get returns the value of the first field of that name, "" if there is none.
// Names differ by case in nothing.
func (h Header) Get(name string) string {
	v, _ := h.Lookup(name)
	return v
}

// Lookup is Get that reports whether there is a field.
func (h Header) Lookup(name string) (string, bool) {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value, true
		}
	}
	return "", false
}

// Without returns the fields of other names. It shares nothing with h.
func (h Header) Without(names ...string) Header {
	kept := make(Header, 0, len(h))
	for _, f := range h {
		if !containsFold(names, f.Name) {
			kept = append(kept, f)
		}
	}
	return kept
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
