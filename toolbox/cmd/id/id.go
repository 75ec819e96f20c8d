/*
Package id prints who the user is.

	id [-ugGnrz] [USER]...

	-u, --user    only the user's number
	-g, --group   only the group's number
	-G, --groups  only the numbers of all groups
	-n, --name    names for numbers, with -ugG
	-r, --real    the real one, with -ugG: it is the same
	-z, --zero    end with NUL, not a newline, with -ugG
*/
package id

import (
	"context"
	"fmt"
	"strconv"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	var p printer
	flags.BoolVar(&p.user, true, 'u', "user")
	flags.BoolVar(&p.group, true, 'g', "group")
	flags.BoolVar(&p.groups, true, 'G', "groups")
	flags.BoolVar(&p.names, true, 'n', "name")
	real := flags.Bool('r', "real")
	zero := flags.Bool('z', "zero")
	flags.Switch('a', "", func() {})
	users, err := flags.Parse()
	switch {
	case err != nil:
		return err
	case p.count() > 1:
		return x.Fail(1, `cannot print "only" of more than one choice`)
	case p.count() == 0 && (p.names || *real):
		return x.Fail(1, "cannot print only names or real IDs in default format")
	case p.count() == 0 && *zero:
		return x.Fail(1, "option --zero not permitted in default format")
	}
	end := "\n"
	if *zero {
		end = "\x00"
	}
	return p.all(x, users, end)
}

// printer says what to print of a user.
type printer struct{ user, group, groups, names bool }

func (p printer) count() int {
	n := 0
	for _, set := range []bool{p.user, p.group, p.groups} {
		if set {
			n++
		}
	}
	return n
}

func (p printer) all(x *tool.Exec, users []string, end string) error {
	if len(users) == 0 {
		users = []string{tool.User}
	}
	var failed error
	for _, user := range users {
		uid, ok := tool.UserID(user)
		if !ok {
			uid, ok = number(user)
		}
		if !ok {
			failed = x.Fail(1, "%s: no such user", tool.QuoteText(user))
			continue
		}
		if _, err := fmt.Fprint(x.Stdout, p.line(uid), end); err != nil {
			return err
		}
	}
	return failed
}

// number reads the number of a user that there is.
func number(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, false
	}
	_, ok := tool.UserName(n)
	return n, ok
}

// line describes a user, whose own group has the same number.
func (p printer) line(uid int) string {
	user, _ := tool.UserName(uid)
	group, _ := tool.GroupName(uid)
	switch {
	case p.user && p.names:
		return user
	case p.count() == 1 && p.names:
		return group
	case p.count() == 1:
		return strconv.Itoa(uid)
	}
	return fmt.Sprintf("uid=%d(%s) gid=%d(%s) groups=%d(%s)", uid, user, uid, group, uid, group)
}
