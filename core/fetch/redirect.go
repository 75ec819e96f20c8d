package fetch

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"
)

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// next is the hop that an answer leads to.
func (c *Client) next(ctx context.Context, h *hop, resp *Response, location string) (next *hop, err error) {
	limit := c.policy.maxRedirects()
	if resp.Redirects >= limit {
		return nil, &Error{Kind: KindRedirects, Target: h.target.HostPort(), Want: int64(limit)}
	}
	req := h.req
	if req.URL, err = resolveURL(h.target.URL(), location); err != nil {
		return nil, c.refuse(h, location, err)
	}
	target, err := ParseTarget(req.URL)
	if err != nil {
		return nil, c.refuse(h, req.URL, err)
	}
	if h.target.Scheme == "https" && target.Scheme == "http" {
		return nil, c.refuse(h, req.URL, &DeniedError{Op: "redirect", Target: req.URL, Rule: "https to http"})
	}
	req.Method, req.Header, req.Body = redirected(resp.Status, &req)
	if !target.sameOrigin(h.target) {
		req.Header = crossOrigin(req.Header)
	}
	next, err = c.admit(ctx, &req, h.number+1)
	return next, asRedirect(err)
}

// refuse logs a redirect that leads nowhere.
func (c *Client) refuse(h *hop, to string, err error) error {
	var bad *Error
	if errors.As(err, &bad) && bad.Kind == KindURL {
		err = &DeniedError{Op: "redirect", Target: printable(to), Rule: "URLs: " + bad.Detail}
	}
	event := h.event(time.Now())
	event.Hop, event.URL = h.number+1, to
	c.policy.finish(event, nil, 0, err)
	return err
}

// asRedirect says of a denied request that it was a redirect.
func asRedirect(err error) error {
	var denied *DeniedError
	if errors.As(err, &denied) {
		moved := *denied
		moved.Op = "redirect"
		return &moved
	}
	return err
}

// location returns the one place that a header names, "" for none.
func location(h Header) (string, error) {
	found := ""
	for _, f := range h {
		if !strings.EqualFold(f.Name, "Location") {
			continue
		}
		if found != "" && found != f.Value {
			return "", &Error{Kind: KindProtocol, Detail: "two places to redirect to"}
		}
		found = f.Value
	}
	return found, nil
}

// resolveURL is where a reference leads from base.
func resolveURL(base, ref string) (string, error) {
	ref = strings.ReplaceAll(strings.TrimSpace(ref), " ", "%20")
	if len(ref) > maxURL || strings.IndexFunc(ref, neverInURL) >= 0 {
		return "", badURL(ref, "a character that must be escaped")
	}
	from, err := url.Parse(base)
	if err != nil {
		return "", badURL(base, "malformed")
	}
	to, err := from.Parse(ref)
	if err != nil {
		return "", badURL(ref, "malformed")
	}
	to.Fragment = ""
	return to.String(), nil
}

// redirected is what a request becomes by a redirect: a GET without a body,
// save where the status keeps the method, or there was no body to lose.
func redirected(status int, req *Request) (method string, h Header, body []byte) {
	becomesGet := status == 303 && req.Method != "HEAD" || status < 303 && req.Method == "POST"
	if !becomesGet {
		return req.Method, req.Header, req.Body
	}
	return "GET", req.Header.Without("Content-Type", "Content-Encoding", "Content-Language"), nil
}
