package abi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"agentsandbox/core/fetch"
)

// request is a guest's request. url, method, headers and body are the
// reference's; the rest is ours.
type request struct {
	URL        string            `json:"url"`
	Method     string            `json:"method"`
	Headers    map[string]string `json:"headers"`
	Body       *string           `json:"body"`
	BodyBase64 *string           `json:"body_base64"`

	// HeaderList has fields in order, and may repeat a name. It comes after Headers.
	HeaderList [][2]string `json:"header_list"`
	// Redirect is "follow" (the default) or "manual".
	Redirect string `json:"redirect"`
	// Raw asks for the body as it came, compressed or not.
	Raw            bool  `json:"raw"`
	Timeout        int64 `json:"timeout_ms"`
	ConnectTimeout int64 `json:"connect_timeout_ms"`
	// Framed bodies follow the JSON after a newline, as bytes, both ways.
	Framed bool `json:"framed"`
}

// response is what a guest gets. status, headers, body, ok and error are the
// reference's.
type response struct {
	Status     int               `json:"status"`
	Headers    map[string]string `json:"headers"`
	Body       *string           `json:"body,omitempty"`
	BodyBase64 string            `json:"body_base64,omitempty"`
	OK         bool              `json:"ok"`
	Error      *string           `json:"error"`

	Reason     string      `json:"reason,omitempty"`
	Proto      string      `json:"proto,omitempty"`
	HeaderList [][2]string `json:"header_list,omitempty"`
	URL        string      `json:"url,omitempty"`
	Redirects  int         `json:"redirects,omitempty"`
	RemoteAddr string      `json:"remote_addr,omitempty"`
	Decoded    bool        `json:"decoded,omitempty"`
	BytesRead  int64       `json:"bytes_read,omitempty"`
	Timing     *timing     `json:"timing,omitempty"`
	ErrorInfo  *errorInfo  `json:"error_info,omitempty"`
}

// timing is in microseconds since the start of the request.
type timing struct {
	Resolved  int64 `json:"resolved,omitempty"`
	Connected int64 `json:"connected,omitempty"`
	Secured   int64 `json:"secured,omitempty"`
	Sent      int64 `json:"sent,omitempty"`
	FirstByte int64 `json:"first_byte,omitempty"`
	Total     int64 `json:"total,omitempty"`
	Reused    bool  `json:"reused,omitempty"`
}

// errorInfo is an error for programs to read.
type errorInfo struct {
	Kind   string `json:"kind"` // a fetch.Kind, "denied" or "disabled"
	Stage  string `json:"stage,omitempty"`
	Target string `json:"target,omitempty"`
	Rule   string `json:"rule,omitempty"`
	Hint   string `json:"hint,omitempty"`
	Detail string `json:"detail,omitempty"`
	Want   int64  `json:"want,omitempty"`
}

// maxDepth bounds the nesting of a request's JSON, maxFields its fields.
const (
	maxDepth  = 8
	maxFields = 1000
)

// parseRequest reads a request's blob. framed is known even of some that are
// not good.
func parseRequest(blob []byte) (req *fetch.Request, framed bool, err error) {
	head, tail, cut := bytes.Cut(blob, []byte("\n"))
	var r request
	if cut {
		if err := decodeJSON(head, &r); err == nil && r.Framed {
			req, err := r.request(tail)
			return req, true, err
		}
		r = request{}
	}
	if err := decodeJSON(blob, &r); err != nil {
		return nil, false, err
	}
	req, err = r.request(nil)
	return req, r.Framed, err
}

func decodeJSON(data []byte, r *request) error {
	if err := checkShape(data); err != nil {
		return err
	}
	if err := json.Unmarshal(data, r); err != nil {
		return errors.New("the request is not JSON as it should be")
	}
	return nil
}

// checkShape refuses, before anything is allocated for it, JSON that is nested
// too deep or in too many pieces, and what is not UTF-8.
func checkShape(data []byte) error {
	depth, commas, quoted := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',':
			commas++
		}
		if depth > maxDepth {
			return errors.New("the request is nested too deep")
		}
		if commas > 3*maxFields {
			return errors.New("the request has too many fields")
		}
	}
	if !utf8.Valid(data) {
		return errors.New("the request is not UTF-8")
	}
	return nil
}

func (r *request) request(framedBody []byte) (*fetch.Request, error) {
	req := &fetch.Request{
		Method: r.Method, URL: r.URL, Raw: r.Raw, Manual: r.Redirect == "manual",
		Timeout: wait(r.Timeout), ConnectTimeout: wait(r.ConnectTimeout), Body: framedBody,
	}
	if r.URL == "" {
		return nil, errors.New("the request has no url")
	}
	for name, value := range r.Headers {
		req.Header = append(req.Header, fetch.Field{Name: name, Value: value})
	}
	for _, f := range r.HeaderList {
		req.Header = append(req.Header, fetch.Field{Name: f[0], Value: f[1]})
	}
	switch {
	case r.BodyBase64 != nil:
		body, err := base64.StdEncoding.DecodeString(*r.BodyBase64)
		if err != nil {
			return nil, errors.New("body_base64 is not base64")
		}
		req.Body = body
	case r.Body != nil:
		req.Body = []byte(*r.Body)
	}
	return req, nil
}

// wait reads milliseconds: at least one where any were asked for.
func wait(ms int64) time.Duration {
	if ms <= 0 {
		return 0
	}
	return time.Duration(min(ms, 1<<40)) * time.Millisecond
}

// formatResponse is a response's blob. resp, err or both may be nil.
func formatResponse(resp *fetch.Response, err error, framed bool) []byte {
	out := response{Headers: map[string]string{}}
	var body []byte
	if resp != nil {
		out.fill(resp)
		body = resp.Body
	}
	if err != nil {
		text := err.Error()
		out.OK, out.Error, out.ErrorInfo = false, &text, describe(err)
	}
	if !framed {
		out.setBody(body)
	}
	blob, _ := json.Marshal(out) // plain data: it cannot fail
	if framed {
		return append(append(blob, '\n'), body...)
	}
	return blob
}

func (out *response) fill(resp *fetch.Response) {
	out.Status, out.Reason, out.Proto = resp.Status, resp.Reason, resp.Proto
	out.OK = resp.Status >= 200 && resp.Status < 300
	out.URL, out.Redirects, out.RemoteAddr = resp.URL, resp.Redirects, resp.RemoteAddr
	out.Decoded, out.BytesRead = resp.Decoded, resp.BytesRead
	for _, f := range resp.Header {
		out.HeaderList = append(out.HeaderList, [2]string{f.Name, f.Value})
		name := strings.ToLower(f.Name)
		if resp.Decoded && (name == "content-encoding" || name == "content-length") {
			continue
		}
		if old, ok := out.Headers[name]; ok {
			f.Value = old + ", " + f.Value
		}
		out.Headers[name] = f.Value
	}
	t := resp.Timing
	out.Timing = &timing{
		Resolved: t.Resolved.Microseconds(), Connected: t.Connected.Microseconds(), Secured: t.Secured.Microseconds(),
		Sent: t.Sent.Microseconds(), FirstByte: t.FirstByte.Microseconds(), Total: t.Total.Microseconds(), Reused: t.Reused,
	}
}

// setBody gives text as body, as in the reference, and what is no text as
// body_base64, with an empty body.
func (out *response) setBody(body []byte) {
	text := string(body)
	if !utf8.ValidString(text) {
		out.BodyBase64 = base64.StdEncoding.EncodeToString(body)
		text = ""
	}
	out.Body = &text
}

func describe(err error) *errorInfo {
	var (
		denied *fetch.DeniedError
		failed *fetch.Error
	)
	switch {
	case errors.Is(err, fetch.ErrDisabled):
		return &errorInfo{Kind: "disabled"}
	case errors.As(err, &denied):
		return &errorInfo{Kind: "denied", Stage: denied.Op, Target: denied.Target, Rule: denied.Rule, Hint: denied.Hint}
	case errors.As(err, &failed):
		return &errorInfo{
			Kind: string(failed.Kind), Stage: failed.Stage, Target: failed.Target, Detail: failed.Detail, Want: failed.Want,
		}
	}
	return &errorInfo{Kind: "host", Detail: err.Error()}
}
