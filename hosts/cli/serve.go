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
	"time"

	"agentsandbox/core"
	"agentsandbox/hosts/api"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	network                    network
	listen, tokenFile, origins string
	most                       int
	idle                       time.Duration
}

// serve serves the HTTP API until it is interrupted.
func (a *app) serve(ctx context.Context, args []string) int {
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.SetOutput(a.stderr)
	var o serveOptions
	f.StringVar(&o.listen, "listen", "127.0.0.1:8787", "`address` to listen on")
	f.StringVar(&o.tokenFile, "token-file", "", "`file` with the bearer token; without one a token is made and printed")
	f.StringVar(&o.origins, "origins", "", "`list` of origins whose pages may use the API, separated by commas")
	f.IntVar(&o.most, "sandboxes", 1000, "`number` of sandboxes to keep")
	f.DurationVar(&o.idle, "idle", time.Hour, "`time` after which an idle sandbox may be destroyed to make room")
	o.network.flags(f)
	if status, done := a.parse(f, args); done {
		return status
	}
	if err := a.listen(ctx, o); err != nil {
		return a.fail(err)
	}
	return 0
}

func (a *app) listen(ctx context.Context, o serveOptions) error {
	policy, err := o.network.fetchPolicy()
	if err != nil {
		return err
	}
	token, err := a.token(o.tokenFile)
	if err != nil {
		return err
	}
	rt, err := a.runtime(ctx, "")
	if err != nil {
		return err
	}
	defer rt.Close()
	if err := rt.Warm(ctx); err != nil {
		return err
	}
	store := api.NewMemory(o.most, o.idle)
	defer store.Close()
	config := api.Config{Token: token, Runtime: rt, Store: store, Sandbox: core.Config{FetchPolicy: policy}}
	if o.origins != "" {
		config.Origins = strings.Split(o.origins, ",")
	}
	handler, err := api.New(config)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "%s: serving on http://%s\n", a.name, l.Addr())
	return serveUntil(ctx, l, handler)
}

func serveUntil(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(end)
	})
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// token reads the token, or makes one and prints it.
func (a *app) token(file string) (string, error) {
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		token := strings.TrimSpace(string(data))
		if token == "" {
			return "", fmt.Errorf("%s holds no token", file)
		}
		return token, nil
	}
	var bits [32]byte
	if _, err := rand.Read(bits[:]); err != nil {
		return "", err
	}
	token := hex.EncodeToString(bits[:])
	fmt.Fprintf(a.stdout, "token: %s\n", token)
	return token, nil
}
