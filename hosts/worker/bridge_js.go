package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall/js"

	"agentsandbox/vfs"
)

// bridge serves requests that package workers hands over, any number in one
// program. The package closes itself with the first body that it streams, so
// bodies are made here and given to it as JavaScript has them.
type bridge struct {
	handler http.Handler
	world   js.Value
}

// rawBody is a response of package workers.
type rawBody interface{ WriteRawJSBody(js.Value) }

func (b bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The package splits values at commas, which only some headers mean so.
	for name, values := range r.Header {
		r.Header[name] = []string{strings.Join(values, ",")}
	}
	ctx, cancel := context.WithCancel(r.Context())
	left := js.FuncOf(func(js.Value, []js.Value) any {
		cancel()
		return nil
	})
	res := &response{world: b.world, header: http.Header{}, begun: make(chan struct{}), left: left}
	go func() {
		defer cancel()
		defer left.Release()
		defer res.end()
		defer recoverPanic(res)
		b.handler.ServeHTTP(res, r.WithContext(ctx))
	}()
	<-res.begun
	for name, values := range res.header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.status)
	w.(rawBody).WriteRawJSBody(res.body)
}

// recoverPanic answers a request whose handler panicked, as net/http's server
// goes on too: the object's other requests are not to suffer.
func recoverPanic(res *response) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		res.abort()
	default:
		fmt.Fprintln(os.Stderr, "panic:", p)
		res.fail("internal error")
	}
}

// response collects what a handler writes, until it is flushed: then it is
// a stream.
type response struct {
	world  js.Value
	header http.Header
	status int
	buffer bytes.Buffer

	left    js.Func       // to be called when the client leaves
	begun   chan struct{} // closed when status, header and body are final
	body    js.Value
	pipe    js.Value // of a stream
	streams bool
}

func (r *response) Header() http.Header { return r.header }

func (r *response) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *response) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if !r.streams {
		return r.buffer.Write(p)
	}
	if !r.pipe.Call("write", toJS(p)).Bool() {
		return 0, vfs.EPIPE
	}
	return len(p), nil
}

// Flush sends what was written, and from now on all that is.
func (r *response) Flush() {
	if r.streams {
		return
	}
	r.pipe = r.world.Call("pipe", r.left)
	r.streams = true
	r.body = r.pipe.Get("stream")
	if r.buffer.Len() > 0 {
		_, _ = r.Write(r.buffer.Bytes()) // nobody has it yet, so nobody has left
	}
	r.WriteHeader(http.StatusOK)
	close(r.begun)
}

// end sends what is left.
func (r *response) end() {
	if r.streams {
		r.pipe.Call("end")
		return
	}
	r.WriteHeader(http.StatusOK)
	r.body = toJS(r.buffer.Bytes())
	close(r.begun)
}

// abort breaks off what has begun.
func (r *response) abort() {
	if r.streams {
		r.pipe.Call("abort")
		return
	}
	r.fail("the request was broken off")
}

// fail makes it an error, in whatever form is still possible.
func (r *response) fail(text string) {
	if r.streams && r.header.Get("Content-Type") == "text/event-stream" {
		fmt.Fprintf(r, "event: error\ndata: {\"error\":%q}\n\n", text)
		return
	}
	if r.streams {
		r.abort()
		return
	}
	r.buffer.Reset()
	r.status = http.StatusInternalServerError
	r.header = http.Header{"Content-Type": {"application/json"}}
	fmt.Fprintf(&r.buffer, "{\"error\":%q}\n", text)
}

func toJS(p []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(array, p)
	return array
}

func toGo(array js.Value) []byte {
	p := make([]byte, array.Get("length").Int())
	js.CopyBytesToGo(p, array)
	return p
}
