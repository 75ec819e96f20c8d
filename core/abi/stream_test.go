package abi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"agentsandbox/core/fetch"
	"agentsandbox/vfs"
)

// pieces is a body that comes in pieces, with an error after them.
type pieces struct {
	list   []string
	err    error
	got    int64
	closed chan struct{}
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.list) == 0 {
		return 0, p.err
	}
	n := copy(b, p.list[0])
	if p.list[0] = p.list[0][n:]; p.list[0] == "" {
		p.list = p.list[1:]
	}
	p.got += int64(n)
	return n, nil
}

func (p *pieces) Received() int64 { return p.got }

func (p *pieces) Close() error {
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
	return nil
}

func streaming(p *pieces) doer {
	return func(*fetch.Request) (*fetch.Response, error) {
		return &fetch.Response{Status: 200, Reason: "OK", Stream: p}, nil
	}
}

func newPieces(err error, list ...string) *pieces {
	return &pieces{list: list, err: err, closed: make(chan struct{})}
}

// streams gives a guest descriptors for its streams.
func (g *guest) streams() map[uint32]io.ReadCloser {
	open := map[uint32]io.ReadCloser{}
	g.host.state.AddStream = func(r io.ReadCloser) (uint32, error) {
		if len(open) == 2 {
			return 0, vfs.EMFILE
		}
		fd := uint32(4 + len(open))
		open[fd] = r
		return fd, nil
	}
	return open
}

func (g *guest) open(blob string) int32 {
	copy(g.mem[8:], blob)
	return g.call("__sandbox_fetch_open", 8, uint64(len(blob)))
}

// A stream has a header, chunks, and an end that says how it ended, whatever
// the buffers that it is read into.
func TestStream(t *testing.T) {
	for _, c := range []struct {
		err  error
		ends string
	}{
		{io.EOF, `{"error":null,"bytes_read":11,`},
		{&fetch.Error{Kind: fetch.KindTruncated, Want: 20}, `{"error":"response ended early","error_info":{"kind":"truncated","want":20},"bytes_read":11,`},
	} {
		for _, size := range []int{1, 7, smallChunk, 1 << 16} {
			body := newPieces(c.err, "hello ", "world")
			g := newGuest(t, streaming(body))
			fd := g.open(`{"url":"http://h/"}`)
			stream := g.streamsOf(fd)
			text, err := io.ReadAll(sized{stream, size})
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.SplitAfterN(string(text), "\n", 2)
			if !strings.HasPrefix(lines[0], `{"status":200,"headers":{},"ok":true,"error":null,"reason":"OK"`) {
				t.Errorf("header %s", lines[0])
			}
			if want := "0000006\nhello 0000005\nworld0000000\n" + c.ends; !strings.HasPrefix(lines[1], want) || !strings.HasSuffix(lines[1], "}\n") {
				t.Errorf("%d at a time:\n%s\nwant\n%s", size, lines[1], want)
			}
			<-body.closed
		}
	}
}

// streamsOf is the stream behind a descriptor that open gave.
func (g *guest) streamsOf(fd int32) io.ReadCloser {
	g.t.Helper()
	if fd < 0 || g.last == nil {
		g.t.Fatalf("open: %d", fd)
	}
	return g.last
}

// sized reads a few bytes at a time.
type sized struct {
	r io.Reader
	n int
}

func (s sized) Read(p []byte) (int, error) { return s.r.Read(p[:min(s.n, len(p))]) }

// What can't be begun says why, in a response.
func TestOpenFails(t *testing.T) {
	for _, c := range []struct {
		doer fetch.Doer
		blob string
		code int32
		says string
	}{
		{nil, `{"url":"http://h/"}`, -2, `"kind":"disabled"`},
		{doer(hello), `{"url":`, -1, `"kind":"url"`},
		{doer(hello), `{"url":"http://h/"}`, -3, "open a stream"},
	} {
		g := newGuest(t, c.doer)
		g.host.state.AddStream = func(io.ReadCloser) (uint32, error) { return 0, vfs.EMFILE }
		code := g.open(c.blob)
		n := g.call("__sandbox_fetch_response_len")
		g.call("__sandbox_fetch_response_read", 1024, uint64(n))
		if says := string(g.mem[1024 : 1024+n]); code != c.code || !strings.Contains(says, c.says) {
			t.Errorf("%d %s", code, says)
		}
	}
}

// A request that fails, or that a Doer answers whole, is a stream too.
func TestStreamOfOthers(t *testing.T) {
	failed := doer(func(*fetch.Request) (*fetch.Response, error) {
		return nil, &fetch.Error{Kind: fetch.KindResolve, Target: "h"}
	})
	g := newGuest(t, failed)
	text, err := io.ReadAll(g.streamsOf(g.open(`{"url":"http://h/"}`)))
	if err != nil || !strings.HasPrefix(string(text), `{"status":0,`) || !strings.Contains(string(text), "\n0000000\n{") {
		t.Errorf("%s %v", text, err)
	}
	s := &State{}
	r, err := s.Open(t.Context(), []byte(`{"url":"http://h/"}`))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || !bytes.Contains(text, []byte(`"disabled"`)) {
		t.Errorf("%s %v", text, err)
	}
}

// waiting answers when its context ends.
type waiting struct{ begun, ended chan struct{} }

func (w waiting) Do(ctx context.Context, _ *fetch.Request) (*fetch.Response, error) {
	close(w.begun)
	<-ctx.Done()
	close(w.ended)
	return nil, errors.New("canceled")
}

// THREAT[HT-06] Closing a stream ends its request, and what comes of it after
// that is let go.
func TestStreamClosed(t *testing.T) {
	w := waiting{make(chan struct{}), make(chan struct{})}
	g := newGuest(t, w)
	stream := g.streamsOf(g.open(`{"url":"http://h/"}`))
	<-w.begun
	stream.Close()
	<-w.ended

	body, release := newPieces(io.EOF, "x"), make(chan struct{})
	g = newGuest(t, doer(func(*fetch.Request) (*fetch.Response, error) {
		<-release
		return &fetch.Response{Status: 200, Stream: body}, nil
	}))
	g.streamsOf(g.open(`{"url":"http://h/"}`)).Close()
	close(release)
	<-body.closed
}

// THREAT[AB-01] THREAT[AB-05] Pointers beyond the memory begin nothing, and
// streams are apart.
func TestHostileOpen(t *testing.T) {
	g := newGuest(t, doer(func(*fetch.Request) (*fetch.Response, error) { t.Error("a request was made"); return hello(nil) }))
	size := uint64(len(g.mem))
	for _, a := range [][2]uint64{{size, 1}, {size - 1, 2}, {0, size + 1}, {0, math.MaxUint32}, {math.MaxUint32, math.MaxUint32}, {0, 0}, {8, DefaultMaxRequest + 1}} {
		if code := g.call("__sandbox_fetch_open", a[0], a[1]); code != -1 {
			t.Errorf("open %v: %d", a, code)
		}
	}
	g = newGuest(t, doer(func(req *fetch.Request) (*fetch.Response, error) {
		return &fetch.Response{Status: 200, Stream: newPieces(io.EOF, req.URL)}, nil
	}))
	open := g.streams()
	a, b := g.open(`{"url":"http://a/"}`), g.open(`{"url":"http://b/"}`)
	for fd, want := range map[int32]string{b: "http://b/", a: "http://a/"} {
		if text, err := io.ReadAll(open[uint32(fd)]); err != nil || !strings.Contains(string(text), "\n0000009\n"+want+"0000000\n") {
			t.Errorf("%s %v", text, err)
		}
	}
	if code := g.open(`{"url":"http://c/"}`); code != -3 {
		t.Errorf("a third stream of two: %d", code)
	}
}

// Where a guest can't wait, the request is made at once.
func TestWholeStream(t *testing.T) {
	g := newGuest(t, doer(hello))
	g.host.state.Whole = true
	stream := g.streamsOf(g.open(`{"url":"http://h/"}`))
	if stream.(*fetching).Blocks() {
		t.Error("it may block")
	}
	if text, err := io.ReadAll(stream); err != nil || !strings.Contains(string(text), "\n0000005\nhello0000000\n") {
		t.Errorf("%s %v", text, err)
	}
}
