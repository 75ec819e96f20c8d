package core

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"agentsandbox/core/fetch"
	"agentsandbox/vfs"
	"agentsandbox/vfs/quotafs"
)

var errNotMetered = errors.New("guest module is not metered")

// Sandbox is a file system, an environment and limits. Commands run in it,
// several at once if need be, and share its files. Methods may be called from
// several goroutines.
type Sandbox struct {
	rt     *Runtime
	config Config
	env    []string
	files  vfs.FS // the guest's whole tree
	work   work
	stored []*quotafs.FS // what is in memory of files
	net    *fetch.Client // nil where the network is off

	life context.Context // ends with Destroy, and with it what runs
	end  context.CancelFunc

	mu        sync.Mutex
	running   sync.WaitGroup
	destroyed bool // guarded by mu
}

// New makes a sandbox on the Default runtime.
func New(config Config) (*Sandbox, error) {
	rt, err := Default()
	if err != nil {
		return nil, err
	}
	return rt.New(config)
}

// New makes a sandbox. It costs microseconds, and reads nothing of the work
// dir.
func (rt *Runtime) New(config Config) (*Sandbox, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Sandbox{rt: rt, config: config, env: baseEnv(config.Env)}
	s.life, s.end = context.WithCancel(context.Background())
	if err := s.openFiles(); err != nil {
		s.end()
		return nil, err
	}
	if config.FetchPolicy != nil {
		s.net = fetch.New(config.FetchPolicy)
	}
	return s, nil
}

// baseEnv is what every command's environment starts with.
func baseEnv(extra map[string]string) []string {
	env := []string{
		"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/home/sandbox", "USER=sandbox",
		"LOGNAME=sandbox", "SHELL=/bin/bash", "HOSTNAME=sandbox", "TERM=dumb",
	}
	at := len(env)
	for key, value := range extra {
		env = append(env, key+"="+value)
	}
	slices.Sort(env[at:])
	return env
}

// AvailableTools lists the commands of the toolbox, sorted.
func (s *Sandbox) AvailableTools() []string { return s.rt.Tools() }

// Fetch makes an HTTP request under the sandbox's fetch policy, as its guests
// may. ErrNetworkDisabled if there is none; a *fetch.DeniedError says which
// rule refuses, a *fetch.Error what else went wrong. Response and error may
// both be set, where the body is not whole.
func (s *Sandbox) Fetch(ctx context.Context, req fetch.Request) (*fetch.Response, error) {
	done, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer done()
	if s.net == nil {
		return nil, ErrNetworkDisabled
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	return s.net.Do(ctx, &req)
}

// enter counts a call in; done counts it out.
func (s *Sandbox) enter() (done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.destroyed {
		return nil, ErrDestroyed
	}
	s.running.Add(1)
	return s.running.Done, nil
}

// Destroy ends what is running and frees what the sandbox holds. Every
// later call returns ErrDestroyed; a second Destroy does nothing.
func (s *Sandbox) Destroy() error {
	s.mu.Lock()
	if s.destroyed {
		s.mu.Unlock()
		return nil
	}
	s.destroyed = true
	s.mu.Unlock()
	s.end()
	s.running.Wait()
	if s.net != nil {
		_ = s.net.Close()
	}
	return s.closeFiles()
}

func (s *Sandbox) now() int64 {
	if s.config.Now != nil {
		return s.config.Now().UnixNano()
	}
	return time.Now().UnixNano()
}

// work is what the sandbox knows of its work dir.
type work struct {
	changes func() ([]vfs.Change, error)
	overlay overlay // nil where writes land
	close   []io.Closer
}

type overlay interface {
	Commit(to vfs.FS) error
	Discard() error
	Lower() vfs.FS
}

// Commit applies what changed in an overlaid work dir to the directory below
// it. ErrNotOverlay otherwise.
func (s *Sandbox) Commit() error {
	done, err := s.enter()
	if err != nil {
		return err
	}
	defer done()
	if s.work.overlay == nil {
		return ErrNotOverlay
	}
	if err := s.work.overlay.Commit(s.work.overlay.Lower()); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Discard forgets what changed in an overlaid work dir.
func (s *Sandbox) Discard() error {
	done, err := s.enter()
	if err != nil {
		return err
	}
	defer done()
	if s.work.overlay == nil {
		return ErrNotOverlay
	}
	return s.work.overlay.Discard()
}
