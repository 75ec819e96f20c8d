/*
Package cp copies files.

	cp [OPTION]... [-T] SOURCE DEST
	cp [OPTION]... SOURCE... DIRECTORY
	cp [OPTION]... -t DIRECTORY SOURCE...

	-r, -R, --recursive          directories with all that is in them
	-a, --archive                -dR --preserve=all
	-d                           -P --preserve=links
	-P, --no-dereference         links as links
	-L, --dereference            what links lead to
	-H                           the same, only for SOURCEs that are links
	-p, --preserve[=LIST]        mode, timestamps, ownership, links, all
	--no-preserve=LIST
	-f, --force                  remove what cannot be opened for writing
	-i, --interactive            ask before a file is overwritten
	-n, --no-clobber             overwrite nothing
	-u, --update                 only what is newer, or not there
	-l, --link                   make hard links
	-s, --symbolic-link          make symbolic links
	-x, --one-file-system        stay on it
	--attributes-only            no data
	--parents                    with the path of SOURCE below DIRECTORY
	--remove-destination         remove what is there before it is opened
	--strip-trailing-slashes
	--sparse=WHEN, --reflink[=WHEN], -Z, --context: taken and ignored
	-b, --backup[=CONTROL], -S, --suffix=SUFFIX  keep what is overwritten
	-t, --target-directory=DIR; -T, --no-target-directory
	-v, --verbose                say what is done
*/
package cp

import (
	"context"

	"agentsandbox/toolbox/filecopy"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := run{x: x}
	sources, to, err := r.parse()
	if err != nil {
		return err
	}
	c := filecopy.New(ctx, x, r.opts)
	for _, source := range sources {
		dest := to.Of(source)
		if r.parents {
			var ok bool
			if dest, ok, err = r.makeParents(source, to.Dir); err != nil {
				return err
			}
			if !ok {
				c.Failed = true
				continue
			}
		}
		if err := c.Copy(source, dest); err != nil {
			return err
		}
	}
	if c.Failed {
		return tool.Exit(1)
	}
	return nil
}

// run is one run: its options, and what --parents has to know.
type run struct {
	x       *tool.Exec
	opts    filecopy.Options
	parents bool
}

// check looks for options that exclude one another.
func (r *run) check(flags *tool.Flags, to filecopy.Target) error {
	switch o := &r.opts; {
	case o.Link && o.Symlink:
		return flags.Errorf("cannot make both hard and symbolic links")
	case o.Backups.Enabled() && o.Overwrite == filecopy.Never:
		return flags.Errorf("options --backup and --no-clobber are mutually exclusive")
	case r.parents && to.Dir == "":
		return flags.Errorf("with --parents, the destination must be a directory")
	}
	return nil
}
