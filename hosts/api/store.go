package api

import (
	"errors"
	"sync"
	"time"

	"agentsandbox/core"
)

// Store keeps sandboxes by id. Methods may be called from several goroutines.
type Store interface {
	// Create makes a sandbox, and returns its id, which can't be guessed. ErrFull
	// if there is no room.
	Create(q Spec) (id string, err error)
	// Use finds a sandbox; ErrUnknown if there is none. It is in use until it is
	// given to Release.
	Use(id string) (*Entry, error)
	// Save keeps what a request may have changed. It is called before the answer is
	// sent: an error becomes the answer.
	Save(e *Entry) error
	// Release ends a use.
	Release(e *Entry)
	// Delete destroys one; ErrUnknown if there is none.
	Delete(id string) error
}

// Errors of a Store.
var (
	ErrUnknown = errors.New("no sandbox has this id")
	ErrFull    = errors.New("too many sandboxes: delete one, or try again later")
)

// Entry is a sandbox that is kept, with the shell that lives on in it.
type Entry struct {
	Sandbox *core.Sandbox
	Session *core.Session
	// AllNew reports that the sandbox doesn't know what changed in it: as it began
	// empty, that is all that it holds.
	AllNew bool

	script sync.Mutex // held while a script runs in the shell and is saved
	box    *box       // of Local
}

// Spec is what a request wants of the sandbox that it makes: the body of POST
// /v1/sandboxes. Limits may only be lowered.
type Spec struct {
	Env         map[string]string `json:"env,omitempty"`
	Files       map[string]string `json:"files,omitempty"`
	TimeoutMS   int64             `json:"timeout_ms,omitempty"`
	Fuel        uint64            `json:"fuel,omitempty"`
	MemoryBytes uint64            `json:"memory_bytes,omitempty"`
}

// Make makes a sandbox from base as the spec wants it.
func Make(rt *core.Runtime, base core.Config, q Spec) (*core.Sandbox, error) {
	if q.TimeoutMS < 0 {
		return nil, requestError("timeout_ms is negative")
	}
	base.Env = q.Env
	lower(&base.Timeout, time.Duration(q.TimeoutMS)*time.Millisecond)
	lower(&base.FuelLimit, q.Fuel)
	lower(&base.MemoryLimit, q.MemoryBytes)
	sb, err := rt.New(base)
	if err != nil {
		return nil, err
	}
	if err := layFiles(sb, q.Files); err != nil {
		return nil, errors.Join(err, sb.Destroy())
	}
	return sb, nil
}

// lower sets *limit to wanted if that is stricter; 0 is no wish, and a limit
// that is not set yet.
func lower[T time.Duration | uint64](limit *T, wanted T) {
	if wanted > 0 && (*limit == 0 || wanted < *limit) {
		*limit = wanted
	}
}
