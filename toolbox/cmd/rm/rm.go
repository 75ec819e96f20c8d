/*
Package rm removes files.

	rm [OPTION]... [FILE]...

	-r, -R, --recursive      directories with all that is in them
	-d, --dir                empty directories
	-f, --force              never ask; what is missing is no failure
	-i                       ask before each
	-I                       ask once, before more than three or with -r
	--interactive[=WHEN]     never, once (-I) or always (-i)
	-v, --verbose            say what is removed
	--one-file-system        stay on that of the FILE
	--preserve-root          refuse to remove / (the default)
	--no-preserve-root       do not
*/
package rm

import (
	"context"
	"fmt"

	"agentsandbox/toolbox/remove"
	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := remove.Remover{Ctx: ctx, X: x, PreserveRoot: true}
	files, once, err := parse(x, &r)
	if err != nil {
		return err
	}
	if once && !askOnce(x, len(files), r.Recursive) {
		return nil
	}
	for _, name := range files {
		if err := r.Remove(name); err != nil {
			return err
		}
	}
	if r.Failed {
		return tool.Exit(1)
	}
	return nil
}

func parse(x *tool.Exec, r *remove.Remover) (files []string, once bool, err error) {
	flags := tool.NewFlags(x)
	flags.BoolVar(&r.Recursive, true, 'r', "recursive")
	flags.BoolVar(&r.Recursive, true, 'R', "")
	flags.BoolVar(&r.EmptyDirs, true, 'd', "dir")
	flags.BoolVar(&r.Verbose, true, 'v', "verbose")
	flags.BoolVar(&r.OneFS, true, 0, "one-file-system")
	flags.Switch('f', "force", func() { r.Force, r.Prompt, once = true, remove.Never, false })
	flags.Switch('i', "", func() { r.Force, r.Prompt, once = false, remove.Always, false })
	flags.Switch('I', "", func() { r.Force, r.Prompt, once = false, remove.Protected, true })
	flags.Optional(0, "interactive", "always", func(s string) error {
		i, err := flags.Pick("--interactive", s, []tool.Choice{{"never", "no", "none"}, {"once"}, {"always", "yes"}})
		if err != nil {
			return err
		}
		r.Force, once = false, i == 1
		r.Prompt = [...]remove.Prompt{remove.Never, remove.Protected, remove.Always}[i]
		return nil
	})
	flags.BoolVar(&r.PreserveRoot, false, 0, "no-preserve-root")
	flags.Optional(0, "preserve-root", "", func(s string) error {
		if s != "" && s != "all" {
			return fmt.Errorf("unrecognized --preserve-root argument: %s", tool.Quote(s))
		}
		r.PreserveRoot = true
		return nil
	})
	flags.Synopsis = dashed(x)
	files, err = flags.Parse()
	switch {
	case err != nil:
		return nil, false, err
	case len(files) == 0 && !r.Force:
		return nil, false, flags.Errorf("missing operand")
	}
	return files, once, nil
}

// askOnce asks before many files, or any directory, are removed.
func askOnce(x *tool.Exec, n int, recursive bool) bool {
	if n <= 3 && !(recursive && n > 0) {
		return true
	}
	plural, how := "s", ""
	if n == 1 {
		plural = ""
	}
	if recursive {
		how = " recursively"
	}
	return x.Confirm("remove %d argument%s%s? ", n, plural, how)
}

// dashed is a hint for arguments that were meant as files and are taken for
// options; "" if there is none.
func dashed(x *tool.Exec) string {
	for _, arg := range x.Args {
		if len(arg) < 2 || arg[0] != '-' {
			continue
		}
		if _, err := x.Lstat(arg); err == nil {
			return fmt.Sprintf("Try '%s ./%s' to remove the file %s.", x.Name, tool.QuoteName(arg, tool.QuoteShell, ""), tool.Quote(arg))
		}
	}
	return ""
}
