package api

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"agentsandbox/core"
)

// execRequest is the body of an exec.
type execRequest struct {
	// Command is argv, run in a fresh instance; Script is for the shell: in a
	// sandbox that is kept, the one that lives on. One of the two.
	Command     []string          `json:"command"`
	Script      string            `json:"script"`
	Stdin       string            `json:"stdin"`
	StdinBase64 string            `json:"stdin_base64"`
	Env         map[string]string `json:"env"`
	Cwd         string            `json:"cwd"`
	TimeoutMS   int64             `json:"timeout_ms"`
	Fuel        uint64            `json:"fuel"`
	MemoryBytes uint64            `json:"memory_bytes"`
	// Files are laid into the work dir first; for POST /v1/exec.
	Files map[string]string `json:"files"`
}

func (q *execRequest) cmd() (core.Cmd, error) {
	cmd := core.Cmd{
		Env: q.Env, Dir: q.Cwd, Timeout: time.Duration(q.TimeoutMS) * time.Millisecond,
		FuelLimit: q.Fuel, MemoryLimit: q.MemoryBytes, Stdin: strings.NewReader(q.Stdin),
	}
	if q.StdinBase64 != "" {
		data, err := base64.StdEncoding.DecodeString(q.StdinBase64)
		if err != nil {
			return cmd, requestError("stdin_base64 is not base64")
		}
		cmd.Stdin = bytes.NewReader(data)
	}
	for name := range q.Env {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			return cmd, requestError("bad variable name: " + name)
		}
	}
	switch {
	case q.TimeoutMS < 0:
		return cmd, requestError("timeout_ms is negative")
	case q.Stdin != "" && q.StdinBase64 != "":
		return cmd, requestError("stdin and stdin_base64 exclude one another")
	case len(q.Command) > 0 && q.Script != "":
		return cmd, requestError("command and script exclude one another")
	case len(q.Command) > 0 && q.Command[0] != "":
		cmd.Name, cmd.Args = q.Command[0], q.Command[1:]
	case q.Script != "":
		cmd.Name, cmd.Args = "bash", []string{"-c", q.Script}
	default:
		return cmd, requestError("a command or a script is needed")
	}
	return cmd, nil
}

// execOnce runs a command in a sandbox that is gone after.
func (s *server) execOnce(w http.ResponseWriter, r *http.Request) error {
	var q execRequest
	if err := decode(r, &q); err != nil {
		return err
	}
	cmd, err := q.cmd()
	if err != nil {
		return err
	}
	leave, err := s.enter(r)
	if err != nil {
		return err
	}
	defer leave()
	sb, err := Make(s.Runtime, s.Sandbox, Spec{Files: q.Files})
	if err != nil {
		return err
	}
	defer sb.Destroy()
	return s.answer(w, r, cmd, func(cmd core.Cmd) (*core.Result, error) { return sb.Run(r.Context(), cmd) })
}

// enter waits until one more command may run.
func (s *server) enter(r *http.Request) (leave func(), err error) {
	if err := s.room(); err != nil {
		return nil, err
	}
	return s.Gate.enter(r.Context())
}

// room reports whether there is memory for more files.
func (s *server) room() error {
	if s.Room == nil {
		return nil
	}
	return s.Room()
}

func layFiles(sb *core.Sandbox, files map[string]string) error {
	for name, text := range files {
		if err := sb.WriteFile(name, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// exec runs a command in a sandbox that is kept, or a script in its shell.
func (s *server) exec(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Store.Use(r.PathValue("id"))
	if err != nil {
		return err
	}
	defer s.Store.Release(e)
	var q execRequest
	if err := decode(r, &q); err != nil {
		return err
	}
	if len(q.Files) > 0 {
		return requestError("files are for POST /v1/exec: PUT them here")
	}
	cmd, err := q.cmd()
	if err != nil {
		return err
	}
	if q.Script != "" {
		if !e.script.TryLock() {
			return core.ErrBusy
		}
		defer e.script.Unlock()
	}
	leave, err := s.enter(r)
	if err != nil {
		return err
	}
	defer leave()
	run := func(cmd core.Cmd) (*core.Result, error) { return e.Sandbox.Run(r.Context(), cmd) }
	if q.Script != "" {
		cmd.Args = []string{q.Script}
		run = func(cmd core.Cmd) (*core.Result, error) { return e.Session.Run(r.Context(), cmd) }
	}
	return s.answer(w, r, cmd, func(cmd core.Cmd) (*core.Result, error) {
		result, err := run(cmd)
		if err == nil {
			err = s.Store.Save(e)
		}
		return result, err
	})
}

// answer runs the command and sends its result, whole or as a stream.
func (s *server) answer(w http.ResponseWriter, r *http.Request, cmd core.Cmd, run func(core.Cmd) (*core.Result, error)) error {
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		return s.stream(w, cmd, run)
	}
	line := newLine(w, "application/json", " ")
	stop := line.keepAlive(s.KeepAlive)
	result, err := run(cmd)
	stop()
	switch {
	case err != nil:
		return line.fail(err)
	case line.begun:
		return line.send(encode(NewResult(result)))
	}
	reply(w, http.StatusOK, NewResult(result))
	return nil
}

// stream sends output as it is made.
func (s *server) stream(w http.ResponseWriter, cmd core.Cmd, run func(core.Cmd) (*core.Result, error)) error {
	line := newLine(w, "text/event-stream", ":\n\n")
	stop := line.keepAlive(s.KeepAlive)
	cmd.Stdout, cmd.Stderr = events{line, "stdout"}, events{line, "stderr"}
	result, err := run(cmd)
	stop()
	switch {
	case err != nil && !line.begun:
		return err
	case err != nil:
		return events{line, "error"}.send(map[string]string{"error": err.Error()})
	}
	return events{line, "result"}.send(NewResult(result))
}
