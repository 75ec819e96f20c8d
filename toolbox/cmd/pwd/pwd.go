/*
Package pwd prints the working directory.

	pwd [-LP]

	-L, --logical   as the shell came there, through links, if PWD says so
	-P, --physical  without links (the default)
*/
package pwd

import (
	"context"
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	logical := flags.Bool('L', "logical")
	flags.BoolVar(logical, false, 'P', "physical")
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) > 0 {
		x.Errorf("ignoring non-option arguments")
	}
	dir := x.Getenv("PWD")
	if !*logical || !names(x, dir) {
		if dir, err = x.RealPath(x.Dir, tool.AllExists); err != nil {
			return x.Fail(1, "couldn't find directory entry in '..' with matching i-node")
		}
	}
	_, err = fmt.Fprintln(x.Stdout, dir)
	return err
}

// names reports whether dir is a plain absolute name of the working directory.
func names(x *tool.Exec, dir string) bool {
	if !strings.HasPrefix(dir, "/") || strings.Contains(dir+"/", "/./") || strings.Contains(dir+"/", "/../") {
		return false
	}
	there, err := x.Stat(dir)
	if err != nil {
		return false
	}
	here, err := x.Stat(x.Dir)
	return err == nil && there.Dev == here.Dev && there.Ino == here.Ino
}
