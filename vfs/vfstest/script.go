package vfstest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"agentsandbox/vfs"
)

// script is a file of cases. Its text is kept, so that recording changes the
// outcomes alone.
//
//	== what it shows
//	needs: hardlinks
//	lay: d/ f f2=text l=>f g==f
//	rename f d : EISDIR
//	h = open rw f : ok
//	read h : "f"
//
// Words are separated by blanks; "-" stands for the empty word, "{x*300}"
// for 300 times x, "\_" for a blank.
type script struct{ cases []*scriptCase }

type scriptCase struct {
	title string
	needs []Feature
	lay   []string
	steps []step
}

// step is one call and how it comes out.
type step struct {
	call string
	want string
}

func parseScript(text string) (*script, error) {
	s := &script{}
	var c *scriptCase
	lines := bufio.NewScanner(strings.NewReader(text))
	for no := 1; lines.Scan(); no++ {
		line := strings.TrimSpace(lines.Text())
		if title, ok := strings.CutPrefix(line, "== "); ok {
			c = &scriptCase{title: title}
			s.cases = append(s.cases, c)
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		if c == nil {
			return nil, fmt.Errorf("line %d: no case yet", no)
		}
		c.line(line)
	}
	return s, lines.Err()
}

func (c *scriptCase) line(line string) {
	if rest, ok := strings.CutPrefix(line, "needs: "); ok {
		for f := range strings.FieldsSeq(rest) {
			c.needs = append(c.needs, Feature(f))
		}
		return
	}
	if rest, ok := strings.CutPrefix(line, "lay: "); ok {
		for _, w := range words(rest) {
			c.lay = append(c.lay, spaced(w))
		}
		return
	}
	call, want, _ := strings.Cut(line, " : ")
	c.steps = append(c.steps, step{call, want})
}

// spaced puts the blanks of the layout language around an operator.
func spaced(word string) string {
	for _, op := range []string{"=>", "==", "="} {
		if name, arg, ok := strings.Cut(word, op); ok {
			return name + " " + op + " " + arg
		}
	}
	return word
}

// features are those that a case needs, by what it says and what it does.
func (c *scriptCase) features() []Feature {
	need := slices.Clone(c.needs)
	for _, l := range c.lay {
		switch _, op, _ := splitLine(l); op {
		case "=>":
			need = append(need, Symlinks)
		case "==":
			need = append(need, HardLinks)
		}
	}
	for _, s := range c.steps {
		switch op, _, _ := strings.Cut(s.call, " "); op {
		case "symlink":
			need = append(need, Symlinks)
		case "link", "linkf":
			need = append(need, HardLinks)
		case "mode":
			need = append(need, Modes)
		case "utimens", "lutimens", "futimens", "times":
			need = append(need, Times)
		case "nlink":
			need = append(need, DirLinks)
		}
	}
	return need
}

// words splits a line and undoes its escapes.
func words(line string) []string {
	out := strings.Fields(line)
	for i, w := range out {
		if w == "-" {
			out[i] = ""
			continue
		}
		out[i] = strings.ReplaceAll(unroll(w), `\_`, " ")
	}
	return out
}

// unroll writes out "{x*300}".
func unroll(w string) string {
	for {
		head, rest, ok := strings.Cut(w, "{")
		body, tail, ok2 := strings.Cut(rest, "}")
		text, count, ok3 := strings.Cut(body, "*")
		n, err := strconv.Atoi(count)
		if !ok || !ok2 || !ok3 || err != nil {
			return w
		}
		w = head + strings.Repeat(text, n) + tail
	}
}

// player plays a case to a kernel.
type player struct {
	k     kernel
	files map[string]vfs.File
}

func newPlayer(k kernel) *player { return &player{k, map[string]vfs.File{}} }

func (p *player) close() {
	for _, f := range p.files {
		f.Close()
	}
}

// play makes one call and returns how it came out: a value, "ok" or an errno.
func (p *player) play(call string) string {
	w := words(call)
	handle := ""
	if len(w) > 2 && w[1] == "=" {
		handle, w = w[0], w[2:]
	}
	out, err := p.call(handle, w[0], w[1:])
	switch {
	case errors.Is(err, errUsage):
		return err.Error()
	case err != nil:
		return vfs.ToErrno(err).Name()
	case out == "":
		return "ok"
	}
	return out
}

var errUsage = errors.New("bad call")

func (p *player) call(handle, op string, a []string) (string, error) {
	if f := p.files[arg(a, 0)]; f != nil && op != "open" {
		if op == "close" {
			delete(p.files, a[0])
		}
		return onFile(f, op, a[1:])
	}
	switch op {
	case "open":
		return p.open(handle, a)
	case "stat":
		return describe(p.k.Stat(a[0]))
	case "lstat":
		return describe(p.k.Lstat(a[0]))
	case "read", "write", "ls", "truncate":
		return p.once(op, a)
	case "readlink":
		s, err := p.k.Readlink(a[0])
		return strconv.Quote(s), err
	case "mode", "times", "nlink", "fresh":
		i, err := p.k.Lstat(a[0])
		return aspect(op, i), err
	case "same":
		return same(p.k, a[0], a[1])
	}
	return "", p.change(op, a)
}

func (p *player) change(op string, a []string) error {
	switch op {
	case "mkdir":
		return p.k.Mkdir(a[0], 0o755)
	case "unlink":
		return p.k.Unlink(a[0])
	case "rmdir":
		return p.k.Rmdir(a[0])
	case "rename":
		return p.k.Rename(a[0], a[1])
	case "link", "linkf":
		return p.k.Link(a[0], op == "linkf", a[1])
	case "symlink":
		return p.k.Symlink(a[0], a[1])
	case "chmod":
		perm, _ := strconv.ParseUint(a[0], 8, 32)
		return p.k.Chmod(a[1], fs.FileMode(perm))
	case "utimens", "lutimens":
		return p.k.Chtimes(a[2], op == "utimens", nanos(a[0]), nanos(a[1]))
	case "old":
		return p.k.Chtimes(a[0], false, 1e9, 1e9)
	}
	return fmt.Errorf("%w: %s", errUsage, op)
}

// open prints what was opened, and how long it is if it is a file.
func (p *player) open(handle string, a []string) (string, error) {
	f, err := p.k.Open(a[1], parseFlags(a[0]), 0o644)
	if err != nil {
		return "", err
	}
	if handle == "" {
		defer f.Close()
	} else {
		if old := p.files[handle]; old != nil {
			old.Close()
		}
		p.files[handle] = f
	}
	i, err := f.Stat()
	if err != nil || i.IsDir() {
		return "dir", err
	}
	return fmt.Sprintf("file size=%d", i.Size), nil
}

// once opens a path for one call on the file.
func (p *player) once(op string, a []string) (string, error) {
	flag := map[string]vfs.Flag{
		"read": vfs.Read, "write": vfs.Write | vfs.Create, "truncate": vfs.Write, "ls": vfs.Read | vfs.Directory,
	}[op]
	f, err := p.k.Open(a[0], flag, 0o644)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return onFile(f, op, a[1:])
}

func onFile(f vfs.File, op string, a []string) (string, error) {
	switch op {
	case "read":
		data, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<20))
		return strconv.Quote(string(data)), err
	case "write":
		off, _ := strconv.ParseInt(arg(a, 1), 10, 64)
		n, err := f.WriteAt([]byte(a[0]), off)
		return strconv.Itoa(n), err
	case "append":
		n, err := f.Append([]byte(a[0]))
		return strconv.Itoa(n), err
	case "truncate":
		size, _ := strconv.ParseInt(a[0], 10, 64)
		return "", f.Truncate(size)
	case "fstat":
		return describe(f.Stat())
	case "futimens":
		return "", f.Chtimes(nanos(a[0]), nanos(a[1]))
	case "ls":
		return list(f)
	case "sync":
		return "", f.Sync()
	case "close":
		return "", f.Close()
	}
	return "", fmt.Errorf("%w: %s", errUsage, op)
}

func list(f vfs.File) (string, error) {
	entries, err := f.ReadDir()
	if err != nil {
		return "", err
	}
	out := []string{"["}
	for _, e := range entries {
		suffix := ""
		switch {
		case e.Type.IsDir():
			suffix = "/"
		case e.Type&fs.ModeSymlink != 0:
			suffix = "@"
		}
		out = append(out, e.Name+suffix)
	}
	return strings.Join(append(out, "]"), " "), nil
}

func same(k kernel, a, b string) (string, error) {
	i, err := k.Lstat(a)
	if err != nil {
		return "", err
	}
	j, err := k.Lstat(b)
	if i.Ino == j.Ino && i.Dev == j.Dev {
		return "same", err
	}
	return "different", err
}

// describe prints what every file system agrees on.
func describe(i vfs.Info, err error) (string, error) {
	switch {
	case err != nil:
		return "", err
	case i.IsDir():
		return "dir", nil
	case i.Mode&fs.ModeSymlink != 0:
		return fmt.Sprintf("link size=%d nlink=%d", i.Size, i.Nlink), nil
	}
	return fmt.Sprintf("file size=%d nlink=%d", i.Size, i.Nlink), nil
}

func aspect(op string, i vfs.Info) string {
	switch op {
	case "mode":
		return fmt.Sprintf("%04o", i.Mode.Perm())
	case "times":
		return fmt.Sprintf("%d %d", i.Atime, i.Mtime)
	case "nlink":
		return strconv.FormatUint(i.Nlink, 10)
	}
	if i.Mtime > 1e9 {
		return "fresh"
	}
	return "old"
}

func nanos(s string) int64 {
	if s == "omit" {
		return vfs.Omit
	}
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func arg(a []string, i int) string {
	if i < len(a) {
		return a[i]
	}
	return ""
}

var flagNames = []struct {
	name string
	flag vfs.Flag
}{
	{"r", vfs.Read}, {"w", vfs.Write}, {"creat", vfs.Create}, {"excl", vfs.Exclusive},
	{"trunc", vfs.Truncate}, {"dir", vfs.Directory}, {"nofollow", vfs.NoFollow},
}

// parseFlags reads "rw,creat,excl".
func parseFlags(s string) (flag vfs.Flag) {
	for name := range strings.SplitSeq(s, ",") {
		if name == "rw" {
			flag |= vfs.Read | vfs.Write
		}
		for _, f := range flagNames {
			if f.name == name {
				flag |= f.flag
			}
		}
	}
	return flag
}

func formatFlags(flag vfs.Flag) string {
	var names []string
	for _, f := range flagNames {
		if flag&f.flag != 0 {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ",")
}
