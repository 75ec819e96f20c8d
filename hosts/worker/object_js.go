package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"syscall/js"
	"time"

	"agentsandbox/core"
	"agentsandbox/hosts/api"
	"agentsandbox/hosts/worker/disk"
	"agentsandbox/vfs/memfs"
)

// object serves the one sandbox of a Durable Object and keeps it in the object's
// storage. It is the API's store.
type object struct {
	ctx    context.Context
	config api.Config
	id     string
	api    http.Handler
	entry  *api.Entry // nil: none was made, or it is deleted
	rows   rows
	disk   *disk.Disk
	shell  []byte // its state as it is in the rows
}

// newObject restores what the storage holds.
func newObject(ctx context.Context, config api.Config, storage js.Value) (*object, error) {
	work := memfs.New(memfs.Config{Now: (&ticks{}).now})
	o := &object{ctx: ctx, id: storage.Get("id").String(), rows: rows{storage}}
	o.disk = disk.New(work, o.rows)
	config.Sandbox.FS = work
	config.Store = o
	o.config = config
	var err error
	if o.api, err = api.New(config); err != nil {
		return nil, err
	}
	made := storage.Call("made")
	if made.IsNull() {
		return o, nil
	}
	return o, o.restore([]byte(made.String()))
}

// restore makes the sandbox again, by the spec that it was made by.
func (o *object) restore(spec []byte) error {
	var q api.Spec
	if err := json.Unmarshal(spec, &q); err != nil {
		return err
	}
	if err := o.make(q); err != nil {
		return err
	}
	if err := o.disk.Load(o.entry.Sandbox); err != nil {
		return err
	}
	var err error
	if o.shell, err = o.rows.Shell(); err != nil || len(o.shell) == 0 {
		return err
	}
	return o.entry.Session.Resume(o.shell)
}

func (o *object) make(q api.Spec) error {
	sb, err := api.Make(o.config.Runtime, o.config.Sandbox, q)
	if err == nil {
		o.entry = &api.Entry{Sandbox: sb, Session: sb.Session()}
	}
	return err
}

// Save implements api.Store.
func (o *object) Save(*api.Entry) error {
	if o.entry == nil {
		return nil // it was deleted meanwhile
	}
	if err := errors.Join(o.disk.Save(), o.saveShell()); err != nil {
		return fmt.Errorf("what the request changed can't be saved: %w", err)
	}
	return nil
}

// saveShell saves the state of the shell, if it is another than before. The rows
// are one transaction with those of the files, as nothing waits in between.
func (o *object) saveShell() error {
	state, err := o.entry.Session.State(o.ctx)
	switch {
	case errors.Is(err, core.ErrBusy): // what runs saves it at its end
		return nil
	case errors.Is(err, core.ErrNoState):
		state.Data = unsaved
	case err != nil:
		return err
	}
	if bytes.Equal(state.Data, o.shell) {
		return nil
	}
	if err := o.rows.KeepShell(state.Data); err != nil {
		return err
	}
	o.shell = state.Data
	return nil
}

// unsaved is the state of a shell that has none to save. Whoever resumes it is
// told that it was lost.
var unsaved = []byte("{}")

// Create implements api.Store. A sandbox that can't be kept is none.
func (o *object) Create(q api.Spec) (string, error) {
	if o.entry != nil {
		return "", api.ErrFull
	}
	if err := o.make(q); err != nil {
		return "", err
	}
	q.Files = nil // they are saved as all files are
	spec, err := json.Marshal(q)
	if err == nil {
		err = o.rows.Make(string(spec))
	}
	if err == nil {
		err = o.disk.Save()
	}
	if err != nil {
		return "", errors.Join(err, o.Delete(o.id))
	}
	return o.id, nil
}

// Use implements api.Store.
func (o *object) Use(id string) (*api.Entry, error) {
	if o.entry == nil || id != o.id {
		return nil, api.ErrUnknown
	}
	return o.entry, nil
}

// Release implements api.Store.
func (o *object) Release(*api.Entry) {}

// Delete implements api.Store.
func (o *object) Delete(id string) error {
	e, err := o.Use(id)
	if err != nil {
		return err
	}
	if err := o.rows.Clear(); err != nil {
		return err
	}
	o.entry = nil
	_ = e.Session.Close() // it ends with the sandbox anyway
	return e.Sandbox.Destroy()
}

// ticks is a clock that never shows a time twice, by which a change can be told
// though the clock of a Worker stands still while it computes.
type ticks struct{ last int64 }

func (t *ticks) now() int64 {
	t.last = max(time.Now().UnixNano(), t.last+1)
	return t.last
}
