package unzip

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// link is a symbolic link to make.
type link struct{ name, target string }

// maxLink is the longest target of a link.
const maxLink = 4096

// extract makes the file of an entry. The error ends the run: others are reported.
func (r *runner) extract(f *zip.File) error {
	name := r.name(f.Name)
	if name == "" {
		return nil
	}
	target := name
	if r.dir != "" {
		target = tool.Join(r.dir, name)
	}
	isDir := strings.HasSuffix(f.Name, "/")
	if isDir {
		if !r.junk && !r.freshen {
			r.mkdir(target, true)
		}
		return nil
	}
	if !r.mayWrite(target, f) {
		return nil
	}
	if !r.mkdir(path.Dir(target), false) {
		fmt.Fprintf(r.x.Stderr, "                 unable to process %s.\n", target)
		return nil
	}
	if f.Mode()&fs.ModeSymlink != 0 {
		return r.keepLink(target, f)
	}
	return r.write(target, f)
}

// name is where an entry goes below the directory: without what would lead out of it
// (THREAT[AR-01]).
func (r *runner) name(name string) string {
	if strings.HasPrefix(name, "/") {
		r.complain(statusWarning, "warning:  stripped absolute path spec from %s\n", name)
	}
	var kept []string
	up := false
	for part := range strings.SplitSeq(name, "/") {
		switch part {
		case "", ".":
		case "..":
			up = true
		default:
			kept = append(kept, part)
		}
	}
	if up {
		fmt.Fprintf(r.out, "warning:  skipped \"../\" path component(s) in %s\n", name)
		r.status = max(r.status, statusWarning)
	}
	if r.junk && len(kept) > 0 {
		kept = kept[len(kept)-1:]
	}
	name = strings.Join(kept, "/")
	if r.lower {
		name = strings.ToLower(name)
	}
	return name
}

// mkdir makes a directory and those above it; say is for those that are entries.
func (r *runner) mkdir(name string, say bool) bool {
	if info, err := r.x.Stat(name); err == nil {
		if info.IsDir() {
			return true
		}
		r.complain(statusError, "checkdir error:  %s exists but is not directory\n", name)
		return false
	}
	if above := path.Dir(name); above != name && !r.mkdir(above, false) {
		return false
	}
	if err := r.x.FS.Mkdir(r.x.Abs(name), 0o777&^r.x.Umask); err != nil {
		r.complain(statusError, "checkdir error:  cannot create %s\n                 %s\n", name, tool.ErrText(err))
		return false
	}
	if say && r.quiet == 0 {
		fmt.Fprintf(r.out, "   creating: %s/\n", name)
	}
	return true
}

// mayWrite reports whether the target may be made, and asks where it is there.
func (r *runner) mayWrite(target string, f *zip.File) bool {
	info, err := r.x.Lstat(target)
	if err != nil {
		return !r.freshen
	}
	if r.update && info.Mtime/1e9 >= f.Modified.Unix() {
		return false
	}
	if r.overwrite || r.never {
		return r.overwrite
	}
	r.out.Flush()
	fmt.Fprintf(r.x.Stderr, "replace %s? [y]es, [n]o, [A]ll, [N]one, [r]ename: ", target)
	line := ""
	if r.x.IsTerminal(0) {
		line, _ = bufio.NewReaderSize(oneByte{r.x.Stdin}, 16).ReadString('\n')
	}
	switch {
	case line == "":
		fmt.Fprint(r.x.Stderr, " NULL\n(EOF or read error, treating as \"[N]one\" ...)\n")
		r.never = true
		r.status = max(r.status, statusWarning)
	case line[0] == 'A':
		r.overwrite = true
	case line[0] == 'N':
		r.never = true
	}
	return line != "" && (line[0] == 'y' || line[0] == 'Y' || line[0] == 'A')
}

// oneByte reads a byte at a time, so that nothing behind a line is taken.
type oneByte struct{ r io.Reader }

// Read reads a byte.
func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:1]) }

// write writes a file anew.
func (r *runner) write(target string, f *zip.File) error {
	r.x.FS.Unlink(r.x.Abs(target))
	out, err := r.x.OpenFile(target, vfs.Write|vfs.Create|vfs.Exclusive, 0o666)
	if err != nil {
		r.complain(statusDisk, "error:  cannot create %s\n        %s\n", target, tool.ErrText(err))
		return nil
	}
	defer out.Close()
	if r.quiet == 0 {
		fmt.Fprintf(r.out, "%s: %-22s ", verb(f), target)
	}
	w := bufio.NewWriterSize(out, 64<<10)
	ok, err := r.copy(w, f)
	if flushErr := w.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		r.complain(statusDisk, "\n%s:  write error (%s).  Continue? (y/n/^C) \n", target, tool.ErrText(err))
		return nil
	}
	if r.quiet == 0 && ok {
		fmt.Fprint(r.out, " \n")
	}
	if mode := f.Mode().Perm(); mode != 0 {
		r.x.FS.Chmod(r.x.Abs(target), mode&^r.x.Umask)
	}
	at := f.Modified.UnixNano()
	r.x.FS.Chtimes(r.x.Abs(target), true, at, at)
	return nil
}

// keepLink puts a link off until all files are there, so that none is written through
// it (THREAT[AR-01]). An empty file keeps its place.
func (r *runner) keepLink(target string, f *zip.File) error {
	var text strings.Builder
	if f.UncompressedSize64 > maxLink {
		r.complain(statusError, "%s:  symlink target is too long\n", target)
		return nil
	}
	if ok, err := r.copy(&text, f); !ok || err != nil {
		return err
	}
	r.x.FS.Unlink(r.x.Abs(target))
	place, err := r.x.Create(target)
	if err != nil {
		r.complain(statusDisk, "error:  cannot create %s\n        %s\n", target, tool.ErrText(err))
		return nil
	}
	place.Close()
	if r.quiet == 0 {
		fmt.Fprintf(r.out, "    linking: %-22s  -> %s \n", target, text.String())
	}
	r.links = append(r.links, link{target, text.String()})
	return nil
}

// makeLinks makes the links that were put off.
func (r *runner) makeLinks() error {
	if len(r.links) == 0 {
		return nil
	}
	if r.quiet == 0 {
		fmt.Fprintln(r.out, "finishing deferred symbolic links:")
	}
	for _, l := range r.links {
		if r.quiet == 0 {
			fmt.Fprintf(r.out, "  %-22s -> %s\n", l.name, l.target)
		}
		r.x.FS.Unlink(r.x.Abs(l.name))
		if err := r.x.FS.Symlink(l.target, r.x.Abs(l.name)); err != nil {
			r.complain(statusError, "symlink error: %s\n", tool.ErrText(err))
		}
	}
	return nil
}
