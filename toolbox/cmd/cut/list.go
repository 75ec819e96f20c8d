package cut

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"agentsandbox/toolbox/tool"
)

// endless is the end of a range without one.
const endless = math.MaxInt

// list reads a LIST.
type list struct {
	fields bool // of fields, not bytes: the messages differ
	ranges []span
}

// parseList reads s as ranges, sorted, those that overlap joined.
func parseList(s string, fields bool) ([]span, error) {
	l := list{fields: fields}
	for {
		n := strings.IndexAny(s, ", \t")
		item := s
		if n >= 0 {
			item = s[:n]
		}
		if err := l.add(item, s); err != nil {
			return nil, err
		}
		if n < 0 {
			return merge(l.ranges), nil
		}
		s = s[n+1:]
	}
}

// add reads one range; rest is the list from it on.
func (l *list) add(item, rest string) error {
	loText, hiText, dash := strings.Cut(item, "-")
	lo, err := l.number(loText, rest)
	if err != nil {
		return err
	}
	if !dash {
		if lo == 0 {
			return l.fromOne()
		}
		l.ranges = append(l.ranges, span{lo, lo})
		return nil
	}
	if loText != "" && lo == 0 {
		return l.fromOne()
	}
	if strings.Contains(strings.TrimLeft(hiText, "0123456789"), "-") {
		return l.pick("invalid field range", "invalid byte or character range")
	}
	hi, err := l.number(hiText, rest[len(loText)+1:])
	switch {
	case err != nil:
		return err
	case loText == "" && hiText == "":
		return errors.New("invalid range with no endpoint: -")
	case loText == "":
		lo = 1
	}
	if hiText == "" {
		hi = endless
	}
	if hi < lo {
		return errors.New("invalid decreasing range")
	}
	l.ranges = append(l.ranges, span{lo, hi})
	return nil
}

// number reads the digits that are text; rest goes on to the end of the list.
func (l *list) number(text, rest string) (int, error) {
	if bad := strings.TrimLeft(text, "0123456789"); bad != "" {
		at := rest[len(text)-len(bad):]
		return 0, fmt.Errorf(l.text("invalid field value %s", "invalid byte/character position %s"), tool.QuoteText(at))
	}
	if text == "" {
		return 0, nil
	}
	n, err := tool.ParseSize(text, "")
	if err != nil || n == math.MaxUint64 {
		return 0, fmt.Errorf(l.text("field number %s is too large", "byte/character offset %s is too large"), tool.QuoteText(text))
	}
	return int(min(n, endless)), nil
}

func (l *list) fromOne() error {
	return l.pick("fields are numbered from 1", "byte/character positions are numbered from 1")
}

func (l *list) pick(fields, bytes string) error { return errors.New(l.text(fields, bytes)) }

func (l *list) text(fields, bytes string) string {
	if l.fields {
		return fields
	}
	return bytes
}

func merge(ranges []span) []span {
	slices.SortStableFunc(ranges, func(a, b span) int { return a.lo - b.lo })
	out := ranges[:1]
	for _, r := range ranges[1:] {
		last := &out[len(out)-1]
		if r.lo <= last.hi {
			last.hi = max(last.hi, r.hi)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// complementOf is what is in none of the ranges, which are merged.
func complementOf(ranges []span) []span {
	var out []span
	next := 1
	for _, r := range ranges {
		if r.lo > next {
			out = append(out, span{next, r.lo - 1})
		}
		if r.hi == endless {
			return out
		}
		next = r.hi + 1
	}
	return append(out, span{next, endless})
}
