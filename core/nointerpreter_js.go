//go:build !wazero

package core

import (
	"context"

	"agentsandbox/core/engine"
)

// newInterpreter has none: wazero would be half of the program.
func newInterpreter(context.Context, []engine.HostFunc) (engine.Engine, error) {
	return nil, &ConfigError{"Engine", "the interpreter is not in this build: it needs the tag wazero"}
}
