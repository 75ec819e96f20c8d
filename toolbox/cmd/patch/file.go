package patch

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// job is the work on one file.
type job struct {
	*patch
	f        *filePatch
	name     string // of the file to patch
	out      string // where the result goes
	exists   bool
	info     vfs.Info
	original string
	content  *content
	rejected []*hunk
	mismatch bool
	skipRest bool
	reverse  bool
}

// file applies the patch of one file.
func (p *patch) file(f *filePatch) error {
	j := &job{patch: p, f: f, reverse: p.options.reverse}
	if p.options.reverse {
		f.turn()
	}
	ok, err := j.find()
	if err != nil || !ok {
		return err
	}
	if err := j.load(); err != nil {
		return err
	}
	j.announce()
	if j.verbose {
		j.say("Using Plan A...\n")
	}
	for i, h := range f.hunks {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		j.hunk(i+1, h)
	}
	return j.finish()
}

// turn makes the reverse of a patch.
func (f *filePatch) turn() {
	f.old, f.new = f.new, f.old
	f.oldHead, f.newHead = f.newHead, f.oldHead
	f.created, f.deleted = f.deleted, f.created
	f.renameFrom, f.renameTo = f.renameTo, f.renameFrom
	for _, h := range f.hunks {
		h.swap()
	}
}

// find settles which file is patched; ok is false where the patch is skipped.
func (j *job) find() (ok bool, err error) {
	j.name = j.target
	if j.name == "" {
		j.name = j.choose()
	}
	if j.name == "" {
		return false, j.notFound()
	}
	j.out = j.name
	switch {
	case j.output != "":
		j.out = j.output
	case j.f.renameTo != "" && j.target == "":
		j.out = j.stripped(j.addPrefix(j.f.renameTo))
	}
	return true, nil
}

// addPrefix gives a name of git's extended headers the piece that -p1 takes
// off those of the others.
func (j *job) addPrefix(name string) string { return "b/" + name }

// choose picks the name among those that the patch gives: of files that are
// there the one with the fewest directories, else of one to be made.
func (j *job) choose() string {
	var names []string
	from := j.f.renameFrom
	if from != "" {
		names = append(names, j.stripped(j.addPrefix(from)))
	} else {
		for _, name := range []string{j.f.old, j.f.new, j.f.index} {
			if name != "" && name != "/dev/null" {
				if s := j.stripped(name); s != "" && safe(s) {
					names = append(names, s)
				}
			}
		}
	}
	best := ""
	for _, name := range names {
		if _, err := j.x.Stat(name); err == nil && (best == "" || better(name, best)) {
			best = name
		}
	}
	if best == "" && j.f.created && len(names) > 0 {
		best = names[len(names)-1]
		if j.f.index != "" && len(names) > 1 {
			best = names[len(names)-2]
		}
	}
	return best
}

// safe refuses names that lead out of the directory.
func safe(name string) bool {
	if path.IsAbs(name) {
		return false
	}
	for piece := range strings.SplitSeq(name, "/") {
		if piece == ".." {
			return false
		}
	}
	return true
}

func better(a, b string) bool {
	if x, y := strings.Count(a, "/"), strings.Count(b, "/"); x != y {
		return x < y
	}
	if x, y := len(path.Base(a)), len(path.Base(b)); x != y {
		return x < y
	}
	return len(a) < len(b)
}

// stripped takes the leading pieces off a name.
func (j *job) stripped(name string) string {
	if j.strip < 0 {
		return path.Base(name)
	}
	for range j.strip {
		i := strings.IndexByte(name, '/')
		if i < 0 {
			return ""
		}
		name = strings.TrimLeft(name[i:], "/")
	}
	return name
}

func (j *job) notFound() error {
	j.failed = true
	if j.quiet && (j.force || j.batch) {
		return nil
	}
	j.say("can't find file to patch at input line %d\n", j.f.firstLine)
	if j.strip < 0 {
		j.say("Perhaps you should have used the -p or --strip option?\n")
	} else {
		j.say("Perhaps you used the wrong -p or --strip option?\n")
	}
	j.leading()
	if j.force || j.batch {
		j.say("No file to patch.  Skipping patch.\n")
	} else {
		j.say("File to patch: \nSkip this patch? [y] \nSkipping patch.\n")
	}
	j.say("%s ignored\n", outOf(len(j.f.hunks), len(j.f.hunks)))
	return nil
}

func (j *job) leading() {
	j.say("The text leading up to this was:\n--------------------------\n")
	for _, l := range j.f.leading {
		j.say("|%s\n", l)
	}
	j.say("--------------------------\n")
}

func outOf(n, all int) string {
	s := "hunks"
	if all == 1 {
		s = "hunk"
	}
	return fmt.Sprintf("%d out of %d %s", n, all, s)
}

func (j *job) load() error {
	info, err := j.x.Stat(j.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		j.content = newContent("")
	case err != nil:
		return j.fatal("Can't find file %s : %s", j.name, tool.ErrText(err))
	case info.IsDir():
		return j.fatal("File %s is not a regular file -- can't patch", j.name)
	default:
		j.exists, j.info = true, info
		data, err := j.x.ReadFile(j.name, tool.MaxHeld)
		if err != nil {
			return j.fatal("Can't open file %s : %s", j.name, tool.ErrText(err))
		}
		j.original = string(data)
		j.content = newContent(j.original)
	}
	j.content.blanks = j.blanks
	return nil
}

func (j *job) announce() {
	if j.quiet {
		return
	}
	if j.verbose {
		j.say("Hmm...  Looks like a %s diff to me...\n", j.f.format)
		j.leading()
	}
	verb := "patching"
	if j.dryRun {
		verb = "checking"
	}
	what := tool.QuoteName(j.out, tool.QuoteShell, "")
	switch {
	case j.output != "":
		what += " (read from " + j.name + ")"
	case j.out != j.name:
		what += " (renamed from " + j.name + ")"
	}
	j.say("%s file %s\n", verb, what)
}

// hunk applies one hunk.
func (j *job) hunk(n int, h *hunk) {
	where, fuzz := -1, 0
	if !j.skipRest {
		before, behind := h.around()
		most := min(j.fuzz, max(before, behind))
		for ; fuzz <= most; fuzz++ {
			where = j.content.locate(h, fuzz)
			if where < 0 && n == 1 && fuzz == 0 && !j.force && j.reverse == j.options.reverse {
				where = j.tryReversed(h)
			}
			if where >= 0 || j.skipRest {
				break
			}
		}
	}
	if where < 0 {
		j.mismatch = j.mismatch || !j.skipRest
		j.rejected = append(j.rejected, h)
		if !j.skipRest {
			j.say("Hunk #%d FAILED at %d.\n", n, h.oldStart+j.shift())
		}
		return
	}
	at := where + 1 + j.shift()
	j.content.apply(h, where)
	j.mismatch = j.mismatch || fuzz > 0 || j.content.offset != 0
	if !j.quiet && (j.verbose || fuzz > 0 || j.content.offset != 0) {
		j.succeeded(n, at, fuzz)
	}
}

// shift is how many lines the output is ahead of the input.
func (j *job) shift() int { return len(j.content.out) - j.content.next }

func (j *job) succeeded(n, at, fuzz int) {
	j.say("Hunk #%d succeeded at %d", n, at)
	if fuzz > 0 {
		j.say(" with fuzz %d", fuzz)
	}
	if off := j.content.offset; off != 0 {
		s := "s"
		if off == 1 {
			s = ""
		}
		j.say(" (offset %d line%s)", off, s)
	}
	j.say(".\n")
}

// tryReversed sees whether the first hunk fits in reverse, and what is to be
// done then: all of the patch is reversed, or skipped.
func (j *job) tryReversed(h *hunk) int {
	h.swap()
	where := j.content.locate(h, 0)
	h.swap()
	if where < 0 {
		return -1
	}
	kind := "Reversed (or previously applied)"
	if j.reverse {
		kind = "Unreversed"
	}
	j.say("%s patch detected!  ", kind)
	switch {
	case j.forward:
		j.say("Skipping patch.\n")
	case j.batch:
		j.say("%s -R.\n", map[bool]string{false: "Assuming", true: "Ignoring"}[j.reverse])
		j.reverse = !j.reverse
		j.mismatch = true
		j.f.turn()
		return where
	default:
		j.say("%s -R? [n] \nApply anyway? [n] \nSkipping patch.\n", map[bool]string{false: "Assume", true: "Ignore"}[j.reverse])
	}
	j.skipRest = true
	return -1
}
