//go:build !js

package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func brotlied(b []byte) []byte {
	var out bytes.Buffer
	z := brotli.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// THREAT[HT-01] What a body becomes when it is unpacked counts.
func TestBombs(t *testing.T) {
	const limit = 1 << 20
	zeros := gzipped(make([]byte, 64<<20))
	zstdEncoder, _ := zstd.NewWriter(nil)
	zstdZeros := zstdEncoder.EncodeAll(make([]byte, 64<<20), nil)
	brotliZeros := brotlied(make([]byte, 64<<20))
	for name, c := range map[string]struct {
		encoding string
		body     []byte
		kind     Kind
	}{
		"gzip":             {"gzip", zeros, KindBodySize},
		"gzip of gzip":     {"gzip, gzip", gzipped(zeros), KindBodySize},
		"zstd":             {"zstd", zstdZeros, KindBodySize},
		"five times":       {"gzip,gzip,gzip,gzip,gzip", zeros, KindEncoding},
		"not gzip":         {"gzip", []byte("plain text"), KindEncoding},
		"cut":              {"gzip", gzipped([]byte("text"))[:12], KindEncoding},
		"trailing garbage": {"gzip", append(gzipped([]byte("text")), "garbage"...), KindEncoding},
		"br":               {"br", brotliZeros, KindBodySize},
		"not br":           {"br", []byte("plain text"), KindEncoding},
		"cut br":           {"br", brotlied([]byte("text and text and text"))[:8], KindEncoding},
		"unknown":          {"compress", []byte("x"), KindEncoding},
		"good br":          {"br", brotlied([]byte("text")), ""},
		"good":             {"gzip", gzipped([]byte("text")), ""},
		"good twice":       {"GZip, x-gzip", gzipped(gzipped([]byte("text"))), ""},
	} {
		t.Run(name, func(t *testing.T) {
			n := &fakeNet{}
			n.serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", c.encoding)
				w.Write(c.body)
			})
			client := n.client(t, &Policy{MaxResponseBody: limit})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			resp, err := get(client, "http://example.com/")
			runtime.ReadMemStats(&after)
			if errKind(err) != c.kind || c.kind == "" && string(resp.Body) != "text" {
				t.Errorf("%v %v", resp, err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 40<<20 {
				t.Errorf("allocated %d bytes", grown)
			}
		})
	}
}

// THREAT[HT-01] A body that swells without measure is given up long before the
// limit; what is merely repetitive is not.
func TestRatio(t *testing.T) {
	lines := bytes.Repeat([]byte("GET /index.html HTTP/1.1 200 1234 a-fairly-ordinary-line-of-a-log\n"), 1<<16)
	for i := range 1 << 16 {
		copy(lines[i*66+4:], fmt.Sprintf("/%09d", i))
	}
	for name, c := range map[string]struct {
		encoding string
		body     []byte
		kind     Kind
	}{
		"gzip": {"gzip", gzipped(make([]byte, 32<<20)), KindEncoding},
		"br":   {"br", brotlied(make([]byte, 32<<20)), KindEncoding},
		"text": {"gzip", gzipped(lines), ""},
	} {
		n := &fakeNet{}
		n.serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", c.encoding)
			w.Write(c.body)
		})
		resp, err := get(n.client(t, anyHost), "http://example.com/")
		if errKind(err) != c.kind || len(resp.Body) > 24<<20 || c.kind == "" && !bytes.Equal(resp.Body, lines) {
			t.Errorf("%s: %d bytes, %v", name, len(resp.Body), err)
		}
	}
}

// THREAT[HT-02] A body is limited while it comes, whatever it says of its length.
func TestEndlessBodies(t *testing.T) {
	stream := func(head string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			io.WriteString(conn, head)
			chunk := []byte("1000\r\n" + strings.Repeat("x", 0x1000) + "\r\n")
			for err == nil {
				_, err = conn.Write(chunk)
			}
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		kind    Kind
	}{
		"chunked":   {stream("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), KindBodySize},
		"no length": {stream("HTTP/1.1 200 OK\r\n\r\n"), KindBodySize},
		"announced": {stream("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n"), KindBodySize},
		"overflow":  {stream("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n"), KindProtocol},
		"two":       {stream("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), KindProtocol},
		"short": {func(w http.ResponseWriter, _ *http.Request) {
			hijack(w, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
		}, KindTruncated},
		"cut chunks": {func(w http.ResponseWriter, _ *http.Request) {
			hijack(w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
		}, KindTruncated},
	} {
		n := &fakeNet{}
		n.serve(t, c.handler)
		resp, err := get(n.client(t, &Policy{MaxResponseBody: 1 << 16}), "http://example.com/")
		if errKind(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
		if c.kind == KindTruncated && (resp == nil || !strings.HasPrefix(string(resp.Body), "ab")) {
			t.Errorf("%s: what came is lost: %+v", name, resp)
		}
	}
}

// THREAT[HT-04] THREAT[HT-05] Headers are bounded, and malformed answers are
// errors.
func TestMalformed(t *testing.T) {
	interim := strings.Repeat("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n", 10_000)
	for name, c := range map[string]struct {
		answer string
		kind   Kind
	}{
		"one huge line":   {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", KindHeaderSize},
		"many lines":      {"HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 100_000) + "\r\n", KindHeaderSize},
		"interim flood":   {interim + "HTTP/1.1 200 OK\r\n\r\n", KindHeaderSize},
		"trailer flood":   {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: y\r\n", 10_000) + "\r\n", KindHeaderSize},
		"HTTP/0.9":        {"<html>hi</html>\n", KindHTTP09},
		"bad status":      {"HTTP/1.1 abc OK\r\n\r\n", KindProtocol},
		"bad version":     {"HTTP/x.y 200 OK\r\n\r\n", KindProtocol},
		"negative chunk":  {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n", KindProtocol},
		"huge chunk":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx", KindProtocol},
		"negative length": {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx", KindProtocol},
		"no colon":        {"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", KindProtocol},
		"mark first":      {"\xef\xbb\xbfHTTP/1.1 200 OK\r\n\r\n", KindHTTP09},
		"nothing":         {"", KindEmpty},
		"half a header":   {"HTTP/1.1 200 OK\r\nX: ", KindProtocol},
	} {
		n := &fakeNet{}
		n.serve(t, func(w http.ResponseWriter, _ *http.Request) { hijack(w, c.answer) })
		client := n.client(t, anyHost)
		_, err := get(client, "http://example.com/")
		if kind := errKind(err); kind != c.kind && !(kind == KindReset && len(c.answer) > 100) {
			t.Errorf("%s: got %q, %v", name, kind, err)
		}
	}
}

// THREAT[HT-05] What follows an answer is no answer to the next request, and
// nothing is said of it on the process's log.
func TestSmuggled(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	const extra = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled"
	for name, first := range map[string]string{
		"length":  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
		"chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;x=y\r\nk\r\n0\r\nT: u\r\n\r\n",
		"empty":   "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"no body": "HTTP/1.1 204 No Content\r\n\r\n",
		"interim": "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
		"bare":    "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
	} {
		n := &fakeNet{}
		n.serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/first" {
				conn, _, _ := http.NewResponseController(w).Hijack()
				io.WriteString(conn, first+extra)
				conn.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, conn)
				conn.Close()
				return
			}
			io.WriteString(w, "second")
		})
		client := n.client(t, anyHost)
		for range 3 {
			resp, err := get(client, "http://example.com/first")
			if err != nil || strings.Contains(string(resp.Body), "smuggled") {
				t.Errorf("%s: %+v %v", name, resp, err)
			}
			if resp, err := get(client, "http://example.com/second"); err != nil || string(resp.Body) != "second" {
				t.Errorf("%s: %+v %v", name, resp, err)
			}
		}
	}
	if logged.Len() > 0 {
		t.Errorf("logged: %s", &logged)
	}
}

// THREAT[HT-05] Bytes that come while nothing was asked end the connection.
func TestUninvited(t *testing.T) {
	server, conn := net.Pipe()
	defer server.Close()
	c := &tap{Conn: conn}
	for _, answer := range []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 204 None\r\n\r\n"} {
		c.begin("GET")
		go io.WriteString(server, answer)
		if got := readString(t, c, len(answer)); got != answer {
			t.Errorf("got %q", got)
		}
	}
	go io.WriteString(server, "HTTP/1.1 200 OK\r\n")
	if n, err := c.Read(make([]byte, 100)); n != 0 || err != io.EOF {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// THREAT[HT-03] Each stage has its own limit of time, and its own error.
func TestSlow(t *testing.T) {
	const soon = 50 * time.Millisecond
	release := make(chan struct{})
	defer close(release)
	write := func(w http.ResponseWriter, text string) {
		io.WriteString(w, text)
		http.NewResponseController(w).Flush()
	}
	for name, c := range map[string]struct {
		policy  Policy
		handler http.HandlerFunc
		stage   string
	}{
		"no header": {Policy{HeaderTimeout: soon}, func(http.ResponseWriter, *http.Request) { <-release }, StageHeader},
		"stalled": {Policy{IdleTimeout: soon}, func(w http.ResponseWriter, _ *http.Request) {
			write(w, "begun")
			<-release
		}, StageIdle},
		"total": {Policy{RequestTimeout: soon}, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				write(w, "x")
			}
		}, StageTotal},
	} {
		n := &fakeNet{}
		n.serve(t, c.handler)
		_, err := get(n.client(t, &c.policy), "http://example.com/")
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindTimeout || e.Stage != c.stage {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// drip brings a byte a second.
type drip struct{}

func (drip) Read(p []byte) (int, error) {
	time.Sleep(time.Second)
	return copy(p[:1], "x"), nil
}

// THREAT[HT-03] A drip of bytes keeps idleness away, but not the least rate. A
// reader that takes its time is not held to it.
func TestMinRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		w := &watch{cancel: cancel, idle: DefaultIdleTimeout, minRate: 16}
		var err error
		reads := 0
		for ; err == nil && reads < 100; reads++ {
			_, err = w.read(drip{}, make([]byte, 10))
		}
		var e *Error
		if !errors.As(err, &e) || e.Stage != StageRate || context.Cause(ctx) != err || reads != 10 {
			t.Errorf("%d reads, %v, %v", reads, err, context.Cause(ctx))
		}
		w = &watch{cancel: cancel, idle: DefaultIdleTimeout, minRate: 16}
		for range 100 {
			time.Sleep(time.Minute)
			if _, err := w.read(strings.NewReader("x"), make([]byte, 10)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The limits make requests wait, not fail.
func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1, 3)
		begun := time.Now()
		for range 7 {
			if err := l.start(t.Context(), false); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took != 2*time.Minute {
			t.Errorf("seven requests at three a minute took %v", took)
		}
		leave, err := l.enter(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.enter(ctx, false); err == nil {
			t.Error("two run at once")
		}
		if _, err := l.enter(t.Context(), true); err != errBusy {
			t.Errorf("who may not wait: %v", err)
		}
		for i, want := range []error{nil, nil, errBusy} {
			if err := l.start(t.Context(), true); err != want {
				t.Errorf("%d who may not wait: %v", i, err)
			}
		}
		leave()
		if _, err := l.enter(t.Context(), false); err != nil {
			t.Error(err)
		}
	})
}

// A request may shorten the policy's time, not lengthen it.
func TestRequestTimeout(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	n := &fakeNet{}
	n.serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	for _, limits := range [][2]time.Duration{{time.Hour, 30 * time.Millisecond}, {30 * time.Millisecond, time.Hour}} {
		_, err := n.client(t, &Policy{RequestTimeout: limits[0]}).Do(context.Background(), &Request{URL: "http://example.com/", Timeout: limits[1]})
		if errKind(err) != KindTimeout {
			t.Errorf("%v: %v", limits, err)
		}
	}
}

func ExampleDeniedError() {
	_, _, err := (&Policy{AllowedDomains: []string{"example.com"}}).Check("GET", "https://example.org/")
	fmt.Println(err)
	// Output: fetch of example.org:443 denied by the network policy (allowed_domains): allow it with --allow-net example.org
}
