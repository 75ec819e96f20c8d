/*
Package mv moves and renames files.

	mv [OPTION]... [-T] SOURCE DEST
	mv [OPTION]... SOURCE... DIRECTORY
	mv [OPTION]... -t DIRECTORY SOURCE...

	-f, --force                 do not ask before a file is overwritten
	-i, --interactive           ask
	-n, --no-clobber            overwrite nothing; the last of -f, -i, -n wins
	-u, --update                only what is newer, or not there
	--strip-trailing-slashes
	-b, --backup[=CONTROL], -S, --suffix=SUFFIX  keep what is overwritten
	-t, --target-directory=DIR; -T, --no-target-directory
	-v, --verbose               say what is done

From one file system to another it copies, and removes what it has copied.
*/
package mv

import (
	"context"

	"agentsandbox/toolbox/backup"
	"agentsandbox/toolbox/filecopy"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	opts := filecopy.Options{Move: true, Follow: filecopy.FollowNone}
	sources, to, err := parse(x, &opts)
	if err != nil {
		return err
	}
	c := filecopy.New(ctx, x, opts)
	for _, source := range sources {
		if err := c.Copy(source, to.Of(source)); err != nil {
			return err
		}
	}
	if c.Failed {
		return tool.Exit(1)
	}
	return nil
}

func parse(x *tool.Exec, o *filecopy.Options) (sources []string, to filecopy.Target, err error) {
	flags := tool.NewFlags(x)
	flags.Switch('f', "force", func() { o.Force, o.Overwrite = true, filecopy.Always })
	flags.Switch('i', "interactive", func() { o.Force, o.Overwrite = false, filecopy.Ask })
	flags.Switch('n', "no-clobber", func() { o.Force, o.Overwrite = false, filecopy.Never })
	flags.BoolVar(&o.Update, true, 'u', "update")
	flags.BoolVar(&o.Verbose, true, 'v', "verbose")
	strip := flags.Bool(0, "strip-trailing-slashes")
	flags.Switch('Z', "context", func() {})
	backups := backup.Define(x, flags)
	place := filecopy.DefinePlace(x, flags)
	operands, err := flags.Parse()
	if err != nil {
		return nil, to, err
	}
	if *strip {
		filecopy.StripSlashes(operands)
	}
	if sources, to, err = place.Sort(operands); err != nil {
		return nil, to, err
	}
	if o.Backups, err = backups.Namer(); err != nil {
		return nil, to, err
	}
	if o.Backups.Enabled() && o.Overwrite == filecopy.Never {
		err = flags.Errorf("options --backup and --no-clobber are mutually exclusive")
	}
	return sources, to, err
}
