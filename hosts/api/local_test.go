package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"agentsandbox/hosts/api"
	"agentsandbox/hosts/api/apitest"
)

// The suite again, with few shells that hold their memory, in a folder.
func TestSuiteInFolder(t *testing.T) {
	testSuite(t, api.LocalConfig{Shells: 2, Dir: t.TempDir()}, api.NewGate(2, 100, time.Minute))
}

func script(t *testing.T, c apitest.Client, box, text string) *api.Result {
	t.Helper()
	r, err := c.Script(t.Context(), box, text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// THREAT[RL-04]: what is in the folder goes on in the next process.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	open := func() (apitest.Client, *api.Local) {
		var store *api.Local
		c := newClient(t, func(c *api.Config) {
			store = newLocal(t, api.LocalConfig{Runtime: c.Runtime, Dir: dir, Most: 3})
			c.Store = store
		})
		return c, store
	}
	c, store := open()
	box, err := c.Create(t.Context(), apitest.Object{"env": apitest.Object{"A": "a"}, "files": apitest.Object{"d/f": "one\n"}})
	if err != nil {
		t.Fatal(err)
	}
	gone, err := c.Create(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	script(t, c, box, "cd d; x=5; f() { echo f$1; }; ln -s f l; chmod 700 f; false")
	diff, _ := c.Do(t.Context(), "GET", box+"/diff", nil)
	if err := c.Call(t.Context(), "DELETE", gone, nil, nil); err != nil {
		t.Fatal(err)
	}
	store.Close()
	half := filepath.Join(dir, strings.Repeat("0", 32), "work") // as a process leaves it that ends in between
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}

	c, store = open()
	if r := script(t, c, box, "echo $? $A $x; pwd; f 1; cat l; stat -c %a f"); r.Stdout != "1 a 5\n/work/d\nf1\none\n700\n" || r.StateLost {
		t.Errorf("%+v", r)
	}
	if again, _ := c.Do(t.Context(), "GET", box+"/diff", nil); string(again.Body) != string(diff.Body) {
		t.Errorf("%s, was %s", again.Body, diff.Body)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	script(t, c, box, "sleep 100 & exec 3>g")
	store.Close()

	c, _ = open()
	if r := script(t, c, box, "jobs; echo $x"); r.Stdout != "5\n" || !r.StateLost {
		t.Errorf("the job was lost, and nobody told: %+v", r)
	}
}

// One that was idle for too long is destroyed, in the folder as well.
func TestExpire(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		now := time.Now()
		var store *api.Local
		c := newClient(t, func(c *api.Config) {
			store = newLocal(t, api.LocalConfig{Runtime: c.Runtime, Most: 2, Idle: time.Hour, Dir: dir, Now: func() time.Time { return now }})
			c.Store = store
		})
		used, err := c.Create(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		idle, err := c.Create(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			now = now.Add(40 * time.Minute)
			script(t, c, used, "x=5")
		}
		store.Expire()
		if a, _ := c.Do(t.Context(), "GET", idle+"/diff", nil); a.Status != http.StatusNotFound {
			t.Errorf("the idle one: %d", a.Status)
		}
		if _, err := c.Create(t.Context(), nil); err != nil {
			t.Errorf("there is no room: %v", err)
		}
		if r := script(t, c, used, "echo $x"); r.Stdout != "5\n" {
			t.Errorf("%+v", r)
		}
		if dir != "" {
			if list, err := os.ReadDir(dir); err != nil || len(list) != 3 {
				t.Errorf("%v, %v", list, err)
			}
		}
	}
}

// Shells that are too many, or too large, wait as their state. Who runs a job
// keeps it as long as others can make room.
func TestShellsWait(t *testing.T) {
	var store *api.Local
	c := newClient(t, func(c *api.Config) {
		store = newLocal(t, api.LocalConfig{Runtime: c.Runtime, Shells: 2, ShellMemory: 48 << 20})
		c.Store = store
	})
	boxes := make([]string, 6)
	for i := range boxes {
		var err error
		if boxes[i], err = c.Create(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	script(t, c, boxes[0], "x=0; sleep 1000 &")
	for i, box := range boxes[1:] {
		script(t, c, box, fmt.Sprintf("x=%d", i+1))
	}
	if n := holding(t, store, boxes); n != 2 {
		t.Errorf("%d shells hold memory", n)
	}
	for i, box := range boxes {
		want := fmt.Sprintf("%d\n", i)
		if i == 0 {
			want = "0\n1\n"
		}
		if r := script(t, c, box, "echo $x; jobs | grep -c sleep || :"); strings.TrimSuffix(r.Stdout, "0\n") != strings.TrimSuffix(want, "0\n") || r.StateLost {
			t.Errorf("shell %d: %+v, want %q", i, r, want)
		}
	}
	script(t, c, boxes[5], "y=$(head -c 10000000 /dev/zero | tr '\\0' x); z=$y; unset y z; x=large")
	if n := holding(t, store, boxes[5:]); n != 0 {
		t.Error("a large shell holds its memory")
	}
	if r := script(t, c, boxes[5], "echo $x"); r.Stdout != "large\n" {
		t.Errorf("%+v", r)
	}
}

// holding counts the shells that hold memory.
func holding(t *testing.T, store *api.Local, boxes []string) int {
	t.Helper()
	n := 0
	for _, box := range boxes {
		e, err := store.Use(strings.TrimPrefix(box, "/v1/sandboxes/"))
		if err != nil {
			t.Fatal(err)
		}
		if memory, err := e.Session.Memory(); err != nil || memory > 0 {
			n++
		}
		store.Release(e)
	}
	return n
}

// Files may take so much memory together, and no more.
func TestRoom(t *testing.T) {
	c := newClient(t, func(c *api.Config) {
		store := newLocal(t, api.LocalConfig{Runtime: c.Runtime, Files: 1 << 20})
		c.Store, c.Room = store, store.Room
	})
	box, err := c.Create(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Put(t.Context(), box, "f", make([]byte, 2<<20)); err != nil {
		t.Fatal(err)
	}
	for _, call := range []string{"PUT " + box + "/files/g", "POST " + box + "/exec", "POST /v1/exec", "POST /v1/sandboxes"} {
		method, path, _ := strings.Cut(call, " ")
		body := ""
		if strings.HasSuffix(path, "/exec") {
			body = `{"script":"echo"}`
		}
		a, err := c.Do(t.Context(), method, path, []byte(body))
		if err != nil || a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s %v", call, a.Status, a.Body, err)
		}
	}
	if err := c.Call(t.Context(), "DELETE", box+"/files/f", nil, nil); err != nil {
		t.Fatal(err)
	}
	script(t, c, box, "echo there is room")
}

// THREAT[RL-08]: of what comes at once, so much runs as may, so much waits as may,
// and the rest is refused.
func TestGate(t *testing.T) {
	c := newClient(t, func(c *api.Config) { c.Gate = api.NewGate(2, 3, time.Minute) })
	const n = 12
	statuses := make(chan int, n)
	for range n {
		go func() {
			a, err := c.Do(t.Context(), "POST", "/v1/exec", []byte(`{"script":"sleep 1"}`))
			if err != nil {
				a.Status = 0
			}
			statuses <- a.Status
		}()
	}
	count := map[int]int{}
	for range n {
		count[<-statuses]++
	}
	if count[http.StatusOK] < 5 || count[http.StatusOK]+count[http.StatusServiceUnavailable] != n || count[http.StatusServiceUnavailable] == 0 {
		t.Errorf("%v", count)
	}
	if r, err := c.Script(t.Context(), "/v1", "echo after"); err != nil || r.Stdout != "after\n" {
		t.Errorf("%+v, %v", r, err)
	}
}

// THREAT[RL-08]: bodies may take so much memory at once.
func TestBodies(t *testing.T) {
	c := newClient(t, func(c *api.Config) { c.Bodies = 1000 })
	for size, status := range map[int]int{100: http.StatusBadRequest, 2000: http.StatusServiceUnavailable} {
		for range 20 { // what was held is released
			a, err := c.Do(t.Context(), "POST", "/v1/exec", []byte(strings.Repeat("x", size)))
			if err != nil || a.Status != status {
				t.Fatalf("%d bytes: %d %s %v", size, a.Status, a.Body, err)
			}
		}
	}
}

// Who waits for too long is refused.
func TestGatePatience(t *testing.T) {
	c := newClient(t, func(c *api.Config) { c.Gate = api.NewGate(1, 3, time.Millisecond) })
	statuses := make(chan int)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			a, _ := c.Do(t.Context(), "POST", "/v1/exec", []byte(`{"script":"sleep 1"}`))
			statuses <- a.Status
		})
	}
	if first, second := <-statuses, <-statuses; first != http.StatusServiceUnavailable || second != http.StatusOK {
		t.Errorf("%d, then %d", first, second)
	}
	wait.Wait()
}

// A session that was destroyed while it ran can't be released wrongly.
func TestDeleteWhileRunning(t *testing.T) {
	c := newClient(t, func(c *api.Config) { c.Store = newLocal(t, api.LocalConfig{Runtime: c.Runtime, Dir: t.TempDir()}) })
	box, err := c.Create(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		r, err := c.Script(t.Context(), box, "echo started >f; while :; do :; done")
		if err == nil && !r.Canceled && r.Limit == nil {
			err = errors.New("it ended by itself")
		}
		done <- err
	}()
	for {
		if a, err := c.Do(t.Context(), "GET", box+"/files/f", nil); err != nil || a.Status == http.StatusOK {
			break
		}
	}
	if err := c.Call(t.Context(), "DELETE", box, nil, nil); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := c.Script(t.Context(), box, "echo"); err == nil {
		t.Error("it is still there")
	}
}
