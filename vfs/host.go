package vfs

import (
	"io"
	"io/fs"
)

// What follows is for the host's own code. Paths are as of a process in the top
// directory, or in Root if the Space is confined. Errors are *fs.PathError.

// ReadFile returns the contents of a file of at most max bytes (else EFBIG).
func (s Space) ReadFile(path string, max int64) ([]byte, error) {
	data, err := s.readFile(path, max)
	return data, pathError("read", path, err)
}

func (s Space) readFile(path string, max int64) ([]byte, error) {
	f, err := s.Open(s.top(), path, Read, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, EISDIR
	case info.Size > max:
		return nil, EFBIG
	case !info.Mode.IsRegular():
		return nil, nil
	}
	// The size is a hint: a file of /proc shows none, and others may grow.
	data := make([]byte, min(info.Size, max)+1)
	for n := 0; ; data = append(data, make([]byte, len(data))...) {
		m, err := f.ReadAt(data[n:], int64(n))
		n += m
		switch {
		case int64(n) > max:
			return nil, EFBIG
		case err == io.EOF:
			return data[:n], nil
		case err != nil:
			return nil, err
		}
	}
}

// WriteFile makes a file that holds data, or replaces the contents of one.
// Directories on the way are made.
func (s Space) WriteFile(path string, data []byte, perm fs.FileMode) error {
	err := s.writeFile(path, data, perm)
	if ToErrno(err) == ENOENT {
		if err = s.mkdirAll(above(path), 0o755); err == nil {
			err = s.writeFile(path, data, perm)
		}
	}
	return pathError("write", path, err)
}

func (s Space) writeFile(path string, data []byte, perm fs.FileMode) error {
	f, err := s.Open(s.top(), path, Write|Create|Truncate, perm)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// MkdirAll makes a directory and those above it, as far as they are missing.
func (s Space) MkdirAll(path string, perm fs.FileMode) error {
	return pathError("mkdir", path, s.mkdirAll(path, perm))
}

func (s Space) mkdirAll(path string, perm fs.FileMode) error {
	err := s.Mkdir(s.top(), path, perm)
	if ToErrno(err) == ENOENT && above(path) != path {
		if err = s.mkdirAll(above(path), perm); err == nil {
			err = s.Mkdir(s.top(), path, perm)
		}
	}
	if ToErrno(err) == EEXIST {
		if info, serr := s.Stat(s.top(), path); serr == nil && info.IsDir() {
			return nil
		}
	}
	return err
}

// above is the path of the directory that the last piece of a path is in.
func above(path string) string {
	end := len(path)
	for end > 0 && path[end-1] == '/' {
		end--
	}
	for end > 0 && path[end-1] != '/' {
		end--
	}
	if end == 0 {
		return "."
	}
	return path[:end]
}

// RemoveAll removes what path names and all below it; links are not followed.
// It is no error if there is nothing.
func (s Space) RemoveAll(path string) error {
	err := s.do(s.top(), path, nameLast, func(p Path) error {
		if p.Last != "" {
			return EINVAL
		}
		return removeAll(s.FS, p.Name)
	})
	if ToErrno(err) == ENOENT {
		return nil
	}
	return pathError("remove", path, err)
}

func removeAll(f FS, name string) error {
	err := f.Unlink(name)
	if ToErrno(err) != EISDIR {
		return err
	}
	list, err := listDir(f, name)
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := removeAll(f, join(name, e.Name)); err != nil && ToErrno(err) != ENOENT {
			return err
		}
	}
	return f.Rmdir(name)
}

// ReadDir lists a directory.
func (s Space) ReadDir(path string) ([]DirEntry, error) {
	f, err := s.Open(s.top(), path, Read|Directory, 0)
	if err != nil {
		return nil, pathError("list", path, err)
	}
	defer f.Close()
	list, err := f.ReadDir()
	return list, pathError("list", path, err)
}

// top is the directory that relative paths of the host's code start from.
func (s Space) top() string {
	if s.confined() {
		return s.Root
	}
	return "."
}

func pathError(op, path string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: path, Err: ToErrno(err)}
}

// Walk calls fn for a clean name and all below it, a directory before what is
// in it, and that in byte order. Links are not followed. If fn returns
// fs.SkipDir for a directory, what is in it is left out; any other error ends
// the walk. What vanishes meanwhile is left out.
func Walk(f FS, name string, fn func(name string, info Info) error) error {
	info, err := f.Lstat(name)
	if err != nil {
		return err
	}
	return walkFrom(f, name, info, fn)
}

func walkFrom(f FS, name string, info Info, fn func(string, Info) error) error {
	err := fn(name, info)
	switch {
	case err == fs.SkipDir && info.IsDir():
		return nil
	case err != nil || !info.IsDir():
		return err
	}
	list, err := listDir(f, name)
	if err != nil {
		return err
	}
	for _, e := range list {
		below := join(name, e.Name)
		info, err := f.Lstat(below)
		switch {
		case ToErrno(err) == ENOENT:
			continue
		case err != nil:
			return err
		}
		if err := walkFrom(f, below, info, fn); err != nil {
			return err
		}
	}
	return nil
}

// listDir lists a directory of a clean name.
func listDir(f FS, name string) ([]DirEntry, error) {
	dir, err := f.Open(name, Read|Directory, 0)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	return dir.ReadDir()
}
