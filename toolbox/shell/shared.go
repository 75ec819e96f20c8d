package shell

import (
	"maps"
	"slices"
)

// shared is a map that a process and its subshells have in common until one of
// them changes it. The zero value is empty.
type shared[V any] struct {
	m      map[string]V
	common bool // others may be reading m: it is copied before a change
}

func (s *shared[V]) get(key string) (v V) {
	if len(s.m) == 0 {
		return v
	}
	return s.m[key]
}

func (s *shared[V]) has(key string) bool {
	_, ok := s.m[key]
	return ok
}

func (s *shared[V]) put(key string, v V) {
	s.own()
	s.m[key] = v
}

func (s *shared[V]) drop(key string) {
	if s.has(key) {
		s.own()
		delete(s.m, key)
	}
}

func (s *shared[V]) own() {
	switch {
	case s.m == nil:
		s.m = map[string]V{}
	case s.common:
		s.m = maps.Clone(s.m)
	}
	s.common = false
}

// clear empties the map.
func (s *shared[V]) clear() { *s = shared[V]{} }

// fork is the map of a subshell.
func (s *shared[V]) fork() shared[V] {
	if len(s.m) == 0 {
		return shared[V]{}
	}
	s.common = true
	return *s
}

// keys are the keys, sorted.
func (s *shared[V]) keys() []string { return slices.Sorted(maps.Keys(s.m)) }
