package fetch

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// pattern is an entry of a list of hosts, taken apart.
type pattern struct {
	any  bool       // "*"
	sub  bool       // "*.name"
	name string     // lower case
	addr netip.Addr // of an IP literal
	port uint16     // 0 for none given
	bad  bool       // matches nothing
}

// parsePattern reads an entry such as "example.com", "*.example.com:8080",
// "10.0.0.1" or "[::1]:80".
func parsePattern(entry string) pattern {
	host, p := splitPort(strings.ToLower(strings.TrimSpace(entry)))
	if p.bad {
		return p
	}
	if host == "*" {
		p.any = true
		return p
	}
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		p.addr = addr
		return p
	}
	host, p.sub = strings.CutPrefix(strings.TrimSuffix(host, "."), "*.")
	p.name, p.bad = host, !validName(host)
	return p
}

func splitPort(entry string) (host string, p pattern) {
	at := strings.LastIndexByte(entry, ':')
	if at < 0 || strings.HasSuffix(entry, "]") || !strings.HasPrefix(entry, "[") && strings.Count(entry, ":") > 1 {
		return entry, p
	}
	n, err := strconv.ParseUint(entry[at+1:], 10, 16)
	if err != nil || n == 0 {
		p.bad = true
	}
	p.port = uint16(n)
	return entry[:at], p
}

// isName reports whether an entry is for names, not an address or "*".
func isName(entry string) bool {
	p := parsePattern(entry)
	return !p.any && !p.addr.IsValid()
}

// matches reports whether p is for t. ports are those of an entry without one
// of its own; nil is all.
func (p pattern) matches(t Target, ports []uint16) bool {
	switch {
	case p.bad:
		return false
	case p.port != 0 && p.port != t.Port:
		return false
	case p.port == 0 && ports != nil && !slices.Contains(ports, t.Port):
		return false
	case p.any:
		return true
	case p.addr.IsValid() || t.Addr.IsValid():
		return p.addr == t.Addr
	case p.sub:
		return strings.HasSuffix(t.Host, "."+p.name)
	}
	return t.Host == p.name
}

// urlBelow reports whether t lies below the URL prefix.
func urlBelow(t Target, prefix string) bool {
	base, err := ParseTarget(prefix)
	if err != nil || base.Query != "" || !base.sameOrigin(t) || oddPath(t.Path) {
		return false
	}
	rest, ok := strings.CutPrefix(t.Path, base.Path)
	return ok && (rest == "" || strings.HasSuffix(base.Path, "/") || rest[0] == '/')
}

// oddPath reports whether a server may take a path for another one.
func oddPath(path string) bool {
	lower := strings.ToLower(path)
	for _, odd := range []string{"//", "%2e", "%2f", "%5c", "%00", "%25", ";"} {
		if strings.Contains(lower, odd) {
			return true
		}
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
