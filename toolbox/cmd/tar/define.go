package tar

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/tool"
)

func (t *runner) defineNames(f *tool.Flags) {
	o := &t.options
	f.Func('C', "directory", func(v string) error {
		o.dir = joinDir(o.dir, v)
		return nil
	})
	f.Func('T', "files-from", t.filesFrom)
	f.BoolVar(&o.nulls, true, 0, "null")
	f.BoolVar(&o.nulls, false, 0, "no-null")
	f.Bool(0, "verbatim-files-from")
	f.Bool(0, "no-verbatim-files-from")
	f.Bool(0, "unquote")
	f.Bool(0, "no-unquote")
	f.Func(0, "add-file", func(v string) error {
		o.operands = append(o.operands, operand{dir: o.dir, name: v, literal: true})
		return nil
	})
	f.Func('X', "exclude-from", t.excludeFrom)
	f.Func(0, "exclude", func(v string) error { o.exclude(v); return nil })
	f.Switch(0, "exclude-vcs", func() {
		for _, name := range vcsNames {
			o.excludes = append(o.excludes, newExclude(name, true, false, false, false))
		}
	})
	f.Switch(0, "exclude-backups", func() {
		for _, p := range []string{".#*", "*~", "#*#"} {
			o.excludes = append(o.excludes, newExclude(p, false, false, false, false))
		}
	})
	f.BoolVar(&o.anchored, true, 0, "anchored")
	f.BoolVar(&o.anchored, false, 0, "no-anchored")
	f.BoolVar(&o.ignoreCase, true, 0, "ignore-case")
	f.BoolVar(&o.ignoreCase, false, 0, "no-ignore-case")
	f.Switch(0, "wildcards", func() { o.wildcards, o.plainExclude = true, false })
	f.Switch(0, "no-wildcards", func() { o.wildcards, o.plainExclude = false, true })
	f.BoolVar(&o.slashless, false, 0, "wildcards-match-slash")
	f.BoolVar(&o.slashless, true, 0, "no-wildcards-match-slash")
	f.Func(0, "strip-components", func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return t.usage("%s: Invalid number of elements", v)
		}
		o.strip = n
		return nil
	})
	transform := func(v string) error {
		list, err := parseTransforms(v)
		if err != nil {
			return t.usage("%s", err)
		}
		o.transforms = append(o.transforms, list...)
		return nil
	}
	f.Func(0, "transform", transform)
	f.Func(0, "xform", transform)
	f.Optional(0, "one-top-level", "", func(v string) error { o.topLevel = &v; return nil })
	f.BoolVar(&o.absolute, true, 'P', "absolute-names")
	f.BoolVar(&o.flat, true, 0, "no-recursion")
	f.BoolVar(&o.flat, false, 0, "recursion")
}

func (t *runner) defineExtract(f *tool.Flags) {
	o := &t.options
	f.BoolVar(&o.toStdout, true, 'O', "to-stdout")
	f.Func(0, "to-command", func(v string) error { o.toCommand = v; return nil })
	old := func(how oldFiles) func() { return func() { o.old = how } }
	f.Switch('k', "keep-old-files", old(keepOld))
	f.Switch(0, "skip-old-files", old(skipOld))
	f.Switch(0, "overwrite", old(overwriteOld))
	f.Switch('U', "unlink-first", old(unlinkOld))
	f.Switch(0, "keep-newer-files", old(keepNewer))
	f.BoolVar(&o.recursiveUnlink, true, 0, "recursive-unlink")
	f.BoolVar(&o.keepLink, true, 0, "keep-directory-symlink")
	f.BoolVar(&o.touch, true, 'm', "touch")
	f.BoolVar(&o.samePermissions, true, 'p', "preserve-permissions")
	f.BoolVar(&o.samePermissions, true, 0, "same-permissions")
	f.BoolVar(&o.samePermissions, false, 0, "no-same-permissions")
	f.Bool('o', "no-same-owner")
	f.Bool(0, "same-owner")
}

func (t *runner) defineCreate(f *tool.Flags) {
	o := &t.options
	f.BoolVar(&o.dereference, true, 'h', "dereference")
	f.BoolVar(&o.hardDereference, true, 0, "hard-dereference")
	f.BoolVar(&o.oneFS, true, 0, "one-file-system")
	f.BoolVar(&o.removeFiles, true, 0, "remove-files")
	newer := func(v string) error {
		at, err := t.date(v)
		o.newer = at
		return err
	}
	f.Func('N', "newer", newer)
	f.Func(0, "after-date", newer)
	f.Func(0, "newer-mtime", newer)
	f.Func(0, "owner", func(v string) error { o.owner = parseID(v, tool.UserID, tool.UserName); return nil })
	f.Func(0, "group", func(v string) error { o.group = parseID(v, tool.GroupID, tool.GroupName); return nil })
	f.Func(0, "mode", func(v string) error {
		change, ok := filemode.Parse(v)
		if !ok {
			return fatalf("Invalid mode given on option")
		}
		o.change = &change
		return nil
	})
	f.Func(0, "mtime", func(v string) error {
		at, err := t.date(v)
		o.mtime = &at
		return err
	})
	f.Func(0, "sort", func(v string) error {
		if v != "none" && v != "name" && v != "inode" {
			return t.usage("invalid argument %s for %s\nValid arguments are:\n  - 'none'\n  - 'name'\n  - 'inode'",
				tool.QuoteText(v), tool.QuoteText("--sort"))
		}
		return nil
	})
}

// parseID reads NAME, NAME:ID, :ID or ID.
func parseID(v string, find func(string) (int, bool), nameOf func(int) (string, bool)) *id {
	name, number, both := strings.Cut(v, ":")
	if n, err := strconv.Atoi(strings.TrimPrefix(v, "+")); err == nil {
		name, _ := nameOf(n)
		return &id{name, n}
	}
	if n, err := strconv.Atoi(number); both && err == nil {
		return &id{name, n}
	}
	n, _ := find(name)
	return &id{name, n}
}

// joinDir is a directory seen from another.
func joinDir(from, dir string) string {
	if from == "" || strings.HasPrefix(dir, "/") {
		return dir
	}
	return tool.Join(from, dir)
}

// filesFrom reads a list of names, in which -C DIR may stand.
func (t *runner) filesFrom(name string) error {
	dir := false
	return t.eachLine(name, t.nulls, func(line string) {
		if dir {
			t.dir, dir = joinDir(t.dir, line), false
			return
		}
		if !t.nulls {
			if line == "-C" {
				dir = true
				return
			}
			if to, ok := strings.CutPrefix(line, "-C"); ok {
				t.dir = joinDir(t.dir, strings.TrimLeft(to, " "))
				return
			}
			if to, ok := strings.CutPrefix(line, "--directory="); ok {
				t.dir = joinDir(t.dir, to)
				return
			}
		}
		t.operands = append(t.operands, operand{dir: t.dir, name: line, literal: true})
	})
}

func (t *runner) excludeFrom(name string) error {
	return t.eachLine(name, false, func(line string) { t.exclude(line) })
}

// eachLine reads the lines of a file, or what NULs end; empty ones are none.
func (t *runner) eachLine(name string, nulls bool, each func(string)) error {
	f, err := t.x.Open(name)
	if err != nil {
		t.x.Errorf("%s: Cannot stat: %s", quoteColon(name), tool.ErrText(err))
		t.x.Errorf("Error is not recoverable: exiting now")
		return tool.Exit(statusFatal)
	}
	defer f.Close()
	delim := byte('\n')
	if nulls {
		delim = 0
	}
	lines := t.x.Lines(t.ctx, bufio.NewReader(f), delim)
	for {
		line, _, err := lines.NextText()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(line) > 0 {
			each(string(line))
		}
	}
}
