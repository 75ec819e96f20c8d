package wasifs

import (
	"unsafe"

	"agentsandbox/vfs"
)

//go:wasmimport wasi_snapshot_preview1 args_get
//go:noescape
func argsGet(ptrs, buf unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 args_sizes_get
//go:noescape
func argsSizesGet(count, size *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 environ_get
//go:noescape
func environGet(ptrs, buf unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 environ_sizes_get
//go:noescape
func environSizesGet(count, size *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_close
func fdClose(fd uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_fdstat_set_flags
func fdSetFlags(fd, flags uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_filestat_get
//go:noescape
func fdStat(fd uint32, stat unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 fd_filestat_set_size
func fdSetSize(fd uint32, size uint64) uint32

//go:wasmimport wasi_snapshot_preview1 fd_filestat_set_times
func fdSetTimes(fd uint32, atime, mtime uint64, flags uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_pread
//go:noescape
func fdPread(fd uint32, vec unsafe.Pointer, count uint32, off uint64, n *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_pwrite
//go:noescape
func fdPwrite(fd uint32, vec unsafe.Pointer, count uint32, off uint64, n *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_read
//go:noescape
func fdRead(fd uint32, vec unsafe.Pointer, count uint32, n *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_readdir
//go:noescape
func fdReaddir(fd uint32, buf unsafe.Pointer, size uint32, cookie uint64, n *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_sync
func fdSync(fd uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_write
//go:noescape
func fdWrite(fd uint32, vec unsafe.Pointer, count uint32, n *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_create_directory
//go:noescape
func pathMkdir(fd uint32, path string) uint32

//go:wasmimport wasi_snapshot_preview1 path_filestat_get
//go:noescape
func pathStat(fd, lookup uint32, path string, stat unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 path_filestat_set_times
//go:noescape
func pathSetTimes(fd, lookup uint32, path string, atime, mtime uint64, flags uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_link
//go:noescape
func pathLink(oldfd, lookup uint32, oldpath string, newfd uint32, newpath string) uint32

//go:wasmimport wasi_snapshot_preview1 path_open
//go:noescape
func pathOpen(fd, lookup uint32, path string, flags uint32, base, inherit uint64, fdflags uint32, opened *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_readlink
//go:noescape
func pathReadlink(fd uint32, path string, buf unsafe.Pointer, size uint32, n *uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_remove_directory
//go:noescape
func pathRmdir(fd uint32, path string) uint32

//go:wasmimport wasi_snapshot_preview1 path_rename
//go:noescape
func pathRename(oldfd uint32, oldpath string, newfd uint32, newpath string) uint32

//go:wasmimport wasi_snapshot_preview1 path_symlink
//go:noescape
func pathSymlink(target string, fd uint32, newpath string) uint32

//go:wasmimport wasi_snapshot_preview1 path_unlink_file
//go:noescape
func pathUnlink(fd uint32, path string) uint32

//go:wasmimport wasi_snapshot_preview1 poll_oneoff
//go:noescape
func pollOneoff(in, out unsafe.Pointer, count uint32, n *uint32) uint32

//go:wasmimport sandbox __sandbox_isatty
func isatty(fd uint32) uint32

//go:wasmimport sandbox __sandbox_path_chmod
//go:noescape
func pathChmod(fd, lookup uint32, path string, mode uint32) uint32

//go:wasmimport sandbox __sandbox_umode
func umode(mode uint32)

// failure is the error of a call: nil or a vfs.Errno.
func failure(errno uint32) error {
	if errno == 0 {
		return nil
	}
	return vfs.Errno(errno)
}

// iovec is a buffer as WASI takes it. Its address is a number, which keeps
// nothing alive: the caller does, with runtime.KeepAlive after the call. The
// buffer cannot move before, since an import has no frame to grow a stack for.
type iovec struct{ buf, n uint32 }

func vector(p []byte) iovec {
	return iovec{uint32(uintptr(unsafe.Pointer(unsafe.SliceData(p)))), uint32(len(p))}
}
