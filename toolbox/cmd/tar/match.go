package tar

import (
	"strings"

	"agentsandbox/toolbox/shell/pattern"
	"agentsandbox/toolbox/tool"
)

// exclude is a pattern of names that are passed over.
type exclude struct {
	pattern  *pattern.Pattern
	pieces   []*pattern.Pattern // of a pattern whose wildcards don't match /
	text     string             // as it stands, if it is no pattern
	anchored bool
	fold     bool // of text
}

func newExclude(text string, plain, anchored, slashless, fold bool) exclude {
	text = strings.TrimRight(text, "/")
	e := exclude{text: text, anchored: anchored, fold: fold}
	if !plain && pattern.Has(text, false) {
		flags := pattern.Flags(0)
		if fold {
			flags = pattern.Fold
		}
		e.pattern = pattern.Compile(text, flags)
		if slashless {
			for piece := range strings.SplitSeq(text, "/") {
				e.pieces = append(e.pieces, pattern.Compile(piece, flags))
			}
		}
	} else if !plain {
		e.text = strings.NewReplacer(`\\`, `\`, `\`, "").Replace(text)
	}
	return e
}

// exclude adds a pattern, read as the options before it say.
func (o *options) exclude(text string) {
	o.excludes = append(o.excludes, newExclude(text, o.plainExclude, o.anchored, o.slashless, o.ignoreCase))
}

// vcsNames are what --exclude-vcs passes over.
var vcsNames = []string{"CVS", ".cvsignore", "RCS", "SCCS", ".svn", ".git", ".gitignore", ".gitattributes", ".gitmodules",
	".arch-ids", "{arch}", "=RELEASE-ID", "=meta-update", "=update", ".bzr", ".bzrignore", ".bzrtags", ".hg", ".hgignore",
	".hgtags", "_darcs"}

// match reports whether a name, or a directory above it, matches.
func (e exclude) match(name string) bool {
	name = strings.TrimRight(name, "/")
	for from := 0; ; {
		if e.matchAt(name[from:]) {
			return true
		}
		next := strings.IndexByte(name[from:], '/')
		if e.anchored || next < 0 {
			return false
		}
		from += next + 1
	}
}

// matchAt matches the whole of s, or what stands before one of its slashes.
func (e exclude) matchAt(s string) bool {
	for end := len(s); end > 0; end = strings.LastIndexByte(s[:end], '/') {
		if e.matchWhole(s[:end]) {
			return true
		}
	}
	return false
}

func (e exclude) matchWhole(s string) bool {
	if e.pattern == nil {
		return s == e.text || e.fold && strings.EqualFold(s, e.text)
	}
	if e.pieces == nil {
		return e.pattern.Match(s)
	}
	pieces := strings.Split(s, "/")
	if len(pieces) != len(e.pieces) {
		return false
	}
	for i, p := range e.pieces {
		if !p.Match(pieces[i]) {
			return false
		}
	}
	return true
}

// excluded reports whether a name is passed over.
func (o *options) excluded(name string) bool {
	for _, e := range o.excludes {
		if e.match(name) {
			return true
		}
	}
	return false
}

// wanted finds the operand that names a member, and reports whether there is
// one. Without operands all are wanted.
func (o *options) wanted(name string) (dir string, ok bool) {
	if len(o.operands) == 0 {
		return o.dir, true
	}
	name = strings.TrimRight(name, "/")
	for i := range o.operands {
		op := &o.operands[i]
		if o.names(op.name, name) {
			op.found = true
			return op.dir, true
		}
	}
	return "", false
}

// names reports whether an operand means a member or a directory above it.
func (o *options) names(operand, name string) bool {
	operand = strings.TrimRight(operand, "/")
	if o.wildcards && pattern.Has(operand, false) {
		return newExclude(operand, false, true, o.slashless, o.ignoreCase).match(name)
	}
	if o.ignoreCase {
		operand, name = strings.ToLower(operand), strings.ToLower(name)
	}
	rest, ok := strings.CutPrefix(name, operand)
	return ok && (rest == "" || rest[0] == '/')
}

// missing reports the operands that no member answered to.
func (t *runner) missing() {
	for _, op := range t.operands {
		if !op.found {
			if !t.wildcards && pattern.Has(op.name, false) {
				t.once("Pattern matching characters used in file names")
				t.once("Use --wildcards to enable pattern matching, or --no-wildcards to suppress this warning")
			}
			t.fail("%s: Not found in archive", quoteColon(op.name))
		}
	}
}

// kind says what a name is the name of.
type kind int

const (
	ofMember kind = iota
	ofLink
	ofSymlink
)

// stored is the name that a file gets in the archive.
func (t *runner) stored(name string, k kind) string {
	if k != ofSymlink && !t.absolute {
		name = t.safer(name, k)
	}
	return t.transform(name, k)
}

// placed is the name that a member gets in the file system: transformed, and
// without what would lead out of the directory (THREAT[AR-01]). ok is false
// where nothing is left of it.
func (t *runner) placed(name string, k kind) (string, bool) {
	name = t.transform(name, k)
	if k == ofSymlink {
		return name, true
	}
	if !t.absolute {
		name = t.safer(name, k)
	}
	if t.strip == 0 {
		return name, true
	}
	return stripComponents(name, t.strip)
}

func (t *runner) transform(name string, k kind) string {
	for _, tr := range t.transforms {
		if tr.kinds[k] {
			name = tr.apply(name)
		}
	}
	return name
}

// safer takes off what leads to the root or above the directory.
func (t *runner) safer(name string, k kind) string {
	from := 0
	for i := 0; i < len(name); {
		end := i + strings.IndexByte(name[i:], '/')
		if end < i {
			end = len(name)
		}
		if name[i:end] == ".." {
			from = min(end+1, len(name))
		}
		i = end + 1
	}
	for from < len(name) && name[from] == '/' {
		from++
	}
	prefix := name[:from]
	if prefix != "" && prefix != ".." {
		what := "member names"
		if k == ofLink {
			what = "hard link targets"
		}
		t.once("Removing leading `" + prefix + "' from " + what)
	}
	rest := name[from:]
	if rest == "" {
		if prefix == "" {
			t.once("Substituting `.' for empty member name")
		}
		rest = "."
		if strings.HasSuffix(name, "/") {
			rest = "./"
		}
	}
	return rest
}

// once warns of one thing one time.
func (t *runner) once(text string) {
	if !t.removed[text] {
		t.removed[text] = true
		t.warn("%s", text)
	}
}

// stripComponents takes n directories off the front; ok is false where nothing is left.
func stripComponents(name string, n int) (string, bool) {
	rest := strings.TrimLeft(name, "/")
	for range n {
		_, after, found := strings.Cut(rest, "/")
		if !found {
			return "", false
		}
		rest = strings.TrimLeft(after, "/")
	}
	return rest, rest != ""
}

// below puts a name into a directory, if it is relative.
func below(dir, name string) string {
	if dir == "" || strings.HasPrefix(name, "/") {
		return name
	}
	return tool.Join(dir, name)
}
