//go:build !js

package fetch

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"time"
)

// tap keeps a copy of an HTTP/1 answer's header as it came: net/http gives its
// fields without their order and spelling. It ends the connection where more
// comes than the answer.
type tap struct {
	net.Conn

	mu     sync.Mutex
	method string // of the request; guarded by mu, as are those below
	head   []byte // what was read since begin, up to a limit
	frame  framing
}

// begin is called before a request is sent.
func (t *tap) begin(method string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.method, t.head, t.frame = method, nil, framing{}
}

// Read implements net.Conn.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	if n == 0 {
		return n, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.keep(p[:n])
	if kept < n && err == nil {
		err = t.excess(kept)
	}
	return kept, err
}

// excess is what comes of uninvited bytes after kept ones: the connection has
// ended, as soon as those kept have been read.
func (t *tap) excess(kept int) error {
	_ = t.Conn.Close()
	if kept > 0 {
		return nil
	}
	return io.EOF
}

// keep adds to the header what belongs there, and returns how much of p is the
// answer's.
func (t *tap) keep(p []byte) int {
	if t.frame.state != frameHeader {
		return t.frame.take(p)
	}
	if len(t.head) >= MaxResponseHeader {
		return len(p)
	}
	old := len(t.head)
	t.head = append(t.head, p...)
	status, fields, size, ok := cutHeader(t.head)
	if !ok {
		return len(p)
	}
	t.frame.header(t.method, status, fields)
	t.head = t.head[:size]
	return size - old + t.frame.take(p[size-old:])
}

func (t *tap) read() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.head)
}

// cutHeader splits the header of the final answer, which is size bytes long,
// into its status line and its fields.
func cutHeader(head []byte) (status string, fields []string, size int, ok bool) {
	var lines []string
	for {
		line, _, found := bytes.Cut(head[size:], []byte("\n"))
		if !found {
			return "", nil, 0, false
		}
		size += len(line) + 1
		if line = bytes.TrimSuffix(line, []byte("\r")); len(line) > 0 {
			lines = append(lines, string(line))
			continue
		}
		if len(lines) > 0 && !interim(lines[0]) {
			return lines[0], lines[1:], size, true
		}
		lines = lines[:0]
	}
}

// interim reports whether an answer with that status line has another after it.
func interim(status string) bool {
	_, code, _ := strings.Cut(status, " ")
	return strings.HasPrefix(code, "1") && !strings.HasPrefix(code, "101")
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

func (s *stages) got(info httptrace.GotConnInfo, method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn, s.used = info.Conn, info.Reused
	if t, ok := info.Conn.(*tap); ok {
		t.begin(method)
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
	status, lines, _, ok := cutHeader(s.head())
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
