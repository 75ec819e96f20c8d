package zip

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// write writes the archive anew, beside the old one, and puts it in its place.
func (r *runner) write(old []*zip.File) error {
	if r.archive == "-" {
		w := zip.NewWriter(r.x.Stdout)
		if _, err := r.entries(w, old); err != nil {
			return err
		}
		return w.Close()
	}
	temporary := tool.Join(path.Dir(r.archive), "."+path.Base(r.archive)+".new")
	f, err := r.x.OpenFile(temporary, vfs.Write|vfs.Create|vfs.Truncate, 0o666)
	if err != nil {
		return r.fail(statusCreate, "Could not create output file (%s)", r.archive)
	}
	w := zip.NewWriter(f)
	left, err := r.entries(w, old)
	if err == nil {
		err = w.Close()
	}
	f.Close()
	switch {
	case err != nil, left == 0:
		r.x.FS.Unlink(r.x.Abs(temporary))
		if err != nil {
			return err
		}
		r.warn("zip file empty")
		return r.x.FS.Unlink(r.x.Abs(r.archive))
	}
	if info, err := r.x.Stat(r.archive); err == nil {
		r.x.FS.Chmod(r.x.Abs(temporary), info.Mode.Perm())
	}
	if err := r.x.FS.Rename(r.x.Abs(temporary), r.x.Abs(r.archive)); err != nil {
		return err
	}
	if r.move {
		for i := len(r.found) - 1; i >= 0; i-- {
			name := r.x.Abs(r.found[i].name)
			if r.x.FS.Unlink(name) != nil {
				r.x.FS.Rmdir(name)
			}
		}
	}
	return nil
}

// entries writes those of the old archive that stay, those that are replaced in their
// places, and the new ones. It returns how many there are.
func (r *runner) entries(w *zip.Writer, old []*zip.File) (int, error) {
	n, changed := 0, 0
	done := map[string]bool{}
	for _, f := range old {
		i, replaced := r.index[f.Name]
		done[f.Name] = true
		switch {
		case r.mode == remove && matches(r.files, f.Name):
			r.say("deleting: %s\n", f.Name)
			changed++
			continue
		case replaced && (r.mode == add || r.newer(r.found[i], f)):
			changed++
			verb := "updating"
			if r.mode == freshen {
				verb = "freshening"
			}
			if err := r.entry(w, r.found[i], verb); err != nil {
				return n, err
			}
		default:
			if err := w.Copy(f); err != nil {
				return n, err
			}
		}
		n++
	}
	for _, s := range r.found {
		if done[s.entry] || r.mode == freshen {
			continue
		}
		if err := r.entry(w, s, "  adding"); err != nil {
			return n, err
		}
		n++
		changed++
	}
	if changed == 0 && r.mode == remove {
		for _, name := range r.files {
			r.warn("name not matched: %s", name)
		}
	}
	if changed == 0 && !r.test {
		return n, r.nothing()
	}
	return n, nil
}

// newer reports whether a file changed since it was put in.
func (r *runner) newer(s source, f *zip.File) bool {
	info, err := r.x.Stat(s.name)
	return err == nil && info.Mtime/1e9 > f.Modified.Unix()
}

// entry puts a file in. What is reported is passed over.
func (r *runner) entry(w *zip.Writer, s source, verb string) error {
	h := zip.FileHeader{Name: s.entry}
	var in io.Reader = r.x.Stdin
	if s.name == "-" {
		h.Modified = r.x.Now()
		h.SetMode(0o600)
	} else {
		stat := r.x.Stat
		if r.links {
			stat = r.x.Lstat
		}
		info, err := stat(s.name)
		if err != nil {
			r.warn("could not open for reading: %s", s.name)
			r.status = statusOpen
			return nil
		}
		h.Modified = time.Unix(0, info.Mtime)
		h.SetMode(info.Mode)
		switch {
		case info.IsDir():
			in = strings.NewReader("")
		case info.Mode&fs.ModeSymlink != 0:
			target, err := r.x.FS.Readlink(r.x.Abs(s.name))
			if err != nil {
				return err
			}
			in = strings.NewReader(target)
		default:
			f, err := r.x.Open(s.name)
			if err != nil {
				r.warn("could not open for reading: %s", s.name)
				r.status = statusOpen
				return nil
			}
			defer f.Close()
			in = f
		}
	}
	data, err := r.pack(&h, in)
	if err != nil {
		return err
	}
	saved := 0.0
	if h.UncompressedSize64 > 0 {
		saved = 100 * (1 - float64(h.CompressedSize64)/float64(h.UncompressedSize64))
	}
	r.say("%s: %s (%s %.0f%%)\n", verb, s.entry, [...]string{zip.Store: "stored", zip.Deflate: "deflated"}[h.Method], saved)
	out, err := w.CreateRaw(&h)
	if err == nil {
		_, err = out.Write(data)
	}
	return err
}

// packed are the suffixes of what is not compressed again.
var packed = []string{".Z", ".zip", ".zoo", ".arc", ".lzh", ".arj"}

// pack compresses a content where that makes it smaller, and completes the header.
func (r *runner) pack(h *zip.FileHeader, in io.Reader) ([]byte, error) {
	var plain bytes.Buffer
	if _, err := io.Copy(&plain, io.LimitReader(reader{r, in}, tool.MaxHeld+1)); err != nil {
		return nil, err
	}
	if plain.Len() > tool.MaxHeld {
		return nil, vfs.ENOMEM
	}
	data := plain.Bytes()
	h.CRC32 = crc32.ChecksumIEEE(data)
	h.UncompressedSize64 = uint64(len(data))
	if r.level > 0 && !slices.Contains(packed, path.Ext(h.Name)) {
		var small bytes.Buffer
		z, err := flate.NewWriter(&small, r.level)
		if err != nil {
			return nil, err
		}
		if _, err := z.Write(data); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		if small.Len() < len(data) {
			h.Method, data = zip.Deflate, small.Bytes()
		}
	}
	h.CompressedSize64 = uint64(len(data))
	setTime(h)
	return data, nil
}

// setTime writes the time as the raw form of an entry wants it: for DOS, and as UTC in a
// field of its own.
func setTime(h *zip.FileHeader) {
	t := h.Modified
	h.ModifiedDate = uint16(t.Day() + int(t.Month())<<5 + (max(t.Year(), 1980)-1980)<<9)
	h.ModifiedTime = uint16(t.Second()/2 + t.Minute()<<5 + t.Hour()<<11)
	s := uint32(t.Unix())
	h.Extra = append(h.Extra, 'U', 'T', 5, 0, 1, byte(s), byte(s>>8), byte(s>>16), byte(s>>24))
}

// reader ends with the context of the run.
type reader struct {
	r  *runner
	in io.Reader
}

// Read reads, unless the run is over.
func (r reader) Read(p []byte) (int, error) {
	if err := r.r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(p)
}
