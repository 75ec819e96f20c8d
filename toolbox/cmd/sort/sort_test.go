package sort

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// sorted sorts the lines of in with the key definitions of defs.
func sorted(t *testing.T, o options, in string) []string {
	t.Helper()
	o.delim = '\n'
	s := sorter{options: o, ctx: context.Background(), cmp: newComparer(&o)}
	var tab table
	if err := tab.read(s.ctx, strings.NewReader(in), o.delim); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, it := range s.sort(&tab) {
		out = append(out, string(tab.text(it.line)))
	}
	return out
}

// TestPrefix shows for each order that a prefix never contradicts the
// comparison it stands for.
func TestPrefix(t *testing.T) {
	keys := []string{"", "a", "a\x00", "a\x00b", "ab", "abcdefg", "abcdefgh", "abcdefghi", "ABC", "aBd", "-1", "-0", "0", "00", "1", "01", "1.5", "1.50", "-1.5",
		"12345678901234567890", "-12345678901234567890", "1K", "2k", "-3M", "1.5G", "0T", "JAN", " feb", "dec", "nan", "-inf", "inf", "1e3", "1e400", "0x10", " 7", "\t8", "é", "\xff", "v1.10", "v1.9", "_-b"}
	for _, opts := range []string{"", "n", "g", "h", "M", "V", "R", "f", "d", "i", "df", "r", "nr", "fV"} {
		k := key{lastField: huge}
		for _, c := range opts {
			k.set(byte(c), true, true)
		}
		o := options{keys: []key{k}, tab: -1, delim: '\n', stable: true, salt: make([]byte, 16)}
		c := newComparer(&o)
		for _, a := range keys {
			for _, b := range keys {
				pa, exactA, _ := c.prefix(&k, []byte(a))
				pb, exactB, _ := c.prefix(&k, []byte(b))
				d := c.forward(&k, []byte(a), []byte(b))
				switch {
				case pa < pb && d >= 0, pa > pb && d <= 0:
					t.Errorf("-%s: %q and %q compare as %d, but their prefixes are %#x and %#x", opts, a, b, d, pa, pb)
				case pa == pb && exactA && exactB && d != 0:
					t.Errorf("-%s: %q and %q compare as %d, but their prefixes say that they are equal", opts, a, b, d)
				}
			}
		}
	}
}

func TestStable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var lines []string
	for i := range 3000 {
		lines = append(lines, string(rune('a'+r.IntN(5)))+" "+strings.Repeat("x", i%13)+string(rune('0'+i%10)))
	}
	k, err := parseKey("1,1")
	if err != nil {
		t.Fatal(err)
	}
	got := sorted(t, options{keys: []key{k}, tab: -1, stable: true}, strings.Join(lines, "\n"))
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(a[:1], b[:1]) })
	if !slices.Equal(got, lines) {
		t.Error("lines that compare equal have changed places")
	}
}

func TestTableChunks(t *testing.T) {
	long := strings.Repeat("y", 3*chunkSize)
	in := strings.Repeat("some line\n", 20_000) + long + "\nlast"
	var tab table
	if err := tab.read(context.Background(), iotest.HalfReader(strings.NewReader(in)), '\n'); err != nil {
		t.Fatal(err)
	}
	if err := tab.read(context.Background(), strings.NewReader("other"), '\n'); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for i := range tab.lines {
		got.Write(tab.text(uint32(i)))
		got.WriteByte('\n')
	}
	if got.String() != in+"\nother\n" {
		t.Errorf("%d lines, %d bytes come back of %d", len(tab.lines), got.Len(), len(in))
	}
}

// THREAT[SH-10]
func TestTableIsBounded(t *testing.T) {
	tab := table{used: tool.MaxHeld}
	if err := tab.read(context.Background(), strings.NewReader("a\n"), '\n'); err != vfs.ENOMEM {
		t.Errorf("a full table gives %v", err)
	}
}

func TestBounds(t *testing.T) {
	tests := []struct {
		def  string
		tab  int
		line string
		want string
	}{
		{"1", -1, "a b", "a b"},
		{"2", -1, "a  b c", "  b c"},
		{"2b", -1, "a  b c", "b c"},
		{"2,2", -1, "a  b c", "  b"},
		{"2.2,2.3", -1, "a  bcd e", " b"},
		{"2.2b,2.3b", -1, "a  bcd e", "cd"},
		{"1.2,1.2", -1, "abc", "b"},
		{"3", -1, "a b", ""},
		{"2", ':', "a:b:c", "b:c"},
		{"2,2", ':', "a:b:c", "b"},
		{"2,2", ':', "a::c", ""},
		{"1.2,2.1", ':', "ab:cd", "b:c"},
		{"2,1", ':', "a:b", ""},
		{"9.9,9.9", ':', "a:b", ""},
	}
	for _, tt := range tests {
		k, err := parseKey(tt.def)
		if err != nil {
			t.Fatal(err)
		}
		from, to := k.bounds([]byte(tt.line), tt.tab)
		if got := tt.line[from:to]; got != tt.want {
			t.Errorf("-k%s of %q: got %q, want %q", tt.def, tt.line, got, tt.want)
		}
	}
}

func FuzzSort(f *testing.F) {
	f.Add("2,2n", "b 1\na 2\n\n", true)
	f.Add("1.3b,4.5hr", "x\x00y\n1K\n", false)
	f.Add("1V", "v1.10\nv1.9", false)
	f.Fuzz(func(t *testing.T, def, in string, tab bool) {
		k, err := parseKey(def)
		if err != nil {
			return
		}
		o := options{keys: []key{k}, tab: -1, salt: make([]byte, 16)}
		if tab {
			o.tab = ','
		}
		got := sorted(t, o, in)
		o.delim = '\n'
		c := newComparer(&o)
		for i := 1; i < len(got); i++ {
			if c.lines([]byte(got[i-1]), []byte(got[i])) > 0 {
				t.Errorf("-k%s: %q stands before %q", def, got[i-1], got[i])
			}
		}
		want := strings.Split(strings.TrimSuffix(in, "\n"), "\n")
		if in == "" {
			want = nil
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the lines are not those of the input: %q, %q", got, want)
		}
	})
}

// TestRefine compares the order with that of a sort which compares whole lines.
func TestRefine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "b", "aaaaaaaa", "\x00", "\x00\x00", " ", " ", "10", "-3", "2.50", "B", "\xff", "abcdefg", "JAN"}
	for n := range 400 {
		var lines []string
		for range r.IntN(4) * r.IntN(200) {
			line := ""
			for range r.IntN(7) {
				line += pieces[r.IntN(1+r.IntN(len(pieces)))]
			}
			lines = append(lines, line)
		}
		o := options{tab: -1, delim: '\n', salt: make([]byte, 16), reverse: r.IntN(3) == 0, stable: r.IntN(2) == 0, unique: r.IntN(4) == 0}
		for range r.IntN(4) {
			k := key{field: r.IntN(3), lastField: huge}
			for _, c := range []string{"", "", "n", "r", "f", "M", "g", "nr", "d", "V", "bf"}[r.IntN(11)] {
				k.set(byte(c), true, true)
			}
			o.keys = append(o.keys, k)
		}
		want := slices.Clone(lines)
		c := newComparer(&o)
		slices.SortStableFunc(want, func(a, b string) int { return c.lines([]byte(a), []byte(b)) })
		if got := sorted(t, o, strings.Join(append(lines, ""), "\n")); !slices.Equal(got, want) {
			t.Fatalf("%d: keys %+v: %q sorts to %q, want %q", n, o.keys, lines, got, want)
		}
	}
}
