//go:build !js

// Package workerd starts Cloudflare's runtime with the Worker in it, on this
// machine, for tests.
package workerd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// Options say what is started.
type Options struct {
	Modules string            // folder that the command bundle made
	Config  string            // file in Modules; "" is config.capnp
	Objects string            // folder of the objects' storage
	Env     map[string]string // what the configuration takes from the environment
	Args    []string          // more arguments
}

// Server is a workerd that serves.
type Server struct {
	URL string // without a slash at the end
	Pid int

	cmd *exec.Cmd
}

// Binary finds the program in hosts/worker/node_modules, as npm puts it there.
func Binary(root string) (string, error) {
	arch := map[string]string{"amd64": "64", "arm64": "arm64"}[runtime.GOARCH]
	system, name := runtime.GOOS, "workerd"
	if system == "windows" {
		name = "workerd.exe"
	}
	path := filepath.Join(root, "hosts/worker/node_modules/@cloudflare", "workerd-"+system+"-"+arch, "bin", name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("workerd is not here (npm ci --ignore-scripts in hosts/worker gets it for Linux and macOS): %w", err)
	}
	return path, nil
}

// Start starts one on a free port of loopback and waits until it listens.
func Start(ctx context.Context, binary string, o Options) (*Server, error) {
	config := o.Config
	if config == "" {
		config = "config.capnp"
	}
	said, say, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer said.Close()
	defer say.Close()
	args := []string{"serve", "--experimental", filepath.Join(o.Modules, config), "--control-fd=3",
		"--socket-addr=http=127.0.0.1:0", "--directory-path=objects=" + o.Objects}
	cmd := exec.CommandContext(ctx, binary, append(args, o.Args...)...)
	cmd.ExtraFiles = []*os.File{say}
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	for key, value := range o.Env {
		cmd.Env = append(cmd.Env, key+"="+value)
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	say.Close()
	port, err := listening(said)
	if err != nil {
		_ = cmd.Process.Kill()
		return nil, errors.Join(err, cmd.Wait())
	}
	return &Server{"http://127.0.0.1:" + strconv.Itoa(port), cmd.Process.Pid, cmd}, nil
}

// listening reads what workerd tells until it tells its port.
func listening(said *os.File) (int, error) {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		var event struct {
			Event, Socket string
			Port          int
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			return 0, err
		}
		if event.Event == "listen" && event.Socket == "http" {
			return event.Port, nil
		}
	}
	return 0, errors.Join(errors.New("workerd ended before it listened"), lines.Err())
}

// Kill ends it as a crash would, and waits for the end.
func (s *Server) Kill() { s.end(os.Kill) }

// Stop asks it to end, and waits for the end.
func (s *Server) Stop() { s.end(syscall.SIGTERM) }

func (s *Server) end(signal os.Signal) {
	_ = s.cmd.Process.Signal(signal) // it may have ended
	_ = s.cmd.Wait()                 // by the signal: an error
}
