package shell

import (
	"slices"
	"strings"
)

// options are the options of set.
type options struct {
	allexport, braceexpand, emacs, errexit, errtrace, functrace, hashall, histexpand, history,
	ignoreeof, interactiveComments, keyword, monitor, noclobber, noexec, noglob, nolog, notify,
	nounset, onecmd, physical, pipefail, posix, privileged, verbose, vi, xtrace bool
	command, stdin, interactive bool // -c, -s and -i, seen in $-
}

func defaultOptions() options {
	return options{braceexpand: true, hashall: true, interactiveComments: true}
}

// setOption is one option of set: its name, its letter (0 if it has none) and
// its place.
type setOption struct {
	name   string
	letter byte
	at     func(*options) *bool
}

// setOptions are sorted by name.
func setOptions() []setOption {
	return []setOption{
		{"allexport", 'a', func(o *options) *bool { return &o.allexport }},
		{"braceexpand", 'B', func(o *options) *bool { return &o.braceexpand }},
		{"emacs", 0, func(o *options) *bool { return &o.emacs }},
		{"errexit", 'e', func(o *options) *bool { return &o.errexit }},
		{"errtrace", 'E', func(o *options) *bool { return &o.errtrace }},
		{"functrace", 'T', func(o *options) *bool { return &o.functrace }},
		{"hashall", 'h', func(o *options) *bool { return &o.hashall }},
		{"histexpand", 'H', func(o *options) *bool { return &o.histexpand }},
		{"history", 0, func(o *options) *bool { return &o.history }},
		{"ignoreeof", 0, func(o *options) *bool { return &o.ignoreeof }},
		{"interactive-comments", 0, func(o *options) *bool { return &o.interactiveComments }},
		{"keyword", 'k', func(o *options) *bool { return &o.keyword }},
		{"monitor", 'm', func(o *options) *bool { return &o.monitor }},
		{"noclobber", 'C', func(o *options) *bool { return &o.noclobber }},
		{"noexec", 'n', func(o *options) *bool { return &o.noexec }},
		{"noglob", 'f', func(o *options) *bool { return &o.noglob }},
		{"nolog", 0, func(o *options) *bool { return &o.nolog }},
		{"notify", 'b', func(o *options) *bool { return &o.notify }},
		{"nounset", 'u', func(o *options) *bool { return &o.nounset }},
		{"onecmd", 't', func(o *options) *bool { return &o.onecmd }},
		{"physical", 'P', func(o *options) *bool { return &o.physical }},
		{"pipefail", 0, func(o *options) *bool { return &o.pipefail }},
		{"posix", 0, func(o *options) *bool { return &o.posix }},
		{"privileged", 'p', func(o *options) *bool { return &o.privileged }},
		{"verbose", 'v', func(o *options) *bool { return &o.verbose }},
		{"vi", 0, func(o *options) *bool { return &o.vi }},
		{"xtrace", 'x', func(o *options) *bool { return &o.xtrace }},
	}
}

// optionByName finds the switch of a set -o name, nil if there is none.
func (o *options) byName(name string) *bool {
	for _, s := range setOptions() {
		if s.name == name {
			return s.at(o)
		}
	}
	return nil
}

func (o *options) byLetter(c byte) *bool {
	for _, s := range setOptions() {
		if s.letter == c {
			return s.at(o)
		}
	}
	return nil
}

// letters is the value of $-.
func (o *options) letters() string {
	var b strings.Builder
	for _, c := range []byte("abefhikmnprtuvxBCEHPT") {
		if c == 'i' && o.interactive {
			b.WriteByte(c)
		} else if p := o.byLetter(c); p != nil && *p && c != 'i' {
			b.WriteByte(c)
		}
	}
	if o.command {
		b.WriteByte('c')
	}
	if o.stdin {
		b.WriteByte('s')
	}
	return b.String()
}

// names is the value of SHELLOPTS.
func (o *options) names() string {
	var on []string
	for _, s := range setOptions() {
		if *s.at(o) {
			on = append(on, s.name)
		}
	}
	return strings.Join(on, ":")
}

// shopts is the set of options of shopt that are on, by their place in
// shoptNames.
type shopts [2]uint64

// shoptNames are sorted, as shopt prints them.
var shoptNames = [...]string{"autocd", "assoc_expand_once", "cdable_vars", "cdspell", "checkhash", "checkjobs", "checkwinsize",
	"cmdhist", "compat31", "compat32", "compat40", "compat41", "compat42", "compat43", "compat44", "complete_fullquote",
	"direxpand", "dirspell", "dotglob", "execfail", "expand_aliases", "extdebug", "extglob", "extquote", "failglob",
	"force_fignore", "globasciiranges", "globskipdots", "globstar", "gnu_errfmt", "histappend", "histreedit", "histverify",
	"hostcomplete", "huponexit", "inherit_errexit", "interactive_comments", "lastpipe", "lithist", "localvar_inherit",
	"localvar_unset", "login_shell", "mailwarn", "no_empty_cmd_completion", "nocaseglob", "nocasematch",
	"noexpand_translation", "nullglob", "patsub_replacement", "progcomp", "progcomp_alias", "promptvars",
	"restricted_shell", "shift_verbose", "sourcepath", "varredir_close", "xpg_echo"}

// Places in shoptNames of the options that the shell acts on.
const (
	shAssocExpandOnce = 1
	shCmdhist         = 7
	shDotglob         = 18
	shExecfail        = 19
	shExpandAliases   = 20
	shExtdebug        = 21
	shExtglob         = 22
	shFailglob        = 24
	shGlobskipdots    = 27
	shGlobstar        = 28
	shInheritErrexit  = 35
	shLastpipe        = 37
	shLithist         = 38
	shLocalvarInherit = 39
	shLocalvarUnset   = 40
	shNocaseglob      = 44
	shNocasematch     = 45
	shNullglob        = 47
	shPatsubRepl      = 48
	shShiftVerbose    = 53
	shSourcepath      = 54
	shVarredirClose   = 55
	shXpgEcho         = 56
)

func defaultShopts() shopts {
	var s shopts
	for _, name := range []string{"checkwinsize", "cmdhist", "complete_fullquote", "extquote", "force_fignore",
		"globasciiranges", "globskipdots", "hostcomplete", "interactive_comments", "patsub_replacement", "progcomp",
		"promptvars", "sourcepath"} {
		s.set(slices.Index(shoptNames[:], name), true)
	}
	return s
}

func (s *shopts) get(n int) bool { return s[n>>6]>>(n&63)&1 != 0 }

func (s *shopts) set(n int, on bool) {
	s[n>>6] &^= 1 << (n & 63)
	if on {
		s[n>>6] |= 1 << (n & 63)
	}
}

// names is the value of BASHOPTS.
func (s *shopts) names() string {
	var on []string
	for n, name := range shoptNames {
		if s.get(n) {
			on = append(on, name)
		}
	}
	return strings.Join(on, ":")
}

func (sh *Shell) shopt(n int) bool { return sh.shopts.get(n) }

// setShopt switches an option by name; false if there is none.
func (sh *Shell) setShopt(name string, on bool) bool {
	n := slices.Index(shoptNames[:], name)
	if n < 0 {
		return false
	}
	sh.shopts.set(n, on)
	return true
}
