package api

import (
	"errors"
	"testing"
	"time"

	"agentsandbox/core"
)

// An idle sandbox makes room, a used one does not.
func TestMemoryMakesRoom(t *testing.T) {
	store := NewMemory(2, time.Minute)
	now := time.Unix(0, 0)
	store.now = func() time.Time { return now }
	rt, err := core.NewRuntime(t.Context(), core.RuntimeConfig{Engine: "interpreter"})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	var ids []string
	for range 3 {
		sb, err := rt.New(core.Config{})
		if err != nil {
			t.Fatal(err)
		}
		id, err := store.Create(sb)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		now = now.Add(2 * time.Minute)
		if len(ids) == 2 {
			if _, err := store.Get(ids[0]); err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Minute)
		}
	}
	if _, err := store.Get(ids[1]); !errors.Is(err, ErrUnknown) {
		t.Errorf("the idle one is still there: %v", err)
	}
	if _, err := store.Get(ids[0]); err != nil || len(ids[0]) != 32 {
		t.Errorf("the used one: %v, id %s", err, ids[0])
	}
	store.Close()
}
