package rg

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// types are the kinds of files, and which of them are wanted.
type types struct {
	globs   map[string][]string
	chosen  []glob
	avoided []glob
}

// knownTypes are the types that one can ask for, with their globs.
const knownTypes = `
asm *.asm *.S *.s
awk *.awk
bazel *.bazel *.bzl *.BUILD *.bazelrc BUILD MODULE.bazel WORKSPACE WORKSPACE.bazel
c *.[chH] *.[chH].in *.cats
cmake *.cmake CMakeLists.txt
config *.cfg *.conf *.config *.ini
cpp *.[ChH] *.[ChH].in *.[ch]pp *.[ch]pp.in *.[ch]xx *.[ch]xx.in *.cc *.cc.in *.hh *.hh.in *.inl
cs *.cs
css *.css *.scss
csv *.csv
dart *.dart
diff *.patch *.diff
docker *Dockerfile*
elixir *.ex *.eex *.exs
erlang *.erl *.hrl
fish *.fish
go *.go
gradle *.gradle
graphql *.graphql *.graphqls
groovy *.groovy *.gradle
h *.h *.hh *.hpp
haskell *.hs *.lhs
html *.htm *.html *.ejs
java *.java *.jsp *.jspx *.properties
jinja *.j2 *.jinja *.jinja2
js *.js *.jsx *.vue *.cjs *.mjs
json *.json composer.lock
jsonl *.jsonl
jupyter *.ipynb *.jpynb
kotlin *.kt *.kts
less *.less
license *COPYING* *LICENSE* *NOTICE* *UNLICENSE*
lock *.lock package-lock.json
log *.log
lua *.lua
make *.mak *.mk GNUmakefile Makefile gnumakefile makefile [Mm]akefile
markdown *.markdown *.md *.mdown *.mkd *.mkdn *.mdx
md *.markdown *.md *.mdown *.mkd *.mkdn *.mdx
nix *.nix
objc *.h *.m
ocaml *.ml *.mli *.mll *.mly
perl *.perl *.pl *.PL *.plh *.plx *.pm *.t
php *.php *.php3 *.php4 *.php5 *.phtml
protobuf *.proto
ps *.cdxml *.ps1 *.ps1xml *.psd1 *.psm1
py *.py
r *.R *.r *.Rmd *.Rnw
readme README* *README
rst *.rst
ruby *.gemspec *.rb *.rbw .irbrc Gemfile Rakefile config.ru
rust *.rs
sass *.sass *.scss
scala *.scala *.sbt
sh *.bash *.bashrc *.csh *.cshrc *.ksh *.kshrc *.sh *.tcsh *.zsh .bash_login .bash_logout .bash_profile .bashrc .cshrc .kshrc .login .logout .profile .tcshrc .zlogin .zlogout .zprofile .zshenv .zshrc bash_login bash_logout bash_profile bashrc profile zlogin zlogout zprofile zshenv zshrc
sql *.sql *.psql
svelte *.svelte
svg *.svg
swift *.swift
tcl *.tcl
tex *.tex *.ltx *.cls *.sty *.bib *.dtx *.ins
tf *.tf *.tfvars
toml *.toml Cargo.lock
ts *.ts *.tsx *.cts *.mts
txt *.txt
typescript *.ts *.tsx *.cts *.mts
vim *.vim .vimrc vimrc
vue *.vue
xml *.xml *.xsd *.xsl *.xslt *.dtd *.rng
yaml *.yaml *.yml
zig *.zig
zsh *.zsh .zshrc .zshenv .zlogin .zlogout .zprofile
`

func (t *types) load() {
	t.globs = map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(knownTypes)) {
		fields := strings.Fields(line)
		t.globs[fields[0]] = fields[1:]
	}
}

// define adds a type from "name:glob" or "name:include:other,…".
func (t *types) define(spec string) error {
	name, glob, ok := strings.Cut(spec, ":")
	if !ok || name == "" {
		return errors.New("invalid definition (format is type:glob, e.g., html:*.html)")
	}
	if others, ok := strings.CutPrefix(glob, "include:"); ok {
		for _, other := range strings.Split(others, ",") {
			t.globs[name] = append(t.globs[name], t.globs[other]...)
		}
		return nil
	}
	t.globs[name] = append(t.globs[name], glob)
	return nil
}

// choose asks for a type, or against it.
func (t *types) choose(name string, want bool) error {
	patterns, ok := t.globs[name]
	if name == "all" {
		for _, p := range t.globs {
			patterns = append(patterns, p...)
		}
	} else if !ok {
		return errors.New("unrecognized file type: " + name)
	}
	for _, p := range patterns {
		g, err := newGlob(p, false)
		if err != nil {
			return err
		}
		if want {
			t.chosen = append(t.chosen, g)
		} else {
			t.avoided = append(t.avoided, g)
		}
	}
	return nil
}

// decide says what the types make of the name of a file.
func (t *types) decide(base string) verdict {
	fits := func(g glob) bool { return g.matches(base, false) }
	switch {
	case slices.ContainsFunc(t.avoided, fits):
		return passOver
	case slices.ContainsFunc(t.chosen, fits):
		return search
	case t.chosen != nil:
		return passOver
	}
	return undecided
}

func (r *rg) listTypes() error {
	r.matched = true
	for _, name := range slices.Sorted(maps.Keys(r.types.globs)) {
		patterns := slices.Clone(r.types.globs[name])
		slices.Sort(patterns)
		r.out.WriteString(name + ": " + strings.Join(patterns, ", ") + "\n")
	}
	return nil
}
