//go:build !js

package fetch

import (
	"bytes"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"time"
)

// tap keeps a copy of an HTTP/1 answer's header as it came: net/http gives its
// fields without their order and spelling.
type tap struct {
	net.Conn

	mu   sync.Mutex
	head []byte // what was read since begin, up to a limit; guarded by mu
}

func (t *tap) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.head = nil
}

// Read implements net.Conn.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.head) < MaxResponseHeader && n > 0 && !finalHeader(t.head) {
		t.head = append(t.head, p[:n]...)
	}
	return n, err
}

func (t *tap) read() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.head)
}

// finalHeader reports whether head holds the whole header of an answer that is
// no interim one.
func finalHeader(head []byte) bool {
	_, _, ok := cutHeader(head)
	return ok
}

// cutHeader splits the header of the final answer into its status line and its
// fields.
func cutHeader(head []byte) (status string, fields []string, ok bool) {
	for {
		block, rest, found := bytes.Cut(head, []byte("\r\n\r\n"))
		if !found {
			return "", nil, false
		}
		lines := strings.Split(string(block), "\r\n")
		_, code, _ := strings.Cut(lines[0], " ")
		if !strings.HasPrefix(code, "1") {
			return lines[0], lines[1:], true
		}
		head = rest
	}
}

// stages notes how far a request has come. A connection may be made for it in
// another goroutine.
type stages struct {
	mu   sync.Mutex
	conn net.Conn // guarded by mu, as are those below
	used bool

	resolved, connected, secured, sent, firstByte time.Time
}

func (s *stages) mark(at *time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*at = time.Now()
}

func (s *stages) got(info httptrace.GotConnInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn, s.used = info.Conn, info.Reused
	if t, ok := info.Conn.(*tap); ok {
		t.begin()
	}
}

// head is what was read of the answer so far, nil if that is not known.
func (s *stages) head() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.conn.(*tap); ok {
		return t.read()
	}
	return nil
}

func (s *stages) remoteAddr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	conn := s.conn
	if t, ok := conn.(*tap); ok {
		conn = t.Conn
	}
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	if r, ok := conn.(*remoteConn); ok {
		return r.remote.String()
	}
	return ""
}

func (s *stages) timing(begun time.Time) Timing {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := func(at time.Time) time.Duration {
		if at.IsZero() {
			return 0
		}
		return at.Sub(begun)
	}
	return Timing{
		Resolved: since(s.resolved), Connected: since(s.connected), Secured: since(s.secured),
		Sent: since(s.sent), FirstByte: since(s.firstByte), Reused: s.used,
	}
}

// rawHeader is an answer's reason and header as they came, or what net/http
// made of them where that can't be told.
func (s *stages) rawHeader(answer *http.Response) (reason string, h Header) {
	_, reason, _ = strings.Cut(answer.Status, " ")
	if answer.ProtoMajor >= 2 {
		return "", sortedHeader(answer.Header, strings.ToLower)
	}
	status, lines, ok := cutHeader(s.head())
	if !ok {
		return reason, sortedHeader(answer.Header, strings.Clone)
	}
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) {
			return reason, sortedHeader(answer.Header, strings.Clone)
		}
		h = append(h, Field{name, strings.Trim(value, " \t")})
	}
	if parts := strings.SplitN(status, " ", 3); len(parts) == 3 {
		reason = parts[2]
	}
	return reason, h
}

func sortedHeader(from http.Header, spell func(string) string) Header {
	var h Header
	for name, values := range from {
		for _, v := range values {
			h = append(h, Field{spell(name), v})
		}
	}
	slices.SortStableFunc(h, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return h
}
