// Package repack replaces files by what a codec makes of them, as xz and bzip2 do.
package repack

import (
	"bufio"
	"context"
	"io"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Pass turns one stream into another.
type Pass func(in io.Reader, out io.Writer) error

// File makes target, which must not exist, from the file name, with its permissions and
// times, and removes the file unless keep. Where that fails there is no target. The
// error is that of pass, or an *fs.PathError.
func File(ctx context.Context, x *tool.Exec, name, target string, keep bool, pass Pass) error {
	in, err := x.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := x.OpenFile(target, vfs.Write|vfs.Create|vfs.Exclusive, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(tool.WriteErrors(out, target), 64<<10)
	err = pass(Reader(ctx, in), w)
	if flushErr := w.Flush(); err == nil {
		err = flushErr
	}
	out.Close()
	if err != nil {
		x.FS.Unlink(x.Abs(target))
		return err
	}
	x.FS.Chmod(x.Abs(target), info.Mode.Perm())
	x.FS.Chtimes(x.Abs(target), true, info.Atime, info.Mtime)
	if keep {
		return nil
	}
	return x.FS.Unlink(x.Abs(name))
}

// Reader buffers r, and ends with the context. Its errors are tool.ReadError.
func Reader(ctx context.Context, r io.Reader) *bufio.Reader {
	return bufio.NewReaderSize(reader{ctx, r}, 32<<10)
}

type reader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads, unless the run is over.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		err = tool.ReadError{Err: err}
	}
	return n, err
}
