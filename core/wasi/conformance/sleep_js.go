package conformance

import (
	"context"
	"time"
)

// sleep burns the time: on js a guest's call may not wait.
func sleep(ctx context.Context, d time.Duration) error {
	for start := time.Now(); time.Since(start) < d; {
	}
	return ctx.Err()
}
