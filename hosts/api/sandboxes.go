package api

import (
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"agentsandbox/core"
)

// createRequest is the body of POST /v1/sandboxes. Limits may only be lowered.
type createRequest struct {
	Env         map[string]string `json:"env"`
	Files       map[string]string `json:"files"`
	TimeoutMS   int64             `json:"timeout_ms"`
	Fuel        uint64            `json:"fuel"`
	MemoryBytes uint64            `json:"memory_bytes"`
}

func (s *server) create(w http.ResponseWriter, r *http.Request) error {
	var q createRequest
	if err := decode(r, &q); err != nil {
		return err
	}
	if q.TimeoutMS < 0 {
		return requestError("timeout_ms is negative")
	}
	config := s.Sandbox
	config.Env = q.Env
	lower(&config.Timeout, time.Duration(q.TimeoutMS)*time.Millisecond)
	lower(&config.FuelLimit, q.Fuel)
	lower(&config.MemoryLimit, q.MemoryBytes)
	sb, err := s.Runtime.New(config)
	if err != nil {
		return err
	}
	if err := layFiles(sb, q.Files); err != nil {
		sb.Destroy()
		return err
	}
	id, err := s.Store.Create(sb)
	if err != nil {
		sb.Destroy()
		return err
	}
	w.Header().Set("Location", "/v1/sandboxes/"+id)
	reply(w, http.StatusCreated, map[string]string{"id": id})
	return nil
}

// lower sets *limit to wanted if that is stricter; 0 is no wish, and a limit
// that is not set yet.
func lower[T time.Duration | uint64](limit *T, wanted T) {
	if wanted > 0 && (*limit == 0 || wanted < *limit) {
		*limit = wanted
	}
}

func (s *server) destroy(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Delete(r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *server) diff(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Store.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
	changes, err := e.Sandbox.Diff()
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, map[string]any{"changes": NewChanges(changes)})
	return nil
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
	e, err := s.Store.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
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
	e, err := s.Store.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if err := e.Sandbox.WriteFile(r.PathValue("path"), data); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *server) removeFile(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Store.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := e.Sandbox.Remove(strings.TrimSuffix(r.PathValue("path"), "/")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
