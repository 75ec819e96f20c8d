// Package regex matches the regular expressions of the tools: POSIX basic and
// extended in GNU's flavour, awk's, Perl's, and plain strings.
//
// All of them are parsed to one tree and compiled to one byte-oriented
// program, so that text needs not be valid UTF-8: a byte that is no part of a
// character is matched by nothing but itself. Matching runs on a lazily built
// DFA in linear time; sub-matches are found afterwards within the bounds of
// the match. Only patterns with back-references, lookaround or atomic groups
// need the backtracking matcher, which stops with [ErrBudget] after a fixed
// number of steps (THREAT[SH-09]).
//
// POSIX patterns match leftmost-longest; among the ways to reach that match
// the sub-matches are those that a backtracking search finds first, which is
// also what glibc reports. Perl patterns match leftmost-first.
package regex

import (
	"errors"

	"agentsandbox/toolbox/sweep"
)

// Syntax is the language of a pattern.
type Syntax uint8

// The languages.
const (
	BRE      Syntax = iota // POSIX basic as regcomp takes it: sed
	ERE                    // POSIX extended as regcomp takes it: bash, find
	SedERE                 // ERE in which an unmatched ")" is an error: sed -E
	GrepBRE                // basic as grep takes it
	GrepERE                // extended as grep -E takes it
	Awk                    // extended, with awk's escapes
	Emacs                  // find's default
	Perl                   // as PCRE, without recursion and conditions
	Fixed                  // the string itself
	LooseBRE               // basic in which a repetition may be repeated: expr, nl
)

// Flags alter how a pattern matches.
type Flags uint16

// The flags.
const (
	// IgnoreCase makes letters match either case.
	IgnoreCase Flags = 1 << iota
	// Multiline lets ^ and $ match around each newline.
	Multiline
	// Lines says that the text is many lines of which each is matched by
	// itself: Multiline, and nothing matches a newline.
	Lines
	// Word demands that a match has no word character beside it.
	Word
	// Whole demands that a match is all of the text (of the line).
	Whole
	// Anchored demands that a match starts where the search starts.
	Anchored
	// Bytes takes every byte as a character, as in the C locale.
	Bytes
	// Unicode lets Perl's \w, \d, \s, \b know more than ASCII.
	Unicode
	// DotAll lets Perl's dot match a newline.
	DotAll
	// Extended is Perl's x: white space and comments in the pattern are skipped.
	Extended
)

// ErrBudget is the error of a search that took more steps than allowed.
var ErrBudget = errors.New("exceeded the backtracking limit")

// Error is what is wrong with a pattern, in the words of regcomp (or PCRE).
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// Regexp is a compiled pattern. Its methods may be called from several
// goroutines, one at a time.
type Regexp struct {
	mu lock // guards the engines below

	tree     *node
	groups   int
	names    []string
	warnings []string
	flags    Flags
	longest  bool
	hard     bool // needs the backtracker
	keeps    bool // moves the start of the match (\K)
	loose    *Regexp

	literal  *sweep.Needle // the whole pattern is this string, if not nil
	required *sweep.Needle // every match holds this string, if not nil
	prefix   *sweep.Needle // every match begins with this string, if not nil
	width    int           // every match has this many bytes, if not 0
	one      *sweep.Table  // every match is one of these bytes, if not nil
	strikes  int           // how little the prefixes helped, see fromPrefix
	misses   int           // how little the required string helped, see scanLines

	fwd, rev                *prog
	exists, find, rfd, here *dfa
	single                  *onepass
	singleTried             bool
	bt                      *backtracker
	vm                      *pike
}

// Compile parses and compiles a pattern. The error is an [Error].
func Compile(pattern string, syntax Syntax, flags Flags) (*Regexp, error) {
	return CompileList([]string{pattern}, syntax, flags)
}

// CompileList compiles patterns any of which may match. Each has its own
// back-references; groups are numbered through.
func CompileList(patterns []string, syntax Syntax, flags Flags) (*Regexp, error) {
	if flags&Lines != 0 {
		flags |= Multiline
	}
	re := &Regexp{flags: flags, longest: syntax != Perl}
	tree, err := re.parse(patterns, syntax)
	if err != nil {
		return nil, err
	}
	re.tree = wrap(tree, flags)
	re.hard, re.keeps = re.tree.hard(), re.tree.keeps()
	if re.fwd, err = compile(re.tree, flags, re.groups, false, re.hard); err != nil {
		return nil, err
	}
	re.prefilter()
	return re, nil
}

func (re *Regexp) parse(patterns []string, syntax Syntax) (*node, error) {
	var subs []*node
	if syntax == Fixed {
		return fixedTree(patterns, re.flags), nil
	}
	for _, pattern := range patterns {
		p := parser{src: pattern, flags: re.flags, groups: re.groups, first: re.groups, names: re.names}
		n, err := p.parse(syntax)
		if err != nil {
			return nil, err
		}
		re.groups, re.names = p.groups, p.names
		re.warnings = append(re.warnings, p.warnings...)
		subs = append(subs, n)
	}
	return alternate(subs), nil
}

// wrap puts the conditions of the flags around a tree.
func wrap(n *node, flags Flags) *node {
	bol, eol := beginText, endText
	if flags&Lines != 0 {
		bol, eol = beginLine, endLine
	}
	if flags&Word != 0 {
		n = concat([]*node{assertion(notWordBefore), n, assertion(notWordAfter)})
	}
	if flags&Whole != 0 {
		n = concat([]*node{assertion(bol), n, assertion(eol)})
	}
	return n
}

// loosen makes the superset of a hard pattern that the DFA can run.
func (re *Regexp) loosen() {
	loose := &Regexp{flags: re.flags, longest: true, tree: re.tree.loosen()}
	var err error
	if loose.fwd, err = compile(loose.tree, loose.flags, 0, false, false); err == nil {
		loose.required = re.required
		re.loose = loose
	}
}

// Groups returns the number of parenthesised groups.
func (re *Regexp) Groups() int { return re.groups }

// Names returns the names of the groups, "" for one without, from group 1 on;
// it may be shorter than Groups.
func (re *Regexp) Names() []string { return re.names }

// Warnings returns what is odd about the pattern but no error, in GNU's words.
func (re *Regexp) Warnings() []string { return re.warnings }

// Linear reports whether a search takes linear time and never ends with ErrBudget.
func (re *Regexp) Linear() bool { return !re.hard }
