// Package hackfs joins our file systems with those of hackpadfs, both ways:
// [Export] makes any vfs.FS a hackpadfs.FS, and [Import] makes any hackpadfs.FS
// a vfs.FS.
package hackfs
