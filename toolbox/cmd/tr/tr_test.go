package tr

import (
	"io"
	"testing"

	"agentsandbox/toolbox/tool"
)

func TestParseSet(t *testing.T) {
	tests := []struct {
		set  string
		need int
		want string
		err  string
	}{
		{"abc", 0, "abc", ""},
		{"a-e", 0, "abcde", ""},
		{"a-", 0, "a-", ""},
		{"-a", 0, "-a", ""},
		{`a\-c`, 0, "a-c", ""},
		{`\n\t\\\101\0`, 0, "\n\t\\A\x00", ""},
		{"[:digit:]x", 0, "0123456789x", ""},
		{"[=a=]", 0, "a", ""},
		{"[a*3]b", 0, "aaab", ""},
		{"[a*]b", 4, "aaab", ""},
		{"[:*2]", 0, "::", ""},
		{"[a-c]", 0, "[abc]", ""},
		{"[:digit", 0, "[:digit", ""},
		{"z-a", 0, "", "range-endpoints of 'z-a' are in reverse collating sequence order"},
		{"[:no:]", 0, "", "invalid character class 'no'"},
		{"[a*x]", 0, "", "invalid repeat count 'x' in [c*n] construct"},
	}
	for _, tt := range tests {
		list, err := parseSet(tt.set, func(string) {})
		if err != nil {
			if err.Error() != tt.err {
				t.Errorf("%s: got error %q, want %q", tt.set, err, tt.err)
			}
			continue
		}
		var got []byte
		for _, p := range expand(list, tt.need).all {
			got = append(got, p.c)
		}
		if string(got) != tt.want || tt.err != "" {
			t.Errorf("%s: got %q, want %q %s", tt.set, got, tt.want, tt.err)
		}
	}
}

// TestSqueezeAcrossBlocks shows that a run goes on from one block to the next.
func TestSqueezeAcrossBlocks(t *testing.T) {
	o := options{squeeze: true}
	p, err := o.plan(&tool.Exec{Stderr: io.Discard}, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	got := string(p.apply([]byte("xaa"))) + string(p.apply([]byte("aay"))) + string(p.apply([]byte("ya")))
	if got != "xayya" {
		t.Errorf("got %q", got)
	}
}

func FuzzPlan(f *testing.F) {
	f.Add("a-z", "A-Z", byte(0))
	f.Add("[:upper:]", "[:lower:]", byte(1))
	f.Add("[x*]", `[y*08]\400`, byte(7))
	f.Fuzz(func(t *testing.T, a, b string, flags byte) {
		o := options{complement: flags&1 != 0, delete: flags&2 != 0, squeeze: flags&4 != 0, truncate: flags&8 != 0}
		sets := []string{a, b}
		if o.delete && !o.squeeze {
			sets = sets[:1]
		}
		p, err := o.plan(&tool.Exec{Stderr: io.Discard}, sets)
		if err == nil {
			p.apply([]byte("some text\n\x00\xff"))
		}
	})
}
