package apitest

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"agentsandbox/hosts/api"
)

// Server is one that is tested.
type Server struct {
	Client
	MaxBody   int    // what it takes, in bytes
	FileBytes int    // what a sandbox may hold
	Origin    string // the one origin whose pages may use it
}

// Run runs the suite, and holds every answer to the server's own document.
func Run(t *testing.T, s Server) {
	x := newSuite(t, s)
	for name, test := range map[string]func(*suite, *testing.T){
		"exec": (*suite).exec, "sandbox": (*suite).sandbox, "tools": (*suite).tools, "files": (*suite).files,
		"paths": (*suite).paths, "diff": (*suite).diff, "stream": (*suite).stream, "busy": (*suite).busy,
		"stream is left": (*suite).leaveStream, "request is left": (*suite).leaveRequest,
		"bad requests": (*suite).badRequests, "body too large": (*suite).tooLarge, "no space": (*suite).noSpace, "origins": (*suite).origins,
		"limits": (*suite).limits, "twenty at once": (*suite).twenty, "ids": (*suite).ids,
	} {
		t.Run(name, func(t *testing.T) { test(x, t) })
	}
	if !t.Failed() {
		x.covers(t)
	}
}

// suite is a server, and what was seen of it.
type suite struct {
	Server
	document *document

	mu   sync.Mutex
	seen map[string]bool // operation and status; guarded by mu
}

func newSuite(t *testing.T, s Server) *suite {
	t.Helper()
	a, err := Client{URL: s.URL}.Do(t.Context(), http.MethodGet, "/v1/openapi.json", nil)
	if err != nil || a.Status != http.StatusOK {
		t.Fatalf("the document: %d, %v", a.Status, err)
	}
	x := &suite{Server: s, seen: map[string]bool{}}
	if x.document, err = parseDocument(a.Body); err != nil {
		t.Fatalf("the document: %v", err)
	}
	x.Seen = func(a Answer) {
		if err := x.document.check(a); err != nil {
			t.Errorf("not as documented: %v", err)
		}
		name, _, _ := x.document.find(a.Method, a.Path)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.seen[name] = true
	}
	return x
}

// covers reports operations of the document that no test has called.
func (x *suite) covers(t *testing.T) {
	for path, operations := range x.document.Paths {
		for method := range operations {
			if name := strings.ToUpper(method) + " " + path; !x.seen[name] && path != "/v1/openapi.json" {
				t.Errorf("%s was not tested", name)
			}
		}
	}
}

// do makes a request that has to be answered so.
func (x *suite) do(t *testing.T, status int, method, path, body string, headers ...string) string {
	t.Helper()
	a, err := x.Do(t.Context(), method, path, []byte(body), headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if a.Status != status {
		t.Fatalf("%s %s %.80s: %d %s, want %d", method, path, body, a.Status, a.Body, status)
	}
	return string(a.Body)
}

func (x *suite) run(t *testing.T, path string, body Object) *api.Result {
	t.Helper()
	r, err := x.Exec(t.Context(), path, body)
	if err != nil {
		t.Fatalf("%v: %v", body, err)
	}
	return r
}

// script runs a script in a shell, and returns what it printed.
func (x *suite) script(t *testing.T, path, script string) string {
	t.Helper()
	r := x.run(t, path, Object{"script": script})
	return r.Stdout + r.Stderr
}

// create makes a sandbox, which the end of the test destroys.
func (x *suite) create(t *testing.T, body Object) string {
	t.Helper()
	box, err := x.Create(t.Context(), body)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.destroy(t, box) })
	return box
}
