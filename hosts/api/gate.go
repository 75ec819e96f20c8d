package api

import (
	"context"
	"errors"
	"time"
)

// ErrOverloaded is why a request is refused that could be served later.
var ErrOverloaded = errors.New("too much is running: try again later")

// Gate bounds how many commands run at once. The others wait for their turn, as
// many and as long as it says.
type Gate struct {
	all, running chan struct{}
	patience     time.Duration
}

// NewGate makes a gate. running must be positive; queue is how many may wait.
func NewGate(running, queue int, patience time.Duration) *Gate {
	return &Gate{make(chan struct{}, running+queue), make(chan struct{}, running), patience}
}

// enter waits for a turn, which ends with leave. A nil gate is open.
func (g *Gate) enter(ctx context.Context) (leave func(), err error) {
	if g == nil {
		return func() {}, nil
	}
	select {
	case g.all <- struct{}{}:
	default:
		return nil, ErrOverloaded
	}
	late := time.NewTimer(g.patience)
	defer late.Stop()
	select {
	case g.running <- struct{}{}:
		return func() { <-g.running; <-g.all }, nil
	case <-late.C:
		err = ErrOverloaded
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	<-g.all
	return nil, err
}
