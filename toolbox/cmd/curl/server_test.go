package curl_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

// newServer is the server that both curls are run against: what it answers
// depends on the request alone.
func newServer(t testing.TB) (*httptest.Server, *counter) {
	mux := http.NewServeMux()
	tries := &counter{seen: map[string]int{}}
	mux.HandleFunc("/", echo)
	mux.HandleFunc("/status/{code}", status)
	mux.HandleFunc("/to/{code}", redirect)
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", 302) })
	mux.HandleFunc("/text", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Last-Modified", "Sat, 03 Feb 2024 04:05:06 GMT")
		w.Header().Set("ETag", `"tag-1"`)
		http.ServeContent(w, r, "text.txt", time.Time{}, strings.NewReader("one\ntwo\nthree\n"))
	})
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, _ *http.Request) {
		all := make([]byte, 1024)
		for i := range all {
			all[i] = byte(i)
		}
		w.Write(all)
	})
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) {
		w.Write(bytes.Repeat([]byte("0123456789abcde\n"), 1<<14))
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "0") })
	mux.HandleFunc("/204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("/named", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", r.URL.Query().Get("d"))
		io.WriteString(w, "named\n")
	})
	mux.HandleFunc("/cookies", func(w http.ResponseWriter, r *http.Request) {
		for _, c := range r.URL.Query()["c"] {
			w.Header().Add("Set-Cookie", c)
		}
		io.WriteString(w, "set\n")
	})
	mux.HandleFunc("/fail/{n}", tries.failFirst)
	mux.HandleFunc("/encoded/{how}", encoded)
	mux.HandleFunc("/raw", raw)
	server := httptest.NewUnstartedServer(strip(mux))
	for !fiveDigits(server.Listener.Addr()) {
		again, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server.Listener.Close()
		server.Listener = again
	}
	server.Start()
	t.Cleanup(server.Close)
	return server, tries
}

// fiveDigits reports whether a port has them, so that lengths are always the same.
func fiveDigits(a net.Addr) bool { return a.(*net.TCPAddr).Port >= 10_000 }

// strip takes what changes with time out of every answer.
func strip(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		next.ServeHTTP(w, r)
	})
}

var boundary = regexp.MustCompile(`-{24}[0-9a-f]{16}`)

// echo tells what the request was.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var lines []string
	for name, values := range r.Header {
		if name == "Expect" || name == "Accept-Encoding" {
			continue
		}
		for _, v := range values {
			if name == "Content-Length" && v == "0" { // ours has one where curl leaves it out
				continue
			}
			lines = append(lines, name+": "+v)
		}
	}
	if n := r.ContentLength; n != 0 {
		lines = append(lines, fmt.Sprintf("length %d", n))
	}
	sort.Strings(lines)
	text := fmt.Sprintf("%s %s\n%s\n\n%s", r.Method, r.URL.RequestURI(), strings.Join(lines, "\n"), body)
	w.Header().Set("Content-Type", "text/plain")
	io.WriteString(w, boundary.ReplaceAllString(text, "BOUNDARY"))
}

func status(w http.ResponseWriter, r *http.Request) {
	code, _ := strconv.Atoi(r.PathValue("code"))
	w.WriteHeader(code)
	fmt.Fprintf(w, "status %d\n", code)
}

func redirect(w http.ResponseWriter, r *http.Request) {
	code, err := strconv.Atoi(r.PathValue("code"))
	if err != nil || code < 100 {
		code = 302
	}
	w.Header().Set("Location", r.URL.Query().Get("to"))
	w.WriteHeader(code)
	io.WriteString(w, "moved\n")
}

type counter struct {
	mu   sync.Mutex
	seen map[string]int // guarded by mu
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.seen)
}

// failFirst fails the first n requests of each key.
func (c *counter) failFirst(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := r.UserAgent() + r.URL.RequestURI()
	n, _ := strconv.Atoi(r.PathValue("n"))
	if c.seen[key]++; c.seen[key] <= n {
		w.WriteHeader(503)
		io.WriteString(w, "later\n")
		return
	}
	io.WriteString(w, "now\n")
}

func encoded(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	how := r.PathValue("how")
	switch how {
	case "gzip":
		z := gzip.NewWriter(&b)
		io.WriteString(z, "unpacked\n")
		z.Close()
	case "deflate":
		z := zlib.NewWriter(&b)
		io.WriteString(z, "unpacked\n")
		z.Close()
	case "br":
		z := brotli.NewWriter(&b)
		io.WriteString(z, "unpacked\n")
		z.Close()
	default:
		b.WriteString("not packed\n")
	}
	w.Header().Set("Content-Encoding", how)
	w.Write(b.Bytes())
}

// raw answers with exactly the bytes that are asked for, and hangs up.
func raw(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	text := strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace(r.URL.Query().Get("a"))
	io.WriteString(conn, text)
}
