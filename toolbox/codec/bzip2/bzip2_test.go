package bzip2_test

import (
	"bytes"
	"io"
	"math/rand"
	"strings"
	"testing"

	"agentsandbox/toolbox/codec/bzip2"
)

func pack(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := bzip2.NewWriter(&out, level)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRoundTrip(t *testing.T) {
	random := make([]byte, 250_000)
	rand.New(rand.NewSource(1)).Read(random)
	for name, data := range map[string]string{
		"nothing":    "",
		"one":        "a",
		"short":      "hello, hello, hello\n",
		"runs":       strings.Repeat("a", 1000) + strings.Repeat("b", 4) + strings.Repeat("c", 259),
		"period":     strings.Repeat("ab", 150_000),
		"one letter": strings.Repeat("x", 3_000_000),
		"random":     string(random),
		"all bytes":  string(allBytes()),
		"blocks":     strings.Repeat(string(random[:1000]), 250),
	} {
		for _, level := range []int{1, 9} {
			packed := pack(t, []byte(data), level)
			got, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
			if err != nil || string(got) != data {
				t.Errorf("%s, level %d: %d of %d bytes come back: %v", name, level, len(got), len(data), err)
			}
		}
	}
}

func allBytes() []byte {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// TestDamage flips a bit of each byte: what comes back is right, or an error.
func TestDamage(t *testing.T) {
	text := strings.Repeat("some text ", 100)
	packed := pack(t, []byte(text), 9)
	for i := range packed[:len(packed)-1] {
		bad := bytes.Clone(packed)
		bad[i] ^= 0x10
		if got, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(bad))); err == nil && string(got) != text {
			t.Errorf("byte %d is wrong, and nobody sees it", i)
		}
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("aaaaaaaabbbbbbbb"), 1)
	f.Add([]byte(strings.Repeat("abc", 1000)), 9)
	f.Fuzz(func(t *testing.T, data []byte, level int) {
		level = (level%9 + 9) % 9
		got, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(pack(t, data, level))))
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes become %d: %v", len(data), len(got), err)
		}
	})
}
