package main

import (
	"slices"
	"time"
)

const (
	// spend is how long one measurement goes on, at least.
	spend = 600 * time.Millisecond
	// rounds is how often those that are compared take turns, so that a
	// machine that slows down for a while does so for all of them.
	rounds = 6
)

// median runs work again and again, for a while, and returns the median time.
func median(work func() error) (time.Duration, error) {
	m, err := medians(work)
	if err != nil {
		return 0, err
	}
	return m[0], nil
}

// medians is median of several, which take turns.
func medians(works ...func() error) ([]time.Duration, error) {
	times := make([][]time.Duration, len(works))
	for _, work := range works {
		if err := work(); err != nil { // not measured: caches fill
			return nil, err
		}
	}
	for range rounds {
		for i, work := range works {
			took, err := repeat(work)
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], took...)
		}
	}
	out := make([]time.Duration, len(works))
	for i, t := range times {
		slices.Sort(t)
		out[i] = t[len(t)/2]
	}
	return out, nil
}

// repeat runs work for one turn and returns how long each run took.
func repeat(work func() error) (times []time.Duration, err error) {
	for begun := time.Now(); len(times) == 0 || time.Since(begun) < spend/rounds; {
		took, err := once(work)
		if err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return times, nil
}

// medianRatio is how much longer one work takes than another, by the median of
// many pairs, each of a run of both: for differences that are smaller than those
// between one moment of the machine and the next.
func medianRatio(one, other func() error) (float64, error) {
	const pairs = 30
	var ratios []float64
	for range 1 + pairs {
		a, err := once(one)
		if err != nil {
			return 0, err
		}
		b, err := once(other)
		if err != nil {
			return 0, err
		}
		ratios = append(ratios, float64(a)/float64(b))
	}
	ratios = ratios[1:] // caches were filled
	slices.Sort(ratios)
	return ratios[pairs/2], nil
}

func once(work func() error) (time.Duration, error) {
	start := time.Now()
	err := work()
	return time.Since(start), err
}
