//go:build !js

package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"
)

const (
	resolveTimeout = 5 * time.Second
	maxAnswers     = 64 // addresses of one name that are looked at
	maxAttempts    = 4  // and that are tried
	maxDials       = 4  // connections for one request
)

type exchangeKey struct{}

// dialPlain connects to "host:port". net/http may hand the connection to
// another request to the same host and port.
func (t *Transport) dialPlain(ctx context.Context, _, address string) (net.Conn, error) {
	conn, err := t.connect(ctx, address)
	if err != nil {
		return nil, err
	}
	return &tap{Conn: conn}, nil
}

// dialTLS connects and shakes hands. An HTTP/2 connection has no tap: its
// header fields have no spelling to keep.
func (t *Transport) dialTLS(ctx context.Context, _, address string) (net.Conn, error) {
	conn, err := t.connect(ctx, address)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(address)
	config := t.tls.Clone()
	config.ServerName = host
	secure := tls.Client(conn, config)
	limit := or(t.policy.ConnectTimeout, DefaultConnectTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &Error{Kind: KindTimeout, Stage: StageTLS, Target: address})
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, tlsError(ctx, address, err)
	}
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		x.stages.mark(&x.stages.secured)
	}
	if secure.ConnectionState().NegotiatedProtocol == "h2" {
		return secure, nil
	}
	return &tap{Conn: secure}, nil
}

// connect resolves once, checks every address, and dials those that it
// checked, in turn.
func (t *Transport) connect(ctx context.Context, address string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(address)
	port, err2 := strconv.ParseUint(portText, 10, 16)
	if err != nil || err2 != nil {
		return nil, badURL(address, "a bad address")
	}
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	limit := or(t.policy.ConnectTimeout, DefaultConnectTimeout)
	if x != nil {
		limit = tighter(limit, x.req.ConnectTimeout)
		if x.dials.Add(1) > maxDials { // net/http tries again for as long as a server sends it away
			return nil, &Error{Kind: KindProtocol, Target: address, Detail: "it closes every connection without an answer"}
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &Error{Kind: KindTimeout, Stage: StageConnect, Target: address})
	defer cancel()
	addrs, err := t.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	if x != nil {
		x.stages.mark(&x.stages.resolved)
	}
	conn, err := t.dialAny(ctx, addrs, uint16(port), limit)
	if err != nil {
		return nil, connectError(ctx, address, err)
	}
	if x != nil {
		x.stages.mark(&x.stages.connected)
	}
	return conn, nil
}

// addresses are those of a host, each one checked. One bad address among them
// refuses all: it is no accident.
func (t *Transport) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, t.policy.checkAddr("connect", host, addr)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, resolveTimeout, &Error{Kind: KindTimeout, Stage: StageResolve, Target: host})
	defer cancel()
	addrs, err := t.resolve(ctx, host)
	if err != nil {
		return nil, resolveError(ctx, host, err)
	}
	if len(addrs) == 0 || len(addrs) > maxAnswers {
		return nil, &Error{Kind: KindResolve, Target: host, Detail: strconv.Itoa(len(addrs)) + " addresses"}
	}
	for i, addr := range addrs {
		addrs[i] = addr.Unmap()
		if err := t.policy.checkAddr("resolve", host, addrs[i]); err != nil {
			return nil, err
		}
	}
	return addrs, nil
}

// dialAny dials the addresses in turn, each with its share of the time.
func (t *Transport) dialAny(ctx context.Context, addrs []netip.Addr, port uint16, limit time.Duration) (net.Conn, error) {
	addrs = addrs[:min(len(addrs), maxAttempts)]
	var first error
	for i, addr := range addrs {
		one, cancel := context.WithTimeout(ctx, limit/time.Duration(len(addrs)-i))
		to := netip.AddrPortFrom(addr, port)
		conn, err := t.dial(one, to)
		cancel()
		if err == nil {
			return &remoteConn{conn, to}, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// dialChecked is the one place where a socket is opened. The address is
// checked once more in its last form, right before connect(2).
func (t *Transport) dialChecked(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	dialer := net.Dialer{ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
		last, err := netip.ParseAddrPort(address)
		if err != nil || last != to || network != "tcp4" && network != "tcp6" {
			return &DeniedError{Op: "connect", Target: to.String(), Rule: "the address changed"}
		}
		return t.policy.checkAddr("connect", to.String(), last.Addr())
	}}
	return dialer.DialContext(ctx, "tcp", to.String())
}

// lookup asks the system's resolvers for a name as it is: the final dot keeps
// search domains out. What a machine's own files say counts for local names
// alone, which only a policy with AllowPrivateIPs lets through.
func lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	resolver := net.Resolver{PreferGo: true}
	return resolver.LookupNetIP(ctx, "ip", qualified(host))
}

// qualified is a name as it is to be looked up.
func qualified(host string) string {
	if localName(host) != "" {
		return host
	}
	return host + "."
}

// remoteConn remembers which address was dialled.
type remoteConn struct {
	net.Conn
	remote netip.AddrPort
}
