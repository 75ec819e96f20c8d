package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestNetworkFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(file, []byte(`{"allowed_domains":["a.example"],"max_redirects":2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		n     network
		allow []string // nil is no network
		local bool
		bad   bool
	}{
		{network{}, nil, false, false},
		{network{allow: []string{"b.example"}}, []string{"b.example"}, false, false},
		{network{allow: []string{"localhost:80"}, local: true}, []string{"localhost:80"}, true, false},
		{network{policy: file, allow: []string{"b.example"}}, []string{"a.example", "b.example"}, false, false},
		{network{local: true}, nil, false, true},
		{network{policy: file + ".none"}, nil, false, true},
	} {
		p, err := c.n.fetchPolicy()
		if (err != nil) != c.bad {
			t.Errorf("%+v: %v", c.n, err)
		}
		if p == nil {
			if c.allow != nil {
				t.Errorf("%+v: no policy", c.n)
			}
			continue
		}
		if !reflect.DeepEqual(p.AllowedDomains, c.allow) || p.AllowPrivateIPs != c.local {
			t.Errorf("%+v: %+v", c.n, p)
		}
	}
	var n network
	if err := n.addHosts("a.example, *.b.example,"); err != nil || len(n.allow) != 2 {
		t.Errorf("%v %v", n.allow, err)
	}
	if err := n.addHosts("http://x/"); err == nil {
		t.Error("a URL is taken for a host")
	}
}
