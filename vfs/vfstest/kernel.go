package vfstest

import (
	"io/fs"

	"agentsandbox/vfs"
)

// kernel is what a process may ask about paths: of Linux, when the cases are
// recorded, and of a vfs.Space ever after.
type kernel interface {
	Open(path string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error)
	Stat(path string) (vfs.Info, error)
	Lstat(path string) (vfs.Info, error)
	Mkdir(path string, perm fs.FileMode) error
	Unlink(path string) error
	Rmdir(path string) error
	Rename(oldpath, newpath string) error
	Link(oldpath string, follow bool, newpath string) error
	Symlink(target, path string) error
	Readlink(path string) (string, error)
	Chmod(path string, perm fs.FileMode) error
	Chtimes(path string, follow bool, atime, mtime int64) error
}

// spaceKernel is a Space and a working directory.
type spaceKernel struct {
	s  vfs.Space
	wd string
}

// Open is Open of the Space, from the working directory.
func (k spaceKernel) Open(path string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	return k.s.Open(k.wd, path, flag, perm)
}

// Stat is Stat of the Space, from the working directory.
func (k spaceKernel) Stat(path string) (vfs.Info, error) { return k.s.Stat(k.wd, path) }

// Lstat is Lstat of the Space, from the working directory.
func (k spaceKernel) Lstat(path string) (vfs.Info, error) { return k.s.Lstat(k.wd, path) }

// Mkdir is Mkdir of the Space, from the working directory.
func (k spaceKernel) Mkdir(path string, perm fs.FileMode) error { return k.s.Mkdir(k.wd, path, perm) }

// Unlink is Unlink of the Space, from the working directory.
func (k spaceKernel) Unlink(path string) error { return k.s.Unlink(k.wd, path) }

// Rmdir is Rmdir of the Space, from the working directory.
func (k spaceKernel) Rmdir(path string) error { return k.s.Rmdir(k.wd, path) }

// Rename is Rename of the Space, from the working directory.
func (k spaceKernel) Rename(oldpath, newpath string) error {
	return k.s.Rename(k.wd, oldpath, k.wd, newpath)
}

// Link is Link of the Space, from the working directory.
func (k spaceKernel) Link(oldpath string, follow bool, newpath string) error {
	return k.s.Link(k.wd, oldpath, follow, k.wd, newpath)
}

// Symlink is Symlink of the Space, from the working directory.
func (k spaceKernel) Symlink(target, path string) error { return k.s.Symlink(target, k.wd, path) }

// Readlink is Readlink of the Space, from the working directory.
func (k spaceKernel) Readlink(path string) (string, error) { return k.s.Readlink(k.wd, path) }

// Chmod is Chmod of the Space, from the working directory.
func (k spaceKernel) Chmod(path string, perm fs.FileMode) error { return k.s.Chmod(k.wd, path, perm) }

// Chtimes is Chtimes of the Space, from the working directory.
func (k spaceKernel) Chtimes(path string, follow bool, atime, mtime int64) error {
	return k.s.Chtimes(k.wd, path, follow, atime, mtime)
}
