package cp

import (
	"strings"

	"agentsandbox/toolbox/backup"
	"agentsandbox/toolbox/filecopy"
	"agentsandbox/toolbox/tool"
)

// parse returns what is to be copied, and where to.
func (r *run) parse() (sources []string, to filecopy.Target, err error) {
	flags := tool.NewFlags(r.x)
	o := &r.opts
	strip := flags.Bool(0, "strip-trailing-slashes")
	flags.BoolVar(&r.parents, true, 0, "parents")
	flags.BoolVar(&o.Link, true, 'l', "link")
	flags.BoolVar(&o.Symlink, true, 's', "symbolic-link")
	flags.BoolVar(&o.OneFS, true, 'x', "one-file-system")
	flags.BoolVar(&o.AttributesOnly, true, 0, "attributes-only")
	flags.BoolVar(&o.CopyContents, true, 0, "copy-contents")
	flags.BoolVar(&o.Update, true, 'u', "update")
	flags.BoolVar(&o.Verbose, true, 'v', "verbose")
	flags.BoolVar(&o.Remove, true, 0, "remove-destination")
	flags.BoolVar(&o.Force, true, 'f', "force")
	flags.Switch('i', "interactive", func() { o.Overwrite = filecopy.Ask })
	flags.Switch('n', "no-clobber", func() { o.Overwrite = filecopy.Never })
	r.followOptions(flags)
	r.preserveOptions(flags)
	ignoreOptions(flags)
	backups := backup.Define(r.x, flags)
	place := filecopy.DefinePlace(r.x, flags)
	operands, err := flags.Parse()
	if err != nil {
		return nil, to, err
	}
	if sources, to, err = place.Sort(operands); err != nil {
		return nil, to, err
	}
	if *strip && to.Dir != "" {
		filecopy.StripSlashes(sources)
	}
	if o.Backups, err = backups.Namer(); err != nil {
		return nil, to, err
	}
	return sources, to, r.check(flags, to)
}

func (r *run) followOptions(flags *tool.Flags) {
	o := &r.opts
	explicit := false
	follow := func(f filecopy.Follow) func() {
		return func() { o.Follow, explicit = f, true }
	}
	recursive := func() {
		o.Recursive = true
		if !explicit {
			o.Follow = filecopy.FollowNone
		}
	}
	flags.Switch('r', "recursive", recursive)
	flags.Switch('R', "", recursive)
	flags.Switch('P', "no-dereference", follow(filecopy.FollowNone))
	flags.Switch('L', "dereference", follow(filecopy.FollowAll))
	flags.Switch('H', "", follow(filecopy.FollowOperands))
	flags.Switch('d', "", func() {
		follow(filecopy.FollowNone)()
		o.PreserveLinks = true
	})
	flags.Switch('a', "archive", func() {
		recursive()
		follow(filecopy.FollowNone)()
		o.PreserveMode, o.PreserveTimes, o.PreserveLinks = true, true, true
	})
}

func (r *run) preserveOptions(flags *tool.Flags) {
	o := &r.opts
	flags.Switch('p', "", func() { o.PreserveMode, o.PreserveTimes, o.DefaultMode = true, true, false })
	flags.Optional(0, "preserve", "mode,ownership,timestamps", func(list string) error {
		return r.preserve(flags, "--preserve", list, true)
	})
	flags.Func(0, "no-preserve", func(list string) error {
		return r.preserve(flags, "--no-preserve", list, false)
	})
}

// preserve sets what a list of attributes names. Owners are all the same, and
// there are no contexts and extended attributes.
func (r *run) preserve(flags *tool.Flags, option, list string, value bool) error {
	attributes := []tool.Choice{{"mode"}, {"timestamps"}, {"ownership"}, {"links"}, {"context"}, {"xattr"}, {"all"}}
	o := &r.opts
	for word := range strings.SplitSeq(list, ",") {
		i, err := flags.Pick(option, word, attributes)
		if err != nil {
			return err
		}
		name := attributes[i][0]
		if name == "mode" || name == "all" {
			o.PreserveMode, o.DefaultMode = value, !value
		}
		if name == "timestamps" || name == "all" {
			o.PreserveTimes = value
		}
		if name == "links" || name == "all" {
			o.PreserveLinks = value
		}
	}
	return nil
}

// ignoreOptions defines what makes no difference here.
func ignoreOptions(flags *tool.Flags) {
	flags.Optional(0, "reflink", "always", func(s string) error {
		_, err := flags.Pick("--reflink", s, []tool.Choice{{"auto"}, {"always"}, {"never"}})
		return err
	})
	flags.Func(0, "sparse", func(s string) error {
		_, err := flags.Pick("--sparse", s, []tool.Choice{{"never"}, {"auto"}, {"always"}})
		return err
	})
	flags.Switch('Z', "", func() {})
	flags.Optional(0, "context", "", func(string) error { return nil })
}
