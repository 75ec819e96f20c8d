package shell

import (
	"context"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"agentsandbox/toolbox/shell/syntax"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// redirects is what redirections changed: the descriptors as they were.
type redirects struct {
	saved []savedFd
}

type savedFd struct {
	fd   int
	file *openFile // with a reference; nil if it was closed
}

// restore puts the descriptors back.
func (r *redirects) restore(sh *Shell) {
	for i := len(r.saved) - 1; i >= 0; i-- {
		sh.fds.set(r.saved[i].fd, r.saved[i].file)
	}
	r.saved = nil
}

// keep makes the changes permanent, as exec does.
func (r *redirects) keep() {
	for _, s := range r.saved {
		if s.file != nil {
			s.file.close()
		}
	}
	r.saved = nil
}

// save remembers a descriptor before it changes.
func (r *redirects) save(sh *Shell, fd int) {
	s := savedFd{fd: fd}
	if f := sh.fds.get(fd); f != nil {
		s.file = f.ref()
	}
	r.saved = append(r.saved, s)
}

// redirect performs redirections in order; not ok, with a message, if one
// fails.
func (sh *Shell) redirect(list []*syntax.Redir) (undo redirects, ok bool) {
	for _, r := range list {
		if !sh.redirectOne(&undo, r) {
			return undo, false
		}
	}
	return undo, true
}

func (sh *Shell) redirectOne(undo *redirects, r *syntax.Redir) bool {
	switch r.Op {
	case syntax.RedirHeredoc, syntax.RedirHeredocT, syntax.RedirHerestr:
		text, ok := sh.hereText(r)
		return ok && sh.place(undo, r, 0, textFile(text))
	case syntax.RedirDupIn, syntax.RedirDupOut:
		return sh.duplicate(undo, r)
	case syntax.RedirBoth, syntax.RedirBothAdd:
		return sh.redirectBoth(undo, r)
	}
	name, ok := sh.redirTarget(r)
	if !ok {
		return false
	}
	f, err := sh.openRedir(r.Op, name)
	if err != nil {
		sh.redirError(name, err)
		return false
	}
	fd := 1
	if r.Op == syntax.RedirIn || r.Op == syntax.RedirInOut {
		fd = 0
	}
	return sh.place(undo, r, fd, f)
}

// errClobber is the refusal of noclobber.
type errClobber struct{}

func (errClobber) Error() string { return "cannot overwrite existing file" }

func (sh *Shell) redirError(name string, err error) {
	builtin := sh.builtin
	sh.builtin = ""
	sh.errorf("%s: %s", name, tool.ErrText(err))
	sh.builtin = builtin
}

func (sh *Shell) openRedir(op syntax.RedirOp, name string) (*openFile, error) {
	switch op {
	case syntax.RedirIn:
		return sh.openFor(name, vfs.Read)
	case syntax.RedirInOut:
		return sh.openFor(name, vfs.Read|vfs.Write|vfs.Create)
	case syntax.RedirAppend, syntax.RedirBothAdd:
		return sh.openAppend(name)
	case syntax.RedirOut, syntax.RedirBoth:
		if sh.opt.noclobber {
			if info, err := sh.stat(name); err == nil && info.Mode.IsRegular() {
				return nil, errClobber{}
			}
		}
	}
	return sh.openFor(name, vfs.Write|vfs.Create|vfs.Truncate)
}

// redirTarget expands the target to the one word that it must be.
func (sh *Shell) redirTarget(r *syntax.Redir) (string, bool) {
	if r.Word.Plain {
		return r.Word.Lit, true
	}
	fields := sh.fields([]*syntax.Word{r.Word})
	if sh.flow != flowNone {
		return "", false
	}
	if len(fields) != 1 {
		sh.warnf("%s: ambiguous redirect", r.Word.Raw)
		return "", false
	}
	return fields[0], true
}

// place puts f at the descriptor that the redirection asks for.
func (sh *Shell) place(undo *redirects, r *syntax.Redir, fd int, f *openFile) bool {
	if r.Var != "" {
		fd = sh.fds.free(10)
		name, sub, isSub := strings.Cut(strings.TrimSuffix(r.Var, "]"), "[")
		ok := false
		if isSub {
			ok = sh.assignElement(name, sub, strconv.Itoa(fd), false)
		} else {
			ok = sh.assign(name, strconv.Itoa(fd), false)
		}
		if !ok {
			f.close()
			return false
		}
		if sh.shopt(shVarredirClose) {
			undo.save(sh, fd)
		}
		sh.fds.set(fd, f)
		return true
	}
	if r.Fd >= 0 {
		fd = r.Fd
	}
	if fd >= maxFds {
		sh.warnf("%d: Bad file descriptor", fd)
		f.close()
		return false
	}
	undo.save(sh, fd)
	sh.fds.set(fd, f)
	return true
}

// duplicate is <& and >&.
func (sh *Shell) duplicate(undo *redirects, r *syntax.Redir) bool {
	target := ""
	if r.Var != "" && r.Word.Raw == "-" {
		return sh.closeVar(undo, r)
	}
	fields := sh.fields([]*syntax.Word{r.Word})
	if sh.flow != flowNone {
		return false
	}
	if len(fields) != 1 {
		sh.warnf("%s: ambiguous redirect", r.Word.Raw)
		return false
	}
	target = fields[0]
	fd := 1
	if r.Op == syntax.RedirDupIn {
		fd = 0
	}
	if r.Fd >= 0 {
		fd = r.Fd
	}
	digits, move := strings.CutSuffix(target, "-")
	n, err := strconv.Atoi(digits)
	switch {
	case target == "-":
		undo.save(sh, fd)
		sh.fds.set(fd, nil)
		return true
	case err != nil && r.Op == syntax.RedirDupOut && r.Fd < 0 && r.Var == "":
		return sh.openBoth(undo, syntax.RedirOut, target)
	case err != nil:
		sh.warnf("%s: ambiguous redirect", target)
		return false
	}
	f := sh.fds.get(n)
	if f == nil {
		sh.warnf("%s: Bad file descriptor", digits)
		return false
	}
	if !sh.place(undo, r, fd, f.ref()) {
		return false
	}
	if move && n != fd {
		undo.save(sh, n)
		sh.fds.set(n, nil)
	}
	return true
}

// closeVar is {name}>&-.
func (sh *Shell) closeVar(undo *redirects, r *syntax.Redir) bool {
	value := ""
	if name, sub, isSub := strings.Cut(strings.TrimSuffix(r.Var, "]"), "["); isSub {
		value, _ = sh.element(name, sub)
	} else {
		value = sh.getvar(name)
	}
	fd, err := strconv.Atoi(value)
	if err != nil {
		sh.warnf("%s: ambiguous redirect", r.Var)
		return false
	}
	sh.fds.set(fd, nil)
	return true
}

// redirectBoth is &> and &>>.
func (sh *Shell) redirectBoth(undo *redirects, r *syntax.Redir) bool {
	name, ok := sh.redirTarget(r)
	return ok && sh.openBoth(undo, r.Op, name)
}

func (sh *Shell) openBoth(undo *redirects, op syntax.RedirOp, name string) bool {
	f, err := sh.openRedir(op, name)
	if err != nil {
		sh.redirError(name, err)
		return false
	}
	undo.save(sh, 1)
	undo.save(sh, 2)
	sh.fds.set(1, f)
	sh.fds.set(2, f.ref())
	return true
}

// hereText is the text of a here-document or here-string.
func (sh *Shell) hereText(r *syntax.Redir) (string, bool) {
	text := ""
	switch {
	case r.Op == syntax.RedirHerestr:
		text = sh.text(r.Word) + "\n"
	case r.Doc.Literal:
		text = r.Doc.Text
	default:
		e := expander{sh: sh, doc: true}
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

// openFor opens a file for the shell itself, or the descriptor that the name
// stands for.
func (sh *Shell) openFor(name string, flag vfs.Flag) (*openFile, error) {
	return sh.open(name, flag, false)
}

func (sh *Shell) openAppend(name string) (*openFile, error) {
	return sh.open(name, vfs.Write|vfs.Create, true)
}

func (sh *Shell) open(name string, flag vfs.Flag, appends bool) (*openFile, error) {
	if name == "" {
		return nil, vfs.ENOENT
	}
	if strings.HasPrefix(name, "/dev/") {
		if f, ok, err := sh.openDev(name, flag); ok {
			return f.orNil(err), err
		}
	}
	f, err := sh.x.FS.Open(sh.abs(name), flag, fs.FileMode(0o666)&^sh.umask)
	if err != nil {
		return nil, vfs.ToErrno(err)
	}
	if flag&vfs.Write == 0 {
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return (&openFile{file: tool.NewFile(f, false), access: flag & vfs.Read, name: name}).ref(), nil
		}
	}
	return (&openFile{file: tool.NewFile(f, appends), access: flag & (vfs.Read | vfs.Write), name: name}).ref(), nil
}

// orNil adds a reference for the caller, unless there was an error.
func (f *openFile) orNil(err error) *openFile {
	if err != nil {
		return nil
	}
	return f.ref()
}

// openDev finds the descriptor that a name below /dev stands for. ok is false
// for other names.
func (sh *Shell) openDev(name string, _ vfs.Flag) (f *openFile, ok bool, err error) {
	fd := -1
	switch name {
	case "/dev/stdin":
		fd = 0
	case "/dev/stdout":
		fd = 1
	case "/dev/stderr":
		fd = 2
	default:
		digits, found := strings.CutPrefix(name, "/dev/fd/")
		if !found {
			return nil, false, nil
		}
		n, err := strconv.Atoi(digits)
		if err != nil {
			return nil, true, vfs.ENOENT
		}
		fd = n
	}
	if f = sh.fds.get(fd); f == nil {
		return nil, true, vfs.ENOENT
	}
	return f, true, nil
}

// inputOf is the descriptor as a command's standard input. A file is given
// with its position, so that a command can leave it where it stopped.
func (sh *Shell) inputOf(ctx context.Context, fd int) io.Reader {
	f := sh.fds.get(fd)
	if f == nil {
		return stream{ctx, &openFile{}}
	}
	if f.seekable() && f.access&vfs.Read != 0 {
		f.settle()
		return f.file
	}
	return stream{ctx, f}
}

func (sh *Shell) abs(name string) string {
	if strings.HasPrefix(name, "/") || name == "" {
		return name
	}
	if sh.cwd == "/" {
		return "/" + name
	}
	return sh.cwd + "/" + name
}

func (sh *Shell) stat(name string) (vfs.Info, error) {
	if name == "" {
		return vfs.Info{}, vfs.ENOENT
	}
	return sh.x.FS.Stat(sh.abs(name))
}

func (sh *Shell) lstat(name string) (vfs.Info, error) {
	if name == "" {
		return vfs.Info{}, vfs.ENOENT
	}
	return sh.x.FS.Lstat(sh.abs(name))
}

func (sh *Shell) readDir(name string) ([]vfs.DirEntry, error) {
	f, err := sh.x.FS.Open(sh.abs(name), vfs.Read|vfs.Directory, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir()
}

// isTerminal reports whether the descriptor is a terminal: one of the host's
// streams that is.
func (sh *Shell) isTerminal(fd int) bool {
	f := sh.fds.get(fd)
	if f == nil || f.file != nil || f.rpipe != nil || f.wpipe != nil || f.sink != nil || sh.x.Terminal == nil {
		return false
	}
	return fd <= 2 && sh.x.Terminal(fd)
}

// textVFS is a file of constant text: the body of a here-document.
type textVFS struct{ text string }

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

func (t textVFS) WriteAt([]byte, int64) (int, error) { return 0, vfs.EBADF }
func (t textVFS) Append([]byte) (int, error)         { return 0, vfs.EBADF }
func (t textVFS) Truncate(int64) error               { return vfs.EINVAL }
func (t textVFS) Chtimes(int64, int64) error         { return nil }
func (t textVFS) ReadDir() ([]vfs.DirEntry, error)   { return nil, vfs.ENOTDIR }
func (t textVFS) Sync() error                        { return nil }
func (t textVFS) Close() error                       { return nil }
func (t textVFS) Stat() (vfs.Info, error) {
	return vfs.Info{Mode: 0o600, Size: int64(len(t.text)), Nlink: 1}, nil
}

// openFds lists the open descriptors in order.
func (t *fds) list() []int {
	var out []int
	for fd := range t.open {
		out = append(out, fd)
	}
	slices.Sort(out)
	return out
}
