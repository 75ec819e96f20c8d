package shell

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/printf"
	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
	"agentsandbox/vfs"
)

// echo is the builtin echo.
func (sh *Shell) echo(argv []string) int {
	args := argv[1:]
	newline, escapes := true, sh.shopt(shXpgEcho)
	for len(args) > 0 && !(sh.opt.posix && sh.shopt(shXpgEcho)) {
		arg := args[0]
		if len(arg) < 2 || arg[0] != '-' || strings.Trim(arg[1:], "neE") != "" {
			break
		}
		for _, c := range arg[1:] {
			switch c {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		args = args[1:]
	}
	sh.out = sh.out[:0]
	for i, arg := range args {
		if i > 0 {
			sh.out = append(sh.out, ' ')
		}
		if escapes {
			text, stop := tool.Unescape(arg, tool.EscapeEcho)
			sh.out = append(sh.out, text...)
			if stop {
				newline = false
				break
			}
			continue
		}
		sh.out = append(sh.out, arg...)
	}
	if newline {
		sh.out = append(sh.out, '\n')
	}
	return sh.writeFd(1, sh.out)
}

// printf is the builtin printf.
func (sh *Shell) printf(argv []string) int {
	opts, args, ok := sh.flags(argv, "v:")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		return sh.usageError()
	}
	target := ""
	for _, f := range opts {
		target = f.value
		if !validTarget(target) {
			sh.errorf("`%s': not a valid identifier", target)
			return 2
		}
	}
	var buf bytes.Buffer
	status, err := printf.Format(limited{&buf}, args[0], args[1:], printf.Options{
		Dialect: printf.Bash,
		Warn:    func(msg string) { sh.errorf("%s", msg) },
		Time:    sh.printfTime,
		Store: func(name string, n int64) error {
			if !sh.assign(name, strconv.FormatInt(n, 10), false) {
				return errReported
			}
			return nil
		},
	})
	if errors.Is(err, errTooLong) {
		sh.errorf("output too long")
		return 1
	}
	if target != "" {
		if !sh.assignTarget(target, buf.String()) {
			return 1
		}
		return status
	}
	if s := sh.writeFd(1, buf.Bytes()); s != 0 {
		return s
	}
	return status
}

var errTooLong = errors.New("too long")

// limited bounds what one printf may produce (THREAT[SH-04]).
type limited struct{ buf *bytes.Buffer }

// Write implements io.Writer.
func (l limited) Write(p []byte) (int, error) {
	if l.buf.Len()+len(p) > maxWord {
		return 0, errTooLong
	}
	return l.buf.Write(p)
}

// printfTime is %(layout)T: the argument is seconds, -1 for now, -2 for the
// start of the shell.
func (sh *Shell) printfTime(layout string, seconds int64) string {
	t := time.Unix(seconds, 0)
	switch seconds {
	case -1:
		t = sh.x.Now()
	case -2:
		t = sh.sys.start
	}
	return sh.timeText(layout, t)
}

// timeText is a time in the layout of strftime, "%X" where that is empty.
func (sh *Shell) timeText(layout string, t time.Time) string {
	if layout == "" {
		layout = "%X"
	}
	text := strftime.Format(layout, sh.inZone(t))
	if len(text) >= maxTimeText {
		return ""
	}
	return text
}

// maxTimeText is how long the text of a time may be; bash has no room for more.
const maxTimeText = 128

// inZone puts a time into the zone that TZ names, if it is exported.
func (sh *Shell) inZone(t time.Time) time.Time {
	name := ""
	if v := sh.binding("TZ"); v != nil && v.has(attrExport) {
		name = v.str
	}
	return t.In(zone.Load(name))
}

// validTarget reports whether s names a variable or an element.
func validTarget(s string) bool {
	name, sub, isSub := strings.Cut(s, "[")
	if !isName(name) {
		return false
	}
	return !isSub || len(sub) > 1 && strings.HasSuffix(sub, "]")
}

// assignTarget sets a variable or an element named by text.
func (sh *Shell) assignTarget(target, value string) bool {
	name, sub, isSub := strings.Cut(target, "[")
	if !isSub {
		return sh.assign(name, value, false)
	}
	return sh.assignRaw(name, strings.TrimSuffix(sub, "]"), value)
}

// assignRaw sets an element whose subscript is text that may still hold
// expansions.
func (sh *Shell) assignRaw(name, sub, value string) bool {
	if v := sh.binding(name); v != nil && v.has(attrAssoc) {
		sub = arithEnv{sh}.key(sub)
	}
	return sh.assignElement(name, sub, value, false)
}

// pwd prints the working directory.
func (sh *Shell) pwd(argv []string) int {
	opts, _, ok := sh.flags(argv, "LP")
	if !ok {
		return 2
	}
	dir := sh.cwd
	physical := sh.opt.physical
	for _, f := range opts {
		physical = f.c == 'P'
	}
	if physical {
		dir = sh.realPath(dir)
	}
	return sh.write(dir + "\n")
}

// realPath resolves the links in an absolute path; it returns the path as it
// is where that fails.
func (sh *Shell) realPath(name string) string {
	done := "/"
	todo := strings.Split(name, "/")
	for links := 0; len(todo) > 0; {
		piece := todo[0]
		todo = todo[1:]
		switch piece {
		case "", ".":
			continue
		case "..":
			done = parent(done)
			continue
		}
		next := joinPath(done, piece)
		target, err := sh.x.FS.Readlink(next)
		if err != nil {
			done = next
			continue
		}
		if links++; links > vfs.MaxLinks {
			return name
		}
		if strings.HasPrefix(target, "/") {
			done = "/"
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	return done
}

func parent(dir string) string {
	i := strings.LastIndexByte(dir, '/')
	if i <= 0 {
		return "/"
	}
	return dir[:i]
}

func joinPath(dir, name string) string {
	if dir == "/" {
		return "/" + name
	}
	return dir + "/" + name
}
