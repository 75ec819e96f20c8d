package regex

import "unsafe"

// The methods below are Match, FindIndex and Find for a string.

// MatchString reports whether the text holds a match.
func (re *Regexp) MatchString(s string) (bool, error) { return re.Match(view(s)) }

// FindStringIndex returns the bounds of a match, as FindIndex.
func (re *Regexp) FindStringIndex(s string, from int) (start, end int, err error) {
	return re.FindIndex(view(s), from)
}

// FindString returns the bounds of a match and its groups, as Find.
func (re *Regexp) FindString(dst []int, s string, from int) ([]int, error) {
	return re.Find(dst, view(s), from)
}

// view is the bytes of a string, not to be written. No engine keeps them
// beyond the search.
func view(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
