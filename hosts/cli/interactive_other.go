//go:build js || wasip1

package main

import (
	"context"
	"errors"
)

// interactive needs a terminal, which these systems do not have.
func (a *app) interactive(context.Context, *options) int {
	return a.fail(errors.New("sh: no interactive shell on this system: give -c SCRIPT or a FILE"))
}
