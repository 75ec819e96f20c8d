// Package boot is what the guest programs share: how one is made ready for its
// image, and how it learns of each call. It is for GOOS=wasip1.
package boot
