package core

import (
	"agentsandbox/core/engine"
	"agentsandbox/core/guest"
	"agentsandbox/core/image"
)

// callStack is what a guest may take of the host's memory by calls within calls.
// Every guest may take a little; few at a time may take all that their limit allows,
// since it is not part of their linear memory.
//
// THREAT[M7] [EN-06] many deep recursions at once wait for one another.
type callStack struct {
	limit int64         // bytes, as package image estimates them
	gate  chan struct{} // has room for as many as may be deep; nil where the engine bounds them all
	deep  bool          // holds a place in the gate, or would
}

// firstStack is what every guest may take.
func (s *callStack) firstStack() int64 { return min(s.limit, int64(guest.MeterOptions.Stack)) }

// start sets the counter for the next call.
func (s *callStack) start(in engine.Instance) {
	left := s.firstStack()
	if s.deep {
		left = s.limit
	}
	in.SetGlobal(image.StackGlobal, uint64(uint32(left)))
}

// grow lets a guest go deeper whose counter is below zero, or says why not.
func (s *callStack) grow(m *meter, in engine.Instance) error {
	global, _ := in.Global(image.StackGlobal)
	left := int32(uint32(global))
	if left >= 0 {
		return nil
	}
	more := s.limit - s.firstStack()
	if s.deep || more == 0 {
		return s.exhausted(left)
	}
	if s.gate != nil {
		select {
		case s.gate <- struct{}{}:
		case <-m.ctx.Done():
			return m.interruption()
		}
	}
	s.deep = true
	if int64(left)+more < 0 {
		return s.exhausted(left + int32(more))
	}
	in.SetGlobal(image.StackGlobal, uint64(uint32(left+int32(more))))
	return nil
}

func (s *callStack) exhausted(left int32) error {
	return &LimitError{Kind: LimitStack, Max: s.limit, Used: s.limit - int64(left)}
}

// close gives the place in the gate back.
func (s *callStack) close() {
	if s.deep && s.gate != nil {
		<-s.gate
	}
	s.deep = false
}
