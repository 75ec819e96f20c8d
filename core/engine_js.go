package core

import (
	"context"

	"agentsandbox/core/engine"
	"agentsandbox/core/engine/platform"
)

// newEngine makes the engine that c names: the JavaScript host's own, or
// wazero's interpreter in a program built with the tag wazero.
func newEngine(ctx context.Context, c RuntimeConfig, hosts []engine.HostFunc) (engine.Engine, error) {
	switch c.Engine {
	case "", platform.Name:
		return platform.New(hosts)
	case "interpreter":
		return newInterpreter(ctx, hosts)
	}
	return nil, &ConfigError{"Engine", c.Engine + " is neither platform nor interpreter"}
}

// newGate makes none: guests take turns, and the JavaScript host bounds their stack.
func newGate() chan struct{} { return nil }
