//go:build !js

package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// openStream begins a request whose body is read as it comes.
func openStream(t *testing.T, c *Client, url string) *Response {
	t.Helper()
	resp, err := c.Do(context.Background(), &Request{URL: url, Stream: true})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func readString(t *testing.T, r io.Reader, n int) string {
	t.Helper()
	buf := make([]byte, n)
	if _, err := io.ReadFull(r, buf); err != nil {
		t.Fatal(err)
	}
	return string(buf)
}

// A stream brings what there is before there is more, holds its place among the
// requests until it is closed, and ends the exchange then.
func TestStream(t *testing.T) {
	more, gone := make(chan struct{}), make(chan struct{})
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			return
		}
		io.WriteString(w, "first")
		http.NewResponseController(w).Flush()
		<-more
		io.WriteString(w, "second")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(gone)
	})
	var events []Event
	c := n.client(t, &Policy{MaxConcurrent: 1, Log: func(e Event) { events = append(events, e) }})
	resp := openStream(t, c, "http://example.com/")
	if got := readString(t, resp.Stream, 5); got != "first" || resp.Stream.Received() != 5 || resp.Body != nil {
		t.Errorf("%q of %+v", got, resp)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Do(ctx, &Request{URL: "http://example.com/other"}); errKind(err) != KindCanceled {
		t.Errorf("two at once: %v", err)
	}
	close(more)
	if got := readString(t, resp.Stream, 6); got != "second" || len(events) != 0 {
		t.Errorf("%q, %v", got, events)
	}
	resp.Stream.Close()
	<-gone
	if _, err := resp.Stream.Read(make([]byte, 1)); errKind(err) != KindCanceled {
		t.Errorf("read after close: %v", err)
	}
	if len(events) != 1 || events[0].Received != 11 || events[0].Err != "" {
		t.Errorf("%+v", events)
	}
	if _, err := get(c, "http://example.com/other"); err != nil {
		t.Errorf("its place is not free: %v", err)
	}
}

// THREAT[HT-02] Limits hold while a stream is read, and its error stays.
func TestStreamLimits(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		for err := error(nil); err == nil; {
			_, err = io.WriteString(w, strings.Repeat("x", 1000))
		}
	})
	var events []Event
	c := n.client(t, &Policy{MaxResponseBody: 1 << 16, Log: func(e Event) { events = append(events, e) }})
	resp := openStream(t, c, "http://example.com/")
	defer resp.Stream.Close()
	got, err := io.ReadAll(resp.Stream)
	_, again := resp.Stream.Read(make([]byte, 1))
	if errKind(err) != KindBodySize || again != err || len(got) > 1<<16 {
		t.Errorf("%d bytes, %v, then %v", len(got), err, again)
	}
	if len(events) != 1 || !strings.Contains(events[0].Err, "max_response_body") {
		t.Errorf("%+v", events)
	}
}

// Close ends a Read that waits.
func TestStreamClosedWhileRead(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "x")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	resp := openStream(t, n.client(t, anyHost), "http://example.com/")
	readString(t, resp.Stream, 1)
	done := make(chan error)
	go func() {
		_, err := resp.Stream.Read(make([]byte, 1))
		done <- err
	}()
	resp.Stream.Close()
	if err := <-done; errKind(err) != KindCanceled {
		t.Errorf("got %v", err)
	}
}

// wholeDoer answers as a Doer does that knows no streams.
type wholeDoer struct{ err error }

func (d wholeDoer) Do(context.Context, *Request) (*Response, error) {
	return &Response{Status: 200, Body: []byte("whole"), BytesRead: 5}, d.err
}

func TestStreamOfWhole(t *testing.T) {
	broken := &Error{Kind: KindReset}
	for _, err := range []error{nil, broken} {
		c := NewClient(anyHost, wholeDoer{err})
		resp := openStream(t, c, "http://example.com/")
		got, readErr := io.ReadAll(resp.Stream)
		if string(got) != "whole" || resp.Stream.Received() != 5 || !errors.Is(readErr, err) {
			t.Errorf("%q %v", got, readErr)
		}
		resp, doErr := c.Do(context.Background(), &Request{URL: "http://example.com/"})
		if string(resp.Body) != "whole" || !errors.Is(doErr, err) {
			t.Errorf("%+v %v", resp, doErr)
		}
	}
}
