/*
Package getconf prints what the system is like.

	getconf NAME [PATH]
	getconf -a
*/
package getconf

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/tool"
)

// variable is a name with its value.
type variable struct {
	name, value string
}

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	args := x.Args
	if len(args) >= 2 && args[0] == "-v" {
		args = args[2:]
	}
	switch {
	case len(args) == 1 && args[0] == "-a":
		return all(x)
	case len(args) == 0 || len(args) > 2:
		fmt.Fprintf(x.Stderr, "Usage: %s [-v specification] variable_name [pathname]\n       %s -a [pathname]\n", x.Name, x.Name)
		return tool.Exit(2)
	}
	for _, v := range variables() {
		if v.name == args[0] || "_POSIX_"+v.name == args[0] {
			_, err := fmt.Fprintln(x.Stdout, v.value)
			return err
		}
	}
	return x.Fail(2, "Unrecognized variable `%s'", args[0])
}

func all(x *tool.Exec) error {
	out := x.Writer()
	for _, v := range variables() {
		fmt.Fprintf(out, "%-34s %s\n", v.name, v.value)
	}
	return out.Flush()
}

func variables() []variable {
	return []variable{
		{name: "ARG_MAX", value: "2097152"},
		{name: "CHAR_BIT", value: "8"},
		{name: "CHILD_MAX", value: "1024"},
		{name: "CLK_TCK", value: "100"},
		{name: "HOST_NAME_MAX", value: "64"},
		{name: "INT_MAX", value: "2147483647"},
		{name: "INT_MIN", value: "-2147483648"},
		{name: "LINE_MAX", value: "2048"},
		{name: "LINK_MAX", value: "127"},
		{name: "LOGIN_NAME_MAX", value: "256"},
		{name: "LONG_BIT", value: "64"},
		{name: "NAME_MAX", value: "255"},
		{name: "OPEN_MAX", value: "1024"},
		{name: "PAGESIZE", value: "4096"},
		{name: "PAGE_SIZE", value: "4096"},
		{name: "PATH", value: "/bin:/usr/bin"},
		{name: "PATH_MAX", value: "4096"},
		{name: "PIPE_BUF", value: "4096"},
		{name: "UINT_MAX", value: "4294967295"},
		{name: "WORD_BIT", value: "32"},
		{name: "_NPROCESSORS_CONF", value: "1"},
		{name: "_NPROCESSORS_ONLN", value: "1"},
		{name: "_PHYS_PAGES", value: "65536"},
		{name: "_POSIX_VERSION", value: "200809"},
		{name: "GNU_LIBC_VERSION", value: "glibc 2.36"},
	}
}
