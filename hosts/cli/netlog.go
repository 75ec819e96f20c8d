package main

import (
	"encoding/json"
	"errors"
	"os"
	"sync"
	"time"

	"agentsandbox/core/fetch"
)

// netLog adds an object a line to a file for each request of a sandbox, and for
// each that was denied. The file is opened for each, so that it may be moved away.
type netLog struct {
	mu   sync.Mutex
	path string
}

// netEvent is a line of the log.
type netEvent struct {
	Time       time.Time `json:"time"`
	Method     string    `json:"method"`
	URL        string    `json:"url"`
	Hop        int       `json:"hop,omitempty"`
	Allowed    bool      `json:"allowed"`
	Rule       string    `json:"rule,omitempty"`
	Status     int       `json:"status,omitempty"`
	RemoteAddr string    `json:"remote_addr,omitempty"`
	Sent       int64     `json:"sent"`
	Received   int64     `json:"received"`
	DurationMS int64     `json:"duration_ms"`
	Error      string    `json:"error,omitempty"`
}

// write is fetch.Policy.Log. THREAT[SE-06] JSON keeps a line a line, whatever a
// guest puts into a URL.
func (l *netLog) write(e fetch.Event) {
	line, err := json.Marshal(netEvent{
		Time: e.Time.UTC(), Method: e.Method, URL: e.URL, Hop: e.Hop, Allowed: e.Allowed, Rule: e.Rule, Status: e.Status,
		RemoteAddr: e.RemoteAddr, Sent: e.Sent, Received: e.Received, DurationMS: e.Duration.Milliseconds(), Error: e.Err,
	})
	if err != nil {
		return // plain data: it cannot be
	}
	_ = l.add(append(line, '\n')) // a log that is full stops no request
}

func (l *netLog) add(line []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(line)
	return errors.Join(err, f.Close())
}
