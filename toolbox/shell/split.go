package shell

import (
	"strings"
	"unicode/utf8"
)

// ifsState is what word splitting wants to know of IFS. It does not change once
// it is made.
type ifsState struct {
	chars string
	set   bool
	wide  string     // its characters beyond ASCII
	class [256]uint8 // 0, ifsBlank or ifsOther
}

const (
	ifsBlank = 1 // IFS white space: runs of it are one separator
	ifsOther = 2
	ifsWide  = 3 // the first byte of a character beyond ASCII that may be in IFS
)

// classAt is the class of the character at s[i], and its length.
func (s *ifsState) classAt(text string, i int) (uint8, int) {
	c := s.class[text[i]]
	if c != ifsWide {
		return c, 1
	}
	_, n := utf8.DecodeRuneInString(text[i:])
	if n > 1 && strings.Contains(s.wide, text[i:i+n]) {
		return ifsOther, n
	}
	return 0, 1
}

// splitter returns the state of IFS.
func (sh *Shell) splitter() *ifsState {
	if sh.ifs == nil {
		s := &ifsState{}
		s.chars, s.set = sh.value("IFS")
		if !s.set {
			s.chars = " \t\n"
		}
		for i := 0; i < len(s.chars); i++ {
			c := s.chars[i]
			if c >= 0x80 {
				_, n := utf8.DecodeRuneInString(s.chars[i:])
				if n > 1 {
					s.wide += s.chars[i : i+n]
					s.class[c] = ifsWide
					i += n - 1
					continue
				}
			}
			s.class[c] = ifsOther
			if c == ' ' || c == '\t' || c == '\n' {
				s.class[c] = ifsBlank
			}
		}
		sh.ifs = s
	}
	return sh.ifs
}

// ifsFirst is what joins the elements of "$*".
func (sh *Shell) ifsFirst() string {
	s := sh.splitter()
	if s.chars == "" {
		return ""
	}
	if c := s.chars[0]; c < 0x80 {
		return s.chars[:1]
	}
	for i := range s.chars {
		if i > 0 {
			return s.chars[:i]
		}
	}
	return s.chars
}

// separate ends a field at a character of IFS.
func (e *expander) separate(class uint8) {
	switch {
	case e.started:
		e.finish()
		e.sep = class
	case class == ifsBlank:
	case e.sep == ifsBlank:
		// The white space before this character belongs to it.
		e.sep = ifsOther
	default:
		e.started = true
		e.finish()
		e.sep = ifsOther
	}
}

// breakField separates two elements of a list: by fields, or by a space where
// words are not split.
func (e *expander) breakField(quoted bool) {
	switch {
	case !e.split:
		e.add(" ", true)
	case quoted:
		e.started = true
		e.finish()
	default:
		e.breakUnquoted()
	}
}

// breakUnquoted separates two elements of an unquoted list as if the first
// character of IFS stood between them.
func (e *expander) breakUnquoted() {
	ifs := e.sh.splitter()
	if ifs.chars == "" {
		e.finish()
		e.sep = ifsBlank
		return
	}
	class, _ := ifs.classAt(ifs.chars, 0)
	e.separate(class)
}
