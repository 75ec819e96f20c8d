package vfs

import "strings"

// CheckPiece refuses what cannot be one piece of a clean name: EINVAL for "",
// ".", "..", or one that holds a slash or NUL; ENAMETOOLONG beyond MaxName.
// Any other bytes will do, valid UTF-8 or not.
func CheckPiece(piece string) error {
	switch {
	case piece == "" || piece == "." || piece == "..":
		return EINVAL
	case strings.ContainsAny(piece, "/\x00"):
		return EINVAL
	case len(piece) > MaxName:
		return ENAMETOOLONG
	}
	return nil
}
