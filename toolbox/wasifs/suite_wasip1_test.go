package wasifs_test

import (
	"io/fs"
	"testing"

	"agentsandbox/toolbox/wasifs"
	"agentsandbox/vfs"
	"agentsandbox/vfs/vfstest"
)

// plain is the guest's file system with final links not followed, as a vfs.FS
// has it. (Links on the way are: the host does that.)
type plain struct{ wasifs.FS }

func (p plain) Open(name string, flag vfs.Flag, perm fs.FileMode) (vfs.File, error) {
	f, err := p.FS.Open(name, flag|vfs.NoFollow, perm)
	if err == vfs.ENOTDIR && p.isLink(name) {
		err = vfs.ELOOP // both are true, and the host says the other
	}
	return f, err
}

func (p plain) isLink(name string) bool {
	info, err := p.Lstat(name)
	return err == nil && info.Mode&fs.ModeSymlink != 0
}

func (p plain) Link(oldname, newname string) error { return p.FS.Link(oldname, newname, false) }
func (p plain) Chtimes(name string, atime, mtime int64) error {
	return p.FS.Chtimes(name, false, atime, mtime)
}

// empty removes everything below dir.
func empty(t *testing.T, dir string) {
	d, err := root.Open(dir, vfs.Read|vfs.Directory, 0)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := d.ReadDir()
	d.Close()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := dir + "/" + e.Name
		if e.Type.IsDir() {
			empty(t, name)
			err = root.Rmdir(name)
		} else {
			err = root.Unlink(name)
		}
		if err != nil {
			t.Fatal(name, err)
		}
	}
}

func TestSuite(t *testing.T) {
	vfstest.Run(t, func(t *testing.T) vfs.FS {
		empty(t, "/")
		return plain{}
	})
}
