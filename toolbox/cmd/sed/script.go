package sed

import "agentsandbox/toolbox/regex"

// program is a parsed script.
type program struct {
	cmds  []*command
	files []string // that w writes, in the order in which they are met
}

// command is one command with its addresses. Braces are jumps: "{" to behind
// its "}" where it does not apply.
type command struct {
	from, to *address
	negate   bool
	name     byte

	text   []byte // a, i, c
	label  string // b, t, T, :
	number int    // l, q, Q; negative if not given
	file   string // r, R, w, W
	shell  string // e
	target int    // b, t, T, {
	subst  *subst
	y      *transliteration

	state rangeState
	end   int // last line of the range, where it is a number
}

// rangeState is where a command with two addresses stands.
type rangeState uint8

const (
	inactive rangeState = iota
	active
	closed
)

// addrKind is the kind of an address.
type addrKind uint8

const (
	addrLine  addrKind = iota // line n
	addrStep                  // line n and every step lines from there
	addrLast                  // $
	addrRegex                 // /re/
	addrPlus                  // ,+n
	addrMulti                 // ,~n
	addrZero                  // 0,/re/
)

type address struct {
	kind    addrKind
	n, step int
	re      *pattern
}

// pattern is a regular expression; re is nil for the empty one, which stands
// for the one that was used last.
type pattern struct {
	re     *regex.Regexp
	src    string // as regex takes it
	syntax regex.Syntax
	flags  regex.Flags
}

// subst is what s has to do.
type subst struct {
	re     *pattern
	parts  []part
	groups int  // highest that is referred to
	cased  bool // parts change the case of letters
	global bool
	print  int // how often
	eval   bool
	number int
	file   string
}

// part is a piece of a replacement: text, or a group if group >= 0.
type part struct {
	change caseChange // before it
	group  int
	text   []byte
}

// caseChange is what \U and its kin do: bits, for \u\L is both.
type caseChange uint8

const (
	upperAll caseChange = 1 << iota
	lowerAll
	upperOne
	lowerOne
	endCase
)
