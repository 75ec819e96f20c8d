package tool_test

import (
	"testing"

	"agentsandbox/toolbox/tool"
)

// TestCompareVersions checks all pairs of a list in the order of sort -V.
func TestCompareVersions(t *testing.T) {
	sorted := []string{"", ".", "..", ".b", ".c", "1.0~rc1", "1.0", "1.0.1", "1.0.10", "a~", "a", "a.c", "a1", "a2", "a10", "b-1.0.tar.gz", "b-1.0.1.tar.gz", "b-1.10.tar.gz", "é"}
	for i, a := range sorted {
		for j, b := range sorted {
			got, back := tool.CompareVersions(a, b), tool.CompareVersions([]byte(b), []byte(a))
			switch {
			case i < j && (got >= 0 || back <= 0), i > j && (got <= 0 || back >= 0), i == j && (got != 0 || back != 0):
				t.Errorf("%q and %q compare as %d, and %d the other way round", a, b, got, back)
			}
		}
	}
}

func TestRuneWidth(t *testing.T) {
	for r, want := range map[rune]int{'a': 1, ' ': 1, 0: 0, '\n': -1, 0x7f: -1, 0x85: -1, 'é': 1, '日': 2, 'ｗ': 2, '😀': 2, 0x301: 0, 0x200b: 0, 0xad: 1, 0x1160: 0} {
		if got := tool.RuneWidth(r); got != want {
			t.Errorf("RuneWidth(%U) = %d, want %d", r, got, want)
		}
	}
}
