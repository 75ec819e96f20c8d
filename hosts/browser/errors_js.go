package main

import (
	"errors"
	"io/fs"

	"agentsandbox/core"
	"agentsandbox/core/fetch"
	"agentsandbox/hosts/browser/wire"
	"agentsandbox/vfs"
)

// failure is an error as JavaScript sees it: a code for programs, and what
// belongs to the code.
type failure struct {
	code      string
	detail    []string // name, text, name, text, …
	max, used int64    // of a limit
}

// writeError writes what is wrong.
func writeError(w *wire.Writer, err error) {
	f := failureOf(err)
	w.String(f.code)
	w.String(err.Error())
	w.Strings(f.detail)
	w.Float(float64(f.max))
	w.Float(float64(f.used))
}

func failureOf(err error) failure {
	for _, c := range []struct {
		err  error
		code string
	}{
		{core.ErrDestroyed, "destroyed"}, {core.ErrBusy, "busy"}, {core.ErrCommandNotFound, "not_found"},
		{core.ErrNetworkDisabled, "network_disabled"}, {core.ErrNoToolbox, "no_toolbox"},
		{errStdin, "unsupported"}, {errors.ErrUnsupported, "unsupported"},
	} {
		if errors.Is(err, c.err) {
			return failure{code: c.code}
		}
	}
	var (
		config *core.ConfigError
		limit  *core.LimitError
		denied *fetch.DeniedError
		failed *fetch.Error
		path   *fs.PathError
		errno  vfs.Errno
	)
	switch {
	case errors.As(err, &config):
		return failure{code: "config", detail: []string{"field", config.Field}}
	case errors.As(err, &limit):
		return failure{code: "limit", detail: []string{"kind", string(limit.Kind)}, max: limit.Max, used: limit.Used}
	case errors.As(err, &denied):
		return failure{code: "denied", detail: []string{"op", denied.Op, "target", denied.Target, "rule", denied.Rule, "hint", denied.Hint}}
	case errors.As(err, &failed):
		return failure{code: "fetch", detail: []string{"kind", string(failed.Kind), "target", failed.Target}}
	case errors.As(err, &path) && errors.As(err, &errno):
		return failure{code: errno.Name(), detail: []string{"path", path.Path}}
	}
	return failure{code: "internal"}
}
