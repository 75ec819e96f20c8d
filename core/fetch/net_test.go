//go:build !js

package fetch

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// fakeNet is what a transport's network is made of in tests: names are answered
// from a script, every connection is recorded, and those that are let through
// end at a server on loopback. Policies are not touched by it.
type fakeNet struct {
	answer func(host string) ([]netip.Addr, error)
	server string // host:port on loopback; "" refuses connections

	mu      sync.Mutex
	asked   []string
	dialled []netip.AddrPort
}

func (n *fakeNet) resolve(_ context.Context, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	n.asked = append(n.asked, host)
	n.mu.Unlock()
	if n.answer == nil {
		return glibc(host)
	}
	return n.answer(host)
}

func (n *fakeNet) dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	n.dialled = append(n.dialled, to)
	n.mu.Unlock()
	if n.server == "" {
		return nil, &net.OpError{Op: "dial", Err: net.UnknownNetworkError("nothing here")}
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", n.server)
}

func (n *fakeNet) calls() (asked []string, dialled []netip.AddrPort) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.asked...), append([]netip.AddrPort(nil), n.dialled...)
}

// transport is the production transport with n in the place of the network.
func (n *fakeNet) transport(p *Policy) *Transport {
	t := NewTransport(p)
	t.resolve, t.dial = n.resolve, n.dial
	return t
}

func (n *fakeNet) client(t testing.TB, p *Policy) *Client {
	c := NewClient(p, n.transport(p))
	t.Cleanup(func() { c.Close() })
	return c
}

// serve runs a handler on loopback; n leads there.
func (n *fakeNet) serve(t testing.TB, h http.HandlerFunc) {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	n.server = server.Listener.Addr().String()
}

// serveTLS is serve with TLS, as config has it. The transport trusts it if told.
func (n *fakeNet) serveTLS(t testing.TB, h http.HandlerFunc, config *tls.Config) *httptest.Server {
	server := httptest.NewUnstartedServer(h)
	server.TLS = config
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	n.server = server.Listener.Addr().String()
	return server
}

// hijack answers with exactly these bytes and hangs up.
func hijack(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	conn.Write([]byte(text))
}

var public = netip.MustParseAddr("93.184.216.34")

// glibc answers as the C library does: it takes numbers in any base and in few
// parts for addresses, and knows local names. Any other name is a public host.
func glibc(host string) ([]netip.Addr, error) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return []netip.Addr{a}, nil
	}
	if a, ok := inetAton(host); ok {
		return []netip.Addr{a}, nil
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasPrefix(host, "ip6-") {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}, nil
	}
	return []netip.Addr{public}, nil
}

// inetAton reads an address as inet_aton(3) does.
func inetAton(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var value uint64
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 0, 64)
		if err != nil || len(part) > 1 && strings.ContainsAny(part[1:2], "oObB") || strings.Contains(part, "_") {
			return netip.Addr{}, false
		}
		if i < len(parts)-1 {
			value |= (n & 0xff) << (8 * (3 - i))
			continue
		}
		value |= n & (1<<(8*(5-len(parts))) - 1)
	}
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}), true
}

func addrs(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

func get(c *Client, url string) (*Response, error) {
	return c.Do(context.Background(), &Request{URL: url})
}
