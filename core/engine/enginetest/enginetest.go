// Package enginetest is the suite that every engine.Engine passes.
package enginetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
)

// Open makes the engine under test with the given host functions.
type Open func(t *testing.T, hosts []engine.HostFunc) engine.Engine

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Open)
	}{
		{"Invoke", testInvoke}, {"HostCall", testHostCall}, {"HostError", testHostError},
		{"HostPanic", testHostPanic}, {"Traps", testTraps}, {"StackOverflow", testStackOverflow},
		{"MemoryLimit", testMemoryLimit}, {"MemoryBounds", testMemoryBounds}, {"Reset", testReset}, {"Constant", testConstant},
		{"GuardedGrowth", testGuardedGrowth}, {"NoReset", testNoReset}, {"NoResetOfTables", testNoResetOfTables}, {"Start", testStart}, {"Isolation", testIsolation},
		{"Parallel", testParallel}, {"Fuel", testFuel}, {"Close", testClose},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

const testMemory = 4 << 20

// fixture is an engine and an instance of one module in it.
type fixture struct {
	module engine.Module
	in     engine.Instance
}

func start(t *testing.T, open Open, hosts []engine.HostFunc, wasm []byte) fixture {
	t.Helper()
	e := open(t, hosts)
	return instance(t, compile(t, e, wasm))
}

func instance(t *testing.T, m engine.Module) fixture {
	t.Helper()
	in, err := m.Instantiate(t.Context(), nil, testMemory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return fixture{m, in}
}

func compile(t *testing.T, e engine.Engine, wasm []byte) engine.Module {
	t.Helper()
	return compileConstant(t, e, wasm, 0)
}

// compileConstant compiles a module that says how much it never writes.
func compileConstant(t *testing.T, e engine.Engine, wasm []byte, constant uint32) engine.Module {
	t.Helper()
	parsed, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsed.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	p.Constant = constant
	m, err := e.Compile(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func (f fixture) call(t *testing.T, export string, params ...uint64) uint64 {
	t.Helper()
	out, err := f.in.Invoke(t.Context(), nil, export, params...)
	if err != nil {
		t.Fatalf("%s: %v", export, err)
	}
	if len(out) == 0 {
		return 0
	}
	return out[0]
}

func get(i uint32) []byte { return op(opLocalGet, uleb(i)) }

func testInvoke(t *testing.T, open Open) {
	var b builder
	b.fn("add", []byte{i32, i32}, []byte{i32}, get(0), get(1), op(opI32Add))
	f := start(t, open, nil, b.build())
	if got := f.call(t, "add", 40, 2); uint32(got) != 42 {
		t.Errorf("add(40, 2) = %d", got)
	}
	if _, err := f.in.Invoke(t.Context(), nil, "missing"); !errors.Is(err, engine.ErrNoExport) {
		t.Errorf("missing export: %v", err)
	}
}

func testHostCall(t *testing.T, open Open) {
	type key struct{}
	var got []any
	hosts := []engine.HostFunc{{Module: "h", Name: "f", Params: "iI", Results: "I", Call: func(c *engine.Call, stack []uint64) error {
		var text [5]byte
		ok := c.Memory.Read(text[:], uint32(stack[0]))
		got = append(got, c.Host, c.Ctx.Value(key{}), ok, string(text[:]), stack[1])
		c.Memory.Write(uint32(stack[0]), []byte("HELLO"))
		stack[0] = stack[1] + 1
		return nil
	}}}
	var b builder
	h := b.hostFunc("h", "f", []byte{i32, i64}, []byte{i64})
	b.mem(1, 1)
	b.text(16, "hello")
	b.fn("run", nil, []byte{i64}, constant(16), op(opI64Const, sleb(1<<40)), op(opCall, uleb(h)))
	f := start(t, open, hosts, b.build())
	out, err := f.in.Invoke(context.WithValue(t.Context(), key{}, "ctx"), "host", "run")
	if err != nil || out[0] != 1<<40+1 {
		t.Fatalf("run = %v, %v", out, err)
	}
	if want := []any{"host", "ctx", true, "hello", uint64(1 << 40)}; !slices.Equal(got, want) {
		t.Errorf("the host function saw %v, want %v", got, want)
	}
	var text [5]byte
	if f.in.Memory().Read(text[:], 16); string(text[:]) != "HELLO" {
		t.Errorf("memory holds %q", text)
	}
}

// testHostError: what a host function returns is what Invoke returns.
func testHostError(t *testing.T, open Open) {
	want := errors.New("enough")
	var b builder
	h := b.hostFunc("h", "f", nil, nil)
	inner := b.fn("", nil, nil, op(opCall, uleb(h)))
	b.fn("run", nil, nil, op(opCall, uleb(inner)), op(opUnreachable))
	f := start(t, open, []engine.HostFunc{{Module: "h", Name: "f", Call: func(*engine.Call, []uint64) error { return want }}}, b.build())
	if _, err := f.in.Invoke(t.Context(), nil, "run"); !errors.Is(err, want) {
		t.Errorf("got %v, want the host function's error", err)
	}
	if f.in.Reset() {
		t.Error("an instance that was unwound can be reset")
	}
}

// THREAT[AB-08]: a fault of ours in an import ends the guest, not the process.
func testHostPanic(t *testing.T, open Open) {
	var b builder
	h := b.hostFunc("h", "f", nil, nil)
	b.fn("run", nil, nil, op(opCall, uleb(h)))
	var nothing *engine.Call
	f := start(t, open, []engine.HostFunc{{Module: "h", Name: "f", Call: func(*engine.Call, []uint64) error {
		return nothing.Ctx.Err() // nil pointer
	}}}, b.build())
	_, err := f.in.Invoke(t.Context(), nil, "run")
	var trap *engine.Trap
	if !errors.As(err, &trap) || trap.Kind != engine.HostPanic {
		t.Errorf("got %v, want a trap of kind %q", err, engine.HostPanic)
	}
}

func testTraps(t *testing.T, open Open) {
	var b builder
	b.mem(1, 1)
	b.fn("unreachable", nil, nil, op(opUnreachable))
	b.fn("bounds", nil, []byte{i32}, constant(65536), load())
	b.fn("div", nil, []byte{i32}, constant(1), constant(0), op(opI32DivS))
	b.fn("overflow", nil, []byte{i32}, constant(-1<<31), constant(-1), op(opI32DivS))
	none := b.typ(nil, nil)
	b.fn("table", nil, nil, constant(7), op(opCallIndirect, uleb(none), []byte{0}))
	b.table = []byte{1, 0x70, 0, 1}
	e := open(t, nil)
	m := compile(t, e, b.build())
	for export, kind := range map[string]engine.TrapKind{
		"unreachable": engine.Unreachable, "bounds": engine.MemoryBounds, "div": engine.DivideByZero,
		"overflow": engine.IntegerOverflow, "table": engine.TableBounds,
	} {
		in, err := m.Instantiate(t.Context(), nil, testMemory)
		if err != nil {
			t.Fatal(err)
		}
		_, err = in.Invoke(t.Context(), nil, export)
		var trap *engine.Trap
		if !errors.As(err, &trap) || trap.Kind != kind {
			t.Errorf("%s: %v, want %q", export, err, kind)
		}
		in.Close()
	}
}

// THREAT[EN-06]: endless recursion is a clean error, and the engine goes on.
func testStackOverflow(t *testing.T, open Open) {
	var b builder
	self := uint32(0)
	b.fn("deep", nil, nil, op(opCall, uleb(self)))
	b.fn("ok", nil, []byte{i32}, constant(7))
	e := open(t, nil)
	m := compile(t, e, b.build())
	for range 2 {
		in, err := m.Instantiate(t.Context(), nil, testMemory)
		if err != nil {
			t.Fatal(err)
		}
		_, err = in.Invoke(t.Context(), nil, "deep")
		var trap *engine.Trap
		if !errors.As(err, &trap) || trap.Kind != engine.StackOverflow {
			t.Errorf("got %v, want a stack overflow", err)
		}
		in.Close()
	}
	in, _ := m.Instantiate(t.Context(), nil, testMemory)
	defer in.Close()
	if out, err := in.Invoke(t.Context(), nil, "ok"); err != nil || out[0] != 7 {
		t.Errorf("after an overflow: %v, %v", out, err)
	}
}

// THREAT[EN-04]: memory grows up to the limit, and says no beyond.
func testMemoryLimit(t *testing.T, open Open) {
	var b builder
	b.mem(1, 65536)
	b.fn("grow", []byte{i32}, []byte{i32}, get(0), op(opMemoryGrow, []byte{0}))
	f := start(t, open, nil, b.build())
	if got := int32(f.call(t, "grow", 7)); got != 1 {
		t.Errorf("grow(7) = %d, want 1", got)
	}
	if f.in.MemoryRefused() {
		t.Error("refused within the limit")
	}
	if got := int32(f.call(t, "grow", testMemory/65536)); got != -1 {
		t.Errorf("growing beyond the limit = %d, want -1", got)
	}
	if !f.in.MemoryRefused() || f.in.Memory().Size() != 8*65536 {
		t.Errorf("refused %v, size %d", f.in.MemoryRefused(), f.in.Memory().Size())
	}
	f.in.SetMaxMemory(8 * 65536)
	if got := int32(f.call(t, "grow", 1)); got != -1 {
		t.Errorf("growing beyond a lowered limit = %d, want -1", got)
	}
	if _, err := f.module.Instantiate(t.Context(), nil, 65535); err == nil {
		t.Error("an instance was made with less memory than it starts with")
	}
}

// THREAT[EN-04]: a prepared module bounds its own memory, on engines that can't.
func testGuardedGrowth(t *testing.T, open Open) {
	var b builder
	b.mem(1, 10)
	b.fn("grow", []byte{i32}, []byte{i32}, get(0), op(opMemoryGrow, []byte{0}))
	f := start(t, open, nil, b.build())
	f.in.SetGlobal(image.MaxPagesGlobal, 3)
	for _, c := range []struct{ delta, want, refused int32 }{
		{0, 1, 0}, {2, 1, 0}, {0, 3, 0}, {1, -1, 1}, {0, 3, 1}, {-1, -1, 1}, {65535, -1, 1},
	} {
		if got := int32(f.call(t, "grow", uint64(uint32(c.delta)))); got != c.want {
			t.Errorf("grow(%d) = %d, want %d", c.delta, got, c.want)
		}
		if refused, _ := f.in.Global(image.RefusedGlobal); int32(refused) != c.refused {
			t.Errorf("after grow(%d), refused is %d", c.delta, refused)
		}
	}
}

// THREAT[AB-01]: the host reaches all of the memory and nothing else.
func testMemoryBounds(t *testing.T, open Open) {
	var b builder
	b.mem(2, 4)
	f := start(t, open, nil, b.build())
	const size = 2 * 65536
	for _, c := range []struct {
		off uint32
		n   int
		ok  bool
	}{
		{0, size, true}, {0, size + 1, false}, {size - 1, 1, true}, {size - 1, 2, false}, {size, 0, true},
		{size, 1, false}, {size + 1, 0, false}, {1<<32 - 1, 1, false}, {1<<32 - 1, 2, false}, {1 << 31, 1, false},
	} {
		p := make([]byte, c.n)
		if got := f.in.Memory().Read(p, c.off); got != c.ok {
			t.Errorf("Read(%d at %d) = %v", c.n, c.off, got)
		}
		if got := f.in.Memory().Write(c.off, p); got != c.ok {
			t.Errorf("Write(%d at %d) = %v", c.n, c.off, got)
		}
		if v, ok := f.in.Memory().View(c.off, uint32(c.n)); ok && (!c.ok || len(v) != c.n) {
			t.Errorf("View(%d at %d) = %d bytes", c.n, c.off, len(v))
		}
	}
}

// counter is a module that counts in a global and in its memory.
func counter() []byte {
	var b builder
	b.mem(1, 8)
	b.text(8, "\x05\x00\x00\x00")
	g := b.global(100)
	b.fn("bump", nil, []byte{i32},
		op(opGlobalGet, uleb(g)), constant(1), op(opI32Add), op(opGlobalSet, uleb(g)),
		constant(8), constant(8), load(), constant(1), op(opI32Add), store(),
		constant(65532), constant(99), store(),
		op(opGlobalGet, uleb(g)), constant(8), load(), op(opI32Add))
	b.fn("tail", nil, []byte{i32}, constant(65532), load())
	b.fn("grow", nil, []byte{i32}, constant(1), op(opMemoryGrow, []byte{0}))
	return b.build()
}

// THREAT[SE-03]: nothing of a run is left after a reset.
func testReset(t *testing.T, open Open) {
	f := start(t, open, nil, counter())
	for range 3 {
		if got := f.call(t, "tail"); got != 0 {
			t.Errorf("memory holds %d of an earlier run", got)
		}
		for want := uint64(107); want <= 111; want += 2 {
			if got := f.call(t, "bump"); got != want {
				t.Errorf("bump = %d, want %d", got, want)
			}
		}
		if !f.in.Reset() {
			t.Fatal("can't be reset")
		}
	}
}

// THREAT[SE-03]: what a module says that it never writes is left alone by a
// reset at most, and not when the instance changes hands.
func testConstant(t *testing.T, open Open) {
	const constant = 32768
	f := instance(t, compileConstant(t, open(t, nil), counter(), constant))
	memory := f.in.Memory()
	places := map[uint32]byte{0: 0, 8: 5, constant - 4: 0, constant: 0, 65532: 0}
	for range 3 {
		for at := range places {
			memory.Write(at, []byte{1, 2, 3, 4})
		}
		if !f.in.Reset() {
			t.Fatal("can't be reset")
		}
		f.call(t, "tail") // a reset may wait for the next call
		if s, ok := f.in.(engine.Scrubber); ok {
			s.Scrub()
		}
		for at, want := range places {
			got := make([]byte, 4)
			if memory.Read(got, at); got[0] != want || got[1] != 0 {
				t.Errorf("%v is left at %d", got, at)
			}
		}
	}
}

func testNoReset(t *testing.T, open Open) {
	f := start(t, open, nil, counter())
	f.call(t, "grow")
	if f.in.Reset() {
		t.Error("an instance whose memory grew was reset: a memory can't shrink")
	}
	if f.in.Reset() {
		t.Error("a closed instance was reset")
	}
}

// testNoResetOfTables: memory and globals are not all that this module changes.
func testNoResetOfTables(t *testing.T, open Open) {
	const opTableSet, opRefNull, funcRef = 0x26, 0xd0, 0x70
	var b builder
	b.mem(1, 1)
	b.table = []byte{1, funcRef, 0, 1}
	b.fn("clear", nil, nil, constant(0), op(opRefNull, []byte{funcRef}), op(opTableSet, []byte{0}))
	f := start(t, open, nil, b.build())
	f.call(t, "clear")
	if f.in.Reset() {
		t.Error("an instance whose table may have changed was reset")
	}
}

func testStart(t *testing.T, open Open) {
	var b builder
	h := b.hostFunc("h", "f", []byte{i32}, nil)
	b.mem(1, 1)
	b.text(0, "\x2a")
	s := b.fn("", nil, nil, constant(0), load(), op(opCall, uleb(h)))
	b.start = uleb(s)
	e := open(t, []engine.HostFunc{{Module: "h", Name: "f", Params: "i", Call: func(c *engine.Call, stack []uint64) error {
		var p [1]byte
		if !c.Memory.Read(p[:], 0) || p[0] != 42 {
			return errors.New("no memory in a start function")
		}
		return c.Host.(error)
	}}})
	m := compile(t, e, b.build())
	want := errors.New("from the start function")
	if _, err := m.Instantiate(t.Context(), want, testMemory); !errors.Is(err, want) {
		t.Errorf("Instantiate = %v", err)
	}
}

// THREAT[SE-03]: instances of one module share nothing.
func testIsolation(t *testing.T, open Open) {
	f := start(t, open, nil, counter())
	other, err := f.module.Instantiate(t.Context(), nil, testMemory)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	f.call(t, "bump")
	f.call(t, "bump")
	if out, err := other.Invoke(t.Context(), nil, "bump"); err != nil || out[0] != 107 {
		t.Errorf("the other instance counts %v, %v", out, err)
	}
	fresh, err := f.module.Instantiate(t.Context(), nil, testMemory)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	if out, err := fresh.Invoke(t.Context(), nil, "tail"); err != nil || out[0] != 0 {
		t.Errorf("a new instance starts with %v, %v", out, err)
	}
}

func testParallel(t *testing.T, open Open) {
	f := start(t, open, nil, counter())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				in, err := f.module.Instantiate(t.Context(), nil, testMemory)
				if err != nil {
					t.Error(err)
					return
				}
				if out, err := in.Invoke(t.Context(), nil, "bump"); err != nil || out[0] != 107 {
					t.Errorf("bump = %v, %v", out, err)
				}
				in.Close()
			}
		})
	}
	wg.Wait()
}

// THREAT[EN-07]: a metered loop ends when the fuel is not refilled.
func testFuel(t *testing.T, open Open) {
	var b builder
	b.fn("spin", nil, nil, op(opLoop, []byte{0x40}), op(opBr, []byte{0}), op(opEnd))
	metered, err := image.Meter(b.build())
	if err != nil {
		t.Fatal(err)
	}
	stop := errors.New("out of fuel")
	refills := 0
	f := start(t, open, []engine.HostFunc{{Module: "sandbox", Name: "__fuel_exhausted", Call: func(c *engine.Call, _ []uint64) error {
		if refills++; refills > 3 {
			return stop
		}
		c.Instance.SetGlobal("__fuel", 1000)
		return nil
	}}}, metered)
	f.in.SetGlobal("__fuel", 1000)
	if _, err := f.in.Invoke(t.Context(), nil, "spin"); !errors.Is(err, stop) || refills != 4 {
		t.Errorf("got %v after %d refills", err, refills)
	}
	if left, ok := f.in.Global("__fuel"); !ok || int64(left) >= 0 {
		t.Errorf("counter is %d, %v", int64(left), ok)
	}
}

func testClose(t *testing.T, open Open) {
	f := start(t, open, nil, counter())
	if err := errors.Join(f.in.Close(), f.in.Close()); err != nil {
		t.Error(err)
	}
}
