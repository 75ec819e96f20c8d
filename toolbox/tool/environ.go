package tool

import "strings"

// Environ is the environment with each variable once, as it counts: at the
// place where it first stands, with its last value.
func (x *Exec) Environ() []string {
	at := make(map[string]int, len(x.Env))
	out := make([]string, 0, len(x.Env))
	for _, entry := range x.Env {
		key, _, _ := strings.Cut(entry, "=")
		if i, ok := at[key]; ok {
			out[i] = entry
			continue
		}
		at[key] = len(out)
		out = append(out, entry)
	}
	return out
}
