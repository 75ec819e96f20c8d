package api

import (
	"encoding/base64"
	"unicode/utf8"

	"agentsandbox/core"
)

// Result is how a command ended, as JSON: the same on the command line, over
// HTTP and in JavaScript. Output that is not UTF-8 comes in base64 instead.
type Result struct {
	ExitCode        int    `json:"exit_code"`
	Stdout          string `json:"stdout"`
	StdoutBase64    string `json:"stdout_base64,omitempty"`
	Stderr          string `json:"stderr"`
	StderrBase64    string `json:"stderr_base64,omitempty"`
	StdoutTruncated bool   `json:"stdout_truncated,omitempty"`
	StderrTruncated bool   `json:"stderr_truncated,omitempty"`
	Limit           *Limit `json:"limit,omitempty"`
	Trap            string `json:"trap,omitempty"`
	Canceled        bool   `json:"canceled,omitempty"`
	StateLost       bool   `json:"state_lost,omitempty"`
	Exited          bool   `json:"exited,omitempty"`
	Usage           Usage  `json:"usage"`
}

// Limit is the limit that ended a command, in its own unit.
type Limit struct {
	Kind core.LimitKind `json:"kind"`
	Max  int64          `json:"max"`
	Used int64          `json:"used"`
}

// Usage is what a command used.
type Usage struct {
	Fuel         uint64  `json:"fuel"`
	WallMS       float64 `json:"wall_ms"`
	PeakMemory   uint64  `json:"peak_memory"`
	BytesRead    uint64  `json:"bytes_read"`
	BytesWritten uint64  `json:"bytes_written"`
}

// Change is one path that differs from how it was.
type Change struct {
	Path string `json:"path"`
	Kind string `json:"kind"` // created, modified, deleted
	Dir  bool   `json:"dir,omitempty"`
}

// NewResult is a result as JSON has it.
func NewResult(r *core.Result) Result {
	out := Result{
		ExitCode: r.ExitCode, Trap: r.Trap, Canceled: r.Canceled, StateLost: r.StateLost, Exited: r.Exited,
		StdoutTruncated: r.StdoutTruncated, StderrTruncated: r.StderrTruncated,
		Usage: Usage{
			Fuel: r.Usage.Fuel, WallMS: float64(r.Usage.Wall.Microseconds()) / 1000,
			PeakMemory: r.Usage.PeakMemory, BytesRead: r.Usage.BytesRead, BytesWritten: r.Usage.BytesWritten,
		},
	}
	out.Stdout, out.StdoutBase64 = Text(r.Stdout)
	out.Stderr, out.StderrBase64 = Text(r.Stderr)
	if l := r.Limit; l != nil {
		out.Limit = &Limit{l.Kind, l.Max, l.Used}
	}
	return out
}

// NewChanges is what changed as JSON has it; never nil.
func NewChanges(changes []core.Change) []Change {
	out := make([]Change, 0, len(changes))
	for _, c := range changes {
		out = append(out, Change{c.Path, c.Kind.String(), c.Dir})
	}
	return out
}

// Text is output as a JSON string, or in base64 where that would lose bytes.
func Text(b []byte) (plain, encoded string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	return "", base64.StdEncoding.EncodeToString(b)
}
