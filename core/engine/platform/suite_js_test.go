package platform

import (
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/engine/enginetest"
)

func TestEngine(t *testing.T) {
	enginetest.Run(t, func(t *testing.T, hosts []engine.HostFunc) engine.Engine {
		e, err := New(hosts)
		if err != nil {
			t.Fatal(err)
		}
		return e
	})
}
