package fetch

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Policy says which requests a sandbox may make. The zero value lets a guest
// reach any public host on ports 80 and 443. A Policy must not change while it
// is in use.
type Policy struct {
	// AllowedDomains are the hosts that may be reached: "example.com" is that
	// host alone, "*.example.com" every host below it but not itself, "*" any
	// host; an IP literal is matched as such, and one may be reached only if it
	// is listed, or if nothing is. With ":port" an entry opens that port, and
	// that alone. Where AllowedDomains, AllowedURLs and Approve are all nil, any
	// host may be reached; an empty list allows none.
	AllowedDomains []string
	// BlockedDomains are refused whatever else is allowed, in the same form.
	BlockedDomains []string
	// AllowedURLs are prefixes: "https://api.example.com/v1/" allows what is
	// below that path, on that host, scheme and port. A path with "..", "//",
	// or an encoded dot or slash matches none.
	AllowedURLs []string
	// AllowedPorts are the ports of hosts listed without one; nil is 80 and 443.
	AllowedPorts []uint16
	// AllowPrivateIPs is deny_private_ips turned round: loopback, private and
	// other local addresses may be reached, by name or literally. The metadata
	// services of clouds stay closed.
	AllowPrivateIPs bool
	// AllowedSchemes are "http" and "https" if nil; there are no others.
	AllowedSchemes []string
	// AllowedMethods are DefaultMethods if nil.
	AllowedMethods []string

	// MaxRedirects bounds how many redirects are followed. 0 is 10; negative
	// follows none.
	MaxRedirects int
	// RequestTimeout bounds a request with its redirects, ConnectTimeout the
	// making of one connection, HeaderTimeout the wait for an answer's header,
	// IdleTimeout that for the next bytes of a body. 0 is the default.
	RequestTimeout, ConnectTimeout, HeaderTimeout, IdleTimeout time.Duration
	// MinRate is how many bytes a second a body must bring, taken over
	// rateWindow. 0 is DefaultMinRate; negative is none.
	MinRate int64
	// MaxRequestBody and MaxResponseBody are in bytes, the latter after
	// decoding. 0 is the default.
	MaxRequestBody, MaxResponseBody int64
	// MaxConcurrent requests run at once and MaxRequestsPerMinute start in a
	// minute; more wait their turn. 0 is the default.
	MaxConcurrent, MaxRequestsPerMinute int

	// Inject adds headers to the requests to some hosts, unseen by the guest.
	Inject []Injection
	// Secret finds the value of "${NAME}" in an injected header. It must be
	// set where one is used.
	Secret func(name string) (value string, ok bool)

	// Approve decides about a host that no rule knows. Nil refuses it. An
	// answer for the host holds for the Client's life. It is called from one
	// goroutine at a time.
	Approve func(ctx context.Context, q Question) Answer
	// Log is told of every request when it is over, and of every one that is
	// denied. It may be called from several goroutines.
	Log func(Event)
}

// Injection adds headers to the requests to one host.
type Injection struct {
	// Host is in the form of AllowedDomains, without "*" alone. Without a port
	// it is bound to the scheme's own.
	Host string
	// HTTP lets the headers go over plain http too.
	HTTP bool
	// Headers replace what the guest set under those names. "${NAME}" in a
	// value is replaced by what Policy.Secret finds.
	Headers map[string]string
}

// Defaults of a Policy.
const (
	DefaultMaxRedirects         = 10
	DefaultRequestTimeout       = 30 * time.Second
	DefaultConnectTimeout       = 10 * time.Second
	DefaultHeaderTimeout        = 30 * time.Second
	DefaultIdleTimeout          = 20 * time.Second
	DefaultMinRate              = 16
	DefaultMaxRequestBody       = 10 << 20
	DefaultMaxResponseBody      = 50 << 20
	DefaultMaxConcurrent        = 50
	DefaultMaxRequestsPerMinute = 500
)

// MaxResponseHeader bounds the header of an answer, in bytes.
const MaxResponseHeader = 64 << 10

// maxRequestHeader bounds the header of a request.
const maxRequestHeader = 64 << 10

// DefaultMethods are the methods that a policy allows if it says nothing.
func DefaultMethods() []string {
	return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
}

func (p *Policy) schemes() []string {
	if p.AllowedSchemes == nil {
		return []string{"http", "https"}
	}
	return p.AllowedSchemes
}

func (p *Policy) methods() []string {
	if p.AllowedMethods == nil {
		return DefaultMethods()
	}
	return p.AllowedMethods
}

func (p *Policy) ports() []uint16 {
	if p.AllowedPorts == nil {
		return []uint16{80, 443}
	}
	return p.AllowedPorts
}

func (p *Policy) maxRedirects() int { return max(0, or(p.MaxRedirects, DefaultMaxRedirects)) }

// or is v, or fallback where v is zero.
func or[T int | int64 | time.Duration](v, fallback T) T {
	if v == 0 {
		return fallback
	}
	return v
}

// tighter is the shorter of a limit and what a request asks for, 0 for nothing.
func tighter(limit, wanted time.Duration) time.Duration {
	if wanted > 0 && wanted < limit {
		return wanted
	}
	return limit
}

// Check decides about one request by its method and URL, without a look at the
// network. It returns where the request goes, and whether a rule knows its
// host: if none does, the request is refused unless it is approved. Errors are
// *Error with KindURL, and *DeniedError.
func (p *Policy) Check(method, rawURL string) (t Target, known bool, err error) {
	t, err = ParseTarget(rawURL)
	if err != nil {
		return Target{}, false, err
	}
	if err := p.checkMethod(method); err != nil {
		return Target{}, false, err
	}
	if !slices.Contains(p.schemes(), t.Scheme) {
		return Target{}, false, denied(rawURL, "allowed_schemes", "add \""+t.Scheme+"\" to allowed_schemes")
	}
	if err := p.checkHost(t); err != nil {
		return Target{}, false, err
	}
	known, err = p.checkAllowed(t)
	return t, known, err
}

func denied(target, rule, hint string) *DeniedError {
	return &DeniedError{Op: "fetch", Target: target, Rule: rule, Hint: hint}
}

// checkMethod holds method to the list. It is matched as it is: a server may
// tell "get" from "GET".
func (p *Policy) checkMethod(method string) error {
	if !isToken(method) {
		return &Error{Kind: KindURL, Detail: "bad method " + printable(method)}
	}
	if !slices.Contains(p.methods(), method) {
		return denied("method "+method, "allowed_methods", "allowed are "+strings.Join(p.methods(), ", "))
	}
	return nil
}

// checkHost refuses what no allowing rule can open.
func (p *Policy) checkHost(t Target) error {
	for _, pattern := range p.BlockedDomains {
		if parsePattern(pattern).matches(t, nil) {
			return denied(t.HostPort(), "blocked_domains: "+pattern, "")
		}
	}
	if t.Addr.IsValid() {
		return p.checkAddr("fetch", t.HostPort(), t.Addr)
	}
	if name := metadataName(t.Host); name != "" {
		return denied(t.Host, "metadata service", "")
	}
	if rule := localName(t.Host); rule != "" && !p.AllowPrivateIPs {
		return denied(t.Host, "deny_private_ips: "+rule, "set deny_private_ips to false (--allow-local-net) to reach local hosts")
	}
	return nil
}

// checkAllowed looks for a rule that opens t.
func (p *Policy) checkAllowed(t Target) (known bool, err error) {
	if p.AllowedDomains == nil && p.AllowedURLs == nil && p.Approve == nil {
		return true, p.checkPort(t)
	}
	hostKnown := false
	for _, entry := range p.AllowedDomains {
		pattern := parsePattern(entry)
		if pattern.matches(t, p.ports()) {
			return true, nil
		}
		hostKnown = hostKnown || pattern.matches(t, nil)
	}
	for _, prefix := range p.AllowedURLs {
		if urlBelow(t, prefix) {
			return true, nil
		}
	}
	switch {
	case hostKnown:
		return true, p.checkPort(t)
	case p.Approve != nil:
		return false, nil
	case t.Addr.IsValid() && slices.ContainsFunc(p.AllowedDomains, isName):
		return false, denied(t.HostPort(), "allowed_domains: an IP literal", "allow it with --allow-net "+t.HostPort())
	}
	rule := "allowed_domains"
	if len(p.AllowedURLs) > 0 {
		rule = "allowed_domains, allowed_urls"
	}
	return false, denied(t.HostPort(), rule, "allow it with --allow-net "+t.allowAs())
}

func (p *Policy) checkPort(t Target) error {
	if slices.Contains(p.ports(), t.Port) {
		return nil
	}
	return denied(t.HostPort(), "allowed_ports", "allow it with --allow-net "+t.HostPort())
}
