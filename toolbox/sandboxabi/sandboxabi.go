// Package sandboxabi is the guest's side of the host functions of module
// "sandbox" by which it reaches the network: their JSON, and on wasip1 the
// imports themselves.
package sandboxabi

import (
	"strings"
	"time"
)

// Field is one header field: its name and its value.
type Field [2]string

// Request is an HTTP request for the host to make.
type Request struct {
	URL     string  `json:"url"`
	Method  string  `json:"method,omitempty"`
	Headers []Field `json:"header_list,omitempty"`
	// Redirect is "follow" or "manual".
	Redirect string `json:"redirect,omitempty"`
	// Raw asks for the body as it came, compressed or not.
	Raw bool `json:"raw,omitempty"`
	// Timeouts in milliseconds; 0 leaves them to the host.
	Timeout        int64 `json:"timeout_ms,omitempty"`
	ConnectTimeout int64 `json:"connect_timeout_ms,omitempty"`
	Framed         bool  `json:"framed"`

	Body []byte `json:"-"`
}

// Response is what the host answers.
type Response struct {
	Status     int     `json:"status"`
	Reason     string  `json:"reason"`
	Proto      string  `json:"proto"`
	Headers    []Field `json:"header_list"`
	URL        string  `json:"url"`
	RemoteAddr string  `json:"remote_addr"`
	Decoded    bool    `json:"decoded"`
	BytesRead  int64   `json:"bytes_read"`
	Timing     Timing  `json:"timing"`
	// ErrorText and Failure say why there is no answer, or not the whole of it.
	ErrorText string   `json:"error"`
	Failure   *Failure `json:"error_info"`

	Body *Body `json:"-"`
}

// Timing is in microseconds since the start of the request.
type Timing struct {
	Resolved  int64 `json:"resolved"`
	Connected int64 `json:"connected"`
	Secured   int64 `json:"secured"`
	Sent      int64 `json:"sent"`
	FirstByte int64 `json:"first_byte"`
	Total     int64 `json:"total"`
	Reused    bool  `json:"reused"`
}

// Failure is what went wrong, as the host names it.
type Failure struct {
	Kind   string `json:"kind"`
	Stage  string `json:"stage"`
	Target string `json:"target"`
	Rule   string `json:"rule"`
	Hint   string `json:"hint"`
	Detail string `json:"detail"`
	Want   int64  `json:"want"`
}

// Error is what went wrong, in a few words.
func (f *Failure) Error() string {
	if f.Detail != "" {
		return f.Kind + ": " + f.Detail
	}
	return f.Kind
}

// Kinds of failure that commands tell apart.
const (
	Disabled    = "disabled"
	Denied      = "denied"
	BadURL      = "url"
	Resolve     = "resolve"
	Connect     = "connect"
	TLS         = "tls"
	Certificate = "certificate"
	Empty       = "empty"
	Protocol    = "protocol"
	HTTP09      = "http09"
	HeaderSize  = "header_size"
	BodySize    = "body_size"
	RequestSize = "request_size"
	Truncated   = "truncated"
	Reset       = "reset"
	Encoding    = "encoding"
	Redirects   = "redirects"
	Opaque      = "opaque"
	Timeout     = "timeout"
	Canceled    = "canceled"
)

// Get returns the value of the first header field of that name.
func (r *Response) Get(name string) string {
	for _, f := range r.Headers {
		if strings.EqualFold(f[0], name) {
			return f[1]
		}
	}
	return ""
}

// Duration turns microseconds of a Timing into a duration.
func Duration(us int64) time.Duration { return time.Duration(us) * time.Microsecond }
