/*
Package uname prints what system this is.

	uname [-asnrvmpio]

	-s, --kernel-name        the kernel (the default)
	-n, --nodename           the name of the machine
	-r, --kernel-release
	-v, --kernel-version
	-m, --machine            the kind of machine
	-p, --processor          unknown
	-i, --hardware-platform  unknown
	-o, --operating-system
	-a, --all                all but -p and -i
*/
package uname

import (
	"context"
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	const count = 8
	var want [count]bool
	names := [count]string{"kernel-name", "nodename", "kernel-release", "kernel-version", "machine", "processor", "hardware-platform", "operating-system"}
	values := [count]string{tool.Kernel, tool.Hostname, tool.KernelRelease, tool.KernelVersion, tool.Machine, "unknown", "unknown", tool.System}
	for i, name := range names {
		flags.BoolVar(&want[i], true, "snrvmpio"[i], name)
	}
	flags.BoolVar(&want[0], true, 0, "sysname")
	flags.BoolVar(&want[2], true, 0, "release")
	all := flags.Bool('a', "all")
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) > 0 {
		return flags.Errorf("extra operand %s", tool.QuoteText(operands[0]))
	}
	if want == [count]bool{} {
		want[0] = true
	}
	if *all {
		want = [count]bool{true, true, true, true, true, false, false, true}
	}
	var out []string
	for i, value := range values {
		if want[i] {
			out = append(out, value)
		}
	}
	_, err = fmt.Fprintln(x.Stdout, strings.Join(out, " "))
	return err
}
