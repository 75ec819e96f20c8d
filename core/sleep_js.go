package core

import (
	"context"
	"time"

	"agentsandbox/core/engine/platform"
)

// sleep waits as a guest asks, no longer than its context.
func sleep(ctx context.Context, d time.Duration) error { return platform.Sleep(ctx, d) }
