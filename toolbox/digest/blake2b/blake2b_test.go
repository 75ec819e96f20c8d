package blake2b_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"agentsandbox/toolbox/digest/blake2b"
)

// The sums are those of b2sum.
func TestSum(t *testing.T) {
	for _, c := range []struct {
		size       int
		text, want string
	}{
		{16, "hello\n", "ea41b4de6c03f13a95758b28dd75693e"},
		{32, "hello\n", "93becc6e9882211c3ec3708c95bcd69baab7bb59c7f4bc84ce637b88a534b783"},
		{64, "hello\n", "f60ce482e5cc1229f39d71313171a8d9f4ca3a87d066bf4b205effb528192a75f14f3271e2c1a90e1de53f275b4d4793eef2f5e31ea90d2ce29d2e481c36435f"},
	} {
		h := blake2b.New(c.size)
		h.Write([]byte(c.text))
		if got := hex.EncodeToString(h.Sum(nil)); got != c.want {
			t.Errorf("%d: %s, want %s", c.size, got, c.want)
		}
	}
}

// TestPieces: how the text is cut up makes no difference.
func TestPieces(t *testing.T) {
	text := strings.Repeat("0123456789", 60)
	whole := blake2b.New(64)
	whole.Write([]byte(text))
	for _, n := range []int{1, 7, 127, 128, 129, 256} {
		h := blake2b.New(64)
		for rest := text; rest != ""; rest = rest[min(n, len(rest)):] {
			h.Write([]byte(rest[:min(n, len(rest))]))
		}
		if string(h.Sum(nil)) != string(whole.Sum(nil)) {
			t.Errorf("pieces of %d give another sum", n)
		}
	}
}
