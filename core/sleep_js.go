package core

import (
	"context"
	"time"

	"agentsandbox/core/engine/platform"
)

// hostFiles says that guests may not be given directories of the host: Go reads
// files there by waiting for JavaScript, which a guest's call can't.
const hostFiles = false

// sleep waits as a guest asks, no longer than its context.
func sleep(ctx context.Context, d time.Duration) error { return platform.Sleep(ctx, d) }
