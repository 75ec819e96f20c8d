package api

import (
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"

	"agentsandbox/core"
)

// Memory is a Store in memory. One that was not used for a while makes room
// for a new one when it is full.
type Memory struct {
	most int
	idle time.Duration
	now  func() time.Time

	mu      sync.Mutex
	entries map[string]*kept // guarded by mu
}

type kept struct {
	Entry
	used time.Time
}

// NewMemory makes a store of at most most sandboxes; one that was idle for as
// long as idle may be destroyed to make room.
func NewMemory(most int, idle time.Duration) *Memory {
	return &Memory{most: most, idle: idle, now: time.Now, entries: map[string]*kept{}}
}

// Create implements Store. The id has 128 random bits.
func (m *Memory) Create(sb *core.Sandbox) (string, error) {
	var bits [16]byte
	if _, err := rand.Read(bits[:]); err != nil {
		return "", err
	}
	id := hex.EncodeToString(bits[:])
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.entries) >= m.most && !m.makeRoom() {
		return "", ErrFull
	}
	m.entries[id] = &kept{Entry{sb, sb.Session()}, m.now()}
	return id, nil
}

// makeRoom destroys the sandbox that has been idle longest, if long enough.
func (m *Memory) makeRoom() bool {
	oldest := ""
	for id, k := range m.entries {
		if oldest == "" || k.used.Before(m.entries[oldest].used) {
			oldest = id
		}
	}
	if oldest == "" || m.now().Sub(m.entries[oldest].used) < m.idle {
		return false
	}
	k := m.entries[oldest]
	delete(m.entries, oldest)
	go k.close()
	return true
}

func (k *kept) close() error {
	_ = k.Session.Close()
	return k.Sandbox.Destroy()
}

// Get implements Store.
func (m *Memory) Get(id string) (*Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.entries[id]
	if !ok {
		return nil, ErrUnknown
	}
	k.used = m.now()
	return &k.Entry, nil
}

// Delete implements Store.
func (m *Memory) Delete(id string) error {
	m.mu.Lock()
	k, ok := m.entries[id]
	delete(m.entries, id)
	m.mu.Unlock()
	if !ok {
		return ErrUnknown
	}
	return k.close()
}

// Close destroys all sandboxes.
func (m *Memory) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, k := range m.entries {
		delete(m.entries, id)
		_ = k.close()
	}
}
