package platform

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"agentsandbox/core/engine"
)

// sleeper is a guest whose export "run" calls h.wait twice and adds up what it
// returns.
func sleeper(t *testing.T, e *Engine) engine.Module {
	t.Helper()
	wasm := slices.Concat([]byte("\x00asm\x01\x00\x00\x00"),
		[]byte{1, 5, 1, 0x60, 0, 1, i32},
		[]byte{2, 10, 1, 1, 'h', 4, 'w', 'a', 'i', 't', 0, 0},
		[]byte{3, 2, 1, 0},
		[]byte{7, 7, 1, 3, 'r', 'u', 'n', 0, 1},
		[]byte{10, 9, 1, 7, 0, opCall, 0, opCall, 0, 0x6a, opEnd})
	return compiled(t, e, wasm)
}

// waiting makes an engine with the one host function h.wait, which Blocks.
func waiting(t *testing.T, wait func(ctx context.Context) (int, error)) *Engine {
	t.Helper()
	e, err := New([]engine.HostFunc{{Module: "h", Name: "wait", Results: "i", Blocks: true,
		Call: func(c *engine.Call, stack []uint64) error {
			n, err := wait(c.Ctx)
			stack[0] = uint64(n)
			return err
		}}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func run(t *testing.T, ctx context.Context, m engine.Module) (uint64, error) {
	t.Helper()
	in, err := m.Instantiate(ctx, nil, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := in.Invoke(ctx, nil, "run")
	if err != nil {
		return 0, err
	}
	return out[0], nil
}

func needSuspension(t *testing.T) {
	t.Helper()
	if !Suspends() {
		t.Skip("this JavaScript host can't suspend WebAssembly")
	}
}

func TestBlockingCallThatDoesNotWait(t *testing.T) {
	e := waiting(t, func(context.Context) (int, error) { return 21, nil })
	if got, err := run(t, t.Context(), sleeper(t, e)); err != nil || got != 42 {
		t.Errorf("run = %d, %v", got, err)
	}
}

// Guests that wait let one another run, and each gets its own result.
func TestSuspendedGuestsInterleave(t *testing.T) {
	needSuspension(t)
	type key struct{}
	const guests = 5
	arrived, release := make(chan bool, guests), make(chan bool)
	e := waiting(t, func(ctx context.Context) (int, error) {
		arrived <- true
		<-release
		return ctx.Value(key{}).(int), nil
	})
	m := sleeper(t, e)
	var wg sync.WaitGroup
	for i := range guests {
		wg.Go(func() {
			got, err := run(t, context.WithValue(t.Context(), key{}, i), m)
			if err != nil || got != uint64(2*i) {
				t.Errorf("guest %d: %d, %v", i, got, err)
			}
		})
	}
	for range guests {
		<-arrived // all of them wait at once
	}
	close(release)
	wg.Wait()
}

func TestSuspendedForATime(t *testing.T) {
	needSuspension(t)
	e := waiting(t, func(ctx context.Context) (int, error) { return 1, Sleep(ctx, 2*time.Millisecond) })
	start := time.Now()
	if got, err := run(t, t.Context(), sleeper(t, e)); err != nil || got != 2 {
		t.Errorf("run = %d, %v", got, err)
	}
	if d := time.Since(start); d < 4*time.Millisecond {
		t.Errorf("two sleeps of 2 ms took %v", d)
	}
}

// THREAT[EN-08]: a call that waits ends with its context, and the guest with it.
func TestSuspendedCallIsCancelled(t *testing.T) {
	needSuspension(t)
	ctx, cancel := context.WithCancel(t.Context())
	e := waiting(t, func(ctx context.Context) (int, error) {
		go cancel()
		<-ctx.Done()
		return 0, ctx.Err()
	})
	if _, err := run(t, ctx, sleeper(t, e)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestSuspendedCallPanics(t *testing.T) {
	needSuspension(t)
	e := waiting(t, func(ctx context.Context) (int, error) {
		if err := Sleep(ctx, time.Millisecond); err != nil {
			return 0, err
		}
		panic("at last")
	})
	var trap *engine.Trap
	if _, err := run(t, t.Context(), sleeper(t, e)); !errors.As(err, &trap) || trap.Kind != engine.HostPanic {
		t.Errorf("got %v", err)
	}
}

// Where there is no suspension, Sleep stops the thread and minds the deadline.
func TestSleepStopsTheThread(t *testing.T) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if err := sleepThread(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if d := time.Since(start); d < 5*time.Millisecond {
		t.Errorf("took %v", d)
	}
	if err := sleepThread(t.Context(), time.Millisecond); err != nil {
		t.Error(err)
	}
}
