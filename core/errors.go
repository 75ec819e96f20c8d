package core

import (
	"errors"
	"fmt"

	"agentsandbox/core/fetch"
	"agentsandbox/core/guest"
)

// Errors that mean that a call did not run. A guest that fails is no error:
// it is a Result with an exit code.
var (
	ErrDestroyed       = errors.New("sandbox is destroyed")
	ErrCommandNotFound = errors.New("command not found")
	ErrNetworkDisabled = fetch.ErrDisabled
	ErrNotOverlay      = errors.New("the work dir is not an overlay: there is nothing to commit or discard")
	ErrBusy            = errors.New("the session is running another command")
	ErrNoState         = errors.New("the shell has background jobs or redirections, which can't be saved")
)

// ErrNoToolbox is the error of a program that was built without its guest
// image, and was given none.
var ErrNoToolbox = guest.ErrNone

// LimitKind names a limit. The names are part of the API on every host.
type LimitKind string

// The limits that end a command.
const (
	LimitFuel   LimitKind = "fuel"
	LimitTime   LimitKind = "time"
	LimitMemory LimitKind = "memory"
	LimitStack  LimitKind = "stack"
	LimitArgs   LimitKind = "arguments"
)

// LimitError says which limit ended a command. It comes in Result.Limit, or as
// the error of a call that was refused before it ran.
type LimitError struct {
	Kind LimitKind
	Max  int64 // in the limit's unit: fuel units, milliseconds, bytes
	Used int64 // the same unit; 0 where it is not known
}

// Error names the limit and how to raise it.
func (e *LimitError) Error() string {
	switch e.Kind {
	case LimitTime:
		return fmt.Sprintf("timed out after %d ms", e.Max)
	case LimitFuel:
		return fmt.Sprintf("out of fuel: the limit is %d units", e.Max)
	case LimitStack:
		return fmt.Sprintf("call stack exhausted: the limit is %d bytes", e.Max)
	}
	return fmt.Sprintf("%s limit exceeded: %d of %d", e.Kind, e.Used, e.Max)
}

// ConfigError says which part of a configuration is wrong.
type ConfigError struct {
	Field  string
	Reason string
}

// Error is the field and the reason.
func (e *ConfigError) Error() string { return e.Field + ": " + e.Reason }
