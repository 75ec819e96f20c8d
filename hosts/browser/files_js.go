package main

import (
	"io/fs"

	"agentsandbox/hosts/browser/wire"
)

// readFile: sandbox, path -> bytes.
func (h *host) readFile(_ uint32, r *wire.Reader, w *wire.Writer) error {
	sb, err := h.sandbox(r)
	if err != nil {
		return err
	}
	data, err := sb.ReadFile(r.String())
	w.Bytes(data)
	return err
}

// writeFile: sandbox, path, bytes.
func (h *host) writeFile(_ uint32, r *wire.Reader, _ *wire.Writer) error {
	sb, err := h.sandbox(r)
	if err != nil {
		return err
	}
	name, data := r.String(), r.Bytes()
	if err := r.Err(); err != nil {
		return err
	}
	return sb.WriteFile(name, data)
}

// listDir: sandbox, path -> entries.
func (h *host) listDir(_ uint32, r *wire.Reader, w *wire.Writer) error {
	sb, err := h.sandbox(r)
	if err != nil {
		return err
	}
	entries, err := sb.ListDir(r.String())
	w.Uint(uint32(len(entries)))
	for _, e := range entries {
		w.String(e.Name)
		w.String(kindOf(e.Mode))
		w.Uint(uint32(e.Mode.Perm()))
		w.Float(float64(e.Size))
	}
	return err
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "directory"
	case mode.IsRegular():
		return "file"
	case mode&fs.ModeSymlink != 0:
		return "symlink"
	}
	return "other"
}

// diff: sandbox -> changes.
func (h *host) diff(_ uint32, r *wire.Reader, w *wire.Writer) error {
	sb, err := h.sandbox(r)
	if err != nil {
		return err
	}
	changes, err := sb.Diff()
	w.Uint(uint32(len(changes)))
	for _, c := range changes {
		w.String(c.Path)
		w.String(c.Kind.String())
		w.Uint(truths(c.Dir))
	}
	return err
}
