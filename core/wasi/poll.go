package wasi

import (
	"context"
	"encoding/binary"
	"math"
	"reflect"
	"time"

	"agentsandbox/vfs"
)

const (
	maxSubscriptions = 4096
	subscriptionSize = 48
	eventSize        = 32
)

// Types of a subscription and its event.
const (
	eventClock = 0
	eventRead  = 1
	eventWrite = 2
)

// subscription is what a guest waits for, and what has come of it.
type subscription struct {
	user uint64
	kind uint8

	wait time.Duration // of a clock: how long from now
	open *open         // of a descriptor

	ready bool
	errno vfs.Errno
}

// pollOneoff waits until one at least of several things has happened: a clock
// has reached a time, a descriptor can be read or written.
func pollOneoff(c call) vfs.Errno {
	in, out, n, result := c.u32(0), c.u32(1), c.u32(2), c.u32(3)
	switch {
	case n == 0 || n > maxSubscriptions:
		return vfs.EINVAL
	case !c.fits(in, n*subscriptionSize) || !c.fits(out, n*eventSize) || !c.fits(result, 4):
		return vfs.EFAULT
	}
	var few [4]subscription
	subs := few[:0]
	for i := range n {
		s, errno := c.subscription(in + i*subscriptionSize)
		if errno != success {
			return errno
		}
		subs = append(subs, s)
	}
	if errno := c.await(subs); errno != success {
		return errno
	}
	return c.putEvents(out, result, subs)
}

// subscription reads one subscription. What is wrong with it alone is told in
// its event.
func (c call) subscription(off uint32) (s subscription, errno vfs.Errno) {
	b := c.p.tmp[:subscriptionSize]
	if errno := c.get(b, off); errno != success {
		return s, errno
	}
	s.user, s.kind = binary.LittleEndian.Uint64(b), b[8]
	switch s.kind {
	case eventClock:
		s.wait, s.errno = c.clockWait(b[16:])
	case eventRead:
		s.open, s.errno = c.polled(b[16:], rightRead)
	case eventWrite:
		s.open, s.errno = c.polled(b[16:], rightWrite)
	default:
		return s, vfs.EINVAL
	}
	s.ready = s.errno != success || s.kind == eventWrite
	return s, success
}

// clockWait is how long it is until the time of a clock subscription.
func (c call) clockWait(b []byte) (time.Duration, vfs.Errno) {
	const absolute = 1
	clock, timeout := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint64(b[8:])
	flags := binary.LittleEndian.Uint16(b[24:])
	if clock > clockMonotonic || flags&^absolute != 0 {
		return 0, vfs.EINVAL
	}
	until := int64(min(timeout, math.MaxInt64))
	if flags&absolute != 0 {
		until = max(0, until-c.p.time(clock)) // neither is negative
	}
	return time.Duration(until), success
}

func (c call) polled(b []byte, may rights) (*open, vfs.Errno) {
	d, errno := c.usable(binary.LittleEndian.Uint32(b), may)
	if errno != success {
		return nil, errno
	}
	return d.open, success
}

// await returns when one of subs is ready, and has marked those that are.
func (c call) await(subs []subscription) vfs.Errno {
	var few [2]*stream
	inputs := few[:0]
	wait, timed, ready := time.Duration(0), false, false
	for i := range subs {
		switch s := &subs[i]; {
		case s.ready:
		case s.kind == eventClock:
			if !timed || s.wait < wait {
				wait, timed = s.wait, true
			}
		default:
			if s.ready = !s.open.isStream() || s.open.ready(); !s.ready {
				inputs = append(inputs, &s.open.stream)
			}
		}
		ready = ready || subs[i].ready
	}
	if ready {
		wait = 0
	}
	elapsed, errno := c.pause(inputs, wait, timed || ready)
	for i := range subs {
		switch s := &subs[i]; {
		case s.ready:
		case s.kind == eventClock:
			s.ready = elapsed && s.wait <= wait
		default:
			s.ready = s.open.ready()
		}
	}
	return errno
}

// pause waits for input, if there is any to come, and for a time, if it is
// timed. It reports whether the time is over.
func (c call) pause(inputs []*stream, wait time.Duration, timed bool) (elapsed bool, errno vfs.Errno) {
	switch {
	case timed && wait <= 0:
		return true, success
	case len(inputs) == 0 || timed && c.p.cfg.Sleep == nil:
		return true, c.sleep(wait)
	}
	over := make(chan struct{})
	if timed {
		ctx, cancel := context.WithCancel(c.ctx)
		defer cancel()
		sleep := c.p.cfg.Sleep
		go func() {
			defer close(over)
			_ = sleep(ctx, wait) // cancelled with c.ctx, or when there is input
		}()
	}
	elapsed = c.first(inputs, over)
	if c.ctx.Err() != nil {
		return false, c.interrupted()
	}
	return elapsed, success
}

// first waits until one of inputs has come, the context has ended, or over is
// closed, which it reports.
func (c call) first(inputs []*stream, over <-chan struct{}) (elapsed bool) {
	if len(inputs) == 1 {
		select {
		case res := <-inputs[0].done:
			inputs[0].settle(res)
		case <-c.ctx.Done():
		case <-over:
			return true
		}
		return false
	}
	cases := make([]reflect.SelectCase, 0, len(inputs)+2)
	for _, in := range inputs {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(in.done)})
	}
	cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c.ctx.Done())},
		reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(over)})
	which, value, _ := reflect.Select(cases)
	if which < len(inputs) {
		inputs[which].settle(value.Interface().(result))
	}
	return which == len(inputs)+1
}

// putEvents puts an event for each of subs that is ready, and their number.
func (c call) putEvents(out, result uint32, subs []subscription) vfs.Errno {
	count := uint32(0)
	for i := range subs {
		if !subs[i].ready {
			continue
		}
		c.event(c.p.tmp[:eventSize], &subs[i])
		if errno := c.put(out+count*eventSize, c.p.tmp[:eventSize]); errno != success {
			return errno
		}
		count++
	}
	return c.putU32(result, count)
}

func (c call) event(b []byte, s *subscription) {
	const hangup = 1
	clear(b)
	binary.LittleEndian.PutUint64(b, s.user)
	binary.LittleEndian.PutUint16(b[8:], uint16(s.errno))
	b[10] = s.kind
	if s.open == nil {
		return
	}
	n, end := s.room()
	binary.LittleEndian.PutUint64(b[16:], n)
	if end {
		binary.LittleEndian.PutUint16(b[24:], hangup)
	}
}

// room is how many bytes can be read or written at once, as far as that is
// known, and whether a stream has come to its end.
func (s *subscription) room() (n uint64, end bool) {
	if s.kind == eventWrite {
		return blockSize, false
	}
	if s.open.isStream() {
		n, end := s.open.available()
		return uint64(n), end
	}
	info, err := s.open.file.Stat()
	if err != nil {
		return 0, false
	}
	return uint64(max(0, info.Size-s.open.pos)), false
}
