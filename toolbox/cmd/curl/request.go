package curl

import (
	"encoding/base64"
	"strconv"
	"strings"

	"agentsandbox/toolbox/sandboxabi"
)

// message is a request as it is sent: what the host is given, and what curl
// would show of it.
type message struct {
	method  string
	fields  []sandboxabi.Field // in curl's order, Host first
	body    []byte
	hasBody bool
}

// request puts together what is sent to l. first is where the transfer began:
// credentials are for that host alone.
func (t *transfer) request(l, first location) message {
	m := message{method: t.method, body: t.body, hasBody: t.hasBody}
	trusted := l.sameHost(first) || t.c.trusted
	m.set("Host", l.authority())
	if auth := t.authorization(l, first); auth != "" && trusted {
		m.set("Authorization", auth)
	}
	if t.rng != "" {
		m.set("Range", "bytes="+t.rng)
	}
	agent := "curl/" + version
	if t.c.userAgentSet {
		agent = t.c.userAgent
	}
	if agent != "" {
		m.set("User-Agent", agent)
	}
	m.set("Accept", "*/*")
	if t.c.compressed {
		m.set("Accept-Encoding", "deflate, gzip, br, zstd")
	}
	if t.referer != "" {
		m.set("Referer", t.referer)
	}
	if cookies := t.r.cookiesFor(l); cookies != "" {
		m.set("Cookie", cookies)
	}
	t.bodyFields(&m)
	t.custom(&m, trusted)
	return m
}

func (m *message) set(name, value string) {
	m.fields = append(m.fields, sandboxabi.Field{name, value})
}

func (m *message) remove(name string) {
	kept := m.fields[:0]
	for _, f := range m.fields {
		if !strings.EqualFold(f[0], name) {
			kept = append(kept, f)
		}
	}
	m.fields = kept
}

// bodyFields adds what speaks of the body.
func (t *transfer) bodyFields(m *message) {
	if !m.hasBody {
		return
	}
	m.set("Content-Length", strconv.Itoa(len(m.body)))
	if t.contentType != "" {
		m.set("Content-Type", t.contentType)
	}
}

// custom applies the lines of -H: they replace, remove ("Name:") or add.
func (t *transfer) custom(m *message, trusted bool) {
	for _, line := range t.headerLines() {
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimLeft(value, " \t")
		empty := false
		if !ok {
			if name, empty = strings.CutSuffix(strings.TrimRight(line, " \t"), ";"); !empty || strings.Contains(name, ";") {
				continue
			}
		}
		m.dropDefault(name)
		if value == "" && !empty || !trusted && containsFold([]string{"Authorization", "Cookie"}, name) {
			continue
		}
		t.place(m, sandboxabi.Field{name, strings.TrimRight(value, "\r\n")})
	}
}

// dropDefault takes out what curl set by itself; what -H set may be repeated.
func (m *message) dropDefault(name string) {
	if containsFold([]string{"Host", "User-Agent", "Accept", "Accept-Encoding", "Referer", "Content-Type", "Content-Length", "Authorization", "Range", "Cookie"}, name) && !strings.EqualFold(name, "Cookie") {
		m.remove(name)
	}
}

// place puts a line of -H where curl has it: Host on top, the others before the
// body's length.
func (t *transfer) place(m *message, f sandboxabi.Field) {
	at := len(m.fields)
	for i, g := range m.fields {
		if strings.EqualFold(f[0], "Host") {
			at = 0
			break
		}
		if g[0] == "Content-Length" {
			at = i
			break
		}
	}
	m.fields = append(m.fields[:at], append([]sandboxabi.Field{f}, m.fields[at:]...)...)
}

// headerLines are those of -H, and before them what --json stands for.
func (t *transfer) headerLines() []string {
	if t.c.data == nil || !t.c.data.json {
		return t.c.headers
	}
	var lines []string
	for _, name := range []string{"Content-Type", "Accept"} {
		if !hasHeader(t.c.headers, name) {
			lines = append(lines, name+": application/json")
		}
	}
	return append(lines, t.c.headers...)
}

func hasHeader(lines []string, name string) bool {
	for _, line := range lines {
		if n, _, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// authorization is the value of that header: from -u, the URL, a token or
// .netrc.
func (t *transfer) authorization(l, first location) string {
	user := t.c.user
	switch {
	case t.c.bearer != "":
		return "Bearer " + t.c.bearer
	case l.hasUser:
		user = l.user + ":" + l.password
	case first.hasUser:
		user = first.user + ":" + first.password
	case user == "":
		user = t.r.netrc(t.c, strings.ToLower(l.host))
	}
	if user == "" {
		return ""
	}
	if !strings.Contains(user, ":") {
		user += ":"
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user))
}

// wire is the request as the host is given it. Lengths and hosts are its own
// affair.
func (m *message) wire(l location) *sandboxabi.Request {
	req := &sandboxabi.Request{URL: l.wire(), Method: m.method, Redirect: "manual", Body: m.body}
	for _, f := range m.fields {
		switch {
		case f[0] == "Host" && f[1] == l.authority(), f[0] == "Content-Length":
		default:
			req.Headers = append(req.Headers, f)
		}
	}
	return req
}

// lines are the request's head as it is shown.
func (m *message) lines(l location) []string {
	lines := []string{m.method + " " + l.requestTarget() + " HTTP/1.1"}
	for _, f := range m.fields {
		lines = append(lines, f[0]+": "+f[1])
	}
	return lines
}
