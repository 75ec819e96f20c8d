package conformance

import (
	"context"
	"crypto/rand"
	"time"

	"agentsandbox/core/wasi"
)

// Host is a configuration with the clock, the sleep and the random numbers of
// the machine, and nothing else.
func Host() wasi.Config {
	start := time.Now()
	return wasi.Config{
		Now:       func() int64 { return time.Now().UnixNano() },
		Monotonic: func() int64 { return int64(time.Since(start)) },
		Sleep:     sleep,
		Rand:      rand.Reader,
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
