package apitest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func (x *suite) files(t *testing.T) {
	box := x.create(t, Object{"files": Object{"d/f": "one\n"}})
	bytes := "by\x00tes\xff"
	x.do(t, http.StatusNoContent, "PUT", box+"/files/n/g.bin", bytes)
	if got := x.do(t, http.StatusOK, "GET", box+"/files/n/g.bin", ""); got != bytes {
		t.Errorf("%q", got)
	}
	x.do(t, http.StatusNoContent, "PUT", box+"/files/n/g.bin", "")
	if got := x.do(t, http.StatusOK, "GET", box+"/files/n/g.bin", ""); got != "" {
		t.Errorf("%q", got)
	}
	if got := x.do(t, http.StatusOK, "GET", box+"/files/", ""); !strings.Contains(got, `{"name":"n","type":"dir"`) {
		t.Errorf("%s", got)
	}
	for _, name := range []string{"with space", "100%", "ü/ñ", "q?a#b", "a+b;c", "-x"} {
		if err := x.Put(t.Context(), box, name, []byte(name)); err != nil {
			t.Fatal(err)
		}
		if got := x.run(t, box, Object{"command": []string{"cat", "--", name}}); got.Stdout != name {
			t.Errorf("%s: %+v", name, got)
		}
		if got := x.do(t, http.StatusOK, "GET", box+"/files/"+url.PathEscape(name), ""); got != name {
			t.Errorf("%s: %q", name, got)
		}
	}
	x.do(t, http.StatusNoContent, "DELETE", box+"/files/d", "")
	if got := x.script(t, box, "ls -d d"); !strings.Contains(got, "No such file") {
		t.Errorf("%q", got)
	}
	large := strings.Repeat("0123456789abcdef", x.MaxBody/2/16)
	x.do(t, http.StatusNoContent, "PUT", box+"/files/large", large)
	if got := x.do(t, http.StatusOK, "GET", box+"/files/large", ""); got != large {
		t.Errorf("%d bytes of %d", len(got), len(large))
	}
}

// paths are names that lead out, or are not what they should be.
func (x *suite) paths(t *testing.T) {
	box := x.create(t, Object{"files": Object{"f": "x"}})
	x.script(t, box, "ln -s /etc/passwd out; ln -s nowhere dangling; ln -s loop loop; mkdir d")
	for _, c := range []struct {
		call   string
		status int
	}{
		{"GET /files/missing", 404}, {"GET /files/dangling", 404}, {"GET /files/missing/", 404}, {"DELETE /files/missing", 404},
		{"GET /files/..%2f..%2fetc%2fpasswd", 422}, {"PUT /files/..%2fx", 422}, {"DELETE /files/..%2f..%2fetc", 422},
		{"GET /files/d", 422}, {"GET /files/f/x", 422}, {"GET /files/loop", 422}, {"PUT /files/d", 422}, {"PUT /files/f/x", 422},
		{"PUT /files/a%00b", 422}, {"PUT /files/" + strings.Repeat("x", 300), 422},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		if text := x.do(t, c.status, method, box+path, ""); !strings.Contains(text, `"error"`) {
			t.Errorf("%s: %s", c.call, text)
		}
	}
	if got := x.do(t, http.StatusOK, "GET", box+"/files/f", ""); got != "x" {
		t.Errorf("%q", got)
	}
}

func (x *suite) diff(t *testing.T) {
	box := x.create(t, Object{"files": Object{"a": "1", "b": "2"}})
	x.script(t, box, "echo more >>a; rm b; mkdir d; echo new >d/new")
	var diff struct {
		Changes []struct {
			Path, Kind string
			Dir        bool
		}
	}
	if err := x.Call(t.Context(), "GET", box+"/diff", nil, &diff); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range diff.Changes {
		got = append(got, c.Kind+" "+c.Path)
	}
	// A sandbox starts empty: what it was given is new in it, and what is gone again never was.
	if want := "created a, created d, created d/new"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
	if text := x.do(t, http.StatusOK, "GET", x.create(t, nil)+"/diff", ""); strings.TrimSpace(text) != `{"changes":[]}` {
		t.Errorf("an empty one: %s", text)
	}
}
