package vfs

import (
	"errors"
	"io/fs"
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

var errnoText = map[Errno]string{
	E2BIG:        "Argument list too long",
	EACCES:       "Permission denied",
	EAGAIN:       "Resource temporarily unavailable",
	EBADF:        "Bad file descriptor",
	EBUSY:        "Device or resource busy",
	ECANCELED:    "Operation canceled",
	ECHILD:       "No child processes",
	EDOM:         "Numerical argument out of domain",
	EDQUOT:       "Disk quota exceeded",
	EEXIST:       "File exists",
	EFAULT:       "Bad address",
	EFBIG:        "File too large",
	EILSEQ:       "Invalid or incomplete multibyte or wide character",
	EINTR:        "Interrupted system call",
	EINVAL:       "Invalid argument",
	EIO:          "Input/output error",
	EISDIR:       "Is a directory",
	ELOOP:        "Too many levels of symbolic links",
	EMFILE:       "Too many open files",
	EMLINK:       "Too many links",
	ENAMETOOLONG: "File name too long",
	ENFILE:       "Too many open files in system",
	ENODEV:       "No such device",
	ENOENT:       "No such file or directory",
	ENOEXEC:      "Exec format error",
	ENOMEM:       "Cannot allocate memory",
	ENOSPC:       "No space left on device",
	ENOSYS:       "Function not implemented",
	ENOTDIR:      "Not a directory",
	ENOTEMPTY:    "Directory not empty",
	ENOTSOCK:     "Socket operation on non-socket",
	ENOTSUP:      "Operation not supported",
	ENOTTY:       "Inappropriate ioctl for device",
	ENXIO:        "No such device or address",
	EOVERFLOW:    "Value too large for defined data type",
	EPERM:        "Operation not permitted",
	EPIPE:        "Broken pipe",
	ERANGE:       "Numerical result out of range",
	EROFS:        "Read-only file system",
	ESPIPE:       "Illegal seek",
	ESRCH:        "No such process",
	ETIMEDOUT:    "Connection timed out",
	ETXTBSY:      "Text file busy",
	EXDEV:        "Invalid cross-device link",
	ENOTCAPABLE:  "Capabilities insufficient",
}

// Error returns glibc's text for the errno.
func (e Errno) Error() string {
	if s, ok := errnoText[e]; ok {
		return s
	}
	return "Unknown error"
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
