/*
Package pathchk reports names that are not valid or not portable.

	pathchk [-pP] NAME...

	-p             as the least of POSIX systems allows
	-P             also empty names and those that start with -
	--portability  both
*/
package pathchk

import (
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	c := checker{x: x}
	flags.BoolVar(&c.basic, true, 'p', "")
	flags.BoolVar(&c.extra, true, 'P', "")
	flags.Switch(0, "portability", func() { c.basic, c.extra = true, true })
	names, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return flags.Errorf("missing operand")
	}
	status := 0
	for _, name := range names {
		if !c.check(name) {
			status = 1
		}
	}
	return tool.Exit(status)
}

type checker struct {
	x            *tool.Exec
	basic, extra bool
}

func (c checker) check(name string) bool {
	pieces := strings.Split(name, "/")
	if c.extra {
		for _, p := range pieces {
			if strings.HasPrefix(p, "-") {
				return c.fail("leading '-' in a component of file name %s", tool.Quote(name))
			}
		}
	}
	if (c.basic || c.extra) && name == "" {
		return c.fail("empty file name")
	}
	maxPath, maxName := vfs.MaxPath, vfs.MaxName
	if c.basic {
		const portable = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/"
		if bad := strings.TrimLeft(name, portable); bad != "" {
			r := []rune(bad)[0]
			return c.fail("nonportable character %s in file name %s", tool.QuoteText(string(r)), tool.Quote(name))
		}
		maxPath, maxName = 256, 14
	} else if ok := c.reachable(name); !ok {
		return false
	}
	return c.fits(name, pieces, maxPath, maxName)
}

// reachable reports whether nothing but a missing file keeps name from being.
func (c checker) reachable(name string) bool {
	_, err := c.x.Lstat(name)
	if err == nil || vfs.ToErrno(err) == vfs.ENOENT && name != "" {
		return true
	}
	c.x.WarnFile(name, err)
	return false
}

func (c checker) fits(name string, pieces []string, maxPath, maxName int) bool {
	if len(name) >= maxPath {
		return c.fail("limit %d exceeded by length %d of file name %s", maxPath-1, len(name), tool.Quote(name))
	}
	for _, p := range pieces {
		if len(p) > maxName {
			return c.fail("limit %d exceeded by length %d of file name component %s", maxName, len(p), tool.Quote(p))
		}
	}
	return true
}

func (c checker) fail(format string, args ...any) bool {
	c.x.Errorf(format, args...)
	return false
}
