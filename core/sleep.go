//go:build !js

package core

import (
	"context"
	"time"
)

// hostFiles says that guests may be given directories of the host.
const hostFiles = true

// sleep waits as a guest asks, no longer than its context.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
