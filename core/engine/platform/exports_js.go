package platform

import (
	"runtime"

	"agentsandbox/core/engine"
)

// live is what the glue knows by number. An export is a plain function, so
// what it works on has to be found here; the program is one thread.
var live struct {
	instances slots[*instance]
	waiters   slots[chan status]
}

// slots hands out small numbers for things.
type slots[T any] struct {
	items []T
	free  []int32
}

func (s *slots[T]) add(item T) int32 {
	if n := len(s.free); n > 0 {
		i := s.free[n-1]
		s.free = s.free[:n-1]
		s.items[i] = item
		return i
	}
	s.items = append(s.items, item)
	return int32(len(s.items) - 1)
}

func (s *slots[T]) remove(i int32) {
	var none T
	s.items[i] = none
	s.free = append(s.free, i)
}

// status is how something ended, as the glue and Go tell each other.
type status int32

const (
	ok       status = 0
	failed   status = 1 // a host function's error is in the instance; else the text tells
	trapped  status = 2 // the text tells
	noExport status = 3
	pending  status = 4 // the guest has to be suspended
)

// done says that what the ticket was for has ended.
//
//go:wasmexport agentsandbox_done
func done(ticket, how int32) { live.waiters.items[ticket] <- status(how) }

// call calls a host function for the bridge.
//
//go:wasmexport agentsandbox_call
func call(handle, index int32, a0, a1, a2, a3, a4, a5, a6, a7, a8 uint64) uint64 {
	in := live.instances.items[handle]
	if in.serving {
		return uint64(failed) << 32
	}
	in.serving = true
	in.stack = [maxParams]uint64{a0, a1, a2, a3, a4, a5, a6, a7, a8}
	how := in.serve(&in.m.e.hosts[index])
	in.serving = false
	return uint64(how)<<32 | uint64(uint32(in.stack[0]))
}

// wide is the result of the last call, all of it.
//
//go:wasmexport agentsandbox_wide
func wide(handle int32) uint64 { return live.instances.items[handle].stack[0] }

// begin calls a host function that may take its time: if it has to wait, the
// answer is pending, and glueWake follows. Its parameters are 32 bits wide.
//
//go:wasmexport agentsandbox_begin
func begin(handle, index, a0, a1, a2, a3, a4, a5, a6, a7, a8 int32) int32 {
	in := live.instances.items[handle]
	for i, a := range [maxParams]int32{a0, a1, a2, a3, a4, a5, a6, a7, a8} {
		in.stack[i] = uint64(uint32(a))
	}
	h := &in.m.e.hosts[index]
	if !h.Blocks {
		return int32(in.serve(h))
	}
	in.how, in.suspended = pending, false
	go in.serveBlocking(h)
	// Nothing else runs Go before this returns, so let the goroutine run until
	// it is done or waits. This call is never idle, which is what it must not be.
	runtime.Gosched()
	in.suspended = in.how == pending
	return int32(in.how)
}

func (in *instance) serveBlocking(h *engine.HostFunc) {
	in.how = in.serve(h)
	if in.suspended {
		glueWake(in.handle, int32(in.how), int32(in.stack[0]))
	}
}

// narrow is the result of the last begin.
//
//go:wasmexport agentsandbox_narrow
func narrow(handle int32) int32 { return int32(live.instances.items[handle].stack[0]) }
