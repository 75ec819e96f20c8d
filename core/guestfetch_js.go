package core

import (
	"context"

	"agentsandbox/core/engine/platform"
	"agentsandbox/core/fetch"
)

// guestFetch is how a guest makes requests. One that can't be suspended would
// wait for ever: the answer comes by the event loop that it stands in.
func (rt *Runtime) guestFetch(c *fetch.Client) fetch.Doer {
	if rt.guestWaits() {
		return c
	}
	if inline := c.Inline(); inline != nil {
		return inline
	}
	return noWait{}
}

// guestWaits reports whether a guest can wait in a call.
func (rt *Runtime) guestWaits() bool {
	return platform.Suspends() || rt.engine.Name() != platform.Name
}

// noWait refuses all requests.
type noWait struct{}

// Do implements fetch.Doer.
func (noWait) Do(context.Context, *fetch.Request) (*fetch.Response, error) {
	return nil, &fetch.Error{Kind: fetch.KindConnect, Detail: "this JavaScript host can't suspend a guest (no JSPI), so commands can't use the network: call fetch from outside"}
}
