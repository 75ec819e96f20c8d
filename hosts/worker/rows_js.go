package main

import (
	"fmt"
	"io/fs"
	"strconv"
	"syscall/js"

	"agentsandbox/hosts/worker/disk"
)

// rows are the rows of a Durable Object's storage (storage.mjs).
type rows struct{ storage js.Value }

// Make keeps the request that made the sandbox.
func (s rows) Make(body string) (err error) {
	defer catch(&err)
	s.storage.Call("make", body)
	return nil
}

// Clear forgets all.
func (s rows) Clear() (err error) {
	defer catch(&err)
	s.storage.Call("clear")
	return nil
}

// KeepShell keeps the state of the sandbox's shell.
func (s rows) KeepShell(state []byte) (err error) {
	defer catch(&err)
	s.storage.Call("keepShell", toJS(state))
	return nil
}

// Shell is the state that is kept, empty if there is none.
func (s rows) Shell() (state []byte, err error) {
	defer catch(&err)
	return toGo(s.storage.Call("shell")), nil
}

// Commit implements disk.Rows.
func (s rows) Commit(changes []disk.Row) (err error) {
	defer catch(&err)
	list := js.Global().Get("Array").New()
	for _, c := range changes {
		row := js.Global().Get("Object").New()
		row.Set("name", toJS([]byte(c.Name)))
		row.Set("deleted", c.Deleted)
		if !c.Deleted {
			row.Set("mode", uint32(c.Mode))
			row.Set("mtime", strconv.FormatInt(c.Mtime, 10)) // no number of JavaScript's
			row.Set("data", toJS(c.Data))
		}
		list.Call("push", row)
	}
	s.storage.Call("commit", list)
	return nil
}

// Each implements disk.Rows.
func (s rows) Each(visit func(disk.Row) error) (err error) {
	defer catch(&err)
	list := s.storage.Call("list")
	for i := range list.Length() {
		row := list.Index(i)
		mtime, err := strconv.ParseInt(row.Get("mtime").String(), 10, 64)
		if err != nil {
			return err
		}
		name := row.Get("name")
		err = visit(disk.Row{
			Name: string(toGo(name)), Mode: fs.FileMode(row.Get("mode").Int()), Mtime: mtime,
			Data: toGo(s.storage.Call("read", name)),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// catch makes an error of what JavaScript threw.
func catch(err *error) {
	switch p := recover().(type) {
	case nil:
	case js.Error:
		*err = fmt.Errorf("storage: %w", p)
	default:
		panic(p)
	}
}
