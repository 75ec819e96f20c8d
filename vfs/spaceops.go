package vfs

import "io/fs"

// Open opens what path leads to. A final link is followed unless flag has
// NoFollow (ELOOP; ENOTDIR with Directory) or Create with Exclusive (EEXIST).
// Create with Directory is EINVAL.
func (s Space) Open(dir, path string, flag Flag, perm fs.FileMode) (f File, err error) {
	if flag&Create != 0 && flag&Directory != 0 {
		return nil, EINVAL
	}
	err = s.do(dir, path, flag.final(), func(p Path) error {
		f, err = s.open(p, flag, perm)
		return err
	})
	if ToErrno(err) == ELOOP && flag&NoFollow != 0 && flag&Directory != 0 {
		if info, err := s.Lstat(dir, path); err == nil && isLink(info) {
			return nil, ENOTDIR
		}
	}
	return f, err
}

// final says what Open does with the last piece of a path.
func (flag Flag) final() final {
	switch {
	case flag&Create != 0 && flag&(Exclusive|NoFollow) != 0:
		return nameLast
	case flag&NoFollow != 0:
		return keepLast
	case flag&Create != 0:
		return makeLast
	}
	return followLast
}

func (s Space) open(p Path, flag Flag, perm fs.FileMode) (File, error) {
	switch {
	case p.Last != "" && flag&Exclusive != 0:
		return nil, EEXIST
	case p.Last != "":
		return nil, EISDIR
	case p.Dir && flag&Create != 0:
		return nil, s.noFile(p)
	case p.Dir:
		flag |= Directory
	}
	return s.FS.Open(p.Name, flag&^NoFollow, perm)
}

// noFile is the error for a file to be made where a path asks for a directory.
func (s Space) noFile(p Path) error {
	if _, err := s.at(Path{Name: parent(p.Name), Dir: true}, true); err != nil {
		return err
	}
	return EISDIR
}

// Stat describes what path leads to, through a final link.
func (s Space) Stat(dir, path string) (Info, error) { return s.stat(dir, path, true) }

// Lstat describes what path names, a link as a link.
func (s Space) Lstat(dir, path string) (Info, error) { return s.stat(dir, path, false) }

func (s Space) stat(dir, path string, follow bool) (info Info, err error) {
	err = s.Do(dir, path, follow, func(p Path) error {
		info, err = s.at(p, follow)
		return err
	})
	return info, err
}

// at describes what a path led to. A link that should have been followed is
// ELOOP, so that the path is walked again.
func (s Space) at(p Path, follow bool) (Info, error) {
	info, err := s.FS.Lstat(p.Name)
	switch {
	case err != nil:
		return Info{}, err
	case isLink(info) && (follow || p.Dir):
		return Info{}, ELOOP
	case p.Dir && !info.IsDir():
		return Info{}, ENOTDIR
	}
	return info, nil
}

// Mkdir makes a directory.
func (s Space) Mkdir(dir, path string, perm fs.FileMode) error {
	return s.do(dir, path, nameLast, func(p Path) error {
		if p.Last != "" {
			return EEXIST
		}
		return s.FS.Mkdir(p.Name, perm)
	})
}

// Unlink removes what is not a directory.
func (s Space) Unlink(dir, path string) error {
	return s.do(dir, path, nameLast, func(p Path) error {
		switch {
		case p.Last != "":
			return EISDIR
		case p.Dir:
			return s.slashed(p, ENOTDIR, EISDIR)
		}
		return s.FS.Unlink(p.Name)
	})
}

// Rmdir removes an empty directory.
func (s Space) Rmdir(dir, path string) error {
	return s.do(dir, path, nameLast, func(p Path) error {
		switch p.Last {
		case ".":
			return EINVAL
		case "..":
			return ENOTEMPTY
		case "/":
			return EBUSY
		}
		return s.FS.Rmdir(p.Name)
	})
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
	err := s.do(olddir, oldpath, nameLast, func(from Path) error {
		return s.do(newdir, newpath, nameLast, func(to Path) error { return s.rename(from, to) })
	})
	if err == nil {
		return nil
	}
	// Linux walks both paths before it looks at what they end in.
	for _, p := range [][2]string{{olddir, oldpath}, {newdir, newpath}} {
		if _, err := s.walk(p[0], p[1], nameLast); err != nil {
			return err
		}
	}
	return err
}

func (s Space) rename(from, to Path) error {
	if from.Last != "" || to.Last != "" {
		return EBUSY
	}
	if from.Dir || to.Dir {
		if err := s.slashed(from, ENOTDIR, 0); err != Errno(0) {
			return err
		}
	}
	return s.FS.Rename(from.Name, to.Name)
}

// Link makes newpath a second name of what oldpath names; a final link at
// oldpath is followed only if asked.
func (s Space) Link(olddir, oldpath string, follow bool, newdir, newpath string) error {
	return s.Do(olddir, oldpath, follow, func(from Path) error {
		if _, err := s.at(from, follow); err != nil {
			return err
		}
		return s.make(newdir, newpath, func(name string) error { return s.FS.Link(from.Name, name) })
	})
}

// Symlink makes newpath a link to target.
func (s Space) Symlink(target, dir, newpath string) error {
	if err := checkPath(target); err != nil {
		return err
	}
	return s.make(dir, newpath, func(name string) error { return s.FS.Symlink(target, name) })
}

// make makes what is not a directory at path.
func (s Space) make(dir, path string, op func(name string) error) error {
	return s.do(dir, path, nameLast, func(p Path) error {
		switch {
		case p.Last != "":
			return EEXIST
		case p.Dir:
			return s.slashed(p, EEXIST, EEXIST)
		}
		return op(p.Name)
	})
}

// Readlink returns the text of the link at path.
func (s Space) Readlink(dir, path string) (target string, err error) {
	err = s.Do(dir, path, false, func(p Path) error {
		if p.Dir {
			if _, err := s.at(p, false); err != nil {
				return err
			}
		}
		target, err = s.FS.Readlink(p.Name)
		return err
	})
	return target, err
}

// Chmod sets the permission bits of what path leads to.
func (s Space) Chmod(dir, path string, perm fs.FileMode) error {
	return s.Do(dir, path, true, func(p Path) error {
		if p.Dir {
			if _, err := s.at(p, true); err != nil {
				return err
			}
		}
		return s.FS.Chmod(p.Name, perm)
	})
}

// Chtimes sets the times of what path leads to, or of a final link itself.
func (s Space) Chtimes(dir, path string, follow bool, atime, mtime int64) error {
	return s.Do(dir, path, follow, func(p Path) error {
		if _, err := s.at(p, follow); err != nil {
			return err
		}
		return s.FS.Chtimes(p.Name, atime, mtime)
	})
}

func isLink(i Info) bool { return i.Mode&fs.ModeSymlink != 0 }
