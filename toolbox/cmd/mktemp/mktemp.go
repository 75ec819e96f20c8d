/*
Package mktemp makes a file or directory with a name that is not taken.

	mktemp [-dqu] [-p DIR] [--suffix=SUFFIX] [TEMPLATE]

TEMPLATE ends in at least three X, which are replaced; tmp.XXXXXXXXXX in
$TMPDIR, else /tmp, unless given.

	-d, --directory     make a directory
	-u, --dry-run       make nothing, only find a name
	-q, --quiet         no message where it fails
	-p, --tmpdir[=DIR]  TEMPLATE is below DIR, or $TMPDIR, or /tmp
	-t                  TEMPLATE is one name below $TMPDIR, else -p, else /tmp
	--suffix=SUFFIX     what follows the X
*/
package mktemp

import (
	"context"
	"fmt"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	var m maker
	m.x = x
	var dir, suffix *string
	flags.BoolVar(&m.dir, true, 'd', "directory")
	flags.BoolVar(&m.dry, true, 'u', "dry-run")
	quiet := flags.Bool('q', "quiet")
	old := flags.Bool('t', "")
	flags.Func('p', "", func(s string) error { dir = &s; return nil })
	flags.Optional(0, "tmpdir", "", func(s string) error { dir = &s; return nil })
	flags.Func(0, "suffix", func(s string) error { suffix = &s; return nil })
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) > 1 {
		return flags.Errorf("too many templates")
	}
	template := "tmp.XXXXXXXXXX"
	if len(operands) == 1 {
		template = operands[0]
	} else if dir == nil {
		dir = new(string)
	}
	if err := m.shape(template, suffix); err != nil {
		return err
	}
	if err := m.place(dir, *old); err != nil {
		return err
	}
	name, err := m.make()
	if err != nil {
		if *quiet {
			return tool.Exit(1)
		}
		return x.Fail(1, "failed to create %s via template %s: %s", m.kind(), tool.QuoteText(m.before+strings.Repeat("X", m.xs)+m.after), tool.ErrText(err))
	}
	_, err = fmt.Fprintln(x.Stdout, name)
	return err
}

type maker struct {
	x             *tool.Exec
	dir, dry      bool
	before, after string
	xs            int
}

func (m *maker) kind() string {
	if m.dir {
		return "directory"
	}
	return "file"
}

// shape cuts a template into what is before and behind its X.
func (m *maker) shape(template string, suffix *string) error {
	m.before = template
	if suffix != nil {
		if !strings.HasSuffix(template, "X") {
			return m.x.Fail(1, "with --suffix, template %s must end in X", tool.QuoteText(template))
		}
		m.after = *suffix
	} else if at := strings.LastIndexByte(template, 'X'); at >= 0 {
		m.before, m.after = template[:at+1], template[at+1:]
	}
	if strings.Contains(m.after, "/") {
		return m.x.Fail(1, "invalid suffix %s, contains directory separator", tool.QuoteText(m.after))
	}
	name := strings.TrimRight(m.before, "X")
	m.xs, m.before = len(m.before)-len(name), name
	if m.xs < 3 {
		return m.x.Fail(1, "too few X's in template %s", tool.QuoteText(template))
	}
	return nil
}

// place puts the template below the directory for temporary files, if asked.
func (m *maker) place(dir *string, old bool) error {
	if dir == nil && !old {
		return nil
	}
	tmp := m.x.Getenv("TMPDIR")
	where := tmp
	switch {
	case old:
		if strings.Contains(m.before, "/") {
			return m.x.Fail(1, "invalid template, %s, contains directory separator", tool.QuoteText(m.before+strings.Repeat("X", m.xs)+m.after))
		}
		if where == "" && dir != nil {
			where = *dir
		}
	case strings.HasPrefix(m.before, "/"):
		return m.x.Fail(1, "invalid template, %s; with --tmpdir, it may not be absolute", tool.QuoteText(m.before+strings.Repeat("X", m.xs)+m.after))
	case *dir != "":
		where = *dir
	}
	if where == "" {
		where = "/tmp"
	}
	m.before = strings.TrimRight(where, "/") + "/" + m.before
	return nil
}

// make tries random names until one is free.
func (m *maker) make() (string, error) {
	for range 1000 {
		name, err := m.name()
		if err != nil {
			return "", err
		}
		if err = m.try(name); vfs.ToErrno(err) != vfs.EEXIST {
			return name, err
		}
	}
	return "", vfs.EEXIST
}

func (m *maker) name() (string, error) {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	random := make([]byte, m.xs)
	if _, err := io.ReadFull(m.x.Rand, random); err != nil {
		return "", err
	}
	for i, b := range random {
		random[i] = letters[int(b)%len(letters)]
	}
	return m.before + string(random) + m.after, nil
}

func (m *maker) try(name string) error {
	abs := m.x.Abs(name)
	switch {
	case m.dry:
		_, err := m.x.FS.Lstat(abs)
		switch vfs.ToErrno(err) {
		case 0:
			return vfs.EEXIST
		case vfs.ENOENT:
			return nil
		}
		return err
	case m.dir:
		return m.x.FS.Mkdir(abs, 0o700&^m.x.Umask)
	}
	f, err := m.x.OpenFile(name, vfs.Read|vfs.Write|vfs.Create|vfs.Exclusive, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
