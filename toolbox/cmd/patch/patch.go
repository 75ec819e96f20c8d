/*
Package patch applies the differences that diff has found.

	patch [OPTION]... [FILE [PATCHFILE]]

The patch, unified, context or normal, is read from PATCHFILE or standard
input. It names the files to change, unless FILE is given.

	-p, --strip=N            take N leading pieces off the names in the patch;
	                         without it, all but the last
	-i, --input=PATCHFILE    read the patch from PATCHFILE
	-d, --directory=DIR      change to DIR first
	-o, --output=FILE        write the result to FILE
	-R, --reverse            apply it in reverse
	-N, --forward            pass over patches that seem reversed or applied already
	-f, --force              do not ask, apply as it is
	-t, --batch              do not ask, assume -R where it seems so
	-F, --fuzz=N             pass over up to N lines of context (2) to find a place
	-l, --ignore-whitespace  blanks match any blanks
	-E, --remove-empty-files remove files that become empty
	-b, --backup             keep the original as FILE.orig
	-z, --suffix=SUFFIX      SUFFIX instead of .orig
	    --no-backup-if-mismatch
	                         no backup because a hunk did not fit exactly
	-r, --reject-file=FILE   write hunks that fail to FILE, "-" for none
	    --dry-run            only say what would happen
	-s, --quiet, --silent    say nothing unless it fails
	    --verbose            say more
	-u, -c, -n               the patch is unified, context, normal
	    --binary, --posix, -T, -Z, --read-only=WHAT, --reject-format=FORMAT
	                         accepted

The exit status is 0, 1 if hunks failed, 2 for trouble.
*/
package patch

import (
	"context"
	"fmt"
	"io"

	"agentsandbox/toolbox/tool"
)

const trouble = 2

// patch is one run.
type patch struct {
	options
	ctx    context.Context
	x      *tool.Exec
	failed bool // some hunk was not applied
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	p := patch{ctx: ctx, x: x}
	if err := p.parse(); err != nil {
		return err
	}
	data, err := p.read()
	if err != nil {
		return err
	}
	r := reader{data: data, format: p.format}
	found := false
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := r.next()
		if err != nil {
			// It went on until here.
			j := &job{patch: &p, f: f}
			if ok, _ := j.find(); ok {
				j.announce()
			}
			return p.fatal("%v", err)
		}
		if f == nil {
			break
		}
		found = true
		if err := p.file(f); err != nil {
			return err
		}
	}
	if p.verbose && found {
		p.say("done\n")
	}
	switch {
	case !found && len(data) > 0:
		return p.fatal("Only garbage was found in the patch input.")
	case p.failed:
		return tool.Exit(1)
	}
	return nil
}

// fatal ends the run for trouble.
func (p *patch) fatal(format string, args ...any) error {
	return p.x.Fail(trouble, "**** "+format, args...)
}

// say writes to standard output.
func (p *patch) say(format string, args ...any) {
	fmt.Fprintf(p.x.Stdout, format, args...)
}

// read reads the patch.
func (p *patch) read() ([]byte, error) {
	var in io.Reader = p.x.Stdin
	if p.input != "" && p.input != "-" {
		f, err := p.x.Open(p.input)
		if err != nil {
			return nil, p.fatal("Can't open patch file %s : %s", p.input, tool.ErrText(err))
		}
		defer f.Close()
		in = f
	}
	var data []byte
	err := tool.Blocks(p.ctx, in, func(block []byte) error {
		if len(data)+len(block) > tool.MaxHeld {
			return p.fatal("out of memory")
		}
		data = append(data, block...)
		return nil
	})
	if tool.ReadFailed(err) {
		return nil, p.fatal("read error : %s", tool.ErrText(err))
	}
	return data, err
}
