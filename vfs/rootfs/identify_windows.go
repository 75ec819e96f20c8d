package rootfs

import (
	"os"
	"strings"
	"syscall"

	"agentsandbox/vfs"

	"golang.org/x/sys/windows"
)

// fillSys adds what only the system knows of a file.
func fillSys(sys any, info *vfs.Info) {
	data, ok := sys.(*syscall.Win32FileAttributeData)
	if !ok {
		return
	}
	info.Atime = data.LastAccessTime.Nanoseconds()
	info.Ctime = info.Mtime
}

// identify adds what only an open file tells on this system.
func identify(h *os.File, info *vfs.Info) {
	var data windows.ByHandleFileInformation
	if onFd(h, func(fd uintptr) error {
		return windows.GetFileInformationByHandle(windows.Handle(fd), &data)
	}) != nil {
		return
	}
	info.Ino = uint64(data.FileIndexHigh)<<32 | uint64(data.FileIndexLow)
	info.Dev = uint64(data.VolumeSerialNumber)
	info.Nlink = uint64(data.NumberOfLinks)
}

// identifyName adds the same for a file that is not open.
func identifyName(root *os.Root, name string, info *vfs.Info) {
	if info.Mode.IsRegular() || info.IsDir() {
		if h, err := root.Open(name); err == nil {
			defer h.Close()
			identify(h, info)
		}
	}
}

// checkHostName refuses the characters that separate or qualify names on this
// system, so that one piece of a guest's name is one piece of the host's.
func checkHostName(name string) error {
	if strings.ContainsAny(name, `\:`) {
		return vfs.EILSEQ
	}
	return nil
}
