package main

import (
	"slices"
	"time"
)

// spend is how long one measurement goes on, at least.
const spend = 600 * time.Millisecond

// median runs work again and again, for a while, and returns the median time.
func median(work func() error) (time.Duration, error) {
	if err := work(); err != nil { // not measured: caches fill
		return 0, err
	}
	var times []time.Duration
	for begun := time.Now(); len(times) < 3 || time.Since(begun) < spend && len(times) < 2000; {
		start := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
