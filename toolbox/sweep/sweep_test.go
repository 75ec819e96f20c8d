package sweep

import (
	"bytes"
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// texts are random texts over few bytes, at all lengths and alignments.
func texts(t *testing.T, alphabet string, each func(b []byte)) {
	t.Helper()
	r := rand.New(rand.NewSource(1))
	for n := range 600 {
		buf := make([]byte, n%120+8)
		for i := range buf {
			buf[i] = alphabet[r.Intn(len(alphabet))]
		}
		each(buf[n%8 : len(buf)-n%7%4])
	}
}

const alphabet = "abcxABZ \n\t\x00\x7f\x80\xff"

func naiveCount(b []byte, c byte) (n int) {
	for _, x := range b {
		if x == c {
			n++
		}
	}
	return n
}

func TestCount(t *testing.T) {
	texts(t, alphabet, func(b []byte) {
		for _, c := range []byte(alphabet) {
			if got, want := Count(b, c), naiveCount(b, c); got != want {
				t.Fatalf("Count(%q, %q) = %d, want %d", b, c, got, want)
			}
			if got, want := countGeneric(b, c), naiveCount(b, c); got != want {
				t.Fatalf("countGeneric(%q, %q) = %d, want %d", b, c, got, want)
			}
		}
	})
}

func TestLastIndexByte(t *testing.T) {
	texts(t, alphabet, func(b []byte) {
		for _, c := range []byte(alphabet + "Q") {
			want := len(b) - 1
			for want >= 0 && b[want] != c {
				want--
			}
			if got := LastIndexByte(b, c); got != want {
				t.Fatalf("LastIndexByte(%q, %q) = %d, want %d", b, c, got, want)
			}
		}
	})
}

func TestTable(t *testing.T) {
	for _, set := range []string{"", "Q", "\n", "ab", "\xff\x00", " \n\t"} {
		var in, upper Table
		for _, c := range []byte(set) {
			in[c] = 1
		}
		for c := range upper {
			upper[c] = bytes.ToUpper([]byte{byte(c)})[0]
		}
		texts(t, "abcdefghijk\xff\x00", func(b []byte) {
			want := -1
			for i, c := range b {
				if want < 0 && strings.IndexByte(set, c) >= 0 {
					want = i
				}
			}
			if got := in.Index(b); got != want {
				t.Fatalf("Index(%q) of %q = %d, want %d", b, set, got, want)
			}
			dst := make([]byte, len(b)+1)
			upper.Map(dst, b)
			mapped := make([]byte, len(b)+1)
			for i, c := range b {
				mapped[i] = upper[c]
			}
			if !bytes.Equal(dst, mapped) {
				t.Fatalf("Map(%q) = %q, want %q", b, dst, mapped)
			}
		})
	}
}

func TestWords(t *testing.T) {
	count := func(how func(w *Words, b []byte) int, within bool, b []byte) string {
		w := Words{Within: within}
		n := how(&w, b)
		return fmt.Sprint(n, w)
	}
	for _, alphabet := range []string{"ab \n", "a \t\r\v\f\n", "abcdefgh\x7f \n", "abcdefghijk \x0e\n\x80"} {
		texts(t, alphabet, func(b []byte) {
			for _, within := range []bool{false, true} {
				got, want := count((*Words).Count, within, b), count(naiveWords, within, b)
				generic := count((*Words).countGeneric, within, b)
				if got != want || generic != want {
					t.Fatalf("Words(%q, %v) = %s and %s, want %s", b, within, got, generic, want)
				}
			}
		})
	}
}

func naiveWords(w *Words, b []byte) (n int) {
	for ; n+8 <= len(b); n += 8 {
		next := *w
		for _, c := range b[n : n+8] {
			switch {
			case c > ' ' && c < 0x7f:
				if !next.Within {
					next.Words++
				}
				next.Within = true
			case c == ' ' || c >= '\t' && c <= '\r':
				next.Within = false
				if c == '\n' {
					next.Lines++
				}
			default:
				return n
			}
		}
		*w = next
	}
	return n
}

func TestNeedle(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	texts(t, "abAB\n", func(b []byte) {
		for range 20 {
			needle := make([]byte, r.Intn(5))
			fold := make([]bool, len(needle))
			for i := range needle {
				needle[i] = "abAB\n"[r.Intn(5)]
				fold[i] = r.Intn(3) == 0 && needle[i] != '\n'
			}
			want := -1
			for i := 0; i+len(needle) <= len(b) && want < 0; i++ {
				if foldEqual(b[i:], needle, fold) {
					want = i
				}
			}
			if got := NewNeedle(needle, fold).Index(b); got != want {
				t.Fatalf("Index(%q) of %q %v = %d, want %d", b, needle, fold, got, want)
			}
		}
	})
}

func foldEqual(b, needle []byte, fold []bool) bool {
	for i, c := range needle {
		if b[i] != c && !(fold[i] && b[i] == c^0x20) {
			return false
		}
	}
	return true
}

// TestOverlay tries what the overlay of the guest replaces in the standard library.
func TestOverlay(t *testing.T) {
	texts(t, "ab\xff\x00", func(b []byte) {
		for from := range min(len(b), 20) {
			at := -1
			for i, c := range b[from:] {
				if c == 0xff {
					at = i
					break
				}
			}
			if got := bytes.IndexByte(b[from:], 0xff); got != at {
				t.Fatalf("IndexByte(%q) = %d, want %d", b[from:], got, at)
			}
			if got := strings.IndexByte(string(b[from:]), 0xff); got != at {
				t.Fatalf("strings.IndexByte(%q) = %d, want %d", b[from:], got, at)
			}
		}
		for i := range b {
			other := bytes.Clone(b)
			other[i] ^= 0x81
			want := 1
			if b[i] < other[i] {
				want = -1
			}
			if bytes.Equal(b, other) || !bytes.Equal(b[:i], other[:i]) || !bytes.Equal(b[i+1:], other[i+1:]) {
				t.Fatalf("Equal of %q and %q", b, other)
			}
			if got := bytes.Compare(b, other); got != want {
				t.Fatalf("Compare(%q, %q) = %d, want %d", b, other, got, want)
			}
			if got := strings.Compare(string(b[:i]), string(other)); got != -1 {
				t.Fatalf("Compare(%q, %q) = %d, want -1", b[:i], other, got)
			}
			if bytes.Compare(b, b[:i]) != 1 || bytes.Compare(b, bytes.Clone(b)) != 0 {
				t.Fatalf("Compare(%q) with its beginning, or itself", b)
			}
		}
	})
}

func TestWalk(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for range 50 {
		const classes, states = 5, 7
		a := Automaton{Trans: make([]uint32, classes*states)}
		for i := range a.Trans {
			a.Trans[i] = uint32(r.Intn(states)) * classes * 4
			if r.Intn(20) == 0 {
				a.Trans[i] = Stop + uint32(r.Intn(3))<<29
			}
		}
		for c := range a.Classes {
			a.Classes[c] = uint16(r.Intn(classes)) * 4
		}
		texts(t, alphabet, func(b []byte) {
			s := uint32(r.Intn(states)) * classes * 4
			to, n := a.Walk(s, b)
			wantTo, want := walkGeneric(&a.Trans[0], &a.Classes, s, b)
			if to != wantTo || n != want {
				t.Fatalf("Walk(%d, %q) = %d, %d, want %d, %d", s, b, to, n, wantTo, want)
			}
		})
	}
}

func TestFields(t *testing.T) {
	for _, alphabet := range []string{"ab \t\n", "abcdefghijklmnop \xa0\x89\x00", " \n", "abcdefghijk\x89,;"} {
		texts(t, alphabet, func(b []byte) {
			text := string(b)
			var want, seps []int32
			within := false
			for i, c := range b {
				if (c == ' ' || c == '\t' || c == '\n') == within {
					want = append(want, int32(i))
					within = !within
				}
				if c == 'a' {
					seps = append(seps, int32(i))
				}
			}
			if within {
				want = append(want, int32(len(b)))
			}
			for _, most := range []int{1, 2, 5, 9, 1000} {
				var got, at []int32
				for next := 0; next < len(text); {
					got, next = Fields(got, text, next, len(got)+most)
				}
				for next := 0; next < len(text); {
					at, next = Places(at, text, 'a', next, len(at)+most)
				}
				if fmt.Sprint(got, at) != fmt.Sprint(want, seps) {
					t.Fatalf("Fields and Places(%q) = %v and %v, want %v and %v", text, got, at, want, seps)
				}
			}
		})
	}
}
