package main

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"agentsandbox/core"
)

// report is what --json prints. Output that is not UTF-8 comes in base64.
type report struct {
	ExitCode        int      `json:"exit_code"`
	Stdout          string   `json:"stdout"`
	StdoutBase64    string   `json:"stdout_base64,omitempty"`
	Stderr          string   `json:"stderr"`
	StderrBase64    string   `json:"stderr_base64,omitempty"`
	StdoutTruncated bool     `json:"stdout_truncated,omitempty"`
	StderrTruncated bool     `json:"stderr_truncated,omitempty"`
	Limit           *limit   `json:"limit,omitempty"`
	Trap            string   `json:"trap,omitempty"`
	Canceled        bool     `json:"canceled,omitempty"`
	Changes         []change `json:"changes"`
	Usage           usage    `json:"usage"`
}

type limit struct {
	Kind core.LimitKind `json:"kind"`
	Max  int64          `json:"max"`
	Used int64          `json:"used"`
}

type change struct {
	Path string `json:"path"`
	Kind string `json:"kind"`
	Dir  bool   `json:"dir,omitempty"`
}

type usage struct {
	Fuel         uint64  `json:"fuel"`
	WallMS       float64 `json:"wall_ms"`
	PeakMemory   uint64  `json:"peak_memory"`
	BytesRead    uint64  `json:"bytes_read"`
	BytesWritten uint64  `json:"bytes_written"`
}

func (a *app) printJSON(_ *options, sb *core.Sandbox, r *core.Result) error {
	changes, err := sb.Diff()
	if err != nil {
		return err
	}
	out := report{
		ExitCode: r.ExitCode, Trap: r.Trap, Canceled: r.Canceled, Changes: []change{},
		StdoutTruncated: r.StdoutTruncated, StderrTruncated: r.StderrTruncated,
		Usage: usage{
			Fuel: r.Usage.Fuel, WallMS: float64(r.Usage.Wall.Microseconds()) / 1000,
			PeakMemory: r.Usage.PeakMemory, BytesRead: r.Usage.BytesRead, BytesWritten: r.Usage.BytesWritten,
		},
	}
	out.Stdout, out.StdoutBase64 = text(r.Stdout)
	out.Stderr, out.StderrBase64 = text(r.Stderr)
	if l := r.Limit; l != nil {
		out.Limit = &limit{l.Kind, l.Max, l.Used}
	}
	for _, c := range changes {
		out.Changes = append(out.Changes, change{c.Path, c.Kind.String(), c.Dir})
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// text is output as a JSON string, or in base64 where that would lose bytes.
func text(b []byte) (plain, encoded string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	return "", base64.StdEncoding.EncodeToString(b)
}
