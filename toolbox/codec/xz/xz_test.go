package xz_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"agentsandbox/toolbox/codec/xz"
)

// samples are contents of all kinds.
func samples() map[string][]byte {
	random := make([]byte, 300_000)
	rng := rand.NewChaCha8([32]byte{7})
	rng.Read(random)
	words := strings.Fields("the quick brown fox jumps over a lazy dog and then some more of it")
	var text strings.Builder
	for range 80_000 {
		text.WriteString(words[rng.Uint64()%uint64(len(words))] + " ")
	}
	mixed := append(append([]byte(text.String()[:100_000]), random...), text.String()[:150_000]...)
	return map[string][]byte{
		"empty": nil, "byte": {'x'}, "short": []byte("hello hello hello\n"), "zeros": make([]byte, 3<<20),
		"random": random, "text": []byte(text.String()), "mixed": mixed,
	}
}

func pack(t *testing.T, data []byte, level int, check xz.Check) []byte {
	t.Helper()
	var b bytes.Buffer
	w := xz.NewWriter(&b, level, check)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(packed []byte) ([]byte, error) {
	r, err := xz.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// TestRoundTrip shows that what is written is read again, also by the real program
// where there is one.
func TestRoundTrip(t *testing.T) {
	program, _ := exec.LookPath("xz")
	for name, data := range samples() {
		for _, level := range []int{0, 3, 6} {
			packed := pack(t, data, level, xz.CheckCRC64)
			t.Logf("%s -%d: %d to %d", name, level, len(data), len(packed))
			got, err := unpack(packed)
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s -%d: read back %d of %d bytes, %v", name, level, len(got), len(data), err)
			}
			if len(packed) > len(data)+len(data)/1000+100 {
				t.Errorf("%s -%d grew from %d to %d", name, level, len(data), len(packed))
			}
			if program == "" {
				continue
			}
			c := exec.Command(program, "-dc")
			c.Stdin = bytes.NewReader(packed)
			if got, err := c.Output(); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s -%d: xz reads %d of %d bytes, %v", name, level, len(got), len(data), err)
			}
		}
	}
}

// TestReal shows that what the real program writes is read.
func TestReal(t *testing.T) {
	program, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("there is no xz")
	}
	for name, data := range samples() {
		for _, args := range []string{"-6", "-9e", "--check=none", "--check=crc32 --block-size=100000", "--check=sha256 -T2 --block-size=65536", "--lzma2=lc=0,lp=4,pb=0"} {
			c := exec.Command(program, strings.Fields("-c "+args)...)
			c.Stdin = bytes.NewReader(data)
			packed, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := unpack(append(append(packed, 0, 0, 0, 0), packed...)); err != nil || !bytes.Equal(got, append(data[:len(data):len(data)], data...)) {
				t.Errorf("%s %s: %d of %d bytes, %v", name, args, len(got), len(data), err)
			}
		}
	}
}

// FuzzReader shows that no stream makes the reader panic or write without end.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\xfd7zXZ\x00"))
	for _, check := range []xz.Check{xz.CheckNone, xz.CheckCRC32, xz.CheckSHA256} {
		var b bytes.Buffer
		w := xz.NewWriter(&b, xz.DefaultLevel, check)
		io.WriteString(w, "hello hello hello, and so on, hello\n")
		w.Close()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := xz.NewReader(bytes.NewReader(data))
		if err == nil {
			io.Copy(io.Discard, io.LimitReader(r, 1<<20))
		}
	})
}

// TestDamaged shows that a changed byte anywhere is found out.
func TestDamaged(t *testing.T) {
	data := []byte(strings.Repeat("some text that is packed\n", 20))
	packed := pack(t, data, 6, xz.CheckCRC64)
	for i := range packed {
		bad := bytes.Clone(packed)
		bad[i] ^= 0x10
		if got, err := unpack(bad); err == nil {
			t.Errorf("byte %d changed: %d bytes and no error", i, len(got))
		}
		if _, err := unpack(packed[:i]); err == nil {
			t.Errorf("cut to %d bytes: no error", i)
		}
	}
}
