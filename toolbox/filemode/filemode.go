// Package filemode reads and shows permission bits as chmod and ls do.
package filemode

import "io/fs"

// Bits are the permission bits of POSIX: 0o7777 at most.
type Bits uint32

// Set-user-ID, set-group-ID and sticky.
const (
	SetUID Bits = 0o4000
	SetGID Bits = 0o2000
	Sticky Bits = 0o1000

	all    Bits = 0o7777
	allR   Bits = 0o444
	allW   Bits = 0o222
	allX   Bits = 0o111
	setIDs      = SetUID | SetGID
)

// Of returns the bits of a mode.
func Of(mode fs.FileMode) Bits {
	b := Bits(mode.Perm())
	if mode&fs.ModeSetuid != 0 {
		b |= SetUID
	}
	if mode&fs.ModeSetgid != 0 {
		b |= SetGID
	}
	if mode&fs.ModeSticky != 0 {
		b |= Sticky
	}
	return b
}

// Mode returns bits as a mode.
func (b Bits) Mode() fs.FileMode {
	m := fs.FileMode(b & 0o777)
	if b&SetUID != 0 {
		m |= fs.ModeSetuid
	}
	if b&SetGID != 0 {
		m |= fs.ModeSetgid
	}
	if b&Sticky != 0 {
		m |= fs.ModeSticky
	}
	return m
}

// String shows bits as nine letters: rwxr-sr-t.
func (b Bits) String() string {
	s := []byte("---------")
	for i := range s {
		if b&(1<<(8-i)) != 0 {
			s[i] = "rwx"[i%3]
		}
	}
	special(&s[2], b&SetUID != 0, 's')
	special(&s[5], b&SetGID != 0, 's')
	special(&s[8], b&Sticky != 0, 't')
	return string(s)
}

// special shows a bit in the place of an x, in capitals where there is no x.
func special(at *byte, set bool, letter byte) {
	switch {
	case set && *at == 'x':
		*at = letter
	case set:
		*at = letter - 'a' + 'A'
	}
}

// Letter is the type of a file as ls -l shows it.
func Letter(mode fs.FileMode) byte {
	switch {
	case mode.IsRegular():
		return '-'
	case mode.IsDir():
		return 'd'
	case mode&fs.ModeSymlink != 0:
		return 'l'
	case mode&fs.ModeCharDevice != 0:
		return 'c'
	case mode&fs.ModeDevice != 0:
		return 'b'
	case mode&fs.ModeNamedPipe != 0:
		return 'p'
	case mode&fs.ModeSocket != 0:
		return 's'
	}
	return '?'
}

// String shows type and permissions in ten letters: -rw-r--r--.
func String(mode fs.FileMode) string {
	return string(Letter(mode)) + Of(mode).String()
}

// Unix is a mode as st_mode has it: type and permissions in one number.
func Unix(mode fs.FileMode) uint32 {
	kinds := map[byte]uint32{'-': 0o100000, 'd': 0o040000, 'l': 0o120000,
		'c': 0o020000, 'b': 0o060000, 'p': 0o010000, 's': 0o140000}
	return kinds[Letter(mode)] | uint32(Of(mode))
}

// TypeName says in words what kind of file it is, as stat does.
func TypeName(mode fs.FileMode, size int64) string {
	switch Letter(mode) {
	case '-':
		if size == 0 {
			return "regular empty file"
		}
		return "regular file"
	case 'd':
		return "directory"
	case 'l':
		return "symbolic link"
	case 'c':
		return "character special file"
	case 'b':
		return "block special file"
	case 'p':
		return "fifo"
	case 's':
		return "socket"
	}
	return "weird file"
}
