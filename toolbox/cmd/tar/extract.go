package tar

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// extractor takes members out of an archive.
type extractor struct {
	*runner
	dirs  []*tar.Header // whose attributes are set when all is there, by place
	links []*delayedLink
}

// delayedLink is a symbolic link that may lead anywhere: an empty file stands
// for it until the end, so that nothing is extracted through it (THREAT[AR-02]).
type delayedLink struct {
	target string
	ino    uint64
	names  []string // it and its hard links
	header *tar.Header
}

func (t *runner) extract() error {
	for _, op := range t.operands {
		if err := t.enter(op.dir); err != nil {
			return err
		}
	}
	if err := t.enter(t.dir); err != nil {
		return err
	}
	e := &extractor{runner: t}
	err := t.each(e.one)
	e.finish()
	return err
}

// enter checks that a directory of -C is there.
func (t *runner) enter(dir string) error {
	if dir == "" {
		return nil
	}
	info, err := t.x.Stat(dir)
	if err == nil && !info.IsDir() {
		err = vfs.ENOTDIR
	}
	if err != nil {
		return fatalf("%s: Cannot open: %s", quoteColon(dir), tool.ErrText(err))
	}
	return nil
}

// one extracts one member.
func (e *extractor) one(r *reader, h *tar.Header, dir string) error {
	name, ok := e.placed(h.Name, ofMember)
	if !ok {
		return nil
	}
	if !e.absolute && hasDots(e.transform(h.Name, ofMember)) {
		e.fail("%s: Member name contains '..'", quoteColon(h.Name))
		return nil
	}
	if e.topLevel != nil && name != *e.topLevel && !strings.HasPrefix(name, *e.topLevel+"/") {
		name = tool.Join(*e.topLevel, strings.TrimPrefix(name, "./"))
	}
	if e.verbose > 0 {
		shown := h.Name
		if e.showPlaced {
			shown = name
		}
		if err := e.show(h, shown); err != nil {
			return err
		}
	}
	if e.toStdout || e.toCommand != "" {
		return e.stream(r, h, name)
	}
	if strings.IndexByte(name, 0) >= 0 {
		e.fail("%s: Cannot open: %s", quoteColon(name), vfs.EINVAL.Error())
		return nil
	}
	e.checkTime(h, name)
	name = below(dir, name)
	switch h.Typeflag {
	case tar.TypeDir, typeDumpDir:
		e.mkdir(h, strings.TrimRight(name, "/"))
	case tar.TypeSymlink:
		e.symlink(h, name)
	case tar.TypeLink:
		e.link(h, name, dir)
	case tar.TypeChar, tar.TypeBlock:
		e.fail("%s: Cannot mknod: %s", quoteColon(name), vfs.EPERM.Error())
	case tar.TypeFifo:
		e.fail("%s: Cannot mkfifo: %s", quoteColon(name), vfs.EPERM.Error())
	default:
		return e.file(r, h, name)
	}
	return nil
}

const typeDumpDir = 'D'

// checkTime warns of a time that can't be.
func (e *extractor) checkTime(h *tar.Header, name string) {
	if e.touch || h.Typeflag == tar.TypeSymlink || h.Typeflag == tar.TypeLink {
		return
	}
	shown := h.ModTime.In(e.zone).Format("2006-01-02 15:04:05")
	if h.ModTime.Unix() < 0 {
		e.warn("%s: implausibly old time stamp %s", quoteColon(name), shown)
		return
	}
	if ahead := h.ModTime.Sub(e.x.Now()); ahead > 0 && h.Typeflag != tar.TypeDir {
		seconds := strconv.FormatFloat(ahead.Seconds(), 'f', -1, 64)
		e.warn("%s: time stamp %s is %s s in the future", quoteColon(name), shown, seconds)
	}
}

// stream writes the data of a file to standard output or a command.
func (e *extractor) stream(r *reader, h *tar.Header, name string) error {
	if !isFile(h) {
		return nil
	}
	if e.toCommand == "" {
		_, err := io.Copy(e.x.Stdout, r)
		return err
	}
	child := *e.x
	child.Stdin = r
	child.Env = append(child.Environ(), "TAR_FILENAME="+name, "TAR_REALNAME="+h.Name, "TAR_FILETYPE=f",
		"TAR_SIZE="+strconv.FormatInt(h.Size, 10), "TAR_MODE="+strconv.FormatInt(h.Mode, 8),
		"TAR_MTIME="+strconv.FormatInt(h.ModTime.Unix(), 10), "TAR_UNAME="+h.Uname, "TAR_GNAME="+h.Gname,
		"TAR_UID="+strconv.Itoa(h.Uid), "TAR_GID="+strconv.Itoa(h.Gid), "TAR_ARCHIVE="+e.archive, "TAR_VERSION=1.34")
	status, err := e.x.Spawn(e.ctx, &child, []string{"sh", "-c", e.toCommand})
	if err != nil {
		return err
	}
	if status != 0 {
		e.fail("%d: Child returned status %d", 1, status)
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

func isFile(h *tar.Header) bool {
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeRegA, tar.TypeCont, tar.TypeGNUSparse:
		return true
	}
	return false
}

// file extracts a regular file.
func (e *extractor) file(r *reader, h *tar.Header, name string) error {
	out := e.createFile(h, name)
	if out == nil {
		return nil
	}
	err := copyHoles(out, r, h.Size)
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	var broken brokenError
	switch {
	case err == nil:
	case errors.As(err, &broken), errors.Is(err, io.ErrUnexpectedEOF), e.ctx.Err() != nil:
		return err
	default:
		var re tool.ReadError
		if errors.As(err, &re) {
			return readError(e.archive, re.Err)
		}
		e.fail("%s: Cannot write: %s", quoteColon(name), tool.ErrText(err))
		return nil
	}
	e.attributes(name, h)
	return nil
}

// createFile opens the file to write; nil where that is not to be, or can't.
func (e *extractor) createFile(h *tar.Header, name string) *tool.File {
	flag := vfs.Write | vfs.Create | vfs.Exclusive
	if e.old == overwriteOld {
		flag = vfs.Write | vfs.Create | vfs.Truncate
	}
	if e.old == unlinkOld {
		e.clear(name)
	}
	var out *tool.File
	e.tryMaking(name, h, "Cannot open", func() (err error) {
		out, err = e.x.OpenFile(name, flag, permissions(h.Mode)&0o700|0o600)
		return err
	})
	return out
}

// tryMaking makes a file: the directories above it, where they are missing, and
// in the place of one that is there, where that may be. It reports whether it
// was made; what stood in the way, was reported.
func (e *extractor) tryMaking(name string, h *tar.Header, problem string, make func() error) bool {
	err := make()
	if vfs.ToErrno(err) == vfs.ENOENT && e.parents(name) {
		err = make()
	}
	if code := vfs.ToErrno(err); err != nil && (code == vfs.EEXIST || code == vfs.EISDIR) {
		switch {
		case e.old == skipOld:
			return false
		case e.old == keepNewer && e.isNewer(name, h):
			return false
		case e.old == keepOld:
		case e.clear(name):
			err = make()
		}
	}
	if err != nil {
		e.fail("%s: %s: %s", quoteColon(name), problem, tool.ErrText(err))
	}
	return err == nil
}

func (e *extractor) isNewer(name string, h *tar.Header) bool {
	info, err := e.x.Lstat(name)
	if err != nil || info.Mtime < h.ModTime.UnixNano() {
		return false
	}
	e.warn("Current %s is newer or same age", tool.QuoteText(name))
	return true
}

// clear removes what stands where a file is to be.
func (e *extractor) clear(name string) bool {
	info, err := e.x.Lstat(name)
	switch {
	case err != nil:
		return false
	case info.IsDir() && e.recursiveUnlink:
		return e.removeAll(name) == nil
	case info.IsDir():
		return e.x.FS.Rmdir(e.x.Abs(name)) == nil
	}
	return e.x.FS.Unlink(e.x.Abs(name)) == nil
}

func (t *runner) removeAll(name string) error {
	info, err := t.x.Lstat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return t.x.FS.Unlink(t.x.Abs(name))
	}
	entries, err := t.x.ReadDir(name)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := t.removeAll(tool.Join(name, entry.Name)); err != nil {
			return err
		}
	}
	return t.x.FS.Rmdir(t.x.Abs(name))
}

// parents makes the directories above a name.
func (e *extractor) parents(name string) bool {
	made := false
	for i := 1; i < len(name); i++ {
		if name[i] == '/' && name[i-1] != '/' {
			err := e.x.FS.Mkdir(e.x.Abs(name[:i]), 0o777&^e.x.Umask)
			made = made || err == nil
		}
	}
	return made
}

// mkdir makes a directory, which may be there.
func (e *extractor) mkdir(h *tar.Header, name string) {
	if name == "" {
		return
	}
	err := e.x.FS.Mkdir(e.x.Abs(name), permissions(h.Mode)&^e.x.Umask|0o700)
	if vfs.ToErrno(err) == vfs.ENOENT && e.parents(name) {
		err = e.x.FS.Mkdir(e.x.Abs(name), permissions(h.Mode)&^e.x.Umask|0o700)
	}
	there := false
	if vfs.ToErrno(err) == vfs.EEXIST {
		there, err = e.isDirectory(name)
		if !there && err == nil {
			err = e.x.FS.Mkdir(e.x.Abs(name), permissions(h.Mode)&^e.x.Umask|0o700)
		}
	}
	if err != nil {
		e.fail("%s: Cannot mkdir: %s", quoteColon(name), tool.ErrText(err))
		return
	}
	if there && (e.old == keepOld || e.old == skipOld) {
		return
	}
	kept := *h
	kept.Name = name
	e.dirs = append(e.dirs, &kept)
}

// isDirectory reports whether a directory is there already; what else is there
// has been removed then, or the error says why not.
func (e *extractor) isDirectory(name string) (bool, error) {
	info, err := e.x.Lstat(name)
	if err == nil && info.Mode&fs.ModeSymlink != 0 && e.keepLink {
		info, err = e.x.Stat(name)
	}
	switch {
	case err != nil:
		return false, err
	case info.IsDir():
		return true, nil
	case e.old == keepOld || e.old == skipOld || !e.clear(name):
		return false, vfs.EEXIST
	}
	return false, nil
}

// attributes sets mode and time of a file.
func (e *extractor) attributes(name string, h *tar.Header) {
	mode := filemode.Bits(h.Mode & 0o7777)
	if !e.samePermissions {
		mode = mode & 0o777 &^ filemode.Bits(e.x.Umask.Perm()) // THREAT[AR-03]
	}
	if err := e.x.FS.Chmod(e.x.Abs(name), mode.Mode()); err != nil {
		e.fail("%s: Cannot change mode to %s: %s", quoteColon(name), mode.String(), tool.ErrText(err))
	}
	e.setTime(name, h)
}

func (e *extractor) setTime(name string, h *tar.Header) {
	if e.touch {
		return
	}
	now := e.x.Now().UnixNano()
	if err := e.x.FS.Chtimes(e.x.Abs(name), false, now, nanoseconds(h.ModTime)); err != nil {
		e.fail("%s: Cannot utime: %s", quoteColon(name), tool.ErrText(err))
	}
}

// nanoseconds is a time as files keep it, within what they can.
func nanoseconds(at time.Time) int64 {
	const most = math.MaxInt64
	switch s := at.Unix(); {
	case s > most/int64(time.Second):
		return most
	case s < -most/int64(time.Second):
		return -most
	}
	return at.UnixNano()
}

// finish makes the links that were put off, and sets what directories get when
// they are filled.
func (e *extractor) finish() {
	for _, l := range e.links {
		e.makeDelayed(l)
	}
	for _, h := range slices.Backward(e.dirs) {
		if info, err := e.x.Lstat(h.Name); err == nil && info.IsDir() {
			e.attributes(h.Name, h)
		}
	}
}

// copyHoles copies size bytes. Blocks of zeros become holes, so that a sparse
// file takes no more room than it did (THREAT[AR-03]).
func copyHoles(out *tool.File, r io.Reader, size int64) error {
	buf := make([]byte, 64<<10)
	zero := make([]byte, len(buf))
	var at int64
	hole := false
	for {
		n, err := io.ReadFull(r, buf)
		if n > 0 && n == len(buf) && bytes.Equal(buf, zero) {
			hole = true
		} else if n > 0 {
			if _, err := out.WriteAt(buf[:n], at); err != nil {
				return err
			}
			hole = false
		}
		at += int64(n)
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF && at == size:
			if hole {
				return out.Truncate(size)
			}
			return nil
		case err != nil:
			return err
		}
	}
}
