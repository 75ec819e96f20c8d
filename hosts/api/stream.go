package api

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// events sends a command's output as server-sent events: "stdout" and "stderr"
// with {"text"} or {"base64"}, and last "result" or "error".
type events struct {
	w     http.ResponseWriter
	begun bool
}

func newEvents(w http.ResponseWriter) *events { return &events{w: w} }

func (e *events) send(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if !e.begun {
		e.begun = true
		h := e.w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-store")
		e.w.WriteHeader(http.StatusOK)
	}
	if _, err := fmt.Fprintf(e.w, "event: %s\ndata: %s\n\n", name, data); err != nil {
		return err
	}
	if f, ok := e.w.(http.Flusher); ok {
		f.Flush()
	}
	return nil
}

func (e *events) writer(name string) eventWriter { return eventWriter{e, name} }

// eventWriter sends what is written as events.
type eventWriter struct {
	*events
	name string
}

// output is the data of an event of output.
type output struct {
	Text   string `json:"text,omitempty"`
	Base64 string `json:"base64,omitempty"`
}

func (w eventWriter) Write(p []byte) (int, error) {
	text, encoded := Text(p)
	if err := w.send(w.name, output{text, encoded}); err != nil {
		return 0, err
	}
	return len(p), nil
}
