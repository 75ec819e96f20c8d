//go:build !js

package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Frames of HTTP/2, by their type and flags.
const (
	frameData, frameHeaders, frameReset, frameSettings = 0, 1, 3, 4
	framePush, framePing, frameGoAway, frameContinue   = 5, 6, 7, 9
	endStream, endHeaders                              = 1, 4
)

func frame(kind, flags byte, stream uint32, payload string) []byte {
	b := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	return append(binary.BigEndian.AppendUint32(b, stream), payload...)
}

// literal is a field in HPACK, not indexed.
func literal(name, value string) string {
	return "\x00" + string(rune(len(name))) + name + string(rune(len(value))) + value
}

// status200 is ":status: 200" in HPACK, from the static table.
const status200 = "\x88"

// rawHTTP2 serves HTTP/2 by hand: serve gets each connection when the client's
// preface has been read, and may write what it likes.
func rawHTTP2(t *testing.T, n *fakeNet, serve func(conn net.Conn)) *Transport {
	cert := certificate(t, time.Now().Add(time.Hour))
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	n.server = listener.Addr().String()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
				if _, err := io.ReadFull(conn, preface); err == nil {
					go io.Copy(io.Discard, conn)
					conn.Write(frame(frameSettings, 0, 0, ""))
					serve(conn)
				}
			}()
		}
	}()
	transport := n.transport(anyHost)
	transport.tls.RootCAs = x509.NewCertPool()
	leaf, _ := x509.ParseCertificate(cert.Certificate[0])
	transport.tls.RootCAs.AddCert(leaf)
	return transport
}

// THREAT[HT-04] A server's floods of HTTP/2 frames end the request, soon or when
// its time is up, and fill no memory.
func TestHTTP2Floods(t *testing.T) {
	const soon = 100 * time.Millisecond
	repeat := func(first, again []byte) func(net.Conn) {
		return func(conn net.Conn) {
			_, err := conn.Write(first)
			block := []byte(strings.Repeat(string(again), max(1, 16<<10/len(again))))
			for err == nil {
				_, err = conn.Write(block)
			}
		}
	}
	field := literal("x", strings.Repeat("y", 100))
	header := frame(frameHeaders, endHeaders, 1, status200)
	for name, c := range map[string]struct {
		serve func(net.Conn)
		kinds []Kind
	}{
		"continuation":       {repeat(frame(frameHeaders, 0, 1, status200), frame(frameContinue, 0, 1, field)), []Kind{KindHeaderSize, KindProtocol, KindReset}},
		"empty continuation": {repeat(frame(frameHeaders, 0, 1, status200), frame(frameContinue, 0, 1, "")), []Kind{KindProtocol, KindReset, KindTimeout}},
		"large header":       {repeat(nil, frame(frameHeaders, endHeaders, 1, status200+strings.Repeat(field, 150))), []Kind{KindHeaderSize, KindProtocol, KindReset}},
		"interim":            {repeat(nil, frame(frameHeaders, endHeaders, 1, "\x08\x03103"+field)), []Kind{KindHeaderSize, KindProtocol, KindReset}},
		"settings":           {repeat(nil, frame(frameSettings, 0, 0, "")), []Kind{KindTimeout, KindProtocol}},
		"ping":               {repeat(nil, frame(framePing, 0, 0, "12345678")), []Kind{KindTimeout, KindProtocol}},
		"reset":              {repeat(nil, frame(frameReset, 0, 1, "\x00\x00\x00\x08")), []Kind{KindReset, KindProtocol}},
		"refuse":             {repeat(nil, frame(frameReset, 0, 1, "\x00\x00\x00\x07")), []Kind{KindTimeout, KindProtocol, KindReset}},
		"push":               {repeat(nil, frame(framePush, endHeaders, 1, "\x00\x00\x00\x02\x82\x86\x84")), []Kind{KindProtocol, KindReset}},
		"empty data":         {repeat(header, frame(frameData, 0, 1, "")), []Kind{KindTimeout, KindProtocol, KindReset}},
		"going away":         {repeat(nil, frame(frameGoAway, 0, 0, "\x00\x00\x00\x00\x00\x00\x00\x00")), []Kind{KindProtocol}},
		"frame too long":     {repeat(nil, []byte{0xff, 0xff, 0xff, frameData, 0, 0, 0, 0, 1}), []Kind{KindProtocol, KindHeaderSize, KindReset}},
	} {
		t.Run(name, func(t *testing.T) {
			n := &fakeNet{}
			p := &Policy{HeaderTimeout: soon, IdleTimeout: soon, RequestTimeout: 3 * soon}
			transport := rawHTTP2(t, n, c.serve)
			transport.policy = p
			client := NewClient(p, transport)
			defer client.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := get(client, "https://example.com/")
			runtime.ReadMemStats(&after)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(" "+joinKinds(c.kinds)+" ", " "+string(e.Kind)+" ") {
				t.Errorf("got %v", err)
			}
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 32<<20 {
				t.Errorf("%d bytes more are held", grown)
			}
			if _, dialled := n.calls(); len(dialled) > maxDials {
				t.Errorf("%d connections", len(dialled))
			}
		})
	}
}

func joinKinds(kinds []Kind) string {
	var all []string
	for _, k := range kinds {
		all = append(all, string(k))
	}
	return strings.Join(all, " ")
}

// THREAT[NP-13] A connection serves no other host, though address and
// certificate would do; and what a server says of other ways to it is not heard.
func TestNoCoalescing(t *testing.T) {
	cert := certificateFor(t, time.Now().Add(time.Hour), "example.com", "other.example")
	n := &fakeNet{}
	server := n.serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Alt-Svc", `h3=":443"; ma=3600, h2="evil.example:443"`)
		io.WriteString(w, r.Proto+" "+r.Host)
	}, &tls.Config{Certificates: []tls.Certificate{cert}})
	transport := n.transport(anyHost)
	transport.tls.RootCAs = trust(server)
	leaf, _ := x509.ParseCertificate(cert.Certificate[0])
	transport.tls.RootCAs.AddCert(leaf)
	c := NewClient(anyHost, transport)
	defer c.Close()
	for _, host := range []string{"example.com", "example.com", "other.example", "example.com"} {
		resp, err := get(c, "https://"+host+"/")
		if err != nil || string(resp.Body) != "HTTP/2.0 "+host {
			t.Errorf("%s: %+v %v", host, resp, err)
		}
	}
	if asked, dialled := n.calls(); len(dialled) != 2 || strings.Join(asked, " ") != "example.com other.example" {
		t.Errorf("asked %v, dialled %v", asked, dialled)
	}
}
