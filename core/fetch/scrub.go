package fetch

import (
	"bytes"
	"io"
	"strings"
)

// scrub blots out in an answer's header what was injected, should the server
// repeat it, and returns what does the same for its body; nil for nothing. It
// keeps lengths, and does not see through transformations.
func (in injection) scrub(r *Response) *scrubber {
	if r == nil || len(in.secrets) == 0 {
		return nil
	}
	for _, secret := range in.secrets {
		r.Reason = blotString(r.Reason, secret)
		for i := range r.Header {
			r.Header[i].Name = blotString(r.Header[i].Name, secret)
			r.Header[i].Value = blotString(r.Header[i].Value, secret)
		}
	}
	return &scrubber{secrets: in.secrets}
}

// scrubber blots secrets out of a stream. What may be the start of one is held
// back until more has come.
type scrubber struct {
	secrets [][]byte // the longest first

	held []byte // not handed out yet
	safe int    // how much of held may be
	err  error  // comes after held
}

// read reads from r.
func (s *scrubber) read(r io.Reader, p []byte) (int, error) {
	for s.safe == 0 && s.err == nil {
		s.fill(r, max(len(p), 512))
	}
	n := copy(p, s.held[:s.safe])
	s.held, s.safe = s.held[n:], s.safe-n
	if s.safe == 0 && s.err != nil {
		return n, s.err
	}
	return n, nil
}

// fill reads once.
func (s *scrubber) fill(r io.Reader, n int) {
	old := len(s.held)
	grown := make([]byte, old+n)
	copy(grown, s.held)
	n, s.err = r.Read(grown[old:])
	s.held = grown[:old+n]
	for _, secret := range s.secrets {
		blot(s.held, secret)
	}
	s.safe = len(s.held)
	if s.err == nil {
		s.safe -= s.pending()
	}
}

// pending is the length of the longest end of held that a secret begins with.
func (s *scrubber) pending() int {
	most := 0
	for _, secret := range s.secrets {
		for n := min(len(secret)-1, len(s.held)); n > most; n-- {
			if bytes.HasSuffix(s.held, secret[:n]) {
				most = n
			}
		}
	}
	return most
}

func blot(text, secret []byte) {
	for {
		at := bytes.Index(text, secret)
		if at < 0 {
			return
		}
		for i := range secret {
			text[at+i] = '*'
		}
		text = text[at+len(secret):]
	}
}

func blotString(s string, secret []byte) string {
	if !strings.Contains(s, string(secret)) {
		return s
	}
	return strings.ReplaceAll(s, string(secret), strings.Repeat("*", len(secret)))
}
