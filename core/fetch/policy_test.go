//go:build !js

package fetch

import (
	"encoding/json"
	"errors"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"code.dny.dev/ssrf"
)

// refused reads the hosts that no default policy may let through.
func refused(t testing.TB) []string {
	data, err := os.ReadFile("testdata/refused.txt")
	if err != nil {
		t.Fatal(err)
	}
	return append(strings.Fields(string(data)), "exam\tple.com", "127.0.0.1\u00ad", "l\u200bocalhost", " 127.0.0.1", "127.0.0.1\n")
}

// THREAT[NP-01] THREAT[NP-03] THREAT[NP-08] Every way to write a local host is
// refused, and not one connection is made.
func TestRefusedHosts(t *testing.T) {
	n := &fakeNet{}
	c := n.client(t, &Policy{})
	for _, host := range refused(t) {
		for _, scheme := range []string{"http://", "https://", "HTTP://", "http:/", "http:", "http:///"} {
			for _, rest := range []string{"", "/", ":80/", ":443/x", "./", "?a=b", "#f"} {
				for _, spelled := range []string{host, strings.ToUpper(host)} {
					_, err := get(c, scheme+spelled+rest)
					var denied *DeniedError
					if !errors.As(err, &denied) && errKind(err) != KindURL {
						t.Errorf("%s%s%s: %v", scheme, spelled, rest, err)
					}
				}
			}
		}
	}
	if _, dialled := n.calls(); len(dialled) > 0 {
		t.Errorf("dialled %v", dialled)
	}
}

// The C library does take such hosts for local addresses: a check of the text
// alone would let them through.
func TestRefusedHostsAreReal(t *testing.T) {
	for _, host := range []string{"2130706433", "0x7f.1", "0177.0.0.1", "127.1", "017700000001", "0x7f000001"} {
		got, err := glibc(host)
		if _, plain := netip.ParseAddr(host); plain == nil || err != nil || !got[0].IsLoopback() {
			t.Errorf("%s: %v %v", host, got, err)
		}
	}
}

// THREAT[NP-01] An allowed name that leads to a local address is refused, even
// if it is the only one of its answers.
func TestRefusedAnswers(t *testing.T) {
	for _, host := range refused(t) {
		addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil {
			continue
		}
		for _, answer := range [][]netip.Addr{{addr}, {public, addr}, {addr, public}} {
			n := &fakeNet{answer: func(string) ([]netip.Addr, error) { return append([]netip.Addr(nil), answer...), nil }}
			c := n.client(t, &Policy{AllowedDomains: []string{"allowed.example"}})
			_, err := get(c, "http://allowed.example/")
			var denied *DeniedError
			if !errors.As(err, &denied) || denied.Op != "resolve" {
				t.Errorf("answer %v: %v", answer, err)
			}
			if asked, dialled := n.calls(); len(dialled) > 0 || len(asked) != 1 {
				t.Errorf("answer %v: asked %v, dialled %v", answer, asked, dialled)
			}
		}
	}
}

func TestAllowedHosts(t *testing.T) {
	for _, host := range strings.Fields(`8.8.8.8 1.1.1.1 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 169.253.255.255
		169.255.0.1 192.0.1.1 198.17.255.255 198.20.0.1 223.255.255.255 [2606:4700:4700::1111] [2001:4860:4860::8888]
		example.com EXAMPLE.com example.com. xn--mnchen-3ya.de a_b.example.com 1.example.com example.c0m`) {
		n := &fakeNet{}
		c := n.client(t, &Policy{})
		if _, err := get(c, "http://"+host+"/"); errKind(err) != KindConnect {
			t.Errorf("%s: %v", host, err)
		}
		want := public
		if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
			want = a
		}
		if _, dialled := n.calls(); len(dialled) != 1 || dialled[0] != netip.AddrPortFrom(want, 80) {
			t.Errorf("%s: dialled %v", host, dialled)
		}
	}
}

// THREAT[NP-02] Each special range is refused from its first address to its
// last, and no further.
func TestRanges(t *testing.T) {
	p := &Policy{}
	all := append(append([]netip.Prefix(nil), ssrf.IPv4DeniedPrefixes...), ssrf.IPv6DeniedPrefixes...)
	contained := func(a netip.Addr) bool {
		for _, prefix := range all {
			if prefix.Contains(a) {
				return true
			}
		}
		return !a.IsValid() || a.Is6() && !ssrf.IPv6GlobalUnicast.Contains(a) || isMetadata(a)
	}
	for _, prefix := range all {
		first, last := prefix.Addr(), lastOf(prefix)
		for _, a := range []netip.Addr{first, last, first.Next()} {
			if p.CheckAddr("x", a) == nil {
				t.Errorf("%v of %v is let through", a, prefix)
			}
		}
		for _, a := range []netip.Addr{first.Prev(), last.Next()} {
			if err := p.CheckAddr("x", a); (err != nil) != contained(a) {
				t.Errorf("%v beside %v: %v", a, prefix, err)
			}
		}
		if first.Is4() {
			checkWrapped(t, first)
		}
	}
}

// checkWrapped tries the ways in which IPv6 carries an IPv4 address.
func checkWrapped(t *testing.T, v4 netip.Addr) {
	b := v4.As4()
	for name, wrapped := range map[string][16]byte{
		"mapped":     {10: 0xff, 11: 0xff, 12: b[0], 13: b[1], 14: b[2], 15: b[3]},
		"compatible": {12: b[0], 13: b[1], 14: b[2], 15: b[3]},
		"nat64":      {0: 0, 1: 0x64, 2: 0xff, 3: 0x9b, 12: b[0], 13: b[1], 14: b[2], 15: b[3]},
		"nat64 own":  {0: 0, 1: 0x64, 2: 0xff, 3: 0x9b, 5: 1, 12: b[0], 13: b[1], 14: b[2], 15: b[3]},
		"6to4":       {0: 0x20, 1: 2, 2: b[0], 3: b[1], 4: b[2], 5: b[3]},
		"teredo":     {0: 0x20, 1: 1, 12: ^b[0], 13: ^b[1], 14: ^b[2], 15: ^b[3]},
		"isatap":     {0: 0x26, 1: 6, 2: 0x47, 10: 0x5e, 11: 0xfe, 12: b[0], 13: b[1], 14: b[2], 15: b[3]},
	} {
		a := netip.AddrFrom16(wrapped)
		if (&Policy{}).CheckAddr("x", a) == nil {
			t.Errorf("%s %v is let through", name, a)
		}
	}
}

func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// Private addresses may be opened; metadata services may not.
func TestAllowPrivateIPs(t *testing.T) {
	p := &Policy{AllowPrivateIPs: true}
	for host, want := range map[string]bool{
		"127.0.0.1": true, "localhost": true, "10.1.2.3": true, "192.168.1.1": true, "[::1]": true, "[fd00::1]": true, "printer.lan": true,
		"169.254.169.254": false, "[fe80::1]": false, "168.63.129.16": false, "100.100.100.200": false, "[fd00:ec2::254]": false,
		"metadata.google.internal": false, "metadata": false, "0.0.0.0": false, "224.0.0.1": false, "[::ffff:169.254.169.254]": false,
	} {
		_, _, err := p.Check("GET", "http://"+host+"/")
		if (err == nil) != want {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// THREAT[NP-09] What an entry of the list allows.
func TestAllowList(t *testing.T) {
	for _, c := range []struct {
		allow string
		url   string
		want  bool
	}{
		{"example.com", "http://example.com/", true},
		{"example.com", "https://EXAMPLE.com./", true},
		{"Example.COM", "https://example.com/", true},
		{"example.com", "https://www.example.com/", false},
		{"example.com", "https://evilexample.com/", false},
		{"example.com", "https://example.com.evil.com/", false},
		{"example.com", "https://xn--exmple-cua.com/", false},
		{"example.com", "https://example.com:8443/", false},
		{"example.com:8443", "https://example.com:8443/", true},
		{"example.com:8443", "https://example.com/", false},
		{"*.example.com", "https://a.example.com/", true},
		{"*.example.com", "https://a.b.example.com/", true},
		{"*.example.com", "https://example.com/", false},
		{"*.example.com", "https://aexample.com/", false},
		{"*.example.com:81", "http://a.example.com:81/", true},
		{"example.com", "http://8.8.8.8/", false},
		{"*.8", "http://8.8.8.8/", false},
		{"8.8.8.8", "http://8.8.8.8/", true},
		{"[2606:4700:4700::1111]:81", "http://[2606:4700:4700::1111]:81/", true},
		{"2606:4700:4700::1111", "http://[2606:4700:4700:0::1111]/", true},
		{"*", "http://anything.example/", true},
		{"*", "http://8.8.8.8/", true},
		{"*", "http://127.0.0.1/", false},
		{"*", "http://anything.example:22/", false},
		{"*:22", "http://anything.example:22/", true},
		{"127.0.0.1", "http://127.0.0.1/", false},
		{"localhost", "http://localhost/", false},
	} {
		p := &Policy{AllowedDomains: []string{c.allow}}
		if _, _, err := p.Check("GET", c.url); (err == nil) != c.want {
			t.Errorf("%s for %s: %v", c.allow, c.url, err)
		}
	}
}

func TestBlockedDomains(t *testing.T) {
	p := &Policy{BlockedDomains: []string{"*.evil.example", "evil.example", "8.8.8.8"}}
	for url, want := range map[string]bool{
		"http://evil.example/": false, "http://a.EVIL.example./": false, "http://8.8.8.8/": false, "http://good.example/": true,
	} {
		if _, _, err := p.Check("GET", url); (err == nil) != want {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// THREAT[NP-09] A URL prefix allows what is below it and can't be walked out of.
func TestAllowedURLs(t *testing.T) {
	p := &Policy{AllowedURLs: []string{"https://api.example.com/v1/", "https://api.example.com/one"}}
	for url, want := range map[string]bool{
		"https://api.example.com/v1/": true, "https://api.example.com/v1/a/b?q=..": true, "https://api.example.com/one": true,
		"https://api.example.com/one/two": true, "https://api.example.com/onetwo": false, "https://api.example.com/v1": false,
		"https://api.example.com/": false, "http://api.example.com/v1/": false, "https://api.example.com:8443/v1/": false,
		"https://api.example.com/v1/../x": false, "https://api.example.com/v1/%2e%2e/x": false, "https://api.example.com/v1/%2E./x": false,
		"https://api.example.com/v1//x": false, "https://api.example.com/v1/..%2fx": false, "https://api.example.com/v1/./x": false,
		"https://api.example.com/v1/%252e%252e/x": false, "https://api.example.com/v1/a;/../x": false, "https://other.example.com/v1/": false,
	} {
		if _, _, err := p.Check("GET", url); (err == nil) != want {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// THREAT[NP-07] Only web ports, unless the policy says more.
func TestPorts(t *testing.T) {
	p := &Policy{}
	for _, port := range []string{"22", "25", "110", "143", "445", "2375", "2379", "3306", "5432", "6379", "9200", "11211", "0", "65536", "80:80", "-1", "8080", "080x"} {
		if _, _, err := p.Check("GET", "http://example.com:"+port+"/"); err == nil {
			t.Errorf("port %s is open", port)
		}
	}
	if _, _, err := (&Policy{AllowedPorts: []uint16{8080}}).Check("GET", "http://example.com:8080/"); err != nil {
		t.Error(err)
	}
}

// THREAT[NP-11] Methods come from a list, as they are written.
func TestMethods(t *testing.T) {
	p := &Policy{}
	for method, want := range map[string]bool{
		"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true,
		"CONNECT": false, "TRACE": false, "get": false, "GE T": false, "": false, "GET\r\nX: y": false, "FOO": false,
	} {
		if _, _, err := p.Check(method, "http://example.com/"); (err == nil) != want {
			t.Errorf("%q: %v", method, err)
		}
	}
}

// THREAT[NP-13] There are no other schemes.
func TestSchemes(t *testing.T) {
	for _, url := range []string{
		"file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "ws://example.com/", "data:text/plain,x",
		"unix:///run/x", "javascript:1", "//example.com/", "example.com", "", "http", "http:", "http://", "httpx://example.com/",
	} {
		if _, _, err := (&Policy{}).Check("GET", url); err == nil {
			t.Errorf("%q is let through", url)
		}
	}
	p := &Policy{AllowedSchemes: []string{"https"}}
	if _, _, err := p.Check("GET", "http://example.com/"); err == nil {
		t.Error("http is let through")
	}
}

func TestDeniedSaysHow(t *testing.T) {
	_, _, err := (&Policy{AllowedDomains: []string{"a.example"}}).Check("GET", "https://b.example/x")
	want := "fetch of b.example:443 denied by the network policy (allowed_domains): allow it with --allow-net b.example"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestPolicyJSON(t *testing.T) {
	text := `{"allowed_domains":["example.com"],"blocked_domains":["*.evil.example"],"allowed_urls":["https://a.example/b/"],
		"allowed_ports":[80,8080],"deny_private_ips":false,"allowed_methods":["GET"],"max_redirects":3,"request_timeout_ms":1500,
		"max_response_body":100,"inject":[{"host":"example.com","headers":{"Authorization":"Bearer ${TOKEN}"}}]}`
	var p, again Policy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	if !p.AllowPrivateIPs || p.MaxRedirects != 3 || p.RequestTimeout != 1500*time.Millisecond || p.MaxResponseBody != 100 || len(p.Inject) != 1 {
		t.Errorf("read %+v", p)
	}
	out, err := json.Marshal(&p)
	if err == nil {
		err = json.Unmarshal(out, &again)
	}
	if err != nil || !reflect.DeepEqual(p, again) {
		t.Errorf("%v: %s", err, out)
	}
	for _, bad := range []string{
		`{"allowed_domain":["x"]}`, `{"allowed_domains":["exa mple"]}`, `{"allowed_domains":["a:0"]}`, `{"allowed_urls":["x"]}`,
		`{"allowed_urls":["https://a/../b"]}`, `{"allowed_schemes":["ftp"]}`, `{"inject":[{"host":"*","headers":{}}]}`,
		`{"request_timeout_ms":-1}`, `[]`, `{} {}`, `{"allowed_domains":["http://x/"]}`,
	} {
		if err := json.Unmarshal([]byte(bad), &Policy{}); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// FuzzPolicy holds an allowed URL to what the rest relies on, and what is
// dialled, whatever a resolver answers, to public addresses.
func FuzzPolicy(f *testing.F) { // THREAT[NP-17]
	for _, host := range refused(f) {
		f.Add("http://"+host+"/", []byte{8, 8, 8, 8})
		if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
			f.Add("http://ok.example/", addr.AsSlice())
			f.Add("http://ok.example/", append(addr.AsSlice(), 8, 8, 8, 8))
		}
	}
	f.Add("https://example.com:443/a?b#c", []byte{93, 184, 216, 34})
	f.Fuzz(func(t *testing.T, url string, answer []byte) {
		got, _, err := (&Policy{}).Check("GET", url)
		if err != nil {
			return
		}
		again, _, err := (&Policy{}).Check("GET", got.URL())
		if err != nil || again != got {
			t.Fatalf("%q became %q, which is %+v, %v", url, got.URL(), again, err)
		}
		if got.Addr.IsValid() && specialRange(got.Addr) != "" {
			t.Fatalf("%q leads to %v", url, got.Addr)
		}
		if _, local := inetAton(got.Host); local && !got.Addr.IsValid() {
			t.Fatalf("%q is an address for the C library", url)
		}
		n := &fakeNet{answer: func(string) ([]netip.Addr, error) { return addresses(answer), nil }}
		c := NewClient(anyHost, n.transport(anyHost))
		defer c.Close()
		if _, err := get(c, url); err == nil {
			t.Fatalf("%q: there is no server", url)
		}
		asked, dialled := n.calls()
		for _, to := range dialled {
			if specialRange(to.Addr()) != "" || to.Addr() != to.Addr().Unmap() || to.Port() != got.Port {
				t.Fatalf("%q, answered with %v: dialled %v", url, addresses(answer), to)
			}
		}
		if len(asked) > 1 || len(asked) == 1 && asked[0] != got.Host {
			t.Fatalf("%q: asked for %q", url, asked)
		}
	})
}

// addresses reads bytes as addresses: sixteen each, and four at a time the rest.
func addresses(b []byte) (all []netip.Addr) {
	for ; len(b) >= 16; b = b[16:] {
		all = append(all, netip.AddrFrom16([16]byte(b)))
	}
	for ; len(b) >= 4; b = b[4:] {
		all = append(all, netip.AddrFrom4([4]byte(b)))
	}
	return all
}
