package main

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
)

// blobID is the id that git gives a file's contents; zeros for no file.
func blobID(data []byte, mode string) string {
	if mode == "" {
		return strings.Repeat("0", 2*sha1.Size)
	}
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}
