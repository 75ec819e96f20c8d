package wazero

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// mapCode reads machine code into memory that may be executed.
func mapCode(file *os.File, at int64, size int) ([]byte, error) {
	p, err := windows.VirtualAlloc(0, uintptr(size), windows.MEM_COMMIT, windows.PAGE_READWRITE)
	if err != nil {
		return nil, err
	}
	code := unsafe.Slice((*byte)(unsafe.Pointer(p)), size)
	if _, err = file.ReadAt(code, at); err == nil {
		var old uint32
		err = windows.VirtualProtect(p, uintptr(size), windows.PAGE_EXECUTE_READ, &old)
	}
	if err != nil {
		return nil, errors.Join(err, windows.VirtualFree(p, 0, windows.MEM_RELEASE))
	}
	return code, nil
}

func openNoFollow(name string) (*os.File, error) { return os.Open(name) }

func identity(info os.FileInfo) string { return fmt.Sprintln(info.Size(), info.ModTime().UnixNano()) }
