/*
Package chown changes the owner or the group of files: chown and chgrp.

	chown [OPTION]... [OWNER][:[GROUP]] FILE...
	chgrp [OPTION]... GROUP FILE...

	-R, --recursive     directories with all that is in them
	-H, -L, -P          with -R: follow links that are named, all, none
	-h, --no-dereference  links themselves; --dereference is the default
	-v, --verbose       say what is done
	-c, --changes       the same, only for what changes
	-f, --silent, --quiet
	--from=OWNER:GROUP  only what belongs to them now
	--reference=RFILE   as RFILE
	--preserve-root     refuse / with -R; --no-preserve-root is the default

All files of a sandbox belong to its one user, who can't give them away.
*/
package chown

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	c := changer{ctx: ctx, x: x, group: x.Name == "chgrp", uid: -1, gid: -1}
	files, err := c.parse()
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := c.operand(name); err != nil {
			return err
		}
	}
	return tool.Exit(c.status)
}

// changer is one run. Ids are -1 where they are to stay.
type changer struct {
	ctx       context.Context
	x         *tool.Exec
	group     bool // it is chgrp
	uid, gid  int
	skips     bool // --from names others
	recursive bool
	links     bool // change links themselves
	follow    byte // of -R: H, L or P
	verbose   bool
	changes   bool
	silent    bool
	guards    bool
	status    int
}

func (c *changer) parse() ([]string, error) {
	f := tool.NewFlags(c.x)
	c.follow = 'P'
	f.BoolVar(&c.recursive, true, 'R', "recursive")
	for _, letter := range []byte("HLP") {
		f.Switch(letter, "", func() { c.follow = letter })
	}
	f.BoolVar(&c.links, true, 'h', "no-dereference")
	f.BoolVar(&c.links, false, 0, "dereference")
	f.Switch('v', "verbose", func() { c.verbose, c.changes = true, false })
	f.Switch('c', "changes", func() { c.verbose, c.changes = false, true })
	f.BoolVar(&c.silent, true, 'f', "silent")
	f.BoolVar(&c.silent, true, 0, "quiet")
	f.BoolVar(&c.guards, true, 0, "preserve-root")
	f.BoolVar(&c.guards, false, 0, "no-preserve-root")
	ref := f.String(0, "reference", "")
	if !c.group {
		f.Func(0, "from", func(v string) error {
			uid, gid, err := c.owner(v)
			c.skips = uid >= 0 && uid != tool.UID || gid >= 0 && gid != tool.GID
			return err
		})
	}
	operands, err := f.Parse()
	switch {
	case err != nil:
		return nil, err
	case *ref != "":
		if len(operands) == 0 {
			return nil, f.Errorf("missing operand")
		}
		if _, err := c.x.Stat(*ref); err != nil {
			return nil, c.x.Fail(1, "failed to get attributes of %s: %s", tool.Quote(*ref), tool.ErrText(err))
		}
		c.uid, c.gid = tool.UID, tool.GID
		return operands, nil
	case len(operands) == 0:
		return nil, f.Errorf("missing operand")
	case len(operands) == 1:
		return nil, f.Errorf("missing operand after %s", tool.QuoteText(operands[0]))
	}
	if c.group {
		c.gid, err = c.id(operands[0], operands[0], "group", tool.GroupID)
	} else {
		c.uid, c.gid, err = c.owner(operands[0])
	}
	return operands[1:], err
}

// owner reads OWNER:GROUP, of which each may be left out.
func (c *changer) owner(s string) (uid, gid int, err error) {
	name, group, both := strings.Cut(s, ":")
	uid, gid = -1, -1
	if !both && strings.Contains(s, ".") {
		if _, err := strconv.Atoi(s); err != nil {
			before, after, _ := strings.Cut(s, ".")
			if _, ok := tool.UserID(before); ok {
				c.x.Errorf("warning: '.' should be ':': %s", tool.QuoteText(s))
				name, group, both = before, after, true
			}
		}
	}
	if name != "" {
		if uid, err = c.id(s, name, "user", tool.UserID); err != nil {
			return uid, gid, err
		}
		if both && group == "" {
			gid = uid
		}
	}
	if group != "" {
		gid, err = c.id(s, group, "group", tool.GroupID)
	}
	return uid, gid, err
}

func (c *changer) id(spec, name, kind string, find func(string) (int, bool)) (int, error) {
	if id, ok := find(name); ok {
		return id, nil
	}
	if id, err := strconv.ParseUint(strings.TrimPrefix(name, "+"), 10, 32); err == nil {
		return int(id), nil
	}
	return -1, c.x.Fail(1, "invalid %s: %s", kind, tool.QuoteText(spec))
}

func (c *changer) operand(name string) error {
	stat := c.x.Stat
	if c.links {
		stat = c.x.Lstat
	}
	info, err := stat(name)
	if err != nil {
		if !c.silent {
			c.x.Errorf("cannot access %s: %s", tool.Quote(name), tool.ErrText(err))
		}
		c.status = 1
		if c.verbose {
			what := "ownership"
			if c.group {
				what = "group"
			}
			return c.say("failed to change %s of %s to %s\n", what, tool.Quote(name), c.wanted())
		}
		return nil
	}
	if root, err := c.x.FS.Lstat("/"); c.recursive && c.guards && err == nil && root.Ino == info.Ino && root.Dev == info.Dev {
		c.x.Errorf("it is dangerous to operate recursively on %s", tool.Quote(name))
		c.x.Errorf("use --no-preserve-root to override this failsafe")
		c.status = 1
		return nil
	}
	if c.recursive && c.follow == 'P' {
		if info, err = c.x.Lstat(name); err != nil {
			return nil
		}
	}
	return c.tree(name, info)
}

func (c *changer) tree(name string, info vfs.Info) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if c.recursive && info.IsDir() {
		entries, err := c.x.ReadDir(name)
		if err != nil {
			c.x.Errorf("cannot read directory %s: %s", tool.Quote(name), tool.ErrText(err))
			c.status = 1
		}
		for _, e := range entries {
			below := tool.Join(name, e.Name)
			stat := c.x.Lstat
			if c.follow == 'L' {
				stat = c.x.Stat
			}
			if info, err := stat(below); err == nil {
				if err := c.tree(below, info); err != nil {
					return err
				}
			}
		}
	}
	return c.one(name)
}

// one changes one file, which is to say that it may stay as it is.
func (c *changer) one(name string) error {
	what := "ownership"
	if c.group {
		what = "group"
	}
	if c.skips || c.isOwn() {
		if c.verbose {
			return c.say("%s of %s retained as %s\n", what, tool.Quote(name), c.old())
		}
		return nil
	}
	c.status = 1
	if !c.silent {
		wanted := what
		if c.uid < 0 {
			wanted = "group"
		}
		c.x.Errorf("changing %s of %s: %s", wanted, tool.Quote(name), vfs.EPERM.Error())
	}
	if c.verbose {
		return c.say("failed to change %s of %s from %s to %s\n", what, tool.Quote(name), c.old(), c.wanted())
	}
	return nil
}

// isOwn reports whether the file is to belong to whom it belongs.
func (c *changer) isOwn() bool {
	return (c.uid < 0 || c.uid == tool.UID) && (c.gid < 0 || c.gid == tool.GID)
}

// old shows whom a file belongs to, as far as that matters.
func (c *changer) old() string {
	switch {
	case c.group:
		return tool.Group
	case c.gid < 0:
		return tool.User
	}
	return tool.User + ":" + tool.Group
}

// wanted shows whom a file is to belong to.
func (c *changer) wanted() string {
	user, group := "", ""
	if c.uid >= 0 {
		user = named(c.uid, tool.UserName)
	}
	if c.gid >= 0 {
		group = named(c.gid, tool.GroupName)
	}
	switch {
	case c.group:
		return group
	case c.gid < 0:
		return user
	}
	return user + ":" + group
}

func named(id int, name func(int) (string, bool)) string {
	if s, ok := name(id); ok {
		return s
	}
	return strconv.Itoa(id)
}

func (c *changer) say(format string, args ...any) error {
	_, err := fmt.Fprintf(c.x.Stdout, format, args...)
	return err
}
