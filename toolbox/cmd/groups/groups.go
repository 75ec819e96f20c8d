/*
Package groups prints the groups of users.

	groups [USER]...

Without USER, those of the current user.
*/
package groups

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	users, err := tool.NewFlags(x).Parse()
	if err != nil {
		return err
	}
	if len(users) == 0 {
		_, err := fmt.Fprintln(x.Stdout, tool.Group)
		return err
	}
	var failed error
	for _, user := range users {
		id, ok := tool.UserID(user)
		if !ok {
			failed = x.Fail(1, "%s: no such user", tool.QuoteText(user))
			continue
		}
		group, _ := tool.GroupName(id)
		if _, err := fmt.Fprintf(x.Stdout, "%s : %s\n", user, group); err != nil {
			return err
		}
	}
	return failed
}
