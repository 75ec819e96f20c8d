/*
Package tee copies standard input to standard output and to files.

	tee [OPTION]... [FILE]...

	-a, --append             append to the files
	-i, --ignore-interrupts  ignored
	-p                       as --output-error=warn-nopipe
	    --output-error[=MODE]
	                         what to do on a write error: warn, warn-nopipe
	                         (not for pipes), exit, exit-nopipe
*/
package tee

import (
	"context"
	"errors"
	"io"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// mode is what a write error does.
type mode int

const (
	sigpipe    mode = iota // report; a broken pipe ends the run as a signal does
	warn                   // report
	warnNoPipe             // report, but for pipes
	exit                   // end
	exitNoPipe             // end, but for pipes
)

// output is one place to copy to; w is nil once it failed.
type output struct {
	name  string
	w     io.Writer
	close func() error
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	appends, onError, names, err := parse(x)
	if err != nil {
		return err
	}
	t := tee{x: x, mode: onError, outs: []output{{"standard output", x.Stdout, nil}}}
	t.open(names, appends)
	err = tool.Blocks(ctx, x.Stdin, t.write)
	switch {
	case err == errNoOutput:
		err = nil
	case tool.ReadFailed(err):
		err = x.Fail(1, "read error: %s", tool.ErrText(err))
	}
	t.close()
	if err == nil && t.failed {
		err = tool.Exit(1)
	}
	return err
}

func parse(x *tool.Exec) (appends bool, m mode, names []string, err error) {
	f := tool.NewFlags(x)
	f.BoolVar(&appends, true, 'a', "append")
	f.Bool('i', "ignore-interrupts")
	f.Switch('p', "", func() { m = warnNoPipe })
	choices := []tool.Choice{{"warn"}, {"warn-nopipe"}, {"exit"}, {"exit-nopipe"}}
	f.Optional(0, "output-error", "warn-nopipe", func(s string) error {
		i, err := f.Pick("--output-error", s, choices)
		m = warn + mode(i)
		return err
	})
	names, err = f.Parse()
	return appends, m, names, err
}

// tee is one run.
type tee struct {
	x      *tool.Exec
	mode   mode
	outs   []output
	failed bool
}

func (t *tee) open(names []string, appends bool) {
	for _, name := range names {
		open := t.x.Create
		if appends {
			open = t.x.OpenAppend
		}
		f, err := open(name)
		if err != nil {
			t.x.WarnFile(name, err)
			t.failed = true
			continue
		}
		t.outs = append(t.outs, output{name, f, f.Close})
	}
}

// errNoOutput ends the copy when every output has failed.
var errNoOutput = errors.New("no output left")

func (t *tee) write(block []byte) error {
	left := 0
	for i := range t.outs {
		o := &t.outs[i]
		if o.w == nil {
			continue
		}
		if _, err := o.w.Write(block); err != nil {
			if err := t.fail(o, err); err != nil {
				return err
			}
			o.w = nil
			continue
		}
		left++
	}
	if left == 0 {
		return errNoOutput
	}
	return nil
}

// fail handles the write error of one output; what it returns ends the run.
func (t *tee) fail(o *output, err error) error {
	pipe := vfs.ToErrno(err) == vfs.EPIPE
	switch {
	case pipe && t.mode == sigpipe:
		return err
	case pipe && (t.mode == warnNoPipe || t.mode == exitNoPipe):
		return nil
	}
	t.failed = true
	t.x.WarnFile(o.name, err)
	if t.mode == exit || t.mode == exitNoPipe {
		return tool.Exit(1)
	}
	return nil
}

func (t *tee) close() {
	for _, o := range t.outs {
		if o.close != nil {
			if err := o.close(); err != nil && o.w != nil {
				t.x.WarnFile(o.name, err)
				t.failed = true
			}
		}
	}
}
