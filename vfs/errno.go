package vfs

import (
	"errors"
	"io/fs"
	"strconv"
)

// Errno is the one error number of the project. Names and texts are POSIX's
// (glibc's strerror, which is what the tools print); the values are those of
// WASI preview 1, so that an errno crosses the guest boundary as it is.
//
// Errno implements errors.Is against the io/fs sentinels.
type Errno uint16

// The errnos that a file system or the WASI layer may return.
const (
	E2BIG        Errno = 1
	EACCES       Errno = 2
	EAGAIN       Errno = 6
	EBADF        Errno = 8
	EBUSY        Errno = 10
	ECANCELED    Errno = 11
	ECHILD       Errno = 12
	EDOM         Errno = 18
	EDQUOT       Errno = 19
	EEXIST       Errno = 20
	EFAULT       Errno = 21
	EFBIG        Errno = 22
	EILSEQ       Errno = 25
	EINTR        Errno = 27
	EINVAL       Errno = 28
	EIO          Errno = 29
	EISDIR       Errno = 31
	ELOOP        Errno = 32
	EMFILE       Errno = 33
	EMLINK       Errno = 34
	ENAMETOOLONG Errno = 37
	ENFILE       Errno = 41
	ENODEV       Errno = 43
	ENOENT       Errno = 44
	ENOEXEC      Errno = 45
	ENOMEM       Errno = 48
	ENOSPC       Errno = 51
	ENOSYS       Errno = 52
	ENOTDIR      Errno = 54
	ENOTEMPTY    Errno = 55
	ENOTSOCK     Errno = 57
	ENOTSUP      Errno = 58
	ENOTTY       Errno = 59
	ENXIO        Errno = 60
	EOVERFLOW    Errno = 61
	EPERM        Errno = 63
	EPIPE        Errno = 64
	ERANGE       Errno = 68
	EROFS        Errno = 69
	ESPIPE       Errno = 70
	ESRCH        Errno = 71
	ETIMEDOUT    Errno = 73
	ETXTBSY      Errno = 74
	EXDEV        Errno = 75
	ENOTCAPABLE  Errno = 76
)

var errnos = [...]struct{ name, text string }{
	E2BIG:        {"E2BIG", "Argument list too long"},
	EACCES:       {"EACCES", "Permission denied"},
	EAGAIN:       {"EAGAIN", "Resource temporarily unavailable"},
	EBADF:        {"EBADF", "Bad file descriptor"},
	EBUSY:        {"EBUSY", "Device or resource busy"},
	ECANCELED:    {"ECANCELED", "Operation canceled"},
	ECHILD:       {"ECHILD", "No child processes"},
	EDOM:         {"EDOM", "Numerical argument out of domain"},
	EDQUOT:       {"EDQUOT", "Disk quota exceeded"},
	EEXIST:       {"EEXIST", "File exists"},
	EFAULT:       {"EFAULT", "Bad address"},
	EFBIG:        {"EFBIG", "File too large"},
	EILSEQ:       {"EILSEQ", "Invalid or incomplete multibyte or wide character"},
	EINTR:        {"EINTR", "Interrupted system call"},
	EINVAL:       {"EINVAL", "Invalid argument"},
	EIO:          {"EIO", "Input/output error"},
	EISDIR:       {"EISDIR", "Is a directory"},
	ELOOP:        {"ELOOP", "Too many levels of symbolic links"},
	EMFILE:       {"EMFILE", "Too many open files"},
	EMLINK:       {"EMLINK", "Too many links"},
	ENAMETOOLONG: {"ENAMETOOLONG", "File name too long"},
	ENFILE:       {"ENFILE", "Too many open files in system"},
	ENODEV:       {"ENODEV", "No such device"},
	ENOENT:       {"ENOENT", "No such file or directory"},
	ENOEXEC:      {"ENOEXEC", "Exec format error"},
	ENOMEM:       {"ENOMEM", "Cannot allocate memory"},
	ENOSPC:       {"ENOSPC", "No space left on device"},
	ENOSYS:       {"ENOSYS", "Function not implemented"},
	ENOTDIR:      {"ENOTDIR", "Not a directory"},
	ENOTEMPTY:    {"ENOTEMPTY", "Directory not empty"},
	ENOTSOCK:     {"ENOTSOCK", "Socket operation on non-socket"},
	ENOTSUP:      {"ENOTSUP", "Operation not supported"},
	ENOTTY:       {"ENOTTY", "Inappropriate ioctl for device"},
	ENXIO:        {"ENXIO", "No such device or address"},
	EOVERFLOW:    {"EOVERFLOW", "Value too large for defined data type"},
	EPERM:        {"EPERM", "Operation not permitted"},
	EPIPE:        {"EPIPE", "Broken pipe"},
	ERANGE:       {"ERANGE", "Numerical result out of range"},
	EROFS:        {"EROFS", "Read-only file system"},
	ESPIPE:       {"ESPIPE", "Illegal seek"},
	ESRCH:        {"ESRCH", "No such process"},
	ETIMEDOUT:    {"ETIMEDOUT", "Connection timed out"},
	ETXTBSY:      {"ETXTBSY", "Text file busy"},
	EXDEV:        {"EXDEV", "Invalid cross-device link"},
	ENOTCAPABLE:  {"ENOTCAPABLE", "Capabilities insufficient"},
}

// Error returns glibc's text for the errno.
func (e Errno) Error() string {
	if int(e) < len(errnos) && errnos[e].text != "" {
		return errnos[e].text
	}
	return "Unknown error"
}

// Name returns the symbol of the errno, as "ENOENT"; "ok" for 0.
func (e Errno) Name() string {
	switch {
	case e == 0:
		return "ok"
	case int(e) < len(errnos) && errnos[e].name != "":
		return errnos[e].name
	}
	return "E" + strconv.Itoa(int(e))
}

// Is reports whether e means the same as one of the io/fs or errors sentinels.
func (e Errno) Is(target error) bool {
	switch target {
	case fs.ErrNotExist:
		return e == ENOENT
	case fs.ErrExist:
		return e == EEXIST || e == ENOTEMPTY
	case fs.ErrPermission:
		return e == EACCES || e == EPERM || e == EROFS || e == ENOTCAPABLE
	case fs.ErrInvalid:
		return e == EINVAL
	case fs.ErrClosed:
		return e == EBADF
	case errors.ErrUnsupported:
		return e == ENOTSUP || e == ENOSYS
	}
	return false
}

// ToErrno finds the errno of any error: an Errno in its chain, or the one that
// an io/fs sentinel stands for; EIO for what it does not know, 0 for nil. A
// file system over the host translates the host's own numbers before this.
func ToErrno(err error) Errno {
	if err == nil {
		return 0
	}
	if e, ok := err.(Errno); ok {
		return e
	}
	var e Errno
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, fs.ErrNotExist):
		return ENOENT
	case errors.Is(err, fs.ErrExist):
		return EEXIST
	case errors.Is(err, fs.ErrPermission):
		return EACCES
	case errors.Is(err, fs.ErrInvalid):
		return EINVAL
	case errors.Is(err, fs.ErrClosed):
		return EBADF
	case errors.Is(err, errors.ErrUnsupported):
		return ENOTSUP
	}
	return EIO
}
