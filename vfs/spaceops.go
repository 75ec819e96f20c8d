package vfs

import "io/fs"

// Open opens what path leads to. A final link is followed unless flag has
// NoFollow (ELOOP) or Exclusive (EEXIST).
func (s Space) Open(dir, path string, flag Flag, perm fs.FileMode) (f File, err error) {
	follow := flag&(NoFollow|Exclusive) == 0
	err = s.Do(dir, path, follow, func(p Path) error {
		if p.Dir {
			if flag&Create != 0 {
				return EISDIR
			}
			flag |= Directory
		}
		f, err = s.FS.Open(p.Name, flag&^NoFollow, perm)
		return err
	})
	return f, err
}

// Stat describes what path leads to, through a final link.
func (s Space) Stat(dir, path string) (Info, error) { return s.stat(dir, path, true) }

// Lstat describes what path names, a link as a link.
func (s Space) Lstat(dir, path string) (Info, error) { return s.stat(dir, path, false) }

func (s Space) stat(dir, path string, follow bool) (info Info, err error) {
	err = s.Do(dir, path, follow, func(p Path) error {
		info, err = s.FS.Lstat(p.Name)
		switch {
		case err != nil:
			return err
		case info.Mode&fs.ModeSymlink != 0 && (follow || p.Dir):
			return ELOOP
		case p.Dir && !info.IsDir():
			return ENOTDIR
		}
		return nil
	})
	return info, err
}

// Mkdir makes a directory.
func (s Space) Mkdir(dir, path string, perm fs.FileMode) error {
	return s.Do(dir, path, false, func(p Path) error { return s.FS.Mkdir(p.Name, perm) })
}

// Unlink removes what is not a directory.
func (s Space) Unlink(dir, path string) error {
	return s.Do(dir, path, false, func(p Path) error {
		if p.Dir {
			return s.slashed(p, ENOTDIR, EISDIR)
		}
		return s.FS.Unlink(p.Name)
	})
}

// Rmdir removes an empty directory. A path that ends in "." is EINVAL.
func (s Space) Rmdir(dir, path string) error {
	if path == "." || len(path) > 1 && path[len(path)-2:] == "/." {
		return EINVAL
	}
	return s.Do(dir, path, false, func(p Path) error { return s.FS.Rmdir(p.Name) })
}

// slashed is the error for a path that ended in a slash where a directory
// will not do: notDir if it is none, isDir if it is one.
func (s Space) slashed(p Path, notDir, isDir Errno) error {
	info, err := s.FS.Lstat(p.Name)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return isDir
	}
	return notDir
}

// Rename moves what oldpath names to newpath. Final links are not followed.
func (s Space) Rename(olddir, oldpath, newdir, newpath string) error {
	return s.both(olddir, oldpath, newdir, newpath, func(from, to Path) error {
		if from.Dir || to.Dir {
			if err := s.slashed(from, ENOTDIR, 0); err != Errno(0) {
				return err
			}
		}
		return s.FS.Rename(from.Name, to.Name)
	})
}

// Link makes newpath a second name of what oldpath names; a final link at
// oldpath is followed only if asked.
func (s Space) Link(olddir, oldpath string, follow bool, newdir, newpath string) error {
	return s.Do(olddir, oldpath, follow, func(from Path) error {
		if follow {
			if info, err := s.FS.Lstat(from.Name); err == nil && info.Mode&fs.ModeSymlink != 0 {
				return ELOOP
			}
		}
		if from.Dir {
			return s.slashed(from, ENOTDIR, EPERM)
		}
		return s.Do(newdir, newpath, false, func(to Path) error {
			if to.Dir {
				return ENOENT
			}
			return s.FS.Link(from.Name, to.Name)
		})
	})
}

func (s Space) both(olddir, oldpath, newdir, newpath string, op func(from, to Path) error) error {
	return s.Do(olddir, oldpath, false, func(from Path) error {
		return s.Do(newdir, newpath, false, func(to Path) error { return op(from, to) })
	})
}

// Symlink makes newpath a link to target.
func (s Space) Symlink(target, dir, newpath string) error {
	if err := checkPath(target); err != nil {
		return err
	}
	return s.Do(dir, newpath, false, func(p Path) error {
		if p.Dir {
			return s.slashed(p, ENOTDIR, EEXIST)
		}
		return s.FS.Symlink(target, p.Name)
	})
}

// Readlink returns the text of the link at path.
func (s Space) Readlink(dir, path string) (target string, err error) {
	err = s.Do(dir, path, false, func(p Path) error {
		target, err = s.FS.Readlink(p.Name)
		return err
	})
	return target, err
}

// Chmod sets the permission bits of what path leads to.
func (s Space) Chmod(dir, path string, perm fs.FileMode) error {
	return s.Do(dir, path, true, func(p Path) error { return s.FS.Chmod(p.Name, perm) })
}

// Chtimes sets the times of what path leads to, or of a final link itself.
func (s Space) Chtimes(dir, path string, follow bool, atime, mtime int64) error {
	return s.Do(dir, path, follow, func(p Path) error {
		if follow {
			if info, err := s.FS.Lstat(p.Name); err != nil || info.Mode&fs.ModeSymlink != 0 {
				if err == nil {
					err = ELOOP
				}
				return err
			}
		}
		return s.FS.Chtimes(p.Name, atime, mtime)
	})
}
