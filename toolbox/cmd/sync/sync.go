/*
Package sync brings what is written to its storage.

	sync [-df] [FILE]...

	-d, --data         only the data of the files
	-f, --file-system  the file systems that hold the files
*/
package sync

import (
	"context"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	data := flags.Bool('d', "data")
	system := flags.Bool('f', "file-system")
	files, err := flags.Parse()
	switch {
	case err != nil:
		return err
	case *data && *system:
		return x.Fail(1, "cannot specify both --data and --file-system")
	case *data && len(files) == 0:
		return x.Fail(1, "--data needs at least one argument")
	}
	var failed error
	for _, name := range files {
		if err := syncFile(x, name); err != nil {
			failed = x.Fail(1, "error opening %s: %s", tool.Quote(name), tool.ErrText(err))
		}
	}
	return failed
}

func syncFile(x *tool.Exec, name string) error {
	f, err := x.OpenFile(name, vfs.Read, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if f.Stream() {
		return nil
	}
	return f.Sync()
}
