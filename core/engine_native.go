//go:build !js

package core

import (
	"context"
	"fmt"
	"runtime"

	"agentsandbox/core/engine"
	"agentsandbox/core/engine/wazero"
)

// newEngine makes the engine that c names.
func newEngine(ctx context.Context, c RuntimeConfig, hosts []engine.HostFunc) (engine.Engine, error) {
	config := wazero.Config{CacheDir: c.CacheDir, OnCompile: c.OnCompile, Hosts: hosts}
	switch c.Engine {
	case "":
	case "compiler":
		if !wazero.Supported() {
			return nil, &ConfigError{"Engine", "wazero has no compiler for this machine: use the interpreter"}
		}
	case "interpreter":
		config.Interpreter = true
	default:
		return nil, &ConfigError{"Engine", fmt.Sprintf("%q is neither compiler nor interpreter", c.Engine)}
	}
	return wazero.New(ctx, config)
}

// newGate has room for the guests that may have a deep call stack at a time, one
// for each two cores. Each may take some 130 MB of the host then, which is where wazero
// ends it.
func newGate() chan struct{} { return make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)) }
