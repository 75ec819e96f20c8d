/*
Package hostname prints the name of the machine.

	hostname [-sfdiI]

	-s, --short       the name up to its first dot
	-f, --fqdn        the whole name
	-d, --domain      the domain: there is none
	-i, --ip-address  the address of the name
	-I, --all-ip-addresses

The name is fixed: setting it is refused.
*/
package hostname

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	shown := tool.Hostname
	flags.Switch('s', "short", func() { shown = tool.Hostname })
	flags.Switch('f', "fqdn", func() { shown = tool.Hostname })
	flags.Switch(0, "long", func() { shown = tool.Hostname })
	flags.Switch('d', "domain", func() { shown = "" })
	flags.Switch('i', "ip-address", func() { shown = "127.0.0.1" })
	flags.Switch('I', "all-ip-addresses", func() { shown = "127.0.0.1 " })
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) > 0 {
		return x.Fail(1, "you must be root to change the host name")
	}
	_, err = fmt.Fprintln(x.Stdout, shown)
	return err
}
