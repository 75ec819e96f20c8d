package memfs

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestTree runs random changes against plain maps, with forks in between.
func TestTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type pair struct {
			mark *mark
			tree tree[uint64, int]
			want map[uint64]int
		}
		pairs := []*pair{{new(mark), tree[uint64, int]{}, map[uint64]int{}}}
		keys := rapid.Uint64Range(0, rapid.Uint64Range(1, 5000).Draw(t, "range"))
		for range rapid.IntRange(1, 60).Draw(t, "rounds") {
			p := pairs[rapid.IntRange(0, len(pairs)-1).Draw(t, "pair")]
			from, n := keys.Draw(t, "from"), rapid.Uint64Range(1, 300).Draw(t, "n")
			switch rapid.SampledFrom([]string{"set", "set", "del", "fork"}).Draw(t, "op") {
			case "set":
				for k := from; k < from+n; k++ {
					v := int(k * n)
					p.tree.set(p.mark, k, v)
					p.want[k] = v
				}
			case "del":
				for k := from; k < from+n; k++ {
					p.tree.del(p.mark, k)
					delete(p.want, k)
				}
			case "fork":
				p.mark = new(mark)
				pairs = append(pairs, &pair{new(mark), p.tree, maps.Clone(p.want)})
			}
		}
		for _, p := range pairs {
			checkTree(t, &p.tree, p.want)
		}
	})
}

func checkTree(t *rapid.T, tr *tree[uint64, int], want map[uint64]int) {
	got := maps.Collect(tr.all())
	if !maps.Equal(got, want) || tr.len != len(want) {
		t.Fatalf("tree holds %d entries, says %d, want %d", len(got), tr.len, len(want))
	}
	var keys []uint64
	for k := range tr.all() {
		keys = append(keys, k)
	}
	if !slices.IsSorted(keys) {
		t.Fatalf("not in order: %v", keys)
	}
	for k, v := range want {
		if g, ok := tr.get(k); !ok || g != v {
			t.Fatalf("get(%d) = %d, %v; want %d", k, g, ok, v)
		}
	}
	if last, ok := tr.last(); ok != (len(keys) > 0) || ok && last != keys[len(keys)-1] {
		t.Fatalf("last() = %d, %v", last, ok)
	}
}
