package rootfs

import (
	"agentsandbox/vfs"
	"agentsandbox/vfs/hosterrno"
)

// errno turns an error of the host into ours, and nil into nil. One that
// nothing is known of is os.Root's refusal of a path that leads
// out: a link came into the way of it, so ELOOP has it looked at again.
func errno(err error) error {
	if err == nil {
		return nil
	}
	e, known := hosterrno.From(err)
	if !known {
		return vfs.ELOOP
	}
	return e
}
