// Package backup names the copies that cp, mv, ln and install keep of what they
// overwrite: --backup, -b and --suffix.
package backup

import (
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Options are the options of a run that say whether and how to keep copies.
type Options struct {
	x       *tool.Exec
	flags   *tool.Flags
	wanted  bool
	control *string
	suffix  *string
}

// kind is how a copy is named.
type kind int

const (
	none kind = iota
	simple
	existing // numbered where there are numbered ones, else simple
	numbered
)

var choices = []tool.Choice{{"none", "off"}, {"simple", "never"}, {"existing", "nil"}, {"numbered", "t"}}

// Define adds -b, --backup and -S, --suffix to the options of a command.
func Define(x *tool.Exec, flags *tool.Flags) *Options {
	o := &Options{x: x, flags: flags}
	flags.Switch('b', "", func() { o.wanted = true })
	flags.Optional(0, "backup", "", func(s string) error {
		o.wanted = true
		if s != "" {
			o.control = &s
		}
		return nil
	})
	flags.Func('S', "suffix", func(s string) error { o.wanted, o.suffix = true, &s; return nil })
	return o
}

// Namer gives the names of copies.
type Namer struct {
	x      *tool.Exec
	kind   kind
	suffix string
}

// Namer is to be called after the options are parsed; its error ends the run.
func (o *Options) Namer() (Namer, error) {
	n := Namer{x: o.x, suffix: "~"}
	if !o.wanted {
		return n, nil
	}
	if s := o.x.Getenv("SIMPLE_BACKUP_SUFFIX"); s != "" && !strings.Contains(s, "/") {
		n.suffix = s
	}
	if o.suffix != nil && *o.suffix != "" && !strings.Contains(*o.suffix, "/") {
		n.suffix = *o.suffix
	}
	word, option := o.x.Getenv("VERSION_CONTROL"), "$VERSION_CONTROL"
	if o.control != nil {
		word, option = *o.control, "backup type"
	}
	n.kind = existing
	if word != "" {
		i, err := o.flags.Pick(option, word, choices)
		if err != nil {
			return n, err
		}
		n.kind = kind(i)
	}
	return n, nil
}

// Enabled reports whether copies are kept.
func (n Namer) Enabled() bool { return n.kind != none }

// Simple reports whether name would be that of the simple copy of dest.
func (n Namer) Simple(dest, name string) bool {
	return n.kind != none && n.kind != numbered && dest+n.suffix == name
}

// Name is the name of the next copy of dest.
func (n Namer) Name(dest string) string {
	if n.kind == simple {
		return dest + n.suffix
	}
	last := n.lastNumber(dest)
	if n.kind == existing && last == 0 {
		return dest + n.suffix
	}
	return dest + ".~" + strconv.Itoa(last+1) + "~"
}

// lastNumber is the highest number of a copy of dest; 0 if there is none.
func (n Namer) lastNumber(dest string) int {
	dir, base := ".", dest
	if at := strings.LastIndexByte(dest, '/'); at >= 0 {
		dir, base = dest[:at+1], dest[at+1:]
	}
	entries, err := n.x.ReadDir(dir)
	if err != nil {
		return 0
	}
	last := 0
	for _, e := range entries {
		s, ok := strings.CutPrefix(e.Name, base+".~")
		s, whole := strings.CutSuffix(s, "~")
		if number, err := strconv.Atoi(s); ok && whole && err == nil {
			last = max(last, number)
		}
	}
	return last
}
