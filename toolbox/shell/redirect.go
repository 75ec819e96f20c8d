package shell

import (
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

// Error implements error.
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
		if fd = sh.fds.free(10); fd >= maxFds {
			sh.warnf("redirection error: cannot duplicate fd: Too many open files")
			f.close()
			return false
		}
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
	case err != nil && r.Op == syntax.RedirDupOut && (r.Fd < 0 || r.Fd == 1) && r.Var == "":
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
