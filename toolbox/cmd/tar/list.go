package tar

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/filemode"
)

func (t *runner) list() error {
	return t.each(func(_ *reader, h *tar.Header, _ string) error {
		t.placed(h.Name, ofMember) // which warns of what extracting would take off
		return t.show(h, h.Name)
	})
}

// each calls do for each member that is wanted, with the directory that its
// operand is for.
func (t *runner) each(do func(r *reader, h *tar.Header, dir string) error) error {
	r, err := t.open()
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		h, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		if h.Typeflag == tar.TypeReg && strings.HasSuffix(h.Name, "/") {
			h.Typeflag = tar.TypeDir
		}
		dir, ok := t.wanted(h.Name)
		if !ok || t.excluded(h.Name) {
			continue
		}
		if err := do(r, h, dir); err != nil {
			return r.sort(err)
		}
	}
	t.missing()
	return nil
}

// sort passes an error on, as what is wrong with the archive if it came from there.
func (r *reader) sort(err error) error {
	var broken brokenError
	if errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF) {
		return r.trouble(err)
	}
	return err
}

// show lists one member by the name it goes by.
func (t *runner) show(h *tar.Header, name string) error {
	if t.verbose < 1 && t.mode == list || t.verbose == 1 && t.mode != list {
		_, err := fmt.Fprintln(t.out, quote(name))
		return err
	}
	return t.showLong(h, name)
}

func (t *runner) showLong(h *tar.Header, name string) error {
	owner := first(h.Uname, strconv.Itoa(h.Uid), t.numeric) + "/" + first(h.Gname, strconv.Itoa(h.Gid), t.numeric)
	size := strconv.FormatInt(h.Size, 10)
	if h.Typeflag == tar.TypeChar || h.Typeflag == tar.TypeBlock {
		size = fmt.Sprintf("%d,%d", h.Devmajor, h.Devminor)
	}
	t.width = max(t.width, len(owner)+1+len(size), 19)
	at := h.ModTime.In(t.zone)
	if t.utc {
		at = at.UTC()
	}
	layout := "2006-01-02 15:04"
	if t.fullTime {
		layout = "2006-01-02 15:04:05"
		if at.Nanosecond() != 0 {
			layout = "2006-01-02 15:04:05.000000000"
		}
	}
	line := fmt.Sprintf("%c%s %s %*s %s %s", letter(h), filemode.Bits(h.Mode&0o7777).String(), owner,
		t.width-len(owner)-1, size, at.Format(layout), quote(name))
	switch h.Typeflag {
	case tar.TypeSymlink:
		line += " -> " + quote(h.Linkname)
	case tar.TypeLink:
		line += " link to " + quote(h.Linkname)
	}
	_, err := fmt.Fprintln(t.out, line)
	return err
}

func first(name, number string, numeric bool) string {
	if name == "" || numeric {
		return number
	}
	return name
}

// letter is the type of a member in a long listing.
func letter(h *tar.Header) byte {
	switch h.Typeflag {
	case tar.TypeDir:
		return 'd'
	case tar.TypeSymlink:
		return 'l'
	case tar.TypeLink:
		return 'h'
	case tar.TypeChar:
		return 'c'
	case tar.TypeBlock:
		return 'b'
	case tar.TypeFifo:
		return 'p'
	case tar.TypeReg, tar.TypeRegA, tar.TypeGNUSparse:
		return '-'
	case tar.TypeCont:
		return 'C'
	}
	return '?'
}
