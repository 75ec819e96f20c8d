/*
Package truecmd does nothing, successfully.

	true [ignored arguments]
*/
package truecmd

import (
	"context"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(context.Context, *tool.Exec) error { return nil }
