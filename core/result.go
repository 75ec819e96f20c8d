package core

import "time"

// Result is how a command ended and what it used.
type Result struct {
	// ExitCode is the command's own; 124 if it timed out, 137 if another
	// limit ended it, 134 if it trapped.
	ExitCode int
	// Stdout and Stderr are what was written, up to the limits; empty where
	// the Cmd has a writer of its own.
	Stdout, Stderr []byte
	// StdoutTruncated and StderrTruncated report that more was written than
	// the limit lets through.
	StdoutTruncated, StderrTruncated bool
	// Limit says which limit ended the command; nil if none did.
	Limit *LimitError
	// Trap names the trap that ended the guest, "" if none did.
	Trap string
	// Canceled reports that the context of the call ended the command.
	Canceled bool
	// StateLost reports that a session's shell was lost with the command that
	// a limit, a trap or the context ended; the next one starts clean.
	StateLost bool

	// Exited reports that a session's shell ended by itself, as by exit.
	Exited bool

	Usage Usage
}

// Usage is what a command used.
type Usage struct {
	Fuel         uint64 // units
	Wall         time.Duration
	PeakMemory   uint64 // bytes of linear memory
	BytesRead    uint64 // through file descriptors
	BytesWritten uint64
}

// Exit codes of commands that did not end by themselves.
const (
	ExitTimeout = 124
	ExitTrap    = 134
	ExitLimit   = 137
)
