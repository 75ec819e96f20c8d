package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unsafe"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
)

// Engine is the JavaScript host's engine as an engine.Engine.
type Engine struct {
	hosts []engine.HostFunc
	index map[[2]string]int // of hosts, by module and name
}

// New makes an engine. The program must have been started with the glue
// attached. Host functions have nine parameters at most; those that Block have
// values of 32 bits only.
func New(hosts []engine.HostFunc) (*Engine, error) {
	e := &Engine{hosts: hosts, index: map[[2]string]int{}}
	for i, h := range hosts {
		if len(h.Params) > maxParams || len(h.Results) > 1 || h.Blocks && hasWide(h.Params+h.Results) {
			return nil, fmt.Errorf("host function %s.%s has too many parameters, or too wide ones", h.Module, h.Name)
		}
		e.index[[2]string{h.Module, h.Name}] = i
	}
	return e, nil
}

func hasWide(letters string) bool {
	for _, c := range letters {
		if c != 'i' {
			return true
		}
	}
	return false
}

// Suspends reports whether the JavaScript host can suspend a guest, so that a
// host function that Blocks may wait. Where it can't, such a function must not.
func Suspends() bool { return glueSuspends() != 0 }

// Sleep waits until d has passed or ctx ends. Where guests can't be suspended
// the whole thread stands still, and only the deadline of ctx is heard.
func Sleep(ctx context.Context, d time.Duration) error {
	if !Suspends() {
		return sleepThread(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func sleepThread(ctx context.Context, d time.Duration) error {
	until, bounded := ctx.Deadline()
	if bounded {
		d = min(d, time.Until(until))
	}
	if d > 0 {
		glueSleep(float64(d) / float64(time.Millisecond))
	}
	if bounded && !time.Now().Before(until) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// Name is "platform".
func (e *Engine) Name() string { return Name }

// Slice is a millisecond's worth of instructions.
func (e *Engine) Slice() int64 { return 2_000_000 }

// Limits are the default ones.
func (e *Engine) Limits() image.Limits { return image.DefaultLimits() }

// Close has nothing to free: compiled code goes with its module.
func (e *Engine) Close() error { return nil }

// module is compiled code that the glue holds.
type module struct {
	e     *Engine
	id    int32
	pages int32  // that the memory starts with; negative without a memory
	start bool   // there is a start function to call
	reset bool   // memory and globals are all that an instance changes
	stub  []byte // tells the types of exports
}

// Compile has the JavaScript host compile the module, or takes one that it was
// Given.
func (e *Engine) Compile(_ context.Context, p *image.Prepared) (engine.Module, error) {
	m := &module{e: e, id: nextModule, reset: p.Globals != nil, stub: p.Stub}
	nextModule++
	if err := m.compile(p); err != nil {
		glueForget(m.id)
		return nil, fmt.Errorf("compile module: %w", err)
	}
	m.pages = gluePages(m.id)
	return m, nil
}

// nextModule numbers the modules of the program.
var nextModule int32

func (m *module) compile(p *image.Prepared) error {
	imports, err := m.obtain(p)
	if err != nil {
		return err
	}
	var names [][2]string
	if err := json.Unmarshal([]byte(imports), &names); err != nil {
		return err
	}
	indices, types, err := m.e.resolve(names)
	if err != nil {
		return err
	}
	bridge, err := Bridge(types)
	if err != nil {
		return err
	}
	_, err = await(func(ticket int32) {
		glueLink(ticket, m.id, bytesOf(indices), uint32(len(indices)), bytesOf(bridge), uint32(len(bridge)), p.Constant)
	})
	return err
}

// obtain has the module compiled and returns the names of the functions that it
// imports, as JSON.
func (m *module) obtain(p *image.Prepared) (string, error) {
	if name, ok := given(p.Module); ok {
		return await(func(ticket int32) { glueGiven(ticket, m.id, name) })
	}
	wasm, first, err := p.Code()
	if err == nil {
		wasm, err = m.detachStart(wasm)
	}
	if err != nil {
		return "", err
	}
	var start []byte
	if p.HasMemory {
		if start, err = first.AppendBinary(nil); err != nil {
			return "", err
		}
	}
	return await(func(ticket int32) {
		glueCompile(ticket, m.id, bytesOf(wasm), uint32(len(wasm)), bytesOf(start), uint32(len(start)))
	})
}

// detachStart sees to it that the start function does not run before the memory
// is filled.
func (m *module) detachStart(wasm []byte) ([]byte, error) {
	stub, err := image.Parse(m.stub, image.DefaultLimits())
	if err != nil || !stub.Inspect().HasStart {
		return wasm, err
	}
	parsed, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		return nil, err
	}
	m.start = parsed.DetachStart(startExport)
	return parsed.Encode(), nil
}

// How the glue calls a host function.
const (
	modeDirect = 0
	modeBlocks = 1
	modeFuel   = 2 // where the guest is suspended now and then, to let others run
)

// resolve finds the host functions of a module's imports: for each its number
// and mode, and its type.
func (e *Engine) resolve(names [][2]string) (indices []int32, types []image.Import, err error) {
	for _, n := range names {
		i, ok := e.index[n]
		if !ok {
			return nil, nil, fmt.Errorf("import %s.%s: no such host function", n[0], n[1])
		}
		h := &e.hosts[i]
		mode := int32(modeDirect)
		switch {
		case h.Blocks:
			mode = modeBlocks
		case h.Module == image.FuelModule && h.Name == image.FuelFunc:
			mode = modeFuel
		}
		indices = append(indices, int32(i), mode)
		types = append(types, image.Import{Module: n[0], Name: n[1],
			Extern: image.Extern{Params: typesOf(h.Params), Results: typesOf(h.Results)}})
	}
	return indices, types, nil
}

func typesOf(letters string) []image.ValType {
	out := make([]image.ValType, len(letters))
	for i, c := range letters {
		out[i] = image.I32
		if c == 'I' {
			out[i] = image.I64
		}
	}
	return out
}

// await waits for what begin begins, and returns what the glue has to say of it.
func await(begin func(ticket int32)) (string, error) {
	done := make(chan status, 1)
	ticket := live.waiters.add(done)
	defer live.waiters.remove(ticket)
	begin(ticket)
	how := <-done
	said := text(ticket)
	if how != ok {
		return "", errors.New(said)
	}
	return said, nil
}

func text(ticket int32) string {
	b := make([]byte, glueText(ticket, nil, 0))
	glueText(ticket, bytesOf(b), uint32(len(b)))
	return string(b)
}

// Part is a part of what the embedder gave to the glue under a name: "info",
// "code" or "memory". It is empty if there is none.
func Part(name, part string) []byte {
	b := make([]byte, gluePart(name, part, nil, 0))
	gluePart(name, part, bytesOf(b), uint32(len(b)))
	return b
}

// bytesOf is where a slice is in Go's memory.
func bytesOf[T any](p []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p)) }

// Close lets go of the code; instances must have been closed.
func (m *module) Close() error {
	glueForget(m.id)
	return nil
}
