package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"syscall/js"
	"time"

	"github.com/syumai/workers"

	"agentsandbox/core"
	"agentsandbox/core/fetch"
	"agentsandbox/hosts/api"
)

// What an isolate of 128 MiB has room for, beside the program itself.
const (
	memoryLimit = 64 << 20
	fileBytes   = 32 << 20
	maxBody     = 16 << 20
	timeout     = 30 * time.Second
	keepAlive   = time.Second
)

func main() {
	// worker.mjs names what this program is given while it starts, and only then:
	// several programs may live in one isolate.
	world := js.Global().Get("context")
	debug.SetGCPercent(100)
	h, err := newHandler(context.Background(), world)
	if err != nil {
		world.Call("fail", err.Error())
		return
	}
	workers.ServeNonBlock(bridge{h, world})
	workers.Ready()
	select {}
}

// newHandler makes the API: for one request that needs no sandbox, or, where
// the world has storage, for the sandbox that is kept there.
func newHandler(ctx context.Context, world js.Value) (http.Handler, error) {
	rt, err := core.NewRuntime(ctx, core.RuntimeConfig{Idle: 1})
	if err != nil {
		return nil, err
	}
	if err := rt.Warm(ctx); err != nil {
		return nil, err
	}
	config := api.Config{
		Token: world.Get("token").String(), Runtime: rt, Store: noStore{}, MaxBody: maxBody, KeepAlive: keepAlive,
		Sandbox: core.Config{Timeout: timeout, MemoryLimit: memoryLimit, Limits: core.Limits{Bytes: fileBytes}},
	}
	if origins := world.Get("origins").String(); origins != "" {
		config.Origins = strings.Fields(strings.ReplaceAll(origins, ",", " "))
	}
	if config.Sandbox.FetchPolicy, err = fetchPolicy(world); err != nil {
		return nil, err
	}
	storage := world.Get("storage")
	if storage.IsUndefined() {
		return api.New(config)
	}
	o, err := newObject(ctx, config, storage)
	if err != nil {
		return nil, fmt.Errorf("the sandbox can't be restored: %w", err)
	}
	return o.api, nil
}

// fetchPolicy is the policy that the Worker's binding holds as JSON; none keeps
// the network off. A secret "${NAME}" in it is the binding NAME.
func fetchPolicy(world js.Value) (*fetch.Policy, error) {
	text := world.Get("netPolicy").String()
	if text == "" {
		return nil, nil
	}
	policy := &fetch.Policy{}
	if err := json.Unmarshal([]byte(text), policy); err != nil {
		return nil, fmt.Errorf("AGENT_SANDBOX_NET_POLICY: %w", err)
	}
	policy.Secret = func(name string) (string, bool) {
		value := world.Call("secret", name)
		return value.String(), value.Type() == js.TypeString
	}
	return policy, nil
}

// noStore is the store where no sandbox is kept: each has an object of its own.
type noStore struct{}

// Create implements api.Store.
func (noStore) Create(api.Spec) (string, error) { return "", api.ErrFull }

// Use implements api.Store.
func (noStore) Use(string) (*api.Entry, error) { return nil, api.ErrUnknown }

// Release implements api.Store.
func (noStore) Release(*api.Entry) {}

// Save implements api.Store.
func (noStore) Save(*api.Entry) error { return nil }

// Delete implements api.Store.
func (noStore) Delete(string) error { return api.ErrUnknown }
