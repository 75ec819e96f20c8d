package tar

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// compare says where files differ from the members of an archive.
func (t *runner) compare() error { return t.each(t.compareOne) }

func (t *runner) compareOne(r *reader, h *tar.Header, dir string) error {
	if t.verbose > 0 {
		if err := t.show(h, h.Name); err != nil {
			return err
		}
	}
	name, ok := t.placed(h.Name, ofMember)
	if !ok {
		return nil
	}
	place := below(dir, name)
	info, err := t.x.Lstat(place)
	if err != nil {
		t.out.Flush()
		what := "stat"
		if h.Typeflag == tar.TypeSymlink {
			what = "readlink"
		}
		t.x.Errorf("%s: Warning: Cannot %s: %s", quoteColon(name), what, tool.ErrText(err))
		t.status = max(t.status, statusDiffers)
		return nil
	}
	switch h.Typeflag {
	case tar.TypeDir:
		if !info.IsDir() {
			return t.differs(name, "File type differs")
		}
		return t.sameMode(h, name, info.Mode)
	case tar.TypeSymlink:
		target, err := t.x.FS.Readlink(t.x.Abs(place))
		if err != nil || target != h.Linkname {
			return t.differs(name, "Symlink differs")
		}
		return nil
	case tar.TypeLink:
		target, _ := t.placed(h.Linkname, ofLink)
		other, err := t.x.Lstat(below(dir, target))
		if err != nil || other.Ino != info.Ino || other.Dev != info.Dev {
			return t.differs(name, "Not linked to "+quote(h.Linkname))
		}
		return nil
	}
	if !isFile(h) {
		return nil
	}
	if !info.Mode.IsRegular() {
		return t.differs(name, "File type differs")
	}
	if err := t.sameMode(h, name, info.Mode); err != nil {
		return err
	}
	if info.Mtime/1e9 != h.ModTime.Unix() {
		if err := t.differs(name, "Mod time differs"); err != nil {
			return err
		}
	}
	if info.Size != h.Size {
		return t.differs(name, "Size differs")
	}
	return t.sameData(r, name, place)
}

func (t *runner) sameMode(h *tar.Header, name string, mode fs.FileMode) error {
	if filemode.Of(mode) != filemode.Bits(h.Mode&0o7777) {
		return t.differs(name, "Mode differs")
	}
	return nil
}

func (t *runner) sameData(r io.Reader, name, place string) error {
	f, err := t.x.OpenFile(place, vfs.Read, 0)
	if err != nil {
		t.fail("%s: Cannot open: %s", quoteColon(name), tool.ErrText(err))
		return nil
	}
	defer f.Close()
	a, b := make([]byte, 32<<10), make([]byte, 32<<10)
	for {
		n, err := io.ReadFull(r, a)
		m, _ := io.ReadFull(f, b[:n])
		if !bytes.Equal(a[:n], b[:m]) {
			return t.differs(name, "Contents differ")
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (t *runner) differs(name, what string) error {
	t.status = max(t.status, statusDiffers)
	_, err := fmt.Fprintf(t.out, "%s: %s\n", quoteColon(name), what)
	return err
}
