package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// policyJSON is a Policy as JSON, with the names that every host's API has.
type policyJSON struct {
	AllowedDomains       []string        `json:"allowed_domains"`
	BlockedDomains       []string        `json:"blocked_domains,omitempty"`
	AllowedURLs          []string        `json:"allowed_urls,omitempty"`
	AllowedPorts         []uint16        `json:"allowed_ports,omitempty"`
	DenyPrivateIPs       *bool           `json:"deny_private_ips,omitempty"`
	AllowedSchemes       []string        `json:"allowed_schemes,omitempty"`
	AllowedMethods       []string        `json:"allowed_methods,omitempty"`
	MaxRedirects         *int            `json:"max_redirects,omitempty"`
	RequestTimeout       int64           `json:"request_timeout_ms,omitempty"`
	ConnectTimeout       int64           `json:"connect_timeout_ms,omitempty"`
	HeaderTimeout        int64           `json:"header_timeout_ms,omitempty"`
	IdleTimeout          int64           `json:"idle_timeout_ms,omitempty"`
	MinRate              int64           `json:"min_rate,omitempty"`
	MaxRequestBody       int64           `json:"max_request_body,omitempty"`
	MaxResponseBody      int64           `json:"max_response_body,omitempty"`
	MaxConcurrent        int             `json:"max_concurrent,omitempty"`
	MaxRequestsPerMinute int             `json:"max_requests_per_minute,omitempty"`
	Inject               []injectionJSON `json:"inject,omitempty"`
}

type injectionJSON struct {
	Host    string            `json:"host"`
	HTTP    bool              `json:"http,omitempty"`
	Headers map[string]string `json:"headers"`
}

// maxTimeoutMS keeps milliseconds within a time.Duration.
const maxTimeoutMS = int64(1 << 40)

// UnmarshalJSON reads a policy. What is not said keeps its default; what is
// not known, or cannot match anything, is an error, so that a rule with a slip
// in it does not go unnoticed.
func (p *Policy) UnmarshalJSON(data []byte) error {
	var j policyJSON
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return fmt.Errorf("fetch policy: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("fetch policy: something follows the object")
	}
	read := Policy{
		AllowedDomains: j.AllowedDomains, BlockedDomains: j.BlockedDomains, AllowedURLs: j.AllowedURLs,
		AllowedPorts: j.AllowedPorts, AllowedSchemes: j.AllowedSchemes, AllowedMethods: j.AllowedMethods,
		AllowPrivateIPs: j.DenyPrivateIPs != nil && !*j.DenyPrivateIPs,
		RequestTimeout:  millis(j.RequestTimeout), ConnectTimeout: millis(j.ConnectTimeout),
		HeaderTimeout: millis(j.HeaderTimeout), IdleTimeout: millis(j.IdleTimeout), MinRate: j.MinRate,
		MaxRequestBody: j.MaxRequestBody, MaxResponseBody: j.MaxResponseBody,
		MaxConcurrent: j.MaxConcurrent, MaxRequestsPerMinute: j.MaxRequestsPerMinute,
	}
	if j.MaxRedirects != nil {
		if read.MaxRedirects = *j.MaxRedirects; read.MaxRedirects == 0 {
			read.MaxRedirects = -1
		}
	}
	for _, in := range j.Inject {
		read.Inject = append(read.Inject, Injection(in))
	}
	if err := read.Validate(); err != nil {
		return err
	}
	read.Secret, read.Approve, read.Log = p.Secret, p.Approve, p.Log
	*p = read
	return nil
}

// MarshalJSON writes a policy as UnmarshalJSON reads it. Functions are left out.
func (p *Policy) MarshalJSON() ([]byte, error) {
	deny := !p.AllowPrivateIPs
	redirects := p.maxRedirects()
	j := policyJSON{
		AllowedDomains: p.AllowedDomains, BlockedDomains: p.BlockedDomains, AllowedURLs: p.AllowedURLs,
		AllowedPorts: p.AllowedPorts, AllowedSchemes: p.AllowedSchemes, AllowedMethods: p.AllowedMethods,
		DenyPrivateIPs: &deny, MaxRedirects: &redirects,
		RequestTimeout: p.RequestTimeout.Milliseconds(), ConnectTimeout: p.ConnectTimeout.Milliseconds(),
		HeaderTimeout: p.HeaderTimeout.Milliseconds(), IdleTimeout: p.IdleTimeout.Milliseconds(), MinRate: p.MinRate,
		MaxRequestBody: p.MaxRequestBody, MaxResponseBody: p.MaxResponseBody,
		MaxConcurrent: p.MaxConcurrent, MaxRequestsPerMinute: p.MaxRequestsPerMinute,
	}
	for _, in := range p.Inject {
		j.Inject = append(j.Inject, injectionJSON(in))
	}
	return json.Marshal(j)
}

func millis(n int64) time.Duration { return time.Duration(min(n, maxTimeoutMS)) * time.Millisecond }

// Validate reports the first entry that can match nothing, or makes no sense.
func (p *Policy) Validate() error {
	for _, list := range [][]string{p.AllowedDomains, p.BlockedDomains} {
		for _, entry := range list {
			if parsePattern(entry).bad {
				return fmt.Errorf("fetch policy: %q is no host: want example.com, *.example.com, an address, or one of them with :port", entry)
			}
		}
	}
	for _, prefix := range p.AllowedURLs {
		if t, err := ParseTarget(prefix); err != nil || t.Query != "" || oddPath(t.Path) {
			return fmt.Errorf("fetch policy: %q is no URL prefix: want https://host/path/", prefix)
		}
	}
	for _, scheme := range p.AllowedSchemes {
		if !slices.Contains([]string{"http", "https"}, scheme) {
			return fmt.Errorf("fetch policy: scheme %q is neither http nor https", scheme)
		}
	}
	for _, in := range p.Inject {
		if host := parsePattern(in.Host); host.bad || host.any {
			return fmt.Errorf("fetch policy: headers are injected for one host or *.domain, not for %q", in.Host)
		}
	}
	if p.RequestTimeout < 0 || p.ConnectTimeout < 0 || p.HeaderTimeout < 0 || p.IdleTimeout < 0 ||
		p.MaxRequestBody < 0 || p.MaxResponseBody < 0 || p.MaxConcurrent < 0 || p.MaxRequestsPerMinute < 0 {
		return errors.New("fetch policy: a limit is negative")
	}
	return nil
}
