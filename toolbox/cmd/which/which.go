/*
Package which prints where commands are found in PATH.

	which [-as] COMMAND...

	-a  every place, not only the first
	-s  print nothing, only exit

It exits with 1 if one of them is not found.
*/
package which

import (
	"context"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	flags.Usage = 2
	all := flags.Bool('a', "all")
	silent := flags.Bool('s', "")
	names, err := flags.Parse()
	if err != nil {
		return err
	}
	out := x.Writer()
	status := 0
	if len(names) == 0 {
		status = 1
	}
	for _, name := range names {
		found := find(x, name, *all)
		if len(found) == 0 {
			status = 1
		}
		for _, file := range found {
			if !*silent {
				out.WriteString(file + "\n")
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return tool.Exit(status)
}

// find returns the first, or every, program of that name.
func find(x *tool.Exec, name string, all bool) []string {
	if strings.Contains(name, "/") {
		if runnable(x, name) {
			return []string{name}
		}
		return nil
	}
	var found []string
	for dir := range strings.SplitSeq(x.Getenv("PATH"), ":") {
		if dir == "" {
			dir = "."
		}
		file := strings.TrimSuffix(dir, "/") + "/" + name
		if name == "" || !runnable(x, file) {
			continue
		}
		found = append(found, file)
		if !all {
			break
		}
	}
	return found
}

func runnable(x *tool.Exec, file string) bool {
	info, err := x.Stat(file)
	return err == nil && info.Mode.IsRegular() && info.Mode&0o111 != 0
}
