package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"agentsandbox/core"
	"agentsandbox/core/fetch"
)

// statusHTTP is the exit status of fetch for an answer of 400 and above, as curl
// -f has it.
const statusHTTP = 22

// fetchOptions are the flags of fetch.
type fetchOptions struct {
	network network
	method  string
	header  fetch.Header
	data    string
	hasData bool
	include bool
}

// fetch makes one HTTP request as a sandbox with this policy may, and prints the
// body as it comes.
func (a *app) fetch(ctx context.Context, args []string) int {
	var o fetchOptions
	f := flag.NewFlagSet("fetch", flag.ContinueOnError)
	f.SetOutput(a.stderr)
	o.network.flags(f)
	f.StringVar(&o.method, "method", "", "`method` of the request (default GET, or POST with -data)")
	f.Func("header", "`Name: value` to send; may be repeated", o.addHeader)
	f.Func("data", "`text` to send as the body; - is standard input", func(s string) error {
		o.data, o.hasData = s, true
		return nil
	})
	f.BoolVar(&o.include, "include", false, "print the answer's status and header too")
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "Usage: %s %s\n\nFlags:\n", a.name, synopsis("fetch"))
		f.PrintDefaults()
	}
	if status, done := a.parse(f, args); done {
		return status
	}
	if f.NArg() != 1 {
		return a.fail(errors.New("fetch: one URL is needed: agent-sandbox fetch [flags] URL"))
	}
	return a.fetchURL(ctx, &o, f.Arg(0))
}

func (o *fetchOptions) addHeader(s string) error {
	name, value, ok := strings.Cut(s, ":")
	if !ok {
		return errors.New("want Name: value")
	}
	o.header = append(o.header, fetch.Field{Name: name, Value: strings.TrimSpace(value)})
	return nil
}

// request is what the flags ask for.
func (o *fetchOptions) request(a *app, url string) (fetch.Request, error) {
	req := fetch.Request{Method: o.method, URL: url, Header: o.header, Stream: true}
	if !o.hasData {
		return req, nil
	}
	if req.Body = []byte(o.data); o.data == "-" {
		body, err := io.ReadAll(a.stdin)
		if err != nil {
			return req, err
		}
		req.Body = body
	}
	if req.Method == "" {
		req.Method = "POST"
	}
	return req, nil
}

func (a *app) fetchURL(ctx context.Context, o *fetchOptions, url string) int {
	policy, err := o.network.fetchPolicy()
	if err != nil {
		return a.fail(err)
	}
	if policy == nil {
		return a.fail(fetch.ErrDisabled)
	}
	req, err := o.request(a, url)
	if err != nil {
		return a.fail(err)
	}
	rt, err := core.NewRuntime(ctx, core.RuntimeConfig{})
	if err != nil {
		return a.fail(err)
	}
	defer rt.Close()
	sb, err := rt.New(core.Config{FetchPolicy: policy})
	if err != nil {
		return a.fail(err)
	}
	defer sb.Destroy()
	resp, err := sb.Fetch(ctx, req)
	if err != nil {
		return a.fail(err)
	}
	defer resp.Stream.Close()
	if err := a.printResponse(resp, o.include); err != nil {
		return a.fail(err)
	}
	if resp.Status >= 400 {
		return statusHTTP
	}
	return 0
}

func (a *app) printResponse(resp *fetch.Response, header bool) error {
	if header {
		var b bytes.Buffer
		fmt.Fprintf(&b, "HTTP %d %s\n", resp.Status, resp.Reason)
		for _, f := range resp.Header {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
		}
		b.WriteByte('\n')
		if _, err := b.WriteTo(a.stdout); err != nil {
			return err
		}
	}
	_, err := io.Copy(a.stdout, resp.Stream)
	return err
}
