package vfstest

import (
	"syscall"
	"testing"
)

// TestAttacksAreReal lets the real kernel fall for every attack: one that does
// not get out of a plain directory shows nothing.
func TestAttacksAreReal(t *testing.T) {
	for _, a := range Attacks() {
		t.Run(a.Name, func(t *testing.T) {
			inLinux(t, func(k kernel) {
				if err := layOutside(k); err != nil {
					t.Error(err)
				}
				if err := syscall.Chdir("/jail"); err != nil {
					t.Error(err)
				}
				if out := a.run(t, k); vfsErr(out) != "" {
					t.Errorf("does not get out: %s", out)
				}
			})
		})
	}
}
