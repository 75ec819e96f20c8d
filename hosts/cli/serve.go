package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"agentsandbox/hosts/api"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	network                    network
	listen, tokenFile, origins string
	dir                        string
	most, running              int
	memory                     size
	idle                       time.Duration
}

const serveUsage = `Usage: %[1]s %[2]s

Serves sandboxes over HTTP to those who know the token. GET /v1/openapi.json
describes the API.

  %[1]s serve                               a token is made and printed
  curl -H "Authorization: Bearer $TOKEN" -d '{"script": "echo hi"}' 127.0.0.1:8787/v1/exec

The connection is not encrypted: for other machines put a proxy with TLS before it.

Flags:
`

// serve serves the HTTP API until it is interrupted.
func (a *app) serve(ctx context.Context, args []string) int {
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.SetOutput(a.stderr)
	var o serveOptions
	f.StringVar(&o.listen, "listen", "127.0.0.1:8787", "`address` to listen on; port 0 is any that is free")
	f.StringVar(&o.tokenFile, "token-file", "", "`file` with the bearer token; without one a token is made and printed")
	f.StringVar(&o.origins, "origins", "", "`list` of origins whose pages may use the API, separated by commas")
	f.IntVar(&o.most, "sandboxes", 1000, "`number` of sandboxes to keep")
	f.DurationVar(&o.idle, "idle", time.Hour, "`time` after which an idle sandbox is destroyed; 0 is never")
	f.StringVar(&o.dir, "dir", "", "`folder` that keeps the sandboxes when the server ends; without one they are in memory")
	f.IntVar(&o.running, "running", 0, "`number` of commands that run at once, others wait (default: as many as fit the memory, 4 per core at most)")
	f.Var(&o.memory, "memory", "`bytes` for all commands, shells and files together, with K, M or G (default 4G)")
	o.network.flags(f)
	f.Usage = func() {
		fmt.Fprintf(f.Output(), serveUsage, a.name, synopsis("serve"))
		f.PrintDefaults()
	}
	if status, done := a.parse(f, args); done {
		return status
	}
	if o.memory == 0 {
		o.memory = defaultMemory
	}
	if f.NArg() > 0 {
		return a.fail(fmt.Errorf("serve: %q is no flag: see '%s serve -h'", f.Arg(0), a.name))
	}
	if err := a.listen(ctx, o); err != nil {
		return a.fail(err)
	}
	return 0
}

func (a *app) listen(ctx context.Context, o serveOptions) error {
	token, made, err := newToken(o.tokenFile)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	defer l.Close()
	rt, err := a.runtime(ctx, "")
	if err != nil {
		return err
	}
	defer rt.Close()
	if err := rt.Warm(ctx); err != nil {
		return err
	}
	config, store, err := o.config(rt)
	if err != nil {
		return err
	}
	defer store.Close()
	go store.Run(ctx)
	config.Token = token
	if o.origins != "" {
		config.Origins = strings.Split(o.origins, ",")
	}
	handler, err := api.New(config)
	if err != nil {
		return err
	}
	if made {
		fmt.Fprintf(a.stdout, "token: %s\n", token)
	}
	fmt.Fprintf(a.stderr, "%s: serving on http://%s\n", a.name, l.Addr())
	return serveUntil(ctx, l, handler, grace)
}

// grace is how long requests have to end by themselves when the server ends.
const grace = 5 * time.Second

// serveUntil serves until ctx ends. What runs then may go on for a while, and has
// ended when serveUntil returns.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler, grace time.Duration) error {
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var running sync.WaitGroup
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			running.Add(1)
			defer running.Done()
			h.ServeHTTP(w, r)
		}),
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(base, grace)
	defer cancel()
	err := server.Shutdown(end)
	cut()
	running.Wait()
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // what did not end was ended
	}
	return err
}

// newToken reads the token from a file, or makes one where there is no file.
func newToken(file string) (token string, made bool, err error) {
	if file == "" {
		var bits [32]byte
		_, err := rand.Read(bits[:])
		return hex.EncodeToString(bits[:]), true, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", false, err
	}
	if token = strings.TrimSpace(string(data)); token == "" {
		return "", false, fmt.Errorf("%s holds no token", file)
	}
	return token, false, nil
}
