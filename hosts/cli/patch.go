package main

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"agentsandbox/core"
	"agentsandbox/toolbox/linediff"
	"agentsandbox/vfs"
)

// printPatch writes what changed in the work dir as git writes a diff, so that
// git apply takes it. Directories are not named: git has none.
func printPatch(w io.Writer, sb *core.Sandbox) error {
	changes, err := sb.Diff()
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.Dir {
			continue
		}
		p, err := newFilePatch(sb, c)
		if err != nil {
			return err
		}
		if err := p.write(w); err != nil {
			return err
		}
	}
	return nil
}

// filePatch is one file before and after.
type filePatch struct {
	name             string
	old, new         []byte
	oldMode, newMode string // as git has them, "" where there is no file
}

func newFilePatch(sb *core.Sandbox, c core.Change) (*filePatch, error) {
	p := &filePatch{name: c.Path}
	if c.Kind != vfs.Created {
		data, mode, err := sb.Original(c.Path)
		if err != nil {
			return nil, err
		}
		p.old, p.oldMode = data, gitMode(mode)
	}
	if c.Kind != vfs.Deleted {
		data, mode, err := sb.Current(c.Path)
		if err != nil {
			return nil, err
		}
		p.new, p.newMode = data, gitMode(mode)
	}
	return p, nil
}

// gitMode is a mode as git keeps it: a link, or a file that is executable or not.
func gitMode(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "120000"
	case mode&0o100 != 0:
		return "100755"
	}
	return "100644"
}

func (p *filePatch) write(w io.Writer) error {
	if p.oldMode != "" && p.newMode != "" && p.oldMode[:3] != p.newMode[:3] {
		// A file that became a link: git says that one is gone and one is new.
		gone := &filePatch{name: p.name, old: p.old, oldMode: p.oldMode}
		if err := gone.write(w); err != nil {
			return err
		}
		p = &filePatch{name: p.name, new: p.new, newMode: p.newMode}
	}
	a, b := quote("a/"+p.name), quote("b/"+p.name)
	fmt.Fprintf(w, "diff --git %s %s\n", a, b)
	switch {
	case p.oldMode == "":
		a = "/dev/null"
		fmt.Fprintf(w, "new file mode %s\n", p.newMode)
	case p.newMode == "":
		b = "/dev/null"
		fmt.Fprintf(w, "deleted file mode %s\n", p.oldMode)
	case p.oldMode != p.newMode:
		fmt.Fprintf(w, "old mode %s\nnew mode %s\n", p.oldMode, p.newMode)
	}
	if bytes.Equal(p.old, p.new) {
		return nil
	}
	if bytes.IndexByte(p.old, 0) >= 0 || bytes.IndexByte(p.new, 0) >= 0 {
		return p.writeBinary(w)
	}
	fmt.Fprintf(w, "--- %s\n+++ %s\n", a, b)
	old, new := linediff.Lines(p.old), linediff.Lines(p.new)
	return linediff.Unified(w, old, new, linediff.Diff(old, new, 0), 3)
}

// writeBinary writes both contents whole, compressed, in git's base 85. Git
// asks for an index line with the full ids of both.
func (p *filePatch) writeBinary(w io.Writer) error {
	fmt.Fprintf(w, "index %s..%s\nGIT binary patch\n", blobID(p.old, p.oldMode), blobID(p.new, p.newMode))
	for _, data := range [][]byte{p.new, p.old} {
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		z.Write(data)
		if err := z.Close(); err != nil {
			return err
		}
		fmt.Fprintf(w, "literal %d\n", len(data))
		for chunk := packed.Bytes(); len(chunk) > 0; {
			n := min(52, len(chunk))
			fmt.Fprintf(w, "%c%s\n", lengthLetter(n), base85(chunk[:n]))
			chunk = chunk[n:]
		}
		fmt.Fprintln(w)
	}
	return nil
}

// lengthLetter is how many bytes a line of base 85 stands for.
func lengthLetter(n int) byte {
	if n <= 26 {
		return 'A' + byte(n-1)
	}
	return 'a' + byte(n-27)
}

const base85Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"

// base85 is git's: five digits for four bytes, the last ones padded by zeros.
func base85(data []byte) []byte {
	var out []byte
	for len(data) > 0 {
		var word uint32
		for i := range 4 {
			word <<= 8
			if i < len(data) {
				word |= uint32(data[i])
			}
		}
		data = data[min(4, len(data)):]
		var digits [5]byte
		for i := 4; i >= 0; i-- {
			digits[i] = base85Digits[word%85]
			word /= 85
		}
		out = append(out, digits[:]...)
	}
	return out
}

// quote is a path as git writes it: in quotes, with C's escapes, where it holds
// what would not read back.
func quote(name string) string {
	var out strings.Builder
	plain := true
	for i := range len(name) {
		c := name[i]
		if at := strings.IndexByte("\a\b\t\n\v\f\r\"\\", c); at >= 0 {
			plain = false
			out.WriteByte('\\')
			out.WriteByte("abtnvfr\"\\"[at])
		} else if c < ' ' || c == 0x7f {
			plain = false
			fmt.Fprintf(&out, "\\%03o", c)
		} else {
			out.WriteByte(c)
		}
	}
	if plain {
		return name
	}
	return `"` + out.String() + `"`
}
