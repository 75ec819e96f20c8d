package fetch

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Target is where a request goes: a URL that was taken apart once, strictly.
// What is checked and what is dialled both come from here.
type Target struct {
	Scheme string     // "http" or "https"
	Host   string     // lower case, no final dot, no brackets
	Addr   netip.Addr // of a host that is an IP literal
	Port   uint16
	Path   string // escaped, "/" at least
	Query  string // raw, with its "?", "" if there is none
}

// maxURL bounds a URL, in bytes.
const maxURL = 64 << 10

// ParseTarget reads an absolute http or https URL. It refuses all that is read
// differently elsewhere: credentials, control characters, backslashes, escapes
// in the host, numbers that only look like addresses, names beyond ASCII. The
// fragment is dropped. Errors are *Error with KindURL.
func ParseTarget(raw string) (Target, error) {
	if len(raw) > maxURL {
		return Target{}, badURL(raw[:64]+"...", "too long")
	}
	if i := strings.IndexFunc(raw, neverInURL); i >= 0 {
		return Target{}, badURL(raw, "a character that must be escaped")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return Target{}, badURL(raw, "malformed")
	}
	t := Target{Scheme: strings.ToLower(u.Scheme)}
	switch {
	case t.Scheme != "http" && t.Scheme != "https":
		return Target{}, badURL(raw, "the scheme is neither http nor https")
	case u.Opaque != "" || u.Host == "":
		return Target{}, badURL(raw, "no host")
	case u.User != nil:
		return Target{}, badURL(raw, "credentials in the URL: use an Authorization header")
	}
	if err := t.setHost(raw, u); err != nil {
		return Target{}, err
	}
	if t.Path = u.EscapedPath(); t.Path == "" {
		t.Path = "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		t.Query = "?" + u.RawQuery
	}
	return t, nil
}

func badURL(raw, why string) *Error {
	return &Error{Kind: KindURL, Target: printable(raw), Detail: why}
}

// neverInURL reports what some parser takes for something else. What is beyond
// ASCII is let through here for paths; hosts are checked on their own.
func neverInURL(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("\\<>\"^`", r) || r == '\ufffd'
}

func (t *Target) setHost(raw string, u *url.URL) error {
	authority, _, _ := strings.Cut(raw[strings.Index(raw, "//")+2:], "/")
	authority, _, _ = strings.Cut(authority, "?")
	authority, _, _ = strings.Cut(authority, "#")
	if strings.ContainsAny(authority, "%@") || authority != u.Host {
		return badURL(raw, "an odd host")
	}
	host, port := u.Hostname(), u.Port()
	t.Port = 80
	if t.Scheme == "https" {
		t.Port = 443
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || len(port) > 5 {
			return badURL(raw, "a port out of range")
		}
		t.Port = uint16(n)
	}
	return t.setName(raw, host, strings.HasPrefix(u.Host, "["))
}

func (t *Target) setName(raw, host string, bracketed bool) error {
	if bracketed {
		addr, err := netip.ParseAddr(host)
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return badURL(raw, "a bad IPv6 address")
		}
		t.Addr, t.Host = addr, addr.String()
		return nil
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !validName(host) {
		return badURL(raw, "a bad host name (names beyond ASCII are written as xn--...)")
	}
	if !numericEnd(host) {
		t.Host = host
		return nil
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || !addr.Is4() {
		return badURL(raw, "a number that is no IPv4 address in its plain form")
	}
	t.Addr, t.Host = addr, host
	return nil
}

// validName reports whether s is a host name of letters, digits, hyphens and
// underscores.
func validName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}

// numericEnd reports whether the last label is a number, which makes a host an
// address for some parser or other.
func numericEnd(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if strings.HasPrefix(last, "0x") {
		return strings.Trim(last[2:], "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// HostPort is the host and port to dial and to show.
func (t Target) HostPort() string {
	return t.bracketed() + ":" + strconv.Itoa(int(t.Port))
}

func (t Target) bracketed() string {
	if t.Addr.Is6() {
		return "[" + t.Host + "]"
	}
	return t.Host
}

// Authority is the host and, where it is not the scheme's own, the port.
func (t Target) Authority() string {
	if t.defaultPort() {
		return t.bracketed()
	}
	return t.HostPort()
}

func (t Target) defaultPort() bool {
	return t.Scheme == "http" && t.Port == 80 || t.Scheme == "https" && t.Port == 443
}

// allowAs is how a list of hosts would name t.
func (t Target) allowAs() string {
	if t.Port == 80 || t.Port == 443 {
		return t.bracketed()
	}
	return t.HostPort()
}

// URL is t as a URL, in the one form that is sent.
func (t Target) URL() string {
	return t.Scheme + "://" + t.Authority() + t.Path + t.Query
}

// sameOrigin reports whether two targets share scheme, host and port.
func (t Target) sameOrigin(o Target) bool {
	return t.Scheme == o.Scheme && t.Host == o.Host && t.Port == o.Port
}

// printable quotes what would garble a message.
func printable(s string) string {
	if len(s) > 256 {
		s = s[:256] + "..."
	}
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\ufffd' }) >= 0 {
		return strconv.QuoteToASCII(s)
	}
	return s
}
