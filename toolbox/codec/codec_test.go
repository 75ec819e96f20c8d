package codec_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"agentsandbox/toolbox/codec"
)

var formats = []codec.Format{codec.None, codec.Gzip, codec.Bzip2}

func pack(t testing.TB, f codec.Format, data string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := codec.NewWriter(f, &out, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for _, f := range formats {
		for _, data := range []string{"", "a", strings.Repeat("some text\n", 10_000)} {
			packed := pack(t, f, data)
			if got := codec.Detect(packed); got != f && f != codec.None {
				t.Errorf("%s is taken for %s", f.Program(), got.Program())
			}
			r, err := codec.NewReader(f, bytes.NewReader(packed))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != data {
				t.Errorf("%s: %d of %d bytes come back: %v", f.Program(), len(got), len(data), err)
			}
		}
	}
}

// TestGzipDamage: what is wrong with a stream is told by name.
func TestGzipDamage(t *testing.T) {
	whole := string(pack(t, codec.Gzip, "some text"))
	n := len(whole)
	for name, c := range map[string]struct {
		data string
		want error
	}{
		"nothing":      {"", io.EOF},
		"one byte":     {"\x1f", io.ErrUnexpectedEOF},
		"text":         {"some text", codec.ErrMagic},
		"method":       {"\x1f\x8b\x07" + whole[3:], codec.MethodError(7)},
		"cut header":   {whole[:5], io.ErrUnexpectedEOF},
		"cut data":     {whole[:12], io.ErrUnexpectedEOF},
		"cut trailer":  {whole[:n-1], io.ErrUnexpectedEOF},
		"checksum":     {whole[:n-8] + "xxxx" + whole[n-4:], codec.ErrChecksum},
		"length":       {whole[:n-4] + "xxxx", codec.ErrLength},
		"data":         {whole[:10] + "\xff\xff\xff" + whole[13:], codec.ErrFormat},
		"garbage":      {whole + "garbage", codec.ErrGarbage},
		"padding":      {whole + "\x00\x00\x00", nil},
		"two":          {whole + whole, nil},
		"two, one cut": {whole + whole[:n-9], io.ErrUnexpectedEOF},
	} {
		r, err := codec.NewGzipReader(bufio.NewReader(strings.NewReader(c.data)))
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestBomb: THREAT[AR-04] what unpacks to much is read in pieces of what is asked for.
func TestBomb(t *testing.T) {
	bomb := pack(t, codec.Gzip, string(pack(t, codec.Gzip, strings.Repeat("\x00", 10<<20))))
	inner, err := codec.NewReader(codec.Gzip, bytes.NewReader(bomb))
	if err != nil {
		t.Fatal(err)
	}
	outer, err := codec.NewReader(codec.Gzip, inner)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, outer); n != 10<<20 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func FuzzGzip(f *testing.F) {
	f.Add(pack(f, codec.Gzip, "some text"))
	f.Add([]byte("\x1f\x8b\x08\x1e\x00\x00\x00\x00\x00\x03"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := codec.NewGzipReader(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return
		}
		io.Copy(io.Discard, io.LimitReader(r, 1<<20))
	})
}
