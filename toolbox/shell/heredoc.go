package shell

import (
	"io"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// hereText is the text of a here-document or here-string.
func (sh *Shell) hereText(r *syntax.Redir) (string, bool) {
	text := ""
	switch {
	case r.Op == syntax.RedirHerestr:
		text = sh.text(r.Word) + "\n"
	case r.Doc.Literal:
		text = r.Doc.Text
	default:
		e := expander{sh: sh, doc: true, raw: r.Doc.Text}
		e.parts(r.Doc.Parts, true, false)
		text = string(e.cur)
	}
	return text, sh.flow == flowNone
}

// textFile is an open file whose content is text.
func textFile(text string) *openFile {
	f := &openFile{access: vfs.Read, file: tool.NewFile(textVFS{text: text}, false)}
	return f.ref()
}

// textVFS is a file of constant text: the body of a here-document.
type textVFS struct{ text string }

// ReadAt reads the text; see vfs.File.
func (t textVFS) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(t.text)) {
		return 0, io.EOF
	}
	n := copy(p, t.text[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt is refused: a here-document is read only.
func (t textVFS) WriteAt([]byte, int64) (int, error) { return 0, vfs.EBADF }

// Append is refused: a here-document is read only.
func (t textVFS) Append([]byte) (int, error) { return 0, vfs.EBADF }

// Truncate is refused: a here-document is read only.
func (t textVFS) Truncate(int64) error { return vfs.EINVAL }

// Chtimes does nothing: the file has no name and no times that last.
func (t textVFS) Chtimes(int64, int64) error { return nil }

// ReadDir is refused: the text is no directory.
func (t textVFS) ReadDir() ([]vfs.DirEntry, error) { return nil, vfs.ENOTDIR }

// Sync has nothing to do.
func (t textVFS) Sync() error { return nil }

// Close has nothing to free.
func (t textVFS) Close() error { return nil }

// Stat describes a regular file of the length of the text.
func (t textVFS) Stat() (vfs.Info, error) {
	return vfs.Info{Mode: 0o600, Size: int64(len(t.text)), Nlink: 1}, nil
}
