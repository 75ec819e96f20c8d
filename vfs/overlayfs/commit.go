package overlayfs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"agentsandbox/vfs"
)

// CommitError says how far a Commit or Apply came. What was applied stays
// applied; to call it again goes on with the rest.
type CommitError struct {
	Applied []vfs.Change
	Failed  vfs.Change
	Left    []vfs.Change // without Failed
	Err     error
}

// Error names the change that failed and how many were left.
func (e *CommitError) Error() string {
	return fmt.Sprintf("commit: %s (%s): %v; %d changes applied, %d left",
		e.Failed.Path, e.Failed.Kind, e.Err, len(e.Applied), len(e.Left)+1)
}

// Unwrap returns what failed.
func (e *CommitError) Unwrap() error { return e.Err }

// Commit makes the changes in the lower by way of to, which is Lower() or
// another view of the same files: the lower is often a read-only one. The
// overlay is empty then, but for files that are still open for writing.
//
// First is made what is new and what is modified, each file whole or not at
// all; only when all of that is there are files removed, save those that stand
// in the way of others. So what cannot be finished loses nothing, and can be
// gone on with: the error is a *CommitError then. Operations wait until it is
// done.
func (o *FS) Commit(to vfs.FS) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.settle(o.root); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	steps, err := o.steps()
	if err != nil {
		return err
	}
	c := newCommit(o, to, steps)
	c.lands = true
	if err := c.preserve(); err != nil {
		return err
	}
	if err := c.build(); err != nil {
		return err
	}
	left := o.land(c.deletions)
	if err := c.remove(); err != nil {
		return err
	}
	o.forget(o.root)
	return left
}

// Apply makes the changes in a file system that has nothing to do with the
// lower but to look like it, in the manner of Commit. The overlay keeps them.
func (o *FS) Apply(to vfs.FS) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	steps, err := o.steps()
	if err != nil {
		return err
	}
	c := newCommit(o, to, steps)
	if err := c.build(); err != nil {
		return err
	}
	return c.remove()
}

// commit is a commit under way.
type commit struct {
	fs        *FS
	to        vfs.FS
	clear     []step            // deletions that make way for something
	makes     []step            // parents first
	deletions []step            // the other deletions, children first
	times     []step            // directories that were made, children first
	linked    map[uint64]string // by inode number, the first name of a file that has several
	lands     bool              // to is the lower by another way
	done      []vfs.Change
}

func newCommit(o *FS, to vfs.FS, steps []step) *commit {
	c := &commit{fs: o, to: to, linked: map[uint64]string{}}
	files := map[string]bool{}  // what is modified and no directory
	folded := map[string]bool{} // what is made, as a host that folds case sees it
	for _, s := range steps {
		if s.Kind == vfs.Deleted {
			continue
		}
		c.makes = append(c.makes, s)
		folded[strings.ToLower(s.Path)] = true
		files[s.Path] = s.Kind == vfs.Modified && !s.Dir
	}
	for _, s := range steps {
		switch {
		case s.Kind != vfs.Deleted:
		case folded[strings.ToLower(s.Path)] || below(files, s.Path):
			c.clear = append(c.clear, s)
		default:
			c.deletions = append(c.deletions, s)
		}
	}
	slices.Reverse(c.clear)
	slices.Reverse(c.deletions)
	return c
}

// below reports whether a name lies below one of a set.
func below(set map[string]bool, name string) bool {
	for dir, _ := split(name); dir != "."; dir, _ = split(dir) {
		if set[dir] {
			return true
		}
	}
	return false
}

// settle gives every directory that has moved a node for each thing in it, so
// that nothing comes through from where it was: the lower will change there.
func (o *FS) settle(dir *node) error {
	for name, n := range dir.kids {
		var err error
		switch {
		case n == nil || !n.isDir():
		case n.lower != "" && !n.natural():
			err = o.settleMoved(n)
		default:
			err = o.settle(n)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (o *FS) settleMoved(n *node) error {
	if err := o.copyUp(n, false); err != nil {
		return err
	}
	views, err := o.views(viewOf(n))
	if err != nil {
		return err
	}
	for name, v := range views {
		kid := v.node
		if kid == nil {
			kid = n.shine(name, v.mode)
		}
		switch {
		case !kid.isDir():
		case kid.lower != "":
			err = o.settleMoved(kid)
		default:
			err = o.settle(kid)
		}
		if err != nil {
			return err
		}
	}
	n.lower, n.links = "", 0
	for name, kid := range n.kids {
		if kid == nil {
			delete(n.kids, name)
			continue
		}
		kid.covers = false
		if kid.isDir() {
			n.links++
		}
	}
	return nil
}

// preserve copies up what the commit would overwrite before it has copied it:
// content that shines through at a new name from where something else goes.
func (c *commit) preserve() error {
	lost := map[string]bool{}
	for _, s := range c.clear {
		lost[s.Path] = true
	}
	for _, s := range c.makes {
		lost[s.Path] = s.Kind == vfs.Modified
	}
	for i, s := range c.makes {
		if s.now.isDir() || !lost[s.now.source()] {
			continue
		}
		n, err := c.fs.node(s.Path)
		if err == nil {
			err = c.fs.copyUp(n, false)
		}
		if err != nil {
			return c.fail(s, err)
		}
		c.makes[i].now = viewOf(n)
	}
	return nil
}

// build does all but the last deletions.
func (c *commit) build() error {
	for _, s := range c.clear {
		if err := c.run(s, c.delete); err != nil {
			return err
		}
	}
	for _, s := range c.makes {
		if err := c.run(s, c.create); err != nil {
			return err
		}
		if n := s.now.node; n != nil && c.lands {
			n.covers = true // the lower has it from now on
		}
	}
	for _, s := range slices.Backward(c.times) {
		if err := c.setTimes(s); err != nil {
			return c.fail(s, err)
		}
	}
	return nil
}

// remove does the last deletions.
func (c *commit) remove() error {
	for _, s := range c.deletions {
		if err := c.run(s, c.delete); err != nil {
			return err
		}
	}
	return nil
}

// run makes one change.
func (c *commit) run(s step, op func(step) error) error {
	if err := op(s); err != nil {
		return c.fail(s, err)
	}
	c.done = append(c.done, s.Change)
	return nil
}

func (c *commit) fail(failed step, err error) error {
	e := &CommitError{Failed: failed.Change, Err: err}
	done := map[string]bool{failed.Path: true}
	for _, ch := range c.done {
		if ch.Path != failed.Path { // or it is a directory that only lacks its times
			e.Applied = append(e.Applied, ch)
		}
		done[ch.Path] = true
	}
	for _, list := range [][]step{c.clear, c.makes, c.deletions} {
		for _, s := range list {
			if !done[s.Path] {
				e.Left = append(e.Left, s.Change)
			}
		}
	}
	return e
}

// delete removes a file, if it is still there.
func (c *commit) delete(s step) error {
	remove := c.to.Unlink
	if s.Dir {
		remove = c.to.Rmdir
	}
	err := remove(s.Path)
	switch {
	case err == nil && s.Dir:
		c.recount(s.Path, +1)
	case vfs.ToErrno(err) == vfs.ENOENT:
		return nil
	}
	return err
}

// errTemp says that no name was free for the new version of a file.
var errTemp = errors.New("no free name beside the file")
