package fetch

import (
	"net/netip"
	"strings"

	"code.dny.dev/ssrf"
)

// CheckAddr decides about an address that a name led to, or that was given
// literally. The error is a *DeniedError.
func (p *Policy) CheckAddr(host string, addr netip.Addr) error {
	return p.checkAddr("connect", host, addr)
}

func (p *Policy) checkAddr(op, target string, addr netip.Addr) error {
	inner := addr.Unmap()
	if isMetadata(inner) {
		return &DeniedError{Op: op, Target: target, Rule: "metadata service"}
	}
	rule := specialRange(addr)
	if rule == "" || p.AllowPrivateIPs && privateRange(inner) {
		return nil
	}
	hint := ""
	if privateRange(inner) {
		hint = "set deny_private_ips to false (--allow-local-net) to reach local addresses"
	}
	return &DeniedError{Op: op, Target: target, Rule: "deny_private_ips: " + rule, Hint: hint}
}

// specialRange names the special range that addr lies in, "" for an address of
// the public internet. It goes by IANA's registries; an IPv6 address is public
// only within global unicast, which leaves out all that wraps an IPv4 address.
func specialRange(addr netip.Addr) string {
	denied := ssrf.IPv4DeniedPrefixes
	switch {
	case !addr.IsValid() || addr.Zone() != "":
		return "an address with a zone"
	case addr.Is6() && !ssrf.IPv6GlobalUnicast.Contains(addr):
		return "outside of 2000::/3"
	case addr.Is6():
		denied = ssrf.IPv6DeniedPrefixes
	}
	for _, prefix := range denied {
		if prefix.Contains(addr) {
			return prefix.String()
		}
	}
	if isatap(addr) {
		return "an ISATAP address"
	}
	return ""
}

// isatap reports whether an address has an IPv4 address in its lower half,
// behind the mark of RFC 5214.
func isatap(addr netip.Addr) bool {
	if !addr.Is6() {
		return false
	}
	b := addr.As16()
	return (b[8]|2) == 2 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}

// privateRange reports whether an address is local in a way that a policy may
// open: loopback, private, or unique local.
func privateRange(addr netip.Addr) bool {
	return addr.IsLoopback() || addr.IsPrivate()
}

// isMetadata reports whether an address is a cloud's metadata service, or lies
// in the link-local range where they are.
func isMetadata(addr netip.Addr) bool {
	if addr.IsLinkLocalUnicast() {
		return true
	}
	switch addr.String() {
	case "168.63.129.16", // Azure, in a public range
		"100.100.100.200",               // Alibaba
		"192.0.0.192",                   // Oracle
		"fd00:ec2::254", "fd20:ce::254": // AWS, Google
		return true
	}
	return false
}

// metadataName returns host if it is a name of a metadata service.
func metadataName(host string) string {
	switch host {
	case "metadata", "metadata.google.internal", "metadata.goog", "instance-data",
		"instance-data.ec2.internal", "rancher-metadata", "metadata.tencentyun.com",
		"metadata.azure.internal", "metadata.packet.net", "metadata.platformequinix.com":
		return host
	}
	return ""
}

// localName names the rule by which a host name is not one of the public
// internet, "" if it is.
func localName(host string) string {
	if !strings.Contains(host, ".") {
		return "a name without a domain"
	}
	for _, domain := range []string{
		"localhost", "localdomain", "local", "internal", "intranet", "private", "corp",
		"home", "lan", "home.arpa", "onion", "svc", "in-addr.arpa", "ip6.arpa",
	} {
		if strings.HasSuffix(host, "."+domain) {
			return "names in ." + domain
		}
	}
	return ""
}
