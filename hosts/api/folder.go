package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"agentsandbox/core"
)

// What is in the folder of a sandbox, which is named by its id.
const (
	specFile  = "sandbox.json" // a sandbox without one is none
	shellFile = "shell.json"
	workDir   = "work"
)

// lockFile is what one process at a time holds, beside the folders.
const lockFile = "lock"

// ErrLocked is why a folder is refused that another process serves.
var ErrLocked = errors.New("another server uses this folder")

var isID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// openDir finds the sandboxes that are in the folder. One that was not wholly
// made, or not wholly removed, is removed.
func (l *Local) openDir() error {
	if err := os.MkdirAll(l.config.Dir, 0o700); err != nil {
		return err
	}
	var err error
	if l.unlock, err = lock(filepath.Join(l.config.Dir, lockFile)); err != nil {
		return fmt.Errorf("%s: %w", l.config.Dir, err)
	}
	list, err := os.ReadDir(l.config.Dir)
	if err != nil {
		return err
	}
	// Nobody could use them while there was no server: idleness begins now.
	now := l.config.Now()
	for _, e := range list {
		if !isID.MatchString(e.Name()) {
			continue
		}
		x := &box{id: e.Name(), used: now}
		_, err := os.Stat(l.path(x, specFile))
		if errors.Is(err, fs.ErrNotExist) {
			err = l.removeFolder(x)
		} else if err == nil {
			l.boxes[x.id] = x
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Local) path(x *box, name string) string { return filepath.Join(l.config.Dir, x.id, name) }

// makeFolder makes a sandbox and its folder. The spec comes last: with it the
// sandbox is there.
func (l *Local) makeFolder(x *box, q Spec) error {
	err := withoutPath(os.MkdirAll(l.path(x, workDir), 0o700))
	if err == nil {
		_, err = l.enter(x, q)
	}
	if err == nil {
		q.Files = nil
		err = l.keep(x, specFile, encode(q))
	}
	if err != nil {
		return errors.Join(err, l.destroy(x))
	}
	return nil
}

// enter opens the sandbox of a folder.
func (l *Local) enter(x *box, q Spec) (*Entry, error) {
	config := l.config.Sandbox
	config.WorkDir = l.path(x, workDir)
	config.Limits.Count = true
	sb, err := Make(l.config.Runtime, config, q)
	if err != nil {
		return nil, err
	}
	e := &Entry{Sandbox: sb, Session: sb.Session(), AllNew: true, box: x}
	x.entry.Store(e)
	return e, nil
}

// reopen opens a sandbox again, and has its shell go on from where it was. x.open
// is held.
func (l *Local) reopen(x *box) (*Entry, error) {
	data, err := os.ReadFile(l.path(x, specFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrUnknown // it was deleted meanwhile
	}
	var q Spec
	if err == nil {
		err = json.Unmarshal(data, &q)
	}
	if err == nil {
		x.saved, err = os.ReadFile(l.path(x, shellFile))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("what is kept of the sandbox can't be read: %w", withoutPath(err))
	}
	e, err := l.enter(x, q)
	if err == nil && len(x.saved) > 0 {
		err = e.Session.Resume(x.saved)
	}
	return e, err
}

// unsaved is the state of a shell that has none to save. Whoever resumes it is
// told that it was lost.
var unsaved = []byte("{}")

// saveShell keeps the state of the shell in the folder, if it is another than
// before.
func (l *Local) saveShell(e *Entry) error {
	x := e.box
	x.open.Lock()
	defer x.open.Unlock()
	state, err := e.Session.State(context.Background())
	switch {
	case errors.Is(err, core.ErrBusy): // what runs saves it at its end
		return nil
	case errors.Is(err, core.ErrDestroyed):
		return nil
	case err != nil:
		state.Data = unsaved
	}
	if bytes.Equal(state.Data, x.saved) {
		return nil
	}
	if err := l.keep(x, shellFile, state.Data); err != nil {
		return fmt.Errorf("the state of the shell can't be kept: %w", err)
	}
	x.saved = state.Data
	return nil
}

// keep writes a file of the folder whole or not at all.
func (l *Local) keep(x *box, name string, data []byte) error {
	part := l.path(x, name+".part")
	err := os.WriteFile(part, data, 0o600)
	if err == nil {
		err = os.Rename(part, l.path(x, name))
	}
	return withoutPath(err)
}

// removeFolder removes the spec first: a folder that is there in part is then no
// sandbox.
func (l *Local) removeFolder(x *box) error {
	if l.config.Dir == "" {
		return nil
	}
	err := os.Remove(l.path(x, specFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err == nil {
		err = removeAll(filepath.Join(l.config.Dir, x.id))
	}
	return withoutPath(err)
}

// removeAll removes a folder, and directories in it that a guest has closed to
// all.
func removeAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(name, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// withoutPath is an error of the system without the host's path.
func withoutPath(err error) error {
	var (
		path *fs.PathError
		link *os.LinkError
	)
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
