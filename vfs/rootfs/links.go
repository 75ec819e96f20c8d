package rootfs

import (
	"sync"

	"agentsandbox/vfs"
)

// links knows the hard links that were made through the FS: for each inode,
// how many of its names are ours. An inode with more names than that has some
// of the host's.
type links struct {
	mu   sync.Mutex
	ours map[inode]uint64 // guarded by mu
}

type inode struct{ dev, ino uint64 }

// foreign reports whether a file has names that the host gave it.
func (l *links) foreign(info vfs.Info) bool {
	if info.Nlink <= 1 || info.IsDir() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ours[inode{info.Dev, info.Ino}] != info.Nlink
}

// added notes a new name. It stays unknown if the host links the file, too.
func (l *links) added(before, after vfs.Info) {
	id := inode{before.Dev, before.Ino}
	l.mu.Lock()
	defer l.mu.Unlock()
	known := before.Nlink == 1 || l.ours[id] == before.Nlink
	if !known || id != (inode{after.Dev, after.Ino}) || after.Nlink != before.Nlink+1 {
		return
	}
	if l.ours == nil {
		l.ours = map[inode]uint64{}
	}
	l.ours[id] = after.Nlink
}

// removed notes that a file described so has lost a name.
func (l *links) removed(before vfs.Info) {
	if before.Nlink <= 1 || before.IsDir() {
		return
	}
	id := inode{before.Dev, before.Ino}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch n := l.ours[id]; {
	case n > 2:
		l.ours[id] = n - 1
	case n > 0:
		delete(l.ours, id)
	}
}
