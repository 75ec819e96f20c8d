package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall/js"
	"time"

	"agentsandbox/core"
	"agentsandbox/hosts/api"
	"agentsandbox/hosts/worker/disk"
	"agentsandbox/vfs/memfs"
)

// object serves the one sandbox of a Durable Object and keeps its files in the
// object's storage.
type object struct {
	ctx   context.Context
	id    string
	api   http.Handler
	entry *api.Entry // nil: none was made, or it is deleted
	rows  rows
	disk  *disk.Disk
	shell []byte // its state as it is in the rows
}

// newObject restores what the storage holds.
func newObject(ctx context.Context, config api.Config, storage js.Value) (*object, error) {
	work := memfs.New(memfs.Config{Now: (&ticks{}).now})
	o := &object{ctx: ctx, id: storage.Get("id").String(), rows: rows{storage}}
	o.disk = disk.New(work, o.rows)
	config.Sandbox.FS = work
	config.Store = o
	var err error
	if o.api, err = api.New(config); err != nil {
		return nil, err
	}
	made := storage.Call("made")
	if made.IsNull() {
		return o, nil
	}
	if err := o.remake(config.Token, made.String()); err != nil {
		return nil, err
	}
	if err := o.disk.Load(o.entry.Sandbox); err != nil {
		return nil, err
	}
	if o.shell, err = o.rows.Shell(); err != nil || len(o.shell) == 0 {
		return o, err
	}
	return o, o.entry.Session.Resume(o.shell)
}

// remake makes the sandbox again, by the request that made it.
func (o *object) remake(token, body string) error {
	r, err := http.NewRequest(http.MethodPost, createPath, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	w := &response{header: http.Header{}}
	o.api.ServeHTTP(w, r)
	if o.entry == nil {
		return errRemake(w.buffer.String())
	}
	return nil
}

// errRemake is the answer to a request that was fine when it was first made.
type errRemake string

func (e errRemake) Error() string { return string(e) }

const createPath = "/v1/sandboxes"

func (o *object) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	if r.URL.Path == createPath {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, &body), r.Body}
	}
	had := o.entry != nil
	o.api.ServeHTTP(w, r)
	if o.entry == nil || r.Method == http.MethodGet {
		return
	}
	if err := o.save(had, body.Bytes()); err != nil {
		w.(*response).fail("the files can't be saved: " + err.Error())
	}
}

// save saves what a request changed. A sandbox that it made, and that can't be
// kept, is none.
func (o *object) save(had bool, body []byte) error {
	if had {
		return errors.Join(o.disk.Save(), o.saveShell())
	}
	err := o.rows.Make(withoutFiles(body))
	if err == nil {
		err = o.disk.Save()
	}
	if err != nil {
		return errors.Join(err, o.Delete(o.id))
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

// withoutFiles is the request that makes a sandbox, less its files: those are
// saved as all files are.
func withoutFiles(body []byte) string {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return "" // it was empty: any other was refused
	}
	delete(fields, "files")
	text, err := json.Marshal(fields)
	if err != nil {
		return ""
	}
	return string(text)
}

// Create implements api.Store.
func (o *object) Create(sb *core.Sandbox) (string, error) {
	if o.entry != nil {
		return "", api.ErrFull
	}
	o.entry = &api.Entry{Sandbox: sb, Session: sb.Session()}
	return o.id, nil
}

// Get implements api.Store.
func (o *object) Get(id string) (*api.Entry, error) {
	if o.entry == nil || id != o.id {
		return nil, api.ErrUnknown
	}
	return o.entry, nil
}

// Delete implements api.Store.
func (o *object) Delete(id string) error {
	e, err := o.Get(id)
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
