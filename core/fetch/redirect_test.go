//go:build !js

package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// rogue answers /N with a redirect of status N to the place that the request
// names, and tells of any other request.
func rogue(w http.ResponseWriter, r *http.Request) {
	var code int
	if _, err := fmt.Sscanf(r.URL.Path, "/%d", &code); err == nil {
		hijack(w, fmt.Sprintf("HTTP/1.1 %d Go\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", code, r.Header.Get("Accept-To")))
		return
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s%s body=%s auth=%s key=%s cookie=%s agent=%s type=%s referer=%s", r.Method, r.Host, r.URL, body,
		r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"), r.Header.Get("Cookie"), r.Header.Get("User-Agent"),
		r.Header.Get("Content-Type"), r.Header.Get("Referer"))
}

func follow(c *Client, code int, to string, change func(*Request)) (*Response, error) {
	req := &Request{URL: fmt.Sprintf("http://start.example/%d", code), Header: Header{{"Accept-To", to}}}
	if change != nil {
		change(req)
	}
	return c.Do(context.Background(), req)
}

// THREAT[NP-06] A redirect is checked as a request is: no vector, no scheme and
// no trick of spelling gets by.
func TestRogueRedirects(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, rogue)
	p := &Policy{MaxRequestsPerMinute: 1 << 20}
	c := n.client(t, p)
	targets := []string{
		"file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "data:text/plain,x", "ftp://x.example/", "javascript:1",
		"//127.0.0.1", "\\\\127.0.0.1", "/\\127.0.0.1/..//127.0.0.1\x00", "http://user:pw@ok.example/", "http://", "http://[::1", "http://ok.example:22/",
	}
	for _, host := range refused(t) {
		if !strings.ContainsAny(host, "\r\n/\\") && host != "" {
			targets = append(targets, "http://"+host+"/", "//"+host)
		}
	}
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, to := range targets {
			resp, err := follow(c, code, to, nil)
			if err == nil {
				t.Errorf("%d to %q: %d %s", code, to, resp.Status, resp.Body)
			}
		}
	}
	for _, to := range mustDial(n) {
		if to != "93.184.216.34:80" {
			t.Errorf("dialled %s", to)
		}
	}
}

func mustDial(n *fakeNet) []string {
	_, dialled := n.calls()
	var out []string
	for _, d := range dialled {
		out = append(out, d.String())
	}
	return out
}

// What a redirect does to method, body and headers.
func TestRedirectRules(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, rogue)
	c := n.client(t, anyHost)
	post := func(r *Request) {
		r.Method, r.Body = "POST", []byte("data")
		r.Header = append(r.Header, Field{"Content-Type", "a/b"}, Field{"Authorization", "secret"}, Field{"X-Api-Key", "secret"},
			Field{"Cookie", "secret"}, Field{"User-Agent", "me"})
	}
	for _, c2 := range []struct {
		code int
		to   string
		want string
	}{
		{301, "/x", "GET start.example/x body= auth=secret key=secret cookie=secret agent=me type= referer="},
		{302, "/x", "GET start.example/x body= auth=secret key=secret cookie=secret agent=me type= referer="},
		{303, "/x", "GET start.example/x body= auth=secret key=secret cookie=secret agent=me type= referer="},
		{307, "/x", "POST start.example/x body=data auth=secret key=secret cookie=secret agent=me type=a/b referer="},
		{308, "x", "POST start.example/x body=data auth=secret key=secret cookie=secret agent=me type=a/b referer="},
		{307, "http://other.example/", "POST other.example/ body=data auth= key= cookie= agent=me type=a/b referer="},
		{302, "http://other.example/", "GET other.example/ body= auth= key= cookie= agent=me type= referer="},
		{302, "//other.example/y?z#f", "GET other.example/y?z body= auth= key= cookie= agent=me type= referer="},
		{302, "?q", ""},
		{300, "/x", ""},
		{304, "/x", ""},
	} {
		resp, err := follow(c, c2.code, c2.to, post)
		if err != nil && c2.want != "" || c2.want != "" && string(resp.Body) != c2.want {
			t.Errorf("%d to %s: %v\n%s", c2.code, c2.to, err, resp.Body)
		}
		if c2.want == "" && err == nil && resp.Redirects != 0 {
			t.Errorf("%d to %s is followed", c2.code, c2.to)
		}
	}
}

func TestRedirectLimits(t *testing.T) {
	n := &fakeNet{}
	requests := 0
	n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		hijack(w, "HTTP/1.1 302 Again\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
	})
	for limit, want := range map[int]int{0: 11, 3: 4, -1: 1} {
		requests = 0
		_, err := get(n.client(t, &Policy{MaxRedirects: limit}), "http://example.com/")
		if errKind(err) != KindRedirects || requests != want {
			t.Errorf("%d: %d requests, %v", limit, requests, err)
		}
	}
	requests = 0
	resp, err := n.client(t, anyHost).Do(context.Background(), &Request{URL: "http://example.com/", Manual: true})
	if err != nil || resp.Status != 302 || requests != 1 {
		t.Errorf("manual: %v %v", resp, err)
	}
}

func TestOddLocations(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		status int // 0: an error
	}{
		"none":     {"X: y\r\n", 302},
		"two":      {"Location: /a\r\nLocation: /b\r\n", 0},
		"twice":    {"Location: /ok\r\nLocation: /ok\r\n", 200},
		"long":     {"Location: /" + strings.Repeat("x", 100<<10) + "\r\n", 0},
		"refresh":  {"Refresh: 0; url=http://127.0.0.1/\r\n", 302},
		"tab":      {"Location: /a\tb\r\n", 0},
		"spaces":   {"Location: /ok ok\r\n", 200},
		"fragment": {"Location: /ok#frag\r\n", 200},
	} {
		n := &fakeNet{}
		n.serve(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/ok") {
				return
			}
			hijack(w, "HTTP/1.1 302 Go\r\n"+c.header+"Content-Length: 0\r\n\r\n")
		})
		resp, err := get(n.client(t, anyHost), "http://example.com/")
		if (err == nil) != (c.status != 0) || err == nil && resp.Status != c.status {
			t.Errorf("%s: %+v %v", name, resp, err)
		}
	}
}

// THREAT[NP-06] A secure request does not become a plain one.
func TestNoDowngrade(t *testing.T) {
	n := &fakeNet{}
	server := n.serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "http://example.com/plain")
		w.WriteHeader(302)
	}, nil)
	transport := n.transport(anyHost)
	transport.tls.RootCAs = trust(server)
	c := NewClient(anyHost, transport)
	defer c.Close()
	_, err := get(c, "https://example.com/")
	var denied *DeniedError
	if !errors.As(err, &denied) || denied.Op != "redirect" {
		t.Errorf("got %v", err)
	}
}
