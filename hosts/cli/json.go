package main

import (
	"encoding/json"

	"agentsandbox/core"
	"agentsandbox/hosts/api"
)

// report is what --json prints: a result, and what changed.
type report struct {
	api.Result
	Changes []api.Change `json:"changes"`
}

func (a *app) printJSON(sb *core.Sandbox, r *core.Result) error {
	changes, err := sb.Diff()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(report{api.NewResult(r), api.NewChanges(changes)})
}
