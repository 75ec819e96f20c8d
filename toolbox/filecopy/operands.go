package filecopy

import (
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Target is where the operands of cp, mv and install go: below Dir, or, where
// that is empty, a single one to be File.
type Target struct {
	Dir, File string
}

// Place holds the options -t and -T of a command.
type Place struct {
	Into     *string // -t
	NoTarget *bool   // -T

	x     *tool.Exec
	flags *tool.Flags
}

// DefinePlace adds -t and -T to the options of a command.
func DefinePlace(x *tool.Exec, flags *tool.Flags) *Place {
	p := &Place{x: x, flags: flags}
	p.Into = flags.String('t', "target-directory", "")
	p.NoTarget = flags.Bool('T', "no-target-directory")
	return p
}

// Sort divides the operands into sources and their target.
func (p *Place) Sort(operands []string) (sources []string, to Target, err error) {
	switch {
	case len(operands) == 0:
		return nil, to, p.flags.Errorf("missing file operand")
	case *p.NoTarget && *p.Into != "":
		return nil, to, p.x.Fail(1, "cannot combine --target-directory (-t) and --no-target-directory (-T)")
	case *p.Into != "":
		if err := p.isDir(*p.Into); err != nil {
			return nil, to, p.x.Fail(1, "target directory %s: %s", tool.Quote(*p.Into), tool.ErrText(err))
		}
		return operands, Target{Dir: *p.Into}, nil
	case len(operands) == 1:
		return nil, to, p.flags.Errorf("missing destination file operand after %s", tool.Quote(operands[0]))
	case *p.NoTarget && len(operands) > 2:
		return nil, to, p.flags.Errorf("extra operand %s", tool.Quote(operands[2]))
	}
	sources, last := operands[:len(operands)-1], operands[len(operands)-1]
	if *p.NoTarget {
		return sources, Target{File: last}, nil
	}
	err = p.isDir(last)
	switch {
	case err == nil:
		return sources, Target{Dir: last}, nil
	case len(sources) == 1:
		return sources, Target{File: last}, nil
	}
	return nil, to, p.x.Fail(1, "target %s: %s", tool.Quote(last), tool.ErrText(err))
}

func (p *Place) isDir(name string) error {
	info, err := p.x.Stat(name)
	if err == nil && !info.IsDir() {
		return vfs.ENOTDIR
	}
	return err
}

// Of is what the source is to be.
func (t Target) Of(source string) string {
	if t.Dir == "" {
		return t.File
	}
	base := tool.Base(source)
	if base == ".." {
		base = "." // what is in it goes into the target, not beside it
	}
	return tool.Join(t.Dir, base)
}

// StripSlashes takes the slashes off the ends of operands.
func StripSlashes(operands []string) {
	for i, s := range operands {
		if stripped := strings.TrimRight(s, "/"); stripped != "" {
			operands[i] = stripped
		}
	}
}
