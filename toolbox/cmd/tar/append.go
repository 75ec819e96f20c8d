package tar

import (
	"archive/tar"
	"errors"
	"io"
	"strings"

	"agentsandbox/toolbox/codec"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// append adds to an archive: files, newer files, or the members of others.
func (t *runner) append() error {
	if t.format != codec.None || t.program != "" {
		return fatalf("Cannot update compressed archives")
	}
	end, old, err := t.scan()
	if err != nil {
		return err
	}
	f, err := t.x.OpenUpdate(t.archive)
	if err != nil {
		return fatalf("%s: Cannot open: %s", quoteColon(t.archive), tool.ErrText(err))
	}
	defer f.Close()
	if err := f.Truncate(end); err != nil {
		return fatalf("%s: Cannot write: %s", quoteColon(t.archive), tool.ErrText(err))
	}
	if _, err := f.Seek(end, io.SeekStart); err != nil {
		return err
	}
	w := &writer{t: t, n: end, started: t.x.Now()}
	w.self, err = f.Stat()
	w.own = err == nil
	if err := w.compress(f); err != nil {
		return err
	}
	w.Writer = tar.NewWriter(w)
	if t.mode == concatenate {
		return w.finish(t.addArchives(w))
	}
	c := &creator{runner: t, w: w, seen: map[fileID]string{}}
	if t.mode == update {
		c.old = old
	}
	return w.finish(c.all())
}

// scan finds where the last member of the archive ends, and when each was
// changed. An archive that is not there is empty.
func (t *runner) scan() (end int64, times map[string]int64, err error) {
	times = map[string]int64{}
	if t.archive == "-" {
		return 0, nil, fatalf("Cannot update an archive on standard input")
	}
	if info, err := t.x.Stat(t.archive); vfs.ToErrno(err) == vfs.ENOENT || err == nil && info.Size == 0 {
		return 0, times, nil
	}
	r, err := t.open()
	if err != nil {
		return 0, nil, err
	}
	defer r.Close()
	if _, ok := r.compressed(); ok {
		return 0, nil, fatalf("Cannot update compressed archives")
	}
	for {
		h, err := r.Reader.Next()
		if errors.Is(err, io.EOF) {
			return end, times, nil
		}
		if err != nil {
			return 0, nil, r.trouble(err)
		}
		times[strings.TrimRight(h.Name, "/")] = h.ModTime.Unix()
		if _, err := io.Copy(io.Discard, r.Reader); err != nil {
			return 0, nil, r.trouble(err)
		}
		end = (r.counted.n + blockSize - 1) / blockSize * blockSize
	}
}

// addArchives copies the members of other archives.
func (t *runner) addArchives(w *writer) error {
	for _, op := range t.operands {
		other := *t
		other.archive, other.operands = below(op.dir, op.name), nil
		err := other.each(func(r *reader, h *tar.Header, _ string) error {
			if err := w.WriteHeader(h); err != nil {
				return err
			}
			_, err := io.Copy(w.Writer, r)
			return err
		})
		t.status = max(t.status, other.status)
		if err != nil {
			return err
		}
	}
	return nil
}

// delete writes the archive anew without some of its members.
func (t *runner) delete() error {
	if t.archive == "-" || t.format != codec.None {
		return fatalf("Cannot update compressed archives")
	}
	r, err := t.open()
	if err != nil {
		return err
	}
	defer r.Close()
	temp := t.archive + ".tar-delete"
	out := *t
	out.archive = temp
	w, err := out.newArchive()
	if err != nil {
		return err
	}
	if err := w.finish(t.keepOthers(r, w)); err != nil {
		t.x.FS.Unlink(t.x.Abs(temp))
		return err
	}
	t.missing()
	if err := t.x.FS.Rename(t.x.Abs(temp), t.x.Abs(t.archive)); err != nil {
		return fatalf("%s: Cannot rename: %s", quoteColon(temp), tool.ErrText(err))
	}
	return nil
}

func (t *runner) keepOthers(r *reader, w *writer) error {
	for {
		h, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, named := t.wanted(h.Name); named && len(t.operands) > 0 {
			continue
		}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		if _, err := io.Copy(w.Writer, r); err != nil {
			return err
		}
	}
}
