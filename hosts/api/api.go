// Package api is the HTTP API of the sandbox, the same on the command line's
// serve and in the Worker. openapi.json describes it.
//
//	POST   /v1/exec                        one command in a sandbox of its own
//	POST   /v1/sandboxes                   make a sandbox
//	DELETE /v1/sandboxes/{id}              destroy it
//	POST   /v1/sandboxes/{id}/exec         run a command, or a script in its session
//	GET    /v1/sandboxes/{id}/files/{path} read a file, or list a folder
//	PUT    /v1/sandboxes/{id}/files/{path} write a file
//	DELETE /v1/sandboxes/{id}/files/{path} remove a file or a folder
//	GET    /v1/sandboxes/{id}/diff         what changed
//	GET    /v1/tools                       the commands
//	GET    /v1/openapi.json                this, for machines
//
// Every request but the last needs the bearer token. Errors are JSON, {"error": …}.
package api

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"agentsandbox/core"
	"agentsandbox/vfs"
)

//go:embed openapi.json
var openAPI []byte

// Config says how the API serves.
type Config struct {
	// Token is what requests must bear; it must not be empty.
	Token string
	// Runtime makes the sandboxes of POST /v1/exec; Store keeps the others.
	Runtime *core.Runtime
	Store   Store
	// Sandbox is what each sandbox starts from; requests may only lower limits.
	Sandbox core.Config
	// Gate bounds how many commands run at once; nil lets all in. Room, if not nil,
	// is asked before what may add files.
	Gate *Gate
	Room func() error
	// MaxBody bounds a request's body in bytes; 0 is DefaultMaxBody. Bodies bounds
	// those of all requests at once; 0 is no limit.
	MaxBody, Bodies int64
	// KeepAlive is how often something that means nothing is sent while a command
	// runs: a space before JSON, a comment among events. 0 is never; a host needs it
	// that notices only so that a client has left, or has proxies that lose patience.
	KeepAlive time.Duration
	// Origins may use the API from a page; none may if empty.
	Origins []string
}

// DefaultMaxBody is the largest request: 32 MiB.
const DefaultMaxBody = 32 << 20

// ErrNoToken refuses to serve without a token: an open API is a shell for all.
var ErrNoToken = errors.New("no token: the API does not serve without one")

type server struct {
	Config
	bodies atomic.Int64 // bytes of all bodies, as they were announced
}

// New makes the handler.
func New(c Config) (http.Handler, error) {
	if c.Token == "" {
		return nil, ErrNoToken
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	s := &server{Config: c}
	top := http.NewServeMux()
	top.HandleFunc("GET /v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(openAPI)
	})
	top.Handle("/", s.guard(s.routes()))
	return top, nil
}

// methods are the handlers of a path.
type methods map[string]func(http.ResponseWriter, *http.Request) error

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	for path, m := range map[string]methods{
		"/v1/exec":                           {"POST": s.execOnce},
		"/v1/tools":                          {"GET": s.tools},
		"/v1/sandboxes":                      {"POST": s.create},
		"/v1/sandboxes/{id}":                 {"DELETE": s.destroy},
		"/v1/sandboxes/{id}/exec":            {"POST": s.exec},
		"/v1/sandboxes/{id}/diff":            {"GET": s.diff},
		"/v1/sandboxes/{id}/files/{path...}": {"GET": s.readFile, "PUT": s.writeFile, "DELETE": s.removeFile},
	} {
		mux.Handle(path, m)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, "no such path: GET /v1/openapi.json tells which there are")
	})
	return mux
}

// ServeHTTP calls the handler of the method, and turns its error into a response.
func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, ok := m[r.Method]
	if !ok {
		w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(m)), ", "))
		fail(w, http.StatusMethodNotAllowed, "the method is not for this path: "+r.Method)
		return
	}
	if err := h(w, r); err != nil {
		refuse(w, err)
	}
}

// guard lets requests through that bear the token and are of a fair size.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.allowOrigin(w, r)
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if !s.authorized(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			fail(w, http.StatusUnauthorized, "a bearer token is needed: Authorization: Bearer TOKEN")
			return
		}
		if r.ContentLength > s.MaxBody {
			fail(w, http.StatusRequestEntityTooLarge, "the body is larger than the server takes")
			return
		}
		release, err := s.hold(r.ContentLength)
		if err != nil {
			refuse(w, err)
			return
		}
		defer release()
		r.Body = http.MaxBytesReader(w, r.Body, s.MaxBody)
		next.ServeHTTP(w, r)
	})
}

// hold counts a body of so many bytes, or of unknown length, until it is released.
func (s *server) hold(length int64) (release func(), err error) {
	if length < 0 {
		length = s.MaxBody
	}
	release = func() { s.bodies.Add(-length) }
	if all := s.bodies.Add(length); s.Bodies > 0 && length > 0 && all > s.Bodies {
		release()
		return nil, ErrOverloaded
	}
	return release, nil
}

// authorized compares sums, whose length tells nothing of the token's.
func (s *server) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.Token))
	return ok && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

func (s *server) allowOrigin(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	for _, o := range s.Origins {
		if o == origin && origin != "" {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
			h.Add("Vary", "Origin")
		}
	}
}

// requestError is a request that makes no sense.
type requestError string

func (e requestError) Error() string { return string(e) }

func statusOf(err error) (int, string) {
	var (
		bad    requestError
		config *core.ConfigError
		limit  *core.LimitError
		large  *http.MaxBytesError
	)
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, "the body is larger than the server takes"
	case errors.As(err, &bad), errors.As(err, &config), errors.As(err, &limit):
		return http.StatusBadRequest, err.Error()
	case errors.Is(err, ErrUnknown), errors.Is(err, core.ErrDestroyed), errors.Is(err, vfs.ENOENT):
		return http.StatusNotFound, err.Error()
	case errors.Is(err, ErrFull):
		return http.StatusTooManyRequests, err.Error()
	case errors.Is(err, ErrOverloaded):
		return http.StatusServiceUnavailable, err.Error()
	case errors.Is(err, core.ErrBusy):
		return http.StatusConflict, err.Error()
	}
	if errors.Is(err, vfs.ENOSPC) {
		return http.StatusInsufficientStorage, err.Error()
	}
	var errno vfs.Errno
	if errors.As(err, &errno) {
		return http.StatusUnprocessableEntity, err.Error()
	}
	return http.StatusInternalServerError, err.Error()
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, err error) {
	status, text := statusOf(err)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	fail(w, status, text)
}

func fail(w http.ResponseWriter, status int, text string) {
	reply(w, status, map[string]string{"error": text})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(encode(v)) // the client is gone
}

// encode makes JSON of what has no values that can't be JSON.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return b.Bytes()
}

// decode reads a JSON body; an empty one leaves v as it is.
func decode(r *http.Request, v any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, err = dec.Token(); err == io.EOF {
			return nil
		}
		err = errors.Join(errors.New("it is more than one JSON object"), err)
	} else if err == io.EOF {
		return nil
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return requestError("the body is not what it should be: " + text)
}
