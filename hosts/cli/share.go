package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"agentsandbox/core"
	"agentsandbox/hosts/api"
)

// defaultMemory is what serve has for all that sandboxes hold.
const (
	defaultMemory = 4 << 30
	leastMemory   = 512 << 20
	leastCommand  = 64 << 20
)

// Requests wait for their turn, so many and so long.
const (
	queue    = 200
	patience = 10 * time.Second
)

// shellMemory is what a shell may hold while it runs nothing.
const shellMemory = 48 << 20

// share is how serve divides its memory.
type share struct {
	command uint64 // bytes of one command, or of a shell while it runs
	running int    // commands and shells that run at once
	shells  int    // shells that wait with their memory
	bodies  int64  // bytes of requests at once
	files   int64  // bytes of files in memory, of all sandboxes
	each    int64  // of one sandbox
}

// divide divides total bytes: a half is for what runs, a quarter for files, an
// eighth for shells that wait, a sixteenth for requests. running is how many
// commands run at once; 0 is as many as fit, but no more than four per core.
func divide(total int64, cores, running int) (share, error) {
	if total < leastMemory {
		return share{}, fmt.Errorf("-memory: less than %d MiB serve nobody", leastMemory>>20)
	}
	s := share{command: uint64(min(core.DefaultMemoryLimit, total/4)), running: running}
	if s.running <= 0 {
		s.running = max(1, min(4*cores, int(total/2/int64(s.command))))
	}
	s.command = min(s.command, uint64(total/2/int64(s.running)))
	if s.command < leastCommand {
		return share{}, fmt.Errorf("-running: so many leave less than %d MiB to each: give them more with -memory", leastCommand>>20)
	}
	s.shells = max(1, int(total/8/shellMemory))
	s.bodies = max(total/16, api.DefaultMaxBody)
	s.files, s.each = total/4, min(512<<20, total/16)
	return s, nil
}

// config is the configuration of the API, but for the token, and its store.
func (o serveOptions) config(rt *core.Runtime) (api.Config, *api.Local, error) {
	policy, err := o.network.fetchPolicy()
	if err != nil {
		return api.Config{}, nil, err
	}
	s, err := divide(int64(o.memory), runtime.GOMAXPROCS(0), o.running)
	if err != nil {
		return api.Config{}, nil, err
	}
	debug.SetMemoryLimit(int64(o.memory) / 2) // files are what is on our own heap
	sandbox := core.Config{FetchPolicy: policy, MemoryLimit: s.command, Limits: core.Limits{Bytes: s.each}}
	store, err := api.NewLocal(api.LocalConfig{
		Runtime: rt, Sandbox: sandbox, Most: o.most, Idle: o.idle,
		Shells: s.shells, ShellMemory: shellMemory, Files: s.files, Dir: o.dir,
	})
	if err != nil {
		return api.Config{}, nil, err
	}
	return api.Config{
		Runtime: rt, Sandbox: sandbox, Store: store, Room: store.Room, Bodies: s.bodies, Gate: api.NewGate(s.running, queue, patience),
	}, store, nil
}
