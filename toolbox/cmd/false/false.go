/*
Package falsecmd does nothing, unsuccessfully: it exits with 1.

	false [ignored arguments]
*/
package falsecmd

import (
	"context"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(context.Context, *tool.Exec) error { return tool.Exit(1) }
