//go:build wazero

package core

import (
	"context"

	"agentsandbox/core/engine"
	"agentsandbox/core/engine/wazero"
)

func newInterpreter(ctx context.Context, hosts []engine.HostFunc) (engine.Engine, error) {
	return wazero.New(ctx, wazero.Config{Interpreter: true, Hosts: hosts})
}
