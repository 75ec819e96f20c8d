/*
Package realpath prints absolute paths without links, "." and "..".

	realpath [-emLPqsz] [--relative-to=DIR] [--relative-base=DIR] FILE...

	-e, --canonicalize-existing  all of the path must exist
	-m, --canonicalize-missing   none of it must; else all but the last piece
	-L, --logical                ".." goes back before links are followed
	-P, --physical               links are followed first (the default)
	-s, --strip, --no-symlinks   links are not followed
	-q, --quiet                  no messages
	-z, --zero                   end with NUL, not a newline
	--relative-to=DIR            print the way from DIR
	--relative-base=DIR          print paths below DIR as relative to it
*/
package realpath

import (
	"context"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	r := resolver{x: x, need: tool.ParentExists}
	flags.Switch('e', "canonicalize-existing", func() { r.need = tool.AllExists })
	flags.Switch('m', "canonicalize-missing", func() { r.need = tool.NoneExists })
	flags.Switch('L', "logical", func() { r.logical, r.strip = true, false })
	flags.Switch('P', "physical", func() { r.logical, r.strip = false, false })
	flags.Switch('s', "strip", func() { r.logical, r.strip = false, true })
	flags.Switch(0, "no-symlinks", func() { r.logical, r.strip = false, true })
	quiet := flags.Bool('q', "quiet")
	end := "\n"
	flags.Switch('z', "zero", func() { end = "\x00" })
	to := flags.String(0, "relative-to", "")
	base := flags.String(0, "relative-base", "")
	names, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return flags.Errorf("missing operand")
	}
	if err := r.relative(*to, *base); err != nil {
		return err
	}
	out := x.Writer()
	status := 0
	for _, name := range names {
		p, err := r.resolve(name)
		if err == nil {
			out.WriteString(r.show(p) + end)
			continue
		}
		status = 1
		if !*quiet {
			x.WarnFile(name, err)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return tool.Exit(status)
}

type resolver struct {
	x              *tool.Exec
	need           tool.Existence
	logical, strip bool
	to, base       string // what paths are shown relative to, and below where
}

// relative resolves the directories that paths are shown relative to.
func (r *resolver) relative(to, base string) error {
	for _, d := range []struct {
		dir string
		at  *string
	}{{to, &r.to}, {base, &r.base}} {
		if d.dir == "" {
			continue
		}
		p, err := r.resolve(d.dir)
		if err == nil && r.need == tool.AllExists {
			if info, statErr := r.x.Stat(p); statErr == nil && !info.IsDir() {
				err = vfs.ENOTDIR
			}
		}
		if err != nil {
			r.x.WarnFile(d.dir, err)
			return tool.Exit(1)
		}
		*d.at = p
	}
	switch {
	case r.base != "" && r.to == "":
		r.to = r.base
	case r.base != "" && !below(r.to, r.base):
		r.to, r.base = "", ""
	}
	return nil
}

func (r *resolver) resolve(name string) (string, error) {
	switch {
	case name == "":
		return "", vfs.ENOENT
	case r.strip:
		p := path.Clean(r.x.Abs(name))
		return p, r.exists(p)
	case r.logical:
		name = path.Clean(r.x.Abs(name))
	}
	return r.x.RealPath(name, r.need)
}

// exists checks as much of p as has to exist.
func (r *resolver) exists(p string) error {
	switch r.need {
	case tool.NoneExists:
		return nil
	case tool.ParentExists:
		p = path.Dir(p)
	}
	_, err := r.x.FS.Stat(p)
	return err
}

// show is a path as it is printed.
func (r *resolver) show(p string) string {
	if r.to == "" || r.base != "" && !below(p, r.base) {
		return p
	}
	return between(r.to, p)
}

// below reports whether p is dir or below it.
func below(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/")
}

// between is the way from the directory from to the path to; both are clean.
func between(from, to string) string {
	up := ""
	for !below(to, from) {
		from = path.Dir(from)
		up += "../"
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(to, from), "/")
	if way := strings.TrimSuffix(up+rest, "/"); way != "" {
		return way
	}
	return "."
}
