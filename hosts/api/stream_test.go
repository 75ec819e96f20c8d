package api

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// What has begun can't become an error: it is broken off.
func TestBrokenOff(t *testing.T) {
	srv := httptest.NewServer(methods{"GET": func(w http.ResponseWriter, _ *http.Request) error {
		line := newLine(w, "application/json", " ")
		if err := line.send([]byte(" ")); err != nil {
			return err
		}
		return line.fail(errors.New("it failed"))
	}})
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q, %v", data, err)
	}
}

func TestKeepAlive(t *testing.T) {
	beats := make(beats)
	line := newLine(beats, "text/event-stream", ":")
	stop := line.keepAlive(time.Nanosecond)
	for range 3 {
		if got := <-beats; got != ":" {
			t.Errorf("%q", got)
		}
	}
	go func() {
		for range beats {
		}
	}()
	stop()
	close(beats)
}

// beats is a response that tells what is written.
type beats chan string

func (b beats) Header() http.Header { return http.Header{} }
func (b beats) WriteHeader(int)     {}
func (b beats) Write(p []byte) (int, error) {
	b <- string(p)
	return len(p), nil
}
