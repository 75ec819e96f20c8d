package curl

import (
	"fmt"
	"strings"

	"agentsandbox/toolbox/sandboxabi"
)

// verbose prints a line of -v.
func (r *runner) verbose(format string, args ...any) {
	if r.global.verbose {
		fmt.Fprintf(r.stderr, "* "+format+"\n", args...)
	}
}

// showRequest tells of the connection, and shows the request that was sent on
// it. What the host adds by itself is not seen here. known connections have been
// shown already.
func (r *runner) showRequest(l location, m *message, resp *sandboxabi.Response, known bool) {
	if !r.global.verbose {
		return
	}
	host := strings.Trim(l.host, "[]")
	number, ok := r.connection(l)
	address, port := splitAddress(resp.RemoteAddr)
	switch {
	case resp.RemoteAddr == "" && resp.Status == 0:
		return
	case resp.RemoteAddr == "" || !ok:
	case known:
		r.verbose("Re-using existing connection #%d with host %s", number, host)
	default:
		r.verbose("  Trying %s...", resp.RemoteAddr)
		r.verbose("Connected to %s (%s) port %s (#%d)", host, address, port, number)
	}
	for _, line := range m.lines(l) {
		fmt.Fprintf(r.stderr, "> %s\r\n", line)
	}
	fmt.Fprint(r.stderr, "> \r\n")
	if len(m.body) > 0 {
		r.showData('}', len(m.body))
	}
}

func splitAddress(s string) (address, port string) {
	at := strings.LastIndexByte(s, ':')
	if at < 0 {
		return s, ""
	}
	return strings.Trim(s[:at], "[]"), s[at+1:]
}

// showData marks that data went out ('}') or came in ('{').
func (r *runner) showData(mark byte, n int) {
	if r.global.verbose && n > 0 && !r.x.IsTerminal(1) {
		fmt.Fprintf(r.stderr, "%c [%d bytes data]\n", mark, n)
	}
}

func (r *runner) showResponse(head []string) {
	if !r.global.verbose {
		return
	}
	for _, line := range head {
		fmt.Fprintf(r.stderr, "< %s\r\n", line)
	}
}

// leftIntact tells that a connection stays open after a transfer.
func (r *runner) leftIntact(l location) {
	if number, ok := r.connection(l); ok {
		r.verbose("Connection #%d to host %s left intact", number, strings.Trim(l.host, "[]"))
	}
}
