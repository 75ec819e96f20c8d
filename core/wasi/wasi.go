// Package wasi is WASI preview 1 (module wasi_snapshot_preview1) over a
// [vfs.FS]. It knows no engine: an engine imports [Functions] into a guest and
// calls them with the guest's [Process], its [Memory] and the parameters.
//
// A file per family: args, clock, environ, fd, path, poll, proc, random, sock.
// Guest memory is touched in memory.go alone. Whatever comes from a guest,
// pointer, count or length, is taken to be hostile: it is checked before it is
// used, copied before it is acted upon, and nothing is allocated in proportion
// to it.
//
// Descriptors carry rights because the interface has them. They are no
// boundary here (what a guest may reach is what its file system holds), but
// they are kept, reported, and can only be given up; see rights.go.
package wasi

import (
	"context"

	"agentsandbox/vfs"
)

// Module is the name that guests import [Functions] from.
const Module = "wasi_snapshot_preview1"

// ExtensionModule is the name that guests import [Extensions] from.
const ExtensionModule = "sandbox"

// Function is a host function that a guest may import.
type Function struct {
	Name string
	// Params and Results have a letter per value: 'i' for i32, 'I' for i64.
	Params, Results string
	// Call runs the function: parameters are in stack, the result goes to
	// stack[0]. When it returns, a guest that is [Process.Interrupted], or
	// that has [Process.Exited], must not run on.
	Call func(ctx context.Context, p *Process, m Memory, stack []uint64)
	// Exits says that the guest never returns from the function.
	Exits bool
	// Blocks says that Call may wait: for time, or for a stream.
	Blocks bool
}

// call is one call of a host function.
type call struct {
	ctx context.Context
	p   *Process
	mem Memory
	arg []uint64
}

func (c call) u32(i int) uint32 { return uint32(c.arg[i]) }
func (c call) u64(i int) uint64 { return c.arg[i] }

// interrupted notes that the context ended while the guest was blocked.
func (c call) interrupted() vfs.Errno {
	c.p.interrupted = true
	return vfs.EINTR
}

// success is the errno of a call that did what it was asked.
const success vfs.Errno = 0

// handler is a function as this package writes it.
type handler func(c call) vfs.Errno

// returning makes the Function of a handler, whose errno is the result.
//
// THREAT[AB-07] a handler takes any arguments; it has no other way to fail.
func returning(name, params string, h handler) Function {
	run := func(ctx context.Context, p *Process, m Memory, stack []uint64) {
		stack[0] = uint64(h(call{ctx, p, m, stack}))
	}
	return Function{Name: name, Params: params, Results: "i", Call: run}
}

// waiting makes the Function of a handler that may wait.
func waiting(name, params string, h handler) Function {
	f := returning(name, params, h)
	f.Blocks = true
	return f
}

// Functions returns the functions of preview 1, all of them, sorted by name.
func Functions() []Function {
	return []Function{
		returning("args_get", "ii", argsGet),
		returning("args_sizes_get", "ii", argsSizesGet),
		returning("clock_res_get", "ii", clockResGet),
		returning("clock_time_get", "iIi", clockTimeGet),
		returning("environ_get", "ii", environGet),
		returning("environ_sizes_get", "ii", environSizesGet),
		returning("fd_advise", "iIIi", fdAdvise),
		returning("fd_allocate", "iII", fdAllocate),
		returning("fd_close", "i", fdClose),
		returning("fd_datasync", "i", fdSync),
		returning("fd_fdstat_get", "ii", fdFdstatGet),
		returning("fd_fdstat_set_flags", "ii", fdFdstatSetFlags),
		returning("fd_fdstat_set_rights", "iII", fdFdstatSetRights),
		returning("fd_filestat_get", "ii", fdFilestatGet),
		returning("fd_filestat_set_size", "iI", fdFilestatSetSize),
		returning("fd_filestat_set_times", "iIIi", fdFilestatSetTimes),
		returning("fd_pread", "iiiIi", fdPread),
		returning("fd_prestat_dir_name", "iii", fdPrestatDirName),
		returning("fd_prestat_get", "ii", fdPrestatGet),
		returning("fd_pwrite", "iiiIi", fdPwrite),
		waiting("fd_read", "iiii", fdRead),
		returning("fd_readdir", "iiiIi", fdReaddir),
		returning("fd_renumber", "ii", fdRenumber),
		returning("fd_seek", "iIii", fdSeek),
		returning("fd_sync", "i", fdSync),
		returning("fd_tell", "ii", fdTell),
		waiting("fd_write", "iiii", fdWrite),
		returning("path_create_directory", "iii", pathCreateDirectory),
		returning("path_filestat_get", "iiiii", pathFilestatGet),
		returning("path_filestat_set_times", "iiiiIIi", pathFilestatSetTimes),
		returning("path_link", "iiiiiii", pathLink),
		returning("path_open", "iiiiiIIii", pathOpen),
		returning("path_readlink", "iiiiii", pathReadlink),
		returning("path_remove_directory", "iii", pathRemoveDirectory),
		returning("path_rename", "iiiiii", pathRename),
		returning("path_symlink", "iiiii", pathSymlink),
		returning("path_unlink_file", "iii", pathUnlinkFile),
		waiting("poll_oneoff", "iiii", pollOneoff),
		{Name: "proc_exit", Params: "i", Call: procExit, Exits: true},
		returning("proc_raise", "i", procRaise),
		returning("random_get", "ii", randomGet),
		returning("sched_yield", "", schedYield),
		returning("sock_accept", "iii", notSocket),
		returning("sock_recv", "iiiiii", notSocket),
		returning("sock_send", "iiiii", notSocket),
		returning("sock_shutdown", "ii", notSocket),
	}
}

// Extensions returns what preview 1 lacks and the tools need, sorted by name:
//
//	__sandbox_isatty(fd) -> 0 or 1
//	__sandbox_path_chmod(fd, lookupflags, path_ptr, path_len, mode) -> errno
//	__sandbox_umode(mode)
//
// umode sets the permission bits of the next file or directory that the guest
// makes, which are 0644 and 0755 otherwise. Reading them needs no function:
// every filestat has st_mode in the four bytes at offset 20, which preview 1
// leaves unused.
func Extensions() []Function {
	return []Function{
		{Name: "__sandbox_isatty", Params: "i", Results: "i", Call: isatty},
		returning("__sandbox_path_chmod", "iiiii", pathChmod),
		{Name: "__sandbox_umode", Params: "i", Call: umode},
	}
}
