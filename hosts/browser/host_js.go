package main

import (
	"context"
	"errors"

	"agentsandbox/core"
	"agentsandbox/hosts/browser/wire"
)

// host is what one program holds. All of it runs on one thread, and none of its
// fields is used across a wait.
type host struct {
	rt        *core.Runtime
	sandboxes map[uint32]*core.Sandbox
	sessions  map[uint32]*core.Session
	running   map[uint32]context.CancelFunc // by call
	inputs    map[uint32]*input             // of calls whose input is pulled
	last      uint32                        // number that was given out
	idle      []chan *wire.Reader           // workers that wait for a request
}

// dispatch gives a request to a worker. Workers are kept: to grow the stack of a
// new goroutine takes a twentieth of a small command.
func (h *host) dispatch(request *wire.Reader) {
	var worker chan *wire.Reader
	if n := len(h.idle); n > 0 {
		worker, h.idle = h.idle[n-1], h.idle[:n-1]
	} else {
		worker = make(chan *wire.Reader, 1)
		go h.work(worker)
	}
	worker <- request
}

func (h *host) work(requests chan *wire.Reader) {
	for r := range requests {
		h.answer(r)
		h.idle = append(h.idle, requests)
	}
}

// verb does what a request asks: it reads its arguments and writes its result.
type verb func(h *host, call uint32, r *wire.Reader, w *wire.Writer) error

func verbOf(name string) verb {
	switch name {
	case "start":
		return (*host).start
	case "stop":
		return (*host).stop
	case "create":
		return (*host).create
	case "destroy":
		return (*host).destroy
	case "exec":
		return (*host).exec
	case "cancel":
		return (*host).cancel
	case "input":
		return (*host).input
	case "session":
		return (*host).session
	case "sessionExec":
		return (*host).sessionExec
	case "sessionDir":
		return (*host).sessionDir
	case "sessionClose":
		return (*host).sessionClose
	case "readFile":
		return (*host).readFile
	case "writeFile":
		return (*host).writeFile
	case "listDir":
		return (*host).listDir
	case "diff":
		return (*host).diff
	case "fetch":
		return (*host).fetch
	}
	return nil
}

// answer serves a request.
func (h *host) answer(r *wire.Reader) {
	verb, call := verbOf(r.String()), r.Uint()
	var w wire.Writer
	err := errors.ErrUnsupported
	if verb != nil {
		err = verb(h, call, r, &w)
	}
	ok := uint32(1)
	if err != nil {
		ok = 0
		w.Reset()
		writeError(&w, err)
	}
	glueAnswer(call, ok, pointer(w.Message()), uint32(len(w.Message())))
}

func (h *host) number() uint32 {
	h.last++
	return h.last
}

// start makes the runtime: engine, idle -> the engine's name, the commands.
func (h *host) start(_ uint32, r *wire.Reader, w *wire.Writer) error {
	config := core.RuntimeConfig{Engine: r.String(), Idle: int(r.Uint())}
	if err := r.Err(); err != nil {
		return err
	}
	rt, err := core.NewRuntime(context.Background(), config)
	if err != nil {
		return err
	}
	if err := rt.Warm(context.Background()); err != nil {
		return errors.Join(err, rt.Close())
	}
	h.rt = rt
	w.String(rt.Engine())
	w.Strings(rt.Tools())
	return nil
}

// stop frees the runtime. Sandboxes must have been destroyed.
func (h *host) stop(uint32, *wire.Reader, *wire.Writer) error { return h.rt.Close() }

// create makes a sandbox: options, files -> its number.
func (h *host) create(_ uint32, r *wire.Reader, w *wire.Writer) error {
	config, err := readConfig(r)
	if err != nil {
		return err
	}
	sb, err := h.rt.New(config)
	if err != nil {
		return err
	}
	if err := fill(sb, r); err != nil {
		return errors.Join(err, sb.Destroy())
	}
	id := h.number()
	h.sandboxes[id] = sb
	w.Uint(id)
	return nil
}

// fill writes the files that a sandbox starts with. Diff lists them as created.
func fill(sb *core.Sandbox, r *wire.Reader) error {
	for n := r.Uint(); n > 0 && r.Err() == nil; n-- {
		name, data := r.String(), r.Bytes()
		if err := sb.WriteFile(name, data); err != nil {
			return err
		}
	}
	return r.Err()
}

// sandbox is the one whose number comes next.
func (h *host) sandbox(r *wire.Reader) (*core.Sandbox, error) {
	id := r.Uint()
	if sb, ok := h.sandboxes[id]; ok {
		return sb, nil
	}
	return nil, core.ErrDestroyed
}

// destroy: sandbox. A second time does nothing.
func (h *host) destroy(_ uint32, r *wire.Reader, _ *wire.Writer) error {
	id := r.Uint()
	sb, ok := h.sandboxes[id]
	if !ok {
		return nil
	}
	delete(h.sandboxes, id)
	return sb.Destroy()
}
