package api

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"agentsandbox/core"
	"agentsandbox/vfs"
)

func (s *server) create(w http.ResponseWriter, r *http.Request) error {
	var q Spec
	if err := decode(r, &q); err != nil {
		return err
	}
	if err := s.room(); err != nil {
		return err
	}
	id, err := s.Store.Create(q)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/sandboxes/"+id)
	reply(w, http.StatusCreated, map[string]string{"id": id})
	return nil
}

func (s *server) destroy(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Delete(r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *server) diff(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Store.Use(r.PathValue("id"))
	if err != nil {
		return err
	}
	defer s.Store.Release(e)
	changes := []core.Change{}
	if e.AllNew {
		changes, err = all(e.Sandbox, "", changes)
	} else {
		changes, err = e.Sandbox.Diff()
	}
	if err != nil {
		return err
	}
	slices.SortFunc(changes, func(a, b core.Change) int { return strings.Compare(a.Path, b.Path) })
	reply(w, http.StatusOK, map[string]any{"changes": NewChanges(changes)})
	return nil
}

// all adds what is in a directory as created.
func all(sb *core.Sandbox, dir string, changes []core.Change) ([]core.Change, error) {
	list, err := sb.ListDir(dir)
	for _, e := range list {
		if err != nil {
			break
		}
		name := path.Join(dir, e.Name)
		changes = append(changes, core.Change{Path: name, Kind: vfs.Created, Dir: e.Mode.IsDir()})
		if e.Mode.IsDir() {
			changes, err = all(sb, name, changes)
		}
	}
	return changes, err
}

func (s *server) tools(w http.ResponseWriter, _ *http.Request) error {
	tools := s.Runtime.Tools()
	if tools == nil {
		return core.ErrNoToolbox
	}
	reply(w, http.StatusOK, map[string]any{"tools": tools})
	return nil
}

// entryJSON is one name of a folder.
type entryJSON struct {
	Name string `json:"name"`
	Type string `json:"type"` // file, dir, link, other
	Size int64  `json:"size"`
	Mode string `json:"mode"`
}

func newEntry(e core.Entry) entryJSON {
	kind := "other"
	switch {
	case e.Mode.IsRegular():
		kind = "file"
	case e.Mode.IsDir():
		kind = "dir"
	case e.Mode&fs.ModeSymlink != 0:
		kind = "link"
	}
	return entryJSON{e.Name, kind, e.Size, e.Mode.String()}
}

// readFile sends a file's bytes, or the names in a folder where the path ends
// in a slash or is empty.
func (s *server) readFile(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Store.Use(r.PathValue("id"))
	if err != nil {
		return err
	}
	defer s.Store.Release(e)
	name := r.PathValue("path")
	if name == "" || strings.HasSuffix(name, "/") {
		entries, err := e.Sandbox.ListDir(strings.TrimSuffix(name, "/"))
		if err != nil {
			return err
		}
		list := make([]entryJSON, 0, len(entries))
		for _, e := range entries {
			list = append(list, newEntry(e))
		}
		reply(w, http.StatusOK, map[string]any{"entries": list})
		return nil
	}
	data, err := e.Sandbox.ReadFile(name)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", "attachment")
	h.Set("Content-Security-Policy", "sandbox")
	_, err = w.Write(data)
	return err
}

// contentType never names a type that a browser would run.
func contentType(name string) string {
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.HasPrefix(kind, "image/") && !strings.Contains(kind, "svg") || strings.HasPrefix(kind, "text/plain") {
		return kind
	}
	return "application/octet-stream"
}

func (s *server) writeFile(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Store.Use(r.PathValue("id"))
	if err != nil {
		return err
	}
	defer s.Store.Release(e)
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if err := s.room(); err != nil {
		return err
	}
	err = e.Sandbox.WriteFile(r.PathValue("path"), data)
	if err := errors.Join(err, s.Store.Save(e)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *server) removeFile(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Store.Use(r.PathValue("id"))
	if err != nil {
		return err
	}
	defer s.Store.Release(e)
	err = e.Sandbox.Remove(strings.TrimSuffix(r.PathValue("path"), "/"))
	if err := errors.Join(err, s.Store.Save(e)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
