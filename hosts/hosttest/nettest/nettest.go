// Package nettest is the server of the network transcripts
// (toolbox/testdata/net), which are run on every host, each against a real
// server on loopback. Its answers depend on the request alone. Pages of any
// origin may use it.
package nettest

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// Secret is what policies inject for the server's other name.
const Secret = "canary-5e7a91-secret"

// Policy is a fetch policy, as JSON, that opens the server at address alone, by
// its number and as localhost. Requests to the latter carry Secret.
func Policy(address string) string {
	name := "localhost" + address[strings.LastIndexByte(address, ':'):]
	policy, _ := json.Marshal(map[string]any{ // plain data: it cannot fail
		"allowed_domains": []string{address, name}, "deny_private_ips": false, "max_requests_per_minute": 100_000,
		"inject": []any{map[string]any{"host": name, "http": true, "headers": map[string]string{"X-Token": Secret}}},
	})
	return string(policy)
}

// leaks watches for the secret where it does not belong.
type leaks struct {
	next http.Handler

	mu   sync.Mutex
	told []string // guarded by mu
}

// ServeHTTP implements http.Handler.
func (l *leaks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	if strings.Contains(r.Header.Get("X-Token")+r.URL.String(), Secret) && !strings.HasPrefix(r.Host, "localhost:") {
		l.told = append(l.told, r.Host+r.URL.String())
	}
	told := strings.Join(l.told, "\n")
	l.mu.Unlock()
	if r.URL.Path == "/leaked" {
		fmt.Fprintf(w, "leaked:%s\n", told)
		return
	}
	l.next.ServeHTTP(w, r)
}

// Handler is the server.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/text", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "t.txt", time.Unix(1706933106, 0), strings.NewReader("one\ntwo\nthree\n"))
	})
	mux.HandleFunc("/echo/", echo)
	mux.HandleFunc("/form", form)
	mux.HandleFunc("/json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"name":"value","list":[1,2,3]}`)
	})
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 256)
		for i := range block {
			block[i] = byte(i)
		}
		for range 4096 {
			w.Write(block)
		}
	})
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		w.WriteHeader(max(200, code))
		fmt.Fprintf(w, "status %d\n", code)
	})
	mux.HandleFunc("/to/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		w.Header().Set("Location", r.URL.Query().Get("u"))
		w.WriteHeader(max(300, code))
	})
	mux.HandleFunc("/packed/{how}", packed)
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		for err := error(nil); err == nil; {
			_, err = io.WriteString(w, strings.Repeat("line\n", 100))
		}
	})
	mux.HandleFunc("/wait", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.Handle("/fail/{n}/{key}", &failing{seen: map[string]int{}})
	return open(&leaks{next: mux})
}

// open lets pages of any origin use the server.
func open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", "*")
		h.Set("Access-Control-Allow-Headers", "*, Authorization")
		h.Set("Access-Control-Expose-Headers", "*")
		h.Set("Access-Control-Allow-Private-Network", "true")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// echo tells what of a request is the same on every host.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s\n", r.Method, strings.TrimPrefix(r.URL.RequestURI(), "/echo/"))
	var names []string
	for name := range r.Header {
		if strings.HasPrefix(name, "X-") || name == "Content-Type" || name == "Authorization" || name == "Cookie" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(w, "%s: %s\n", name, strings.Join(r.Header[name], ", "))
	}
	if len(body) > 0 {
		fmt.Fprintf(w, "\n%s\n", body)
	}
}

// form tells the fields of a form.
func form(w http.ResponseWriter, r *http.Request) {
	parts, err := r.MultipartReader()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return
		}
		data, _ := io.ReadAll(part)
		fmt.Fprintf(w, "%s %q %s %q\n", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), data)
	}
}

func packed(w http.ResponseWriter, r *http.Request) {
	var z io.WriteCloser
	switch how := r.PathValue("how"); how {
	case "gzip":
		w.Header().Set("Content-Encoding", how)
		z = gzip.NewWriter(w)
	case "br":
		w.Header().Set("Content-Encoding", how)
		z = brotli.NewWriter(w)
	default:
		http.NotFound(w, r)
		return
	}
	for i := range 1000 {
		fmt.Fprintf(z, "line %d\n", i)
	}
	z.Close()
}

// failing fails the first n requests of each key.
type failing struct {
	mu   sync.Mutex
	seen map[string]int // guarded by mu
}

// ServeHTTP implements http.Handler.
func (f *failing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.seen[r.URL.Path]++
	seen := f.seen[r.URL.Path]
	f.mu.Unlock()
	n, _ := strconv.Atoi(r.PathValue("n"))
	if seen <= n {
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, "later\n")
		return
	}
	io.WriteString(w, "now\n")
}
