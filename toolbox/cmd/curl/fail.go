package curl

import (
	"fmt"

	"agentsandbox/toolbox/sandboxabi"
)

// transferError is what ends a transfer: curl's exit code, and its text.
type transferError struct {
	code int
	text string
}

// Error is the text behind "curl: (CODE) ".
func (e *transferError) Error() string { return e.text }

func failure(code int, format string, args ...any) *transferError {
	return &transferError{code, fmt.Sprintf(format, args...)}
}

// failed turns what the host says went wrong into curl's code and words. took
// is in milliseconds.
func failed(f *sandboxabi.Failure, resp *sandboxabi.Response, l location, took int64) *transferError {
	host, port := l.host, l.portNumber()
	switch f.Kind {
	case sandboxabi.Disabled:
		return failure(7, "Failed to connect to %s port %d after %d ms: networking is disabled in this sandbox (allow hosts with --allow-net %s, or set a fetch policy)",
			host, port, took, allowName(l))
	case sandboxabi.Denied:
		return deniedText(f, l)
	case sandboxabi.Resolve:
		return failure(6, "Could not resolve host: %s", host)
	case sandboxabi.Connect:
		return failure(7, "Failed to connect to %s port %d after %d ms: Couldn't connect to server", host, port, took)
	case sandboxabi.TLS:
		return failure(35, "TLS connect error: %s", f.Detail)
	case sandboxabi.Certificate:
		return failure(60, "SSL certificate problem: %s\nMore details here: https://curl.se/docs/sslcerts.html", f.Detail)
	case sandboxabi.Empty:
		return failure(52, "Empty reply from server")
	case sandboxabi.HTTP09:
		return failure(1, "Received HTTP/0.9 when not allowed")
	case sandboxabi.Protocol:
		return failure(8, "Weird server reply")
	case sandboxabi.HeaderSize:
		return failure(56, "Too large response headers: the limit is 65536 bytes")
	case sandboxabi.BodySize:
		return failure(63, "Maximum file size exceeded: the network policy allows %d bytes (max_response_body)", f.Want)
	case sandboxabi.RequestSize:
		return failure(55, "The request body is too long: the network policy allows %d bytes (max_request_body)", f.Want)
	case sandboxabi.Truncated:
		return truncatedText(f, resp)
	case sandboxabi.Reset:
		return failure(56, "Recv failure: Connection reset by peer")
	case sandboxabi.Encoding:
		return encodingText(f)
	case sandboxabi.Timeout, sandboxabi.Canceled:
		return timeoutText(f, resp, l, took)
	case sandboxabi.Opaque:
		return failure(7, "Failed to connect to %s port %d: %s", host, port, f.Detail)
	case sandboxabi.BadURL:
		return failure(3, "URL using bad/illegal format or missing URL: %s", f.Detail)
	}
	return failure(7, "Failed to connect to %s port %d after %d ms: %s", host, port, took, f.Detail)
}

func allowName(l location) string {
	if l.port == "" {
		return l.host
	}
	return l.authority()
}

func deniedText(f *sandboxabi.Failure, l location) *transferError {
	hint := f.Hint
	if hint != "" {
		hint = ": " + hint
	}
	if f.Stage == "resolve" {
		return failure(6, "Could not resolve host: %s (denied by the network policy, %s)%s", l.host, f.Rule, hint)
	}
	return failure(7, "Failed to connect to %s port %d: %s denied by the network policy (%s)%s", l.host, l.portNumber(), f.Target, f.Rule, hint)
}

func truncatedText(f *sandboxabi.Failure, resp *sandboxabi.Response) *transferError {
	if f.Want > 0 && resp != nil {
		return failure(18, "transfer closed with %d bytes remaining to read", f.Want-resp.BytesRead)
	}
	return failure(18, "transfer closed with outstanding read data remaining")
}

func encodingText(f *sandboxabi.Failure) *transferError {
	if len(f.Detail) > 7 && f.Detail[:7] == "unknown" {
		return failure(61, "Unrecognized content encoding type. libcurl understands deflate, gzip, br, zstd content encodings.")
	}
	return failure(61, "Error while processing content unencoding: %s", f.Detail)
}

func timeoutText(f *sandboxabi.Failure, resp *sandboxabi.Response, l location, took int64) *transferError {
	switch {
	case f.Stage == "resolve":
		return failure(28, "Resolving timed out after %d milliseconds", took)
	case f.Stage == "connect":
		return failure(28, "Connection timeout after %d ms", took)
	case f.Stage == "tls":
		return failure(28, "SSL connection timeout")
	case f.Stage == "rate":
		return failure(28, "Operation too slow. Less than the least rate of the network policy (min_rate)")
	case resp != nil && resp.Get("Content-Length") != "":
		return failure(28, "Operation timed out after %d milliseconds with %d out of %s bytes received", took, resp.BytesRead, resp.Get("Content-Length"))
	case resp != nil:
		return failure(28, "Operation timed out after %d milliseconds with %d bytes received", took, resp.BytesRead)
	}
	return failure(28, "Operation timed out after %d milliseconds with 0 bytes received", took)
}
