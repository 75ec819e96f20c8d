//go:build !js

package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// fail is an exchange's error as a type of this package. The texts of net and
// net/http are left behind: they name addresses of the host.
func (x *exchange) fail(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ended(ctx, x.target)
	}
	if typed := typedError(err); typed != nil {
		return typed
	}
	kind, detail := classify(err, x.stages.head())
	return &Error{Kind: kind, Target: x.target.HostPort(), Detail: detail}
}

func typedError(err error) error {
	var (
		e      *Error
		denied *DeniedError
	)
	switch {
	case errors.As(err, &denied):
		return denied
	case errors.As(err, &e):
		return e
	}
	return nil
}

// classify reads an error of net/http, which has few types: head is what the
// server has sent.
func classify(err error, head []byte) (kind Kind, detail string) {
	text := err.Error()
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return KindReset, ""
	case has("exceeded", "header list larger", "message too large", "suspiciously long trailer", "too many 1xx"):
		return KindHeaderSize, ""
	case len(head) > 0 && !bytes.HasPrefix(head, []byte("HTTP/")[:min(5, len(head))]):
		return KindHTTP09, ""
	case has("malformed", "invalid", "unexpected"), len(head) > 0 && errors.Is(err, io.ErrUnexpectedEOF):
		return KindProtocol, ""
	case errors.Is(err, io.EOF), has("EOF", "server closed idle connection"):
		return KindEmpty, ""
	}
	return KindProtocol, ""
}

func resolveError(ctx context.Context, host string, err error) error {
	var dns *net.DNSError
	switch {
	case ctx.Err() != nil:
		return contextError(ctx, host, StageResolve)
	case errors.As(err, &dns) && dns.IsTimeout:
		return &Error{Kind: KindTimeout, Stage: StageResolve, Target: host}
	}
	return &Error{Kind: KindResolve, Target: host}
}

func connectError(ctx context.Context, address string, err error) error {
	if ctx.Err() != nil {
		return contextError(ctx, address, StageConnect)
	}
	if typed := typedError(err); typed != nil {
		return typed
	}
	var errno syscall.Errno
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: KindTimeout, Stage: StageConnect, Target: address}
	case errors.As(err, &errno):
		return &Error{Kind: KindConnect, Target: address, Detail: errno.Error()}
	}
	return &Error{Kind: KindConnect, Target: address}
}

func contextError(ctx context.Context, target, stage string) error {
	if typed := typedError(context.Cause(ctx)); typed != nil {
		return typed
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return &Error{Kind: KindCanceled, Target: target}
	}
	return &Error{Kind: KindTimeout, Stage: stage, Target: target}
}

func tlsError(ctx context.Context, address string, err error) error {
	if ctx.Err() != nil {
		return contextError(ctx, address, StageTLS)
	}
	var (
		certificate *tls.CertificateVerificationError
		op          *net.OpError
	)
	switch {
	case errors.As(err, &certificate):
		return &Error{Kind: KindCertificate, Target: address, Detail: certificateText(certificate.Err)}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		return &Error{Kind: KindTLS, Target: address, Detail: "the server closed the connection"}
	case errors.As(err, &op):
		return &Error{Kind: KindTLS, Target: address, Detail: op.Err.Error()}
	}
	return &Error{Kind: KindTLS, Target: address, Detail: err.Error()}
}

// certificateText says what is wrong with a certificate, in words that name
// nothing of the host's.
func certificateText(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &unknown):
		return "signed by unknown authority"
	case errors.As(err, &name):
		return "not valid for this name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "expired or not yet valid"
	}
	return "not valid"
}

// encodingError tells a broken encoding from a connection that broke.
func encodingError(coding string, err error) error {
	if typed := typedError(err); typed != nil {
		return typed
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, syscall.ECONNRESET) {
		return err
	}
	detail := coding
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zstd.ErrMagicMismatch):
		detail += " has a bad header"
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		detail += " asks for too much memory"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		detail += " ends early"
	default:
		detail += " is broken"
	}
	return &Error{Kind: KindEncoding, Detail: detail}
}
