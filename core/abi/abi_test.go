package abi

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/fetch"
)

// memory is a guest's memory of a fixed size.
type memory []byte

func (m memory) Read(p []byte, off uint32) bool {
	if uint64(off)+uint64(len(p)) > uint64(len(m)) {
		return false
	}
	copy(p, m[off:])
	return true
}

func (m memory) Write(off uint32, p []byte) bool {
	if uint64(off)+uint64(len(p)) > uint64(len(m)) {
		return false
	}
	copy(m[off:], p)
	return true
}

func (m memory) Size() uint64 { return uint64(len(m)) }

func (m memory) View(off, n uint32) ([]byte, bool) { return nil, false }

// host is a process with fetches.
type host struct{ state State }

func (h *host) Fetch() *State { return &h.state }

// doer answers by a function.
type doer func(req *fetch.Request) (*fetch.Response, error)

func (d doer) Do(_ context.Context, req *fetch.Request) (*fetch.Response, error) { return d(req) }

// guest calls the host functions as a guest does.
type guest struct {
	t    testing.TB
	host *host
	mem  memory
	last io.ReadCloser // the stream that was opened last
}

func newGuest(t testing.TB, d fetch.Doer) *guest {
	g := &guest{t: t, host: &host{State{Doer: d}}, mem: make(memory, 1<<16)}
	g.host.state.AddStream = func(r io.ReadCloser) (uint32, error) {
		g.last = r
		return 4, nil
	}
	return g
}

func (g *guest) call(name string, args ...uint64) int32 {
	for _, f := range Functions() {
		if f.Name != name {
			continue
		}
		stack := append(args, 0)
		if err := f.Call(&engine.Call{Ctx: context.Background(), Host: g.host, Memory: g.mem}, stack); err != nil {
			g.t.Fatal(err)
		}
		return int32(uint32(stack[0]))
	}
	g.t.Fatalf("no function %s", name)
	return 0
}

// fetch sends a blob and reads the whole answer.
func (g *guest) fetch(blob string) (code int32, answer []byte) {
	copy(g.mem[8:], blob)
	code = g.call("__sandbox_fetch", 8, uint64(len(blob)))
	n := g.call("__sandbox_fetch_response_len")
	if n > 0 {
		if int(n) > len(g.mem)-1024 {
			g.t.Fatalf("a response of %d bytes", n)
		}
		if got := g.call("__sandbox_fetch_response_read", 1024, uint64(n)); got != n {
			g.t.Fatalf("read %d of %d", got, n)
		}
		answer = append(answer, g.mem[1024:1024+n]...)
	}
	return code, answer
}

func hello(*fetch.Request) (*fetch.Response, error) {
	return &fetch.Response{
		Status: 200, Reason: "OK", Header: fetch.Header{{Name: "Content-Type", Value: "text/plain"}, {Name: "X", Value: "1"}, {Name: "x", Value: "2"}},
		Body: []byte("hello"),
	}, nil
}

// The reference's shape: status, headers, body, ok and error.
func TestResponse(t *testing.T) {
	code, answer := newGuest(t, doer(hello)).fetch(`{"url":"https://example.com/"}`)
	var got struct {
		Status  int
		Headers map[string]string
		Body    string
		OK      bool
		Error   *string
	}
	if err := json.Unmarshal(answer, &got); err != nil || code != 0 {
		t.Fatalf("%d %v %s", code, err, answer)
	}
	if got.Status != 200 || got.Body != "hello" || !got.OK || got.Error != nil || got.Headers["content-type"] != "text/plain" || got.Headers["x"] != "1, 2" {
		t.Errorf("got %+v", got)
	}
}

func TestRequest(t *testing.T) {
	for _, c := range []struct {
		blob, method, header, body string
		framed                     bool
	}{
		{`{"url":"http://h/"}`, "", "[]", "", false},
		{`{"url":"http://h/","method":"POST","headers":{"A":"b"},"body":"text","unknown":[1,{"x":2}]}`, "POST", "[{A b}]", "text", false},
		{`{"url":"http://h/","body_base64":"` + base64.StdEncoding.EncodeToString([]byte("\x00\xff")) + `"}`, "", "[]", "\x00\xff", false},
		{`{"url":"http://h/","header_list":[["A","1"],["a","2"]],"body":null}`, "", "[{A 1} {a 2}]", "", false},
		{`{"url":"http://h/","framed":true}` + "\n\x00\xff\nrest", "", "[]", "\x00\xff\nrest", true},
		{"{\n\"url\":\"http://h/\",\"body\":\"x\"\n}", "", "[]", "x", false},
	} {
		req, framed, err := parseRequest([]byte(c.blob))
		if err != nil {
			t.Errorf("%s: %v", c.blob, err)
			continue
		}
		if header := strings.Trim(strings.ReplaceAll(jsonOf(req.Header), `"`, ""), " "); req.URL != "http://h/" || req.Method != c.method ||
			string(req.Body) != c.body || framed != c.framed || len(req.Header) != strings.Count(c.header, "{") {
			t.Errorf("%s: %+v %s", c.blob, req, header)
		}
	}
}

func jsonOf(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// Bytes come through both ways.
func TestBytes(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	g := newGuest(t, doer(func(req *fetch.Request) (*fetch.Response, error) {
		return &fetch.Response{Status: 200, Body: req.Body}, nil
	}))
	_, answer := g.fetch(`{"url":"http://h/","body_base64":"` + base64.StdEncoding.EncodeToString(all) + `"}`)
	var got struct {
		BodyBase64 []byte `json:"body_base64"`
	}
	if err := json.Unmarshal(answer, &got); err != nil || !bytes.Equal(got.BodyBase64, all) {
		t.Errorf("%v %s", err, answer)
	}
	_, answer = g.fetch(`{"url":"http://h/","framed":true}` + "\n" + string(all))
	if _, body, _ := bytes.Cut(answer, []byte("\n")); !bytes.Equal(body, all) {
		t.Errorf("framed: %q", answer)
	}
}

func TestDisabled(t *testing.T) {
	code, answer := newGuest(t, nil).fetch(`{"url":"http://h/"}`)
	if code != -2 || !bytes.Contains(answer, []byte(`"error":"networking is disabled`)) || !bytes.Contains(answer, []byte(`"ok":false`)) {
		t.Errorf("%d %s", code, answer)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&fetch.DeniedError{Op: "fetch", Target: "h", Rule: "allowed_domains", Hint: "do"}, `"error_info":{"kind":"denied","stage":"fetch","target":"h","rule":"allowed_domains","hint":"do"}`},
		{&fetch.Error{Kind: fetch.KindTimeout, Stage: "total", Target: "h:80"}, `"error_info":{"kind":"timeout","stage":"total","target":"h:80"}`},
		{errors.New("other"), `"error_info":{"kind":"host","detail":"other"}`},
	} {
		code, answer := newGuest(t, doer(func(*fetch.Request) (*fetch.Response, error) { return nil, c.err })).fetch(`{"url":"http://h/"}`)
		if code != 0 || !bytes.Contains(answer, []byte(c.want)) || !bytes.Contains(answer, []byte(`"status":0`)) {
			t.Errorf("%d %s", code, answer)
		}
	}
}

// THREAT[AB-01] Pointers and lengths beyond the memory read and write nothing.
func TestHostilePointers(t *testing.T) {
	asked := 0
	g := newGuest(t, doer(func(*fetch.Request) (*fetch.Response, error) { asked++; return hello(nil) }))
	size := uint64(len(g.mem))
	for _, a := range [][2]uint64{
		{size, 1}, {size - 1, 2}, {0, size + 1}, {0, math.MaxUint32}, {math.MaxUint32, math.MaxUint32}, {math.MaxUint32, 1},
		{0, 0}, {size, 0}, {1 << 31, 1 << 31}, {8, DefaultMaxRequest + 1},
	} {
		if code := g.call("__sandbox_fetch", a[0], a[1]); code != -1 {
			t.Errorf("fetch %v: %d", a, code)
		}
	}
	if asked > 0 {
		t.Error("a request was made")
	}
	g.fetch(`{"url":"http://h/"}`)
	copy(g.mem[8:], `{"url":"http://h/"}`)
	g.call("__sandbox_fetch", 8, 19)
	before := bytes.Clone(g.mem)
	for _, a := range [][2]uint64{{size, 100}, {size - 1, 100}, {math.MaxUint32, 100}, {math.MaxUint32, math.MaxUint32}} {
		if code := g.call("__sandbox_fetch_response_read", a[0], a[1]); code != -1 {
			t.Errorf("read %v: %d", a, code)
		}
	}
	if !bytes.Equal(before, g.mem) {
		t.Error("memory was written")
	}
	if n := g.call("__sandbox_fetch_response_read", 0, 3); n != 3 {
		t.Errorf("a short read: %d", n)
	}
}

// THREAT[AB-04] Blobs that are no requests.
func TestHostileBlobs(t *testing.T) {
	g := newGuest(t, doer(hello))
	for name, blob := range map[string]string{
		"no JSON": "hello", "empty object": "{}", "array": "[]", "null": "null", "number": "1", "cut": `{"url":"http://h/"`,
		"deep":          `{"url":"http://h/","x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}",
		"many":          `{"url":"http://h/","headers":{` + strings.Repeat(`"a":"b",`, 5000) + `"c":"d"}}`,
		"not UTF-8":     "{\"url\":\"http://h/\xff\"}",
		"NUL":           "\x00",
		"wrong type":    `{"url":1}`,
		"bad base64":    `{"url":"http://h/","body_base64":"!"}`,
		"header triple": `{"url":"http://h/","header_list":[["a"],"b"]}`,
	} {
		code, answer := g.fetch(blob)
		if code != -1 || !bytes.Contains(answer, []byte(`"ok":false`)) {
			t.Errorf("%s: %d %s", name, code, answer)
		}
	}
}

// THREAT[AB-05] An answer is read once and belongs to its process.
func TestAnswersAreApart(t *testing.T) {
	a, b := newGuest(t, doer(hello)), newGuest(t, doer(hello))
	copy(a.mem[8:], `{"url":"http://h/"}`)
	a.call("__sandbox_fetch", 8, 19)
	if n := b.call("__sandbox_fetch_response_len"); n != 0 {
		t.Errorf("another process sees %d bytes", n)
	}
	n := a.call("__sandbox_fetch_response_len")
	a.call("__sandbox_fetch_response_read", 100, uint64(n))
	if left := a.call("__sandbox_fetch_response_len"); n == 0 || left != 0 {
		t.Errorf("%d, then %d", n, left)
	}
	a.call("__sandbox_fetch", 8, 19)
	a.call("__sandbox_fetch", 0, 0)
	if left := a.call("__sandbox_fetch_response_len"); left != 0 {
		t.Errorf("an old answer is left: %d", left)
	}
}

// FuzzABI makes calls with any arguments. THREAT[AB-07]
func FuzzABI(f *testing.F) {
	f.Add([]byte(`{"url":"http://h/"}`), uint32(8), uint32(19), uint32(0), uint32(100))
	f.Add([]byte("{\"url\":\"x\",\"framed\":true}\nbody"), uint32(8), uint32(30), uint32(65530), uint32(10))
	f.Fuzz(func(t *testing.T, blob []byte, ptr, n, to, most uint32) {
		g := newGuest(t, doer(hello))
		copy(g.mem[8:], blob)
		code := g.call("__sandbox_fetch", uint64(ptr), uint64(n))
		if code != 0 && code != -1 {
			t.Fatalf("code %d", code)
		}
		if code := g.call("__sandbox_fetch_open", uint64(ptr), uint64(n)); code != 4 && code != -1 {
			t.Fatalf("open: code %d", code)
		}
		if g.last != nil {
			io.Copy(io.Discard, sized{g.last, int(most%4096) + 1})
		}
		have := g.call("__sandbox_fetch_response_len")
		if got := g.call("__sandbox_fetch_response_read", uint64(to), uint64(most)); got > have || got < -1 {
			t.Fatalf("read %d of %d", got, have)
		}
	})
}
