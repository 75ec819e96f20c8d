//go:build plan9

package rootfs

// errno turns an error of the host into ours, and nil into nil.
func errno(err error) error {
	if err == nil {
		return nil
	}
	return unnumbered(err)
}
