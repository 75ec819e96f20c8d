package api

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// line is a response that is sent piece by piece, with something that means
// nothing in between, so that the line stays open and a client that left is
// noticed.
type line struct {
	kind    string // content type
	nothing string

	mu    sync.Mutex
	w     http.ResponseWriter // guarded by mu
	begun bool                // guarded by mu while keepAlive runs
}

func newLine(w http.ResponseWriter, kind, nothing string) *line {
	return &line{w: w, kind: kind, nothing: nothing}
}

// send sends a piece at once.
func (l *line) send(data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.begun {
		l.begun = true
		h := l.w.Header()
		h.Set("Content-Type", l.kind)
		h.Set("Cache-Control", "no-store")
		l.w.WriteHeader(http.StatusOK)
	}
	if _, err := l.w.Write(data); err != nil {
		return err
	}
	if f, ok := l.w.(http.Flusher); ok {
		f.Flush()
	}
	return nil
}

// keepAlive sends nothing from time to time, until stop is called; never if
// interval is 0.
func (l *line) keepAlive(interval time.Duration) (stop func()) {
	if interval <= 0 {
		return func() {}
	}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		beat := time.NewTicker(interval)
		defer beat.Stop()
		for {
			select {
			case <-end:
				return
			case <-beat.C:
				_ = l.send([]byte(l.nothing)) // the host cancels the request of a client that left
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

// fail returns the error that becomes the response. If that has begun, it is
// broken off instead, so that it can't be taken for a result.
func (l *line) fail(err error) error {
	if l.begun {
		panic(http.ErrAbortHandler)
	}
	return err
}

// events sends a command's output as server-sent events: "stdout" and "stderr"
// with {"text"} or {"base64"}, and last "result" or "error".
type events struct {
	*line
	name string
}

func (e events) send(v any) error {
	return e.line.send(fmt.Appendf(nil, "event: %s\ndata: %s\n\n", e.name, bytes.TrimSpace(encode(v))))
}

// output is the data of an event of output.
type output struct {
	Text   string `json:"text,omitempty"`
	Base64 string `json:"base64,omitempty"`
}

// Write implements io.Writer.
func (e events) Write(p []byte) (int, error) {
	text, encoded := Text(p)
	if err := e.send(output{text, encoded}); err != nil {
		return 0, err
	}
	return len(p), nil
}
