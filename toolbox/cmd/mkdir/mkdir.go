/*
Package mkdir makes directories.

	mkdir [-pv] [-m MODE] DIRECTORY...

	-p, --parents    make the directories above too; no error if it exists
	-m, --mode=MODE  permissions as for chmod, not rwxrwxrwx less the umask
	-v, --verbose    say what is made
*/
package mkdir

import (
	"context"
	"fmt"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	parents := flags.Bool('p', "parents")
	verbose := flags.Bool('v', "verbose")
	mode := flags.String('m', "mode", "")
	flags.Switch('Z', "", func() {})
	dirs, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		return flags.Errorf("missing operand")
	}
	m := maker{x: x, parents: *parents, verbose: *verbose}
	if *mode != "" {
		change, ok := filemode.Parse(*mode)
		if !ok {
			return x.Fail(1, "invalid mode %s", tool.QuoteText(*mode))
		}
		m.change = &change
	}
	for _, dir := range dirs {
		if err := m.make(dir); err != nil {
			return err
		}
	}
	return tool.Exit(m.status)
}

type maker struct {
	x                *tool.Exec
	parents, verbose bool
	change           *filemode.Change
	status           int
}

// make makes one directory, and with -p those above it. The error is one of
// writing what was done; others are reported.
func (m *maker) make(dir string) error {
	if m.parents {
		for end := range above(dir) {
			if ok, err := m.one(dir[:end], false); !ok {
				return err
			}
		}
	}
	_, err := m.one(dir, true)
	return err
}

// above yields where the names of the directories above path end.
func above(path string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		last := len(strings.TrimRight(path, "/"))
		for i := 1; i < last; i++ {
			if path[i] == '/' && path[i-1] != '/' && !yield(i) {
				return
			}
		}
	}
}

func (m *maker) one(dir string, last bool) (ok bool, err error) {
	x := m.x
	err = x.FS.Mkdir(x.Abs(dir), 0o777&^x.Umask)
	if err == nil {
		return m.made(dir, last)
	}
	if m.parents && vfs.ToErrno(err) == vfs.EEXIST || m.parents && !last {
		info, statErr := x.Stat(dir)
		switch {
		case statErr == nil && info.IsDir():
			return true, nil
		case statErr == nil && !last:
			err = vfs.ENOTDIR
		}
	}
	x.Errorf("cannot create directory %s: %s", tool.QuoteText(dir), tool.ErrText(err))
	m.status = 1
	return false, nil
}

// made sets the permissions of a new directory and says that it is there.
func (m *maker) made(dir string, last bool) (bool, error) {
	perm := filemode.Bits(0o777 &^ m.x.Umask.Perm())
	want := perm
	switch {
	case last && m.change != nil:
		want = m.change.Apply(0o777, true, filemode.Of(m.x.Umask))
	case !last:
		want = perm | 0o300 // one can always go on below
	}
	if want != perm {
		if err := m.x.FS.Chmod(m.x.Abs(dir), want.Mode()); err != nil {
			m.x.Errorf("cannot set permissions %s: %s", tool.Quote(dir), tool.ErrText(err))
			m.status = 1
		}
	}
	if !m.verbose {
		return true, nil
	}
	_, err := fmt.Fprintf(m.x.Stdout, "%s: created directory %s\n", m.x.Name, tool.Quote(dir))
	return err == nil, err
}
