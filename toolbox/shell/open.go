package shell

import (
	"context"
	"io"
	"io/fs"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// openFor opens a file for the shell itself, or the descriptor that the name
// stands for.
func (sh *Shell) openFor(name string, flag vfs.Flag) (*openFile, error) {
	return sh.open(name, flag, false)
}

func (sh *Shell) openAppend(name string) (*openFile, error) {
	return sh.open(name, vfs.Write|vfs.Create, true)
}

func (sh *Shell) open(name string, flag vfs.Flag, appends bool) (*openFile, error) {
	if name == "" {
		return nil, vfs.ENOENT
	}
	if f, ok, err := sh.openDev(name); ok {
		return f.orNil(err), err
	}
	f, err := sh.x.FS.Open(sh.abs(name), flag, fs.FileMode(0o666)&^sh.umask)
	if err != nil {
		return nil, vfs.ToErrno(err)
	}
	if flag&vfs.Write == 0 {
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return (&openFile{file: tool.NewFile(f, false), access: flag & vfs.Read, name: name}).ref(), nil
		}
	}
	return (&openFile{file: tool.NewFile(f, appends), access: flag & (vfs.Read | vfs.Write), name: name}).ref(), nil
}

// orNil adds a reference for the caller, unless there was an error.
func (f *openFile) orNil(err error) *openFile {
	if err != nil {
		return nil
	}
	return f.ref()
}

// openDev finds the descriptor that a name stands for; see tool.Descriptor. ok
// is false for other names.
func (sh *Shell) openDev(name string) (f *openFile, ok bool, err error) {
	fd, ok := tool.Descriptor(name)
	if !ok {
		return nil, false, nil
	}
	if f = sh.fds.get(fd); f == nil {
		return nil, true, vfs.ENOENT
	}
	return f, true, nil
}

// inputOf is the descriptor as a command's standard input. A file is given
// with its position, so that a command can leave it where it stopped.
func (sh *Shell) inputOf(ctx context.Context, fd int) io.Reader {
	f := sh.fds.get(fd)
	if f == nil {
		return stream{ctx, &openFile{}}
	}
	if f.seekable() && f.access&vfs.Read != 0 {
		f.settle()
		return f.file
	}
	return stream{ctx, f}
}

func (sh *Shell) abs(name string) string {
	if strings.HasPrefix(name, "/") || name == "" {
		return name
	}
	if sh.cwd == "/" {
		return "/" + name
	}
	return sh.cwd + "/" + name
}

func (sh *Shell) stat(name string) (vfs.Info, error) {
	if name == "" {
		return vfs.Info{}, vfs.ENOENT
	}
	return sh.x.FS.Stat(sh.abs(name))
}

func (sh *Shell) lstat(name string) (vfs.Info, error) {
	if name == "" {
		return vfs.Info{}, vfs.ENOENT
	}
	return sh.x.FS.Lstat(sh.abs(name))
}

func (sh *Shell) readDir(name string) ([]vfs.DirEntry, error) {
	f, err := sh.x.FS.Open(sh.abs(name), vfs.Read|vfs.Directory, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir()
}

// isTerminal reports whether the descriptor is a terminal: one of the host's
// streams that is.
func (sh *Shell) isTerminal(fd int) bool {
	f := sh.fds.get(fd)
	if f == nil || f.file != nil || f.rpipe != nil || f.wpipe != nil || f.sink != nil || sh.x.Terminal == nil {
		return false
	}
	return fd <= 2 && sh.x.Terminal(fd)
}
