package tar

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// creator puts files into an archive.
type creator struct {
	*runner
	w    *writer
	seen map[fileID]string // files with several names, by where they are
	old  map[string]int64  // times of members, for -u
	root uint64            // the device of the operand
	gone []string          // to remove at the end
}

// fileID tells files apart.
type fileID struct{ dev, ino uint64 }

func (t *runner) create() error {
	w, err := t.newArchive()
	if err != nil {
		return err
	}
	c := &creator{runner: t, w: w, seen: map[fileID]string{}}
	return w.finish(c.all())
}

func (c *creator) all() error {
	for _, op := range c.operands {
		if err := c.enter(op.dir); err != nil {
			return err
		}
		if info, err := c.x.Lstat(below(op.dir, op.name)); err == nil {
			c.root = info.Dev
		}
		if err := c.add(op.dir, op.name, true); err != nil {
			return err
		}
	}
	for _, name := range c.gone {
		if err := c.removeGone(name); err != nil {
			c.fail("%s: Cannot unlink: %s", quoteColon(name), tool.ErrText(err))
		}
	}
	return nil
}

func (c *creator) removeGone(name string) error {
	info, err := c.x.Lstat(name)
	if err == nil && info.IsDir() {
		return c.x.FS.Rmdir(c.x.Abs(name))
	}
	return c.x.FS.Unlink(c.x.Abs(name))
}

// add puts a file into the archive, and what is in it if it is a directory.
// The error ends the run.
func (c *creator) add(dir, name string, operand bool) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if !operand && c.excluded(name) || operand && c.excluded(strings.TrimRight(name, "/")) {
		return nil
	}
	place := below(dir, name)
	stat := c.x.Lstat
	if c.dereference {
		stat = c.x.Stat
	}
	info, err := stat(place)
	if err != nil {
		c.safer(name, ofMember)
		c.fail("%s: Cannot stat: %s", quoteColon(name), tool.ErrText(err))
		return nil
	}
	if c.w.own && info.Mode.IsRegular() && info.Dev == c.w.self.Dev && info.Ino == c.w.self.Ino {
		c.warn("%s: file is the archive; not dumped", quoteColon(name))
		return nil
	}
	if !info.IsDir() && c.tooOld(name, info) {
		return nil
	}
	if info.IsDir() {
		return c.addDir(dir, name, place, info)
	}
	return c.addFile(name, place, info)
}

// tooOld reports whether a file is passed over for its time.
func (c *creator) tooOld(name string, info vfs.Info) bool {
	if !c.newer.IsZero() && info.Mtime < c.newer.UnixNano() {
		return true
	}
	at, ok := c.old[strings.TrimRight(c.stored(name, ofMember), "/")]
	return ok && info.Mtime/1e9 <= at
}

func (c *creator) addDir(dir, name, place string, info vfs.Info) error {
	if h := c.header(name, info); h != nil {
		if err := c.write(h, name, nil); err != nil {
			return err
		}
	}
	if c.flat || c.oneFS && info.Dev != c.root {
		return nil
	}
	entries, err := c.x.ReadDir(place)
	if err != nil {
		c.fail("%s: Cannot open: %s", quoteColon(name), tool.ErrText(err))
		return nil
	}
	for _, e := range entries {
		if err := c.add(dir, tool.Join(name, e.Name), false); err != nil {
			return err
		}
	}
	if c.removeFiles {
		c.gone = append(c.gone, place)
	}
	return nil
}

func (c *creator) addFile(name, place string, info vfs.Info) error {
	h := c.header(name, info)
	if h == nil {
		return nil
	}
	if c.removeFiles {
		c.gone = append(c.gone, place)
	}
	if first, ok := c.linked(name, info); ok {
		h.Typeflag, h.Size, h.Linkname = tar.TypeLink, 0, first
		return c.write(h, name, nil)
	}
	switch {
	case info.Mode&fs.ModeSymlink != 0:
		target, err := c.x.FS.Readlink(c.x.Abs(place))
		if err != nil {
			c.fail("%s: Cannot readlink: %s", quoteColon(name), tool.ErrText(err))
			return nil
		}
		h.Linkname = c.transform(target, ofSymlink)
		return c.write(h, name, nil)
	case !info.Mode.IsRegular():
		return c.write(h, name, nil)
	}
	f, err := c.x.OpenFile(place, vfs.Read, 0)
	if err != nil {
		c.fail("%s: Cannot open: %s", quoteColon(name), tool.ErrText(err))
		return nil
	}
	defer f.Close()
	return c.write(h, name, f)
}

// linked is the stored name of a file that is in the archive already, by
// another name or, where several operands may lead to it, by the same.
func (c *creator) linked(name string, info vfs.Info) (string, bool) {
	if c.hardDereference || info.Nlink < 2 && len(c.operands) == 1 && !c.dereference {
		return "", false
	}
	id := fileID{info.Dev, info.Ino}
	first, ok := c.seen[id]
	if !ok {
		c.seen[id] = c.stored(name, ofLink)
	}
	return first, ok
}

// header describes a file; nil where it can't be kept.
func (c *creator) header(name string, info vfs.Info) *tar.Header {
	h := &tar.Header{Name: c.stored(name, ofMember), ModTime: time.Unix(0, info.Mtime), Mode: int64(filemode.Of(info.Mode)),
		Uid: tool.UID, Gid: tool.GID, Uname: tool.User, Gname: tool.Group}
	switch {
	case info.IsDir():
		h.Typeflag = tar.TypeDir
		h.Name = strings.TrimRight(h.Name, "/") + "/"
	case info.Mode.IsRegular():
		h.Typeflag, h.Size = tar.TypeReg, info.Size
	case info.Mode&fs.ModeSymlink != 0:
		h.Typeflag = tar.TypeSymlink
	case info.Mode&fs.ModeCharDevice != 0:
		h.Typeflag = tar.TypeChar
	case info.Mode&fs.ModeNamedPipe != 0:
		h.Typeflag = tar.TypeFifo
	case info.Mode&fs.ModeSocket != 0:
		c.warn("%s: socket ignored", quoteColon(name))
		return nil
	default:
		c.warn("%s: Unknown file type; file ignored", quoteColon(name))
		return nil
	}
	c.override(h, info)
	return h
}

// override sets what options say of all members, and how headers are laid out.
func (c *creator) override(h *tar.Header, info vfs.Info) {
	if c.owner != nil {
		h.Uid, h.Uname = c.owner.id, c.owner.name
	}
	if c.group != nil {
		h.Gid, h.Gname = c.group.id, c.group.name
	}
	if c.numeric {
		h.Uname, h.Gname = "", ""
	}
	if c.change != nil {
		h.Mode = int64(c.change.Apply(filemode.Bits(h.Mode), info.IsDir(), filemode.Bits(c.x.Umask)))
	}
	if c.mtime != nil {
		h.ModTime = *c.mtime
	}
	switch c.layout {
	case "pax", "posix":
		h.Format = tar.FormatPAX
	case "ustar", "v7":
		h.Format = tar.FormatUSTAR
	default:
		h.Format = tar.FormatGNU
	}
	if h.Format != tar.FormatPAX {
		h.ModTime = time.Unix(h.ModTime.Unix(), 0)
	}
}

// write writes a member; name is that of its file.
func (c *creator) write(h *tar.Header, name string, data io.Reader) error {
	if err := c.w.WriteHeader(h); err != nil {
		var ew errWrite
		if errors.As(err, &ew) {
			return err
		}
		why := "cannot be split"
		if len(h.Name) > 256 {
			why = "max 256"
		}
		c.fail("%s: file name is too long (%s); not dumped", quoteColon(h.Name), why)
		return nil
	}
	if c.verbose > 0 {
		shown := name
		if h.Typeflag == tar.TypeDir {
			shown = strings.TrimRight(name, "/") + "/"
		}
		if c.showPlaced {
			shown = h.Name
		}
		if err := c.show(h, shown); err != nil {
			return err
		}
	}
	if data == nil {
		return nil
	}
	return c.data(h, name, data)
}

// data copies a file. One that has got shorter is filled up with zeros.
func (c *creator) data(h *tar.Header, name string, data io.Reader) error {
	n, err := io.Copy(c.w.Writer, contextReader{c.ctx, io.LimitReader(data, h.Size)})
	var re tool.ReadError
	if errors.As(err, &re) {
		c.fail("%s: Cannot read: %s", quoteColon(name), tool.ErrText(re.Err))
	} else if err != nil {
		return err
	}
	if left := h.Size - n; left > 0 {
		if re.Err == nil {
			c.warn("%s: File shrank by %s; padding with zeros", quoteColon(name), plural(left, "byte"))
			c.status = max(c.status, statusDiffers)
		}
		_, err := io.CopyN(c.w.Writer, zeros{}, left)
		return err
	}
	return nil
}

func plural(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// zeros reads as zeros without end.
type zeros struct{}

// Read fills p with zeros.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
