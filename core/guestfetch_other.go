//go:build !js

package core

import "agentsandbox/core/fetch"

// guestFetch is how a guest makes requests.
func (rt *Runtime) guestFetch(c *fetch.Client) fetch.Doer { return c }

// guestWaits reports whether a guest can wait in a call.
func (rt *Runtime) guestWaits() bool { return true }
