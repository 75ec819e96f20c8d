package vfstest

import (
	"testing"

	"agentsandbox/vfs"
)

// RunReadOnly compares a read-only file system with a read-only mount of Linux.
// mk makes one that holds what lay says, in the language of Lay.
//
// THREAT[FS-06]
func RunReadOnly(t *testing.T, mk func(t *testing.T, lay []string) vfs.FS, lacks ...Feature) {
	s := suite{lacks: lacks}
	for _, c := range loadScript(t, "readonly").cases {
		t.Run(c.title, func(t *testing.T) {
			s.need(t, c.features()...)
			f := mk(t, c.lay)
			before := dump(t, f)
			replay(t, f, c)
			if after := dump(t, f); after != before {
				t.Errorf("the files changed from\n%sto\n%s", before, after)
			}
		})
	}
	t.Run("open", func(t *testing.T) {
		s.need(t, Symlinks)
		compareOpens(t, "open_readonly.golden", func(t *testing.T) vfs.FS { return mk(t, openLayout) })
	})
}
