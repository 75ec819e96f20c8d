package fetch

import (
	"fmt"
	"strings"
)

// isToken reports whether s may be a header's name or a method: a token of RFC 9110.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

// isValue reports whether s may be a header's value: no control characters but
// tabs inside.
func isValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return s == strings.Trim(s, "\t\r\n")
}

// guestHeader checks the header that a guest sets for a request to t, and
// leaves out what the host sets by itself. Errors are *Error with KindURL for
// what is no header at all, and *DeniedError.
func guestHeader(h Header, t Target) (Header, error) {
	kept := make(Header, 0, len(h)+4)
	size := 0
	for _, f := range h {
		if !isToken(f.Name) || !isValue(f.Value) {
			return nil, &Error{Kind: KindURL, Detail: "bad header " + printable(f.Name)}
		}
		if size += len(f.Name) + len(f.Value) + 4; size > maxRequestHeader {
			return nil, denied("request header", fmt.Sprintf("longer than %d bytes", maxRequestHeader), "")
		}
		switch headerClass(f.Name) {
		case headerRefused:
			return nil, denied("header "+f.Name, "headers that guests may not set", "")
		case headerOurs:
			if strings.EqualFold(f.Name, "Host") && !strings.EqualFold(f.Value, t.Authority()) && !strings.EqualFold(f.Value, t.HostPort()) {
				return nil, denied("header Host: "+printable(f.Value), "another host than the URL's", "")
			}
			continue
		}
		kept = append(kept, f)
	}
	return kept, nil
}

// Classes of request headers.
const (
	headerFree    = iota
	headerOurs    // set by the host from the request itself
	headerRefused // speaks for a proxy, or to a metadata service
)

func headerClass(name string) int {
	lower := strings.ToLower(name)
	switch lower {
	case "host", "connection", "keep-alive", "content-length", "transfer-encoding", "expect", "te":
		return headerOurs
	case "upgrade", "trailer", "http2-settings", "forwarded", "via", "x-real-ip",
		"metadata", "metadata-flavor", "x-google-metadata-request":
		return headerRefused
	}
	for _, prefix := range []string{"proxy-", "x-forwarded-", "x-aws-ec2-metadata-", "sec-", ":"} {
		if strings.HasPrefix(lower, prefix) {
			return headerRefused
		}
	}
	return headerFree
}

// crossOrigin is what is left of a guest's header when a redirect leads to
// another origin: what describes the wish, and nothing that may be a secret.
func crossOrigin(h Header) Header {
	kept := make(Header, 0, len(h))
	for _, f := range h {
		if lower := strings.ToLower(f.Name); strings.HasPrefix(lower, "accept") || strings.HasPrefix(lower, "if-") ||
			containsFold([]string{"user-agent", "content-type", "range", "cache-control"}, f.Name) {
			kept = append(kept, f)
		}
	}
	return kept
}
