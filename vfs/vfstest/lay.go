package vfstest

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"agentsandbox/vfs"
)

// Lay makes files as its lines say; directories on the way are made too:
//
//	d/          a directory
//	f           a file that holds its own name
//	f = text    a file that holds text
//	a => b      a symbolic link a to b
//	a == b      a as a second name of the file b
func Lay(t testing.TB, fsys vfs.FS, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := layLine(spaceKernel{vfs.Space{FS: fsys}, "."}, line); err != nil {
			t.Fatalf("lay %q: %v", line, err)
		}
	}
}

func layLine(k kernel, line string) error {
	name, op, arg := splitLine(line)
	if dir := path.Dir(strings.TrimSuffix(name, "/")); dir != "." && dir != "/" {
		if err := layDir(k, dir); err != nil {
			return err
		}
	}
	switch op {
	case "=>":
		return k.Symlink(arg, name)
	case "==":
		return k.Link(arg, false, name)
	case "=":
		return layFile(k, name, arg)
	}
	if strings.HasSuffix(name, "/") {
		return layDir(k, strings.TrimSuffix(name, "/"))
	}
	return layFile(k, name, name)
}

func splitLine(line string) (name, op, arg string) {
	for _, op := range []string{"=>", "==", "=", "|"} {
		if name, arg, ok := strings.Cut(line, " "+op+" "); ok {
			return name, op, arg
		}
	}
	return line, "", ""
}

func layDir(k kernel, name string) error {
	if i, err := k.Stat(name); err == nil && i.IsDir() {
		return nil
	}
	if dir := path.Dir(name); dir != "." && dir != "/" {
		if err := layDir(k, dir); err != nil {
			return err
		}
	}
	return k.Mkdir(name, 0o755)
}

func layFile(k kernel, name, data string) error {
	f, err := k.Open(name, vfs.Write|vfs.Create|vfs.Exclusive, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt([]byte(data), 0); err != nil {
		f.Close()
		return fmt.Errorf("write: %w", err)
	}
	return f.Close()
}
