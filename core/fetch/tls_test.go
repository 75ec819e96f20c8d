//go:build !js

package fetch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func trust(server *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return pool
}

// certificate makes one for example.com that is good until the given time.
func certificate(t *testing.T, until time.Time) tls.Certificate {
	return certificateFor(t, until, "example.com")
}

func certificateFor(t *testing.T, until time.Time, names ...string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "example.com"}, DNSNames: names,
		NotBefore: until.Add(-time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// THREAT[NP-14] A server that can't prove who it is gets no request.
func TestTLS(t *testing.T) {
	good, expired := certificate(t, time.Now().Add(time.Hour)), certificate(t, time.Now().Add(-time.Minute))
	for name, c := range map[string]struct {
		url     string
		cert    tls.Certificate
		trusted bool
		most    uint16
		kind    Kind
	}{
		"good":        {"https://example.com/", good, true, 0, ""},
		"self-signed": {"https://example.com/", good, false, 0, KindCertificate},
		"wrong name":  {"https://other.example/", good, true, 0, KindCertificate},
		"an address":  {"https://93.184.216.34/", good, true, 0, KindCertificate},
		"expired":     {"https://example.com/", expired, true, 0, KindCertificate},
		"TLS 1.0":     {"https://example.com/", good, true, tls.VersionTLS10, KindTLS},
		"TLS 1.1":     {"https://example.com/", good, true, tls.VersionTLS11, KindTLS},
	} {
		t.Run(name, func(t *testing.T) {
			requests := 0
			n := &fakeNet{}
			server := n.serveTLS(t, func(w http.ResponseWriter, _ *http.Request) {
				requests++
				io.WriteString(w, "secure")
			}, &tls.Config{Certificates: []tls.Certificate{c.cert}, MinVersion: tls.VersionTLS10, MaxVersion: c.most})
			transport := n.transport(anyHost)
			if transport.tls.RootCAs = x509.NewCertPool(); c.trusted {
				transport.tls.RootCAs = trust(server)
			}
			client := NewClient(anyHost, transport)
			defer client.Close()
			resp, err := get(client, c.url)
			if errKind(err) != c.kind {
				t.Fatalf("got %v", err)
			}
			if c.kind == "" && (resp.Proto != "HTTP/2.0" || string(resp.Body) != "secure") || c.kind != "" && requests > 0 {
				t.Errorf("%+v, %d requests", resp, requests)
			}
		})
	}
}

func TestNotTLS(t *testing.T) {
	n := &fakeNet{}
	n.serve(t, func(http.ResponseWriter, *http.Request) {})
	if _, err := get(n.client(t, anyHost), "https://example.com/"); errKind(err) != KindTLS {
		t.Errorf("got %v", err)
	}
}
