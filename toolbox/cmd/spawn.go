package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Placeholder is the form of what stands in the file of a command, such as
// /usr/bin/ls: it names the command, so that copies and links work too.
const Placeholder = "\x00agent-sandbox command %s\n"

// Exit statuses of a command that could not be run, as the shell has them.
const (
	statusNotExecutable = 126
	statusNotFound      = 127
)

// maxInterpreters is how many scripts may be one another's interpreters.
const maxInterpreters = 4

// headSize is how much of a file is read to tell what it is.
const headSize = 256

// Spawn runs argv with the standard streams, environment and directory of x,
// looked up in PATH as execvp does. It is what tool.Exec.Spawn wants: where
// argv can't be run, the status is 127 or 126 and the error says why.
func Spawn(ctx context.Context, x *tool.Exec, argv []string) (int, error) {
	file, err := find(x, argv[0])
	if err == nil {
		return execute(ctx, x, file, argv, 0)
	}
	if vfs.ToErrno(err) == vfs.ENOENT {
		return statusNotFound, err
	}
	return statusNotExecutable, err
}

// find returns the path of the file that a command's name means.
func find(x *tool.Exec, name string) (string, error) {
	if strings.Contains(name, "/") {
		return name, executable(x, name)
	}
	if name == "" {
		return "", vfs.ENOENT
	}
	found := error(vfs.ENOENT)
	for dir := range strings.SplitSeq(searchPath(x), ":") {
		file := path.Join(dir, name)
		switch err := executable(x, file); {
		case err == nil:
			return file, nil
		case vfs.ToErrno(err) == vfs.EACCES:
			found = err
		}
	}
	return "", found
}

func searchPath(x *tool.Exec) string {
	if p, ok := x.LookupEnv("PATH"); ok {
		return p
	}
	return "/usr/local/bin:/usr/bin:/bin"
}

// executable reports why a file can't be executed.
func executable(x *tool.Exec, file string) error {
	info, err := x.FS.Stat(x.Abs(file))
	switch {
	case err != nil:
		return vfs.ToErrno(err)
	case !info.Mode.IsRegular() || info.Mode.Perm()&0o111 == 0:
		return vfs.EACCES
	}
	return nil
}

// execute runs a file: a command of the toolbox, or a script by its
// interpreter, which is the shell where it names none.
func execute(ctx context.Context, x *tool.Exec, file string, argv []string, depth int) (int, error) {
	head, err := readHead(x, file)
	if err != nil {
		return statusNotExecutable, err
	}
	if name, ok := commandOf(head); ok {
		return runTable(ctx, x, name, argv)
	}
	if bytes.HasPrefix(head, []byte("\x00asm")) || bytes.IndexByte(head, 0) >= 0 {
		return statusNotExecutable, vfs.ENOEXEC
	}
	interpreter := []string{"/bin/sh"}
	if line, ok := bytes.CutPrefix(head, []byte("#!")); ok {
		if interpreter = shebang(line); interpreter == nil || depth >= maxInterpreters {
			return statusNotExecutable, vfs.ENOEXEC
		}
	}
	argv = append(append(interpreter, file), argv[1:]...)
	script := *x
	script.Arg0 = "" // a script learns its file's name
	x = &script
	if err := executable(x, argv[0]); err != nil {
		return statusNotExecutable, fmt.Errorf("%s: bad interpreter: %w", argv[0], err)
	}
	return execute(ctx, x, argv[0], argv, depth+1)
}

func readHead(x *tool.Exec, file string) ([]byte, error) {
	f, err := x.FS.Open(x.Abs(file), vfs.Read, 0)
	if err != nil {
		return nil, vfs.ToErrno(err)
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, vfs.ToErrno(err)
	}
	return head[:n], nil
}

// commandOf reads a placeholder.
func commandOf(head []byte) (string, bool) {
	before, after, _ := strings.Cut(Placeholder, "%s")
	rest, ok := bytes.CutPrefix(head, []byte(before))
	name, ok2 := bytes.CutSuffix(rest, []byte(after))
	return string(name), ok && ok2
}

// shebang is the interpreter and its one argument, nil if the line is not
// whole.
func shebang(line []byte) []string {
	text, _, ok := bytes.Cut(line, []byte("\n"))
	if !ok && len(line) >= headSize-2 {
		return nil
	}
	name, arg, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	switch arg = strings.TrimSpace(arg); {
	case name == "":
		return nil
	case arg == "":
		return []string{name}
	}
	return []string{name, arg}
}

func runTable(ctx context.Context, x *tool.Exec, name string, argv []string) (int, error) {
	c, ok := Lookup(name)
	if !ok {
		return statusNotExecutable, vfs.ENOEXEC
	}
	run := *x
	run.Name, run.Args = path.Base(argv[0]), argv[1:]
	if x.Arg0 != "" {
		run.Name, run.Arg0 = x.Arg0, ""
	}
	return tool.Main(ctx, c, &run), nil
}
