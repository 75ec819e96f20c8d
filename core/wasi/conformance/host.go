package conformance

import (
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
