//go:build !js

package fetch

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

var anyHost = &Policy{}

// THREAT[NP-04] One resolve a hop, and what was checked is what is dialled,
// whatever a second question would bring.
func TestRebinding(t *testing.T) {
	questions := 0
	n := &fakeNet{answer: func(string) ([]netip.Addr, error) {
		if questions++; questions == 1 {
			return addrs("93.184.216.34"), nil
		}
		return addrs("127.0.0.1"), nil
	}}
	n.serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	c := n.client(t, anyHost)
	if _, err := get(c, "http://rebind.example/"); err != nil {
		t.Fatal(err)
	}
	asked, dialled := n.calls()
	if len(asked) != 1 || len(dialled) != 1 || dialled[0].Addr() != public {
		t.Errorf("asked %v, dialled %v", asked, dialled)
	}
	c.Close()
	if _, err := get(c, "http://rebind.example/"); err == nil {
		t.Error("the second answer is taken")
	}
	if _, dialled = n.calls(); len(dialled) != 1 {
		t.Errorf("dialled %v", dialled)
	}
}

// THREAT[NP-04] The last check stands right before the connection is made.
func TestDialChecked(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	to := netip.MustParseAddrPort(listener.Addr().String())
	if _, err := NewTransport(anyHost).dialChecked(context.Background(), to); typedError(err) == nil {
		t.Errorf("got %v", err)
	}
	conn, err := NewTransport(&Policy{AllowPrivateIPs: true}).dialChecked(context.Background(), to)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

// THREAT[NP-05] Odd answers of a resolver.
func TestOddAnswers(t *testing.T) {
	many := make([]netip.Addr, 500)
	for i := range many {
		many[i] = public
	}
	for name, c := range map[string]struct {
		answer []netip.Addr
		err    error
		kind   Kind
	}{
		"none":     {nil, nil, KindResolve},
		"many":     {many, nil, KindResolve},
		"nxdomain": {nil, &net.DNSError{IsNotFound: true}, KindResolve},
		"slow":     {nil, &net.DNSError{IsTimeout: true}, KindTimeout},
	} {
		n := &fakeNet{answer: func(string) ([]netip.Addr, error) { return c.answer, c.err }}
		_, err := get(n.client(t, anyHost), "http://odd.example/")
		if errKind(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
		if _, dialled := n.calls(); len(dialled) > 0 {
			t.Errorf("%s: dialled %v", name, dialled)
		}
	}
}

// THREAT[NP-05] Search domains have no part in a name; local names have no
// dots to add.
func TestQualified(t *testing.T) {
	for host, want := range map[string]string{"evil.example": "evil.example.", "a.b.example": "a.b.example.", "localhost": "localhost", "printer.lan": "printer.lan"} {
		if got := qualified(host); got != want {
			t.Errorf("%s: %s", host, got)
		}
	}
}

// THREAT[NP-15] Names that no rule knows are not even resolved.
func TestNoResolveBeforeCheck(t *testing.T) {
	n := &fakeNet{}
	c := n.client(t, &Policy{AllowedDomains: []string{"ok.example"}})
	if _, err := get(c, "http://secret-data.evil.example/"); err == nil {
		t.Error("let through")
	}
	if asked, _ := n.calls(); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

// THREAT[NP-12] The environment's proxies have no part in it.
func TestNoProxy(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:1/")
	}
	transport := NewTransport(anyHost)
	if transport.http.Proxy != nil {
		t.Error("there is a proxy")
	}
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "direct") })
	resp, err := get(n.client(t, anyHost), "http://example.com/")
	if err != nil || string(resp.Body) != "direct" {
		t.Errorf("%v %v", resp, err)
	}
}

// THREAT[NP-13] Every sandbox has its own connections.
func TestPoolsAreApart(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	a, b := n.client(t, anyHost), n.client(t, anyHost)
	for _, c := range []*Client{a, a, b, b} {
		if _, err := get(c, "http://example.com/"); err != nil {
			t.Fatal(err)
		}
	}
	if _, dialled := n.calls(); len(dialled) != 2 {
		t.Errorf("dialled %v", dialled)
	}
}

// THREAT[NP-10] What a guest may not put into a header.
func TestRequestHeaders(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s|%v|%v|%s", r.Host, r.TransferEncoding, r.ContentLength, r.Header.Get("X-Ok"))
	})
	c := n.client(t, anyHost)
	for _, f := range []Field{
		{"X", "a\r\nY: b"}, {"X", "a\nb"}, {"X", "a\x00b"}, {"X\r\nY", "b"}, {"X Y", "b"}, {"", "b"}, {":path", "/"}, {"X:", "b"},
		{"Host", "internal.example"}, {"Upgrade", "h2c"}, {"Proxy-Authorization", "x"}, {"Proxy-Connection", "x"}, {"proxy-x", "y"},
		{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-Host", "x"}, {"Forwarded", "for=x"}, {"X-Real-IP", "127.0.0.1"}, {"Via", "x"},
		{"Metadata-Flavor", "Google"}, {"metadata", "true"}, {"X-aws-ec2-metadata-token", "x"}, {"X-aws-ec2-metadata-token-ttl-seconds", "1"},
		{"Trailer", "x"}, {"Big", strings.Repeat("x", 1<<20)}, {"X", "a\r\n b"}, {"X", "a\x7f"},
	} {
		if _, err := c.Do(context.Background(), &Request{URL: "http://example.com/", Header: Header{f}}); err == nil {
			t.Errorf("%q is let through", f.Name)
		}
	}
	if _, dialled := n.calls(); len(dialled) > 0 {
		t.Errorf("dialled %v", dialled)
	}
	resp, err := c.Do(context.Background(), &Request{URL: "http://example.com/", Method: "POST", Body: []byte("abc"), Header: Header{
		{"Host", "example.com"}, {"Connection", "X-Ok"}, {"Transfer-Encoding", "chunked"}, {"Content-Length", "999"}, {"Expect", "100-continue"},
		{"X-Ok", "yes"}, {"Keep-Alive", "x"},
	}})
	if err != nil || string(resp.Body) != "example.com|[]|3|yes" {
		t.Errorf("%v %v", resp, err)
	}
}

// THREAT[NP-11] A body that is too long is not sent.
func TestRequestBodyLimit(t *testing.T) {
	n := &fakeNet{}
	c := n.client(t, &Policy{MaxRequestBody: 10})
	_, err := c.Do(context.Background(), &Request{URL: "http://example.com/", Method: "POST", Body: make([]byte, 11)})
	if _, dialled := n.calls(); errKind(err) != KindRequestSize || len(dialled) > 0 {
		t.Errorf("%v %v", err, dialled)
	}
}

// Fields come in the server's order and spelling.
func TestHeaderAsItCame(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, _ *http.Request) {
		hijack(w, "HTTP/1.1 103 Early\r\nX: y\r\n\r\nHTTP/1.1 207 Own words\r\nz-last: 1\r\nA-First:  2 \r\nz-last: 3\r\nContent-Length: 2\r\n\r\nok")
	})
	resp, err := get(n.client(t, anyHost), "http://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	want := Header{{"z-last", "1"}, {"A-First", "2"}, {"z-last", "3"}, {"Content-Length", "2"}}
	if fmt.Sprint(resp.Header) != fmt.Sprint(want) || resp.Reason != "Own words" || resp.Status != 207 || string(resp.Body) != "ok" {
		t.Errorf("got %+v", resp)
	}
}

// THREAT[HT-07] All bytes arrive as they are.
func TestBinary(t *testing.T) {
	data := make([]byte, 10<<20)
	rand.Read(data)
	for i := range 256 {
		data[i] = byte(i)
	}
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		w.Write(got)
	})
	resp, err := n.client(t, anyHost).Do(context.Background(), &Request{URL: "http://example.com/", Method: "POST", Body: data})
	if err != nil || sha256.Sum256(resp.Body) != sha256.Sum256(data) {
		t.Errorf("%v: %d bytes", err, len(resp.Body))
	}
}

// THREAT[HT-06] Many at once: all come through, no more than the limit run, and
// nothing is left behind. A cancelled one ends.
func TestMany(t *testing.T) {
	var mu sync.Mutex
	running, most := 0, 0
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		io.WriteString(w, strings.Repeat("x", 1000))
		mu.Lock()
		running--
		mu.Unlock()
	})
	p := &Policy{MaxConcurrent: 6, MaxRequestsPerMinute: 1 << 20}
	c := NewClient(p, n.transport(p))
	if _, err := get(c, "http://example.com/"); err != nil {
		t.Fatal(err)
	}
	before, files := runtime.NumGoroutine(), openFiles()
	var wg sync.WaitGroup
	for range 3000 {
		wg.Go(func() {
			if resp, err := get(c, "http://example.com/"); err != nil || len(resp.Body) != 1000 {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c.Close()
	if most > 6 {
		t.Errorf("%d ran at once", most)
	}
	settle(func() bool { return runtime.NumGoroutine() <= before && openFiles() <= files })
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
	if after := openFiles(); after > files {
		t.Errorf("%d files before, %d after", files, after)
	}
}

// settle yields until a condition holds, for a bounded number of turns.
func settle(done func() bool) {
	for range 200 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// THREAT[HT-06] Cancelling ends a request in each of its stages.
func TestCancel(t *testing.T) {
	for name, handler := range map[string]func(w http.ResponseWriter, release <-chan struct{}, reached func()){
		"header": func(_ http.ResponseWriter, release <-chan struct{}, reached func()) { reached(); <-release },
		"body": func(w http.ResponseWriter, release <-chan struct{}, reached func()) {
			io.WriteString(w, "some")
			http.NewResponseController(w).Flush()
			reached()
			<-release
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			release := make(chan struct{})
			n := &fakeNet{}
			n.serve(t, func(w http.ResponseWriter, _ *http.Request) { handler(w, release, cancel) })
			_, err := n.client(t, anyHost).Do(ctx, &Request{URL: "http://example.com/"})
			close(release)
			if errKind(err) != KindCanceled {
				t.Errorf("got %v", err)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := (&fakeNet{}).client(t, &Policy{MaxConcurrent: 1})
	leave, _ := c.limits.enter(context.Background(), false)
	defer leave()
	if _, err := c.Do(ctx, &Request{URL: "http://example.com/"}); errKind(err) != KindCanceled {
		t.Errorf("waiting: %v", err)
	}
}

// Errors name nothing of the host's: no address of its own, no path.
func TestErrorsAreClean(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}
	})
	_, err := get(n.client(t, anyHost), "http://example.com/")
	if err == nil || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("got %v", err)
	}
	var typed *Error
	if !errors.As(err, &typed) || typed.Kind != KindReset && typed.Kind != KindEmpty {
		t.Errorf("got %#v", err)
	}
}

func TestApproval(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	asked := map[string]int{}
	c := n.client(t, &Policy{AllowedDomains: []string{"known.example"}, Approve: func(_ context.Context, q Question) Answer {
		asked[q.Host]++
		switch q.Host {
		case "yes.example":
			return Allow
		case "once.example":
			return AllowOnce
		case "notnow.example":
			return DenyOnce
		}
		return Deny
	}})
	for host, want := range map[string][2]int{ // how often asked, how often allowed, of two tries
		"known.example": {0, 2}, "yes.example": {1, 2}, "once.example": {2, 2}, "no.example": {1, 0}, "notnow.example": {2, 0}, "127.0.0.1": {0, 0},
	} {
		allowed := 0
		for range 2 {
			if _, err := get(c, "http://"+host+"/"); err == nil {
				allowed++
			}
		}
		if got := [2]int{asked[host], allowed}; got != want {
			t.Errorf("%s: %v, want %v", host, got, want)
		}
	}
}

func TestLog(t *testing.T) {
	var events []Event
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "http://other.example/", 302)
		}
	})
	c := n.client(t, &Policy{AllowedDomains: []string{"example.com"}, Log: func(e Event) { events = append(events, e) }})
	get(c, "http://example.com/")
	get(c, "http://example.com/x")
	get(c, "http://127.0.0.1/")
	var got bytes.Buffer
	for _, e := range events {
		fmt.Fprintf(&got, "%d %s %v %d %s\n", e.Hop, e.URL, e.Allowed, e.Status, e.Rule)
	}
	want := `0 http://example.com/ true 302 
1 http://other.example/ false 0 allowed_domains
0 http://example.com/x true 200 
0 http://127.0.0.1/ false 0 deny_private_ips: 127.0.0.0/8
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", &got, want)
	}
}

// FuzzHeader holds headers that are let through to what HTTP allows.
func FuzzHeader(f *testing.F) { // THREAT[NP-17]
	f.Add("X-A", "b")
	f.Add("Host", "x")
	f.Add("a\r\nb", "c\n")
	f.Fuzz(func(t *testing.T, name, value string) {
		target, _ := ParseTarget("http://example.com/")
		h, err := guestHeader(Header{{name, value}}, target)
		if err != nil {
			return
		}
		for _, f := range h {
			if strings.ContainsAny(f.Name+f.Value, "\r\n\x00") || strings.ContainsAny(f.Name, " :\t") || headerClass(f.Name) != headerFree {
				t.Fatalf("%q: %q is let through", f.Name, f.Value)
			}
		}
	})
}
