package main

import (
	"encoding/json"

	"agentsandbox/core"
	"agentsandbox/core/fetch"
	"agentsandbox/hosts/browser/wire"
)

// fetch makes a request under a sandbox's policy: sandbox, method, URL, header
// (name, value, …), body -> response.
func (h *host) fetch(call uint32, r *wire.Reader, w *wire.Writer) error {
	sb, err := h.sandbox(r)
	if err != nil {
		return err
	}
	req := fetch.Request{Method: r.String(), URL: r.String()}
	list := r.Strings()
	for i := 0; i+1 < len(list); i += 2 {
		req.Header = append(req.Header, fetch.Field{Name: list[i], Value: list[i+1]})
	}
	req.Body = r.Bytes()
	if err := r.Err(); err != nil {
		return err
	}
	ctx, done := h.track(call)
	defer done()
	resp, err := sb.Fetch(ctx, req)
	if err != nil {
		return err
	}
	writeResponse(w, resp)
	return nil
}

func writeResponse(w *wire.Writer, resp *fetch.Response) {
	w.Uint(uint32(resp.Status))
	w.String(resp.Reason)
	w.String(resp.URL)
	var list []string
	for _, f := range resp.Header {
		list = append(list, f.Name, f.Value)
	}
	w.Strings(list)
	w.Bytes(resp.Body)
}

// readPolicy reads a policy as JSON; none is no network.
func readPolicy(r *wire.Reader) (*fetch.Policy, error) {
	text := r.Bytes()
	if len(text) == 0 {
		return nil, nil
	}
	policy := new(fetch.Policy)
	if err := json.Unmarshal(text, policy); err != nil {
		return nil, &core.ConfigError{Field: "FetchPolicy", Reason: err.Error()}
	}
	return policy, nil
}
