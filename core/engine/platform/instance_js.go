package platform

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
)

// instance is a running module. After an error it is spent: what is on the guest's
// own stack is anyone's guess.
type instance struct {
	m      *module
	handle int32
	ticket int32
	done   chan status
	call   engine.Call
	err    error // what a host function ended the guest with
	spent  bool
	closed bool

	// Of the host function that is being served.
	stack     [maxParams]uint64
	serving   bool // it is being called directly, or else it waited
	how       status
	suspended bool
}

// errWaited is the end of a guest one of whose calls waited where it must not:
// the JavaScript host has then gone on as if the call were over.
var errWaited = errors.New("a host function waited where it can't")

var errClosed = errors.New("instance is closed")

// noHandle is the handle of an instance that is closed: numbers are given out
// again, and nothing may reach the next one by an old number.
const noHandle = -1

const pageSize = 64 << 10

// Instantiate makes an instance whose memory holds what it starts with.
func (m *module) Instantiate(ctx context.Context, host any, maxMemory uint64) (engine.Instance, error) {
	if int64(m.pages)*pageSize > int64(maxMemory) {
		return nil, engine.TooLittleMemory(uint64(m.pages)*pageSize, maxMemory)
	}
	in := &instance{m: m, done: make(chan status, 1)}
	in.handle = live.instances.add(in)
	in.ticket = live.waiters.add(in.done)
	in.call = engine.Call{Instance: in, Memory: memory{in}}
	glueInstantiate(in.ticket, m.id, in.handle, pagesOf(maxMemory))
	err := in.outcome(<-in.done)
	if err == nil && m.start {
		_, err = in.Invoke(ctx, host, startExport)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func pagesOf(bytes uint64) uint32 { return uint32(min(bytes/pageSize, 1<<16)) }

func (in *instance) Invoke(ctx context.Context, host any, export string, params ...uint64) ([]uint64, error) {
	if in.closed {
		return nil, errClosed
	}
	letters, err := in.m.exportType(export, len(params))
	if err != nil {
		return nil, err
	}
	in.call.Ctx, in.call.Host = ctx, host
	glueInvoke(in.ticket, in.handle, export, letters, bytesOf(params))
	how := <-in.done
	in.call.Ctx, in.call.Host = nil, nil
	if in.serving {
		in.spent = true
		return nil, errWaited
	}
	if how == noExport {
		return nil, fmt.Errorf("%w: %s", engine.ErrNoExport, export)
	}
	if err := in.outcome(how); err != nil {
		in.spent = true
		return nil, err
	}
	return in.results(), nil
}

// results fetches what the guest's function returned.
func (in *instance) results() []uint64 {
	out := make([]uint64, glueResults(in.handle))
	for i := range out {
		out[i] = glueResult(in.handle, int32(i))
	}
	return out
}

// exportType is the letters of an export's parameters. Most calls have none,
// and need no look at the module.
func (m *module) exportType(export string, params int) (string, error) {
	if params == 0 {
		return "", nil
	}
	parsed, err := image.Parse(m.stub, image.DefaultLimits())
	if err != nil {
		return "", err
	}
	for _, e := range parsed.Inspect().Exports {
		if e.Name != export || e.Kind != image.ExternFunc {
			continue
		}
		if len(e.Params) != params {
			return "", fmt.Errorf("%s has %d parameters, not %d", export, len(e.Params), params)
		}
		letters, err := lettersOf(e.Params)
		return letters, err
	}
	return "", fmt.Errorf("%w: %s", engine.ErrNoExport, export)
}

func lettersOf(types []image.ValType) (string, error) {
	var out []byte
	for _, t := range types {
		switch t {
		case image.I32:
			out = append(out, 'i')
		case image.I64:
			out = append(out, 'I')
		default:
			return "", errors.New("a parameter that is no integer")
		}
	}
	return string(out), nil
}

// outcome is the error that a call into the guest ended with.
func (in *instance) outcome(how status) error {
	switch how {
	case ok:
		return nil
	case failed:
		if err := in.err; err != nil {
			in.err = nil
			return err
		}
		return errors.New(text(in.ticket))
	}
	said := text(in.ticket)
	return &engine.Trap{Kind: trapKind(said), Detail: said}
}

// serve calls a host function. A panic ends the guest, not the program.
func (in *instance) serve(h *engine.HostFunc) (how status) {
	defer func() {
		if r := recover(); r != nil {
			in.err, how = &engine.Trap{Kind: engine.HostPanic, Detail: fmt.Sprint(r)}, failed
		}
	}()
	if err := h.Call(&in.call, in.stack[:]); err != nil {
		in.err = err
		return failed
	}
	return ok
}

func (in *instance) Memory() engine.Memory { return memory{in} }

func (in *instance) Global(name string) (uint64, bool) {
	var v uint64
	ok := glueGlobal(in.handle, name, unsafe.Pointer(&v)) != 0
	return v, ok
}

func (in *instance) SetGlobal(name string, value uint64) bool {
	return glueSetGlobal(in.handle, name, value) != 0
}

func (in *instance) SetMaxMemory(max uint64) {
	in.SetGlobal(image.MaxPagesGlobal, uint64(pagesOf(max)))
}

// Trim has nothing to free.
func (in *instance) Trim() {}

func (in *instance) MemoryRefused() bool {
	refused, _ := in.Global(image.RefusedGlobal)
	return refused != 0
}

func (in *instance) Reset() bool {
	if in.closed || in.spent || !in.m.reset || glueReset(in.handle) == 0 {
		in.Close()
		return false
	}
	return true
}

// Scrub implements engine.Scrubber.
func (in *instance) Scrub() { glueScrub(in.handle) }

func (in *instance) Close() error {
	if in.closed {
		return nil
	}
	in.closed = true
	glueDrop(in.handle)
	live.instances.remove(in.handle)
	live.waiters.remove(in.ticket)
	in.handle = noHandle
	return nil
}

// memory is the linear memory of an instance.
type memory struct{ in *instance }

func (m memory) Read(p []byte, off uint32) bool {
	return glueRead(m.in.handle, off, bytesOf(p), uint32(len(p))) != 0
}

func (m memory) Write(off uint32, p []byte) bool {
	return glueWrite(m.in.handle, off, bytesOf(p), uint32(len(p))) != 0
}

func (m memory) Size() uint64 { return uint64(glueSize(m.in.handle)) * pageSize }

// View can't be: the guest's memory is not Go's.
func (m memory) View(uint32, uint32) ([]byte, bool) { return nil, false }
