// Package tabs holds tab stops as expand and unexpand take them.
package tabs

import (
	"errors"
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Stops is a list of tab stops. The zero value has one every 8 columns.
type Stops struct {
	list   []int
	repeat int // "/N" at the end: then at multiples of N
	step   int // "+N" at the end: then every N columns from the last
}

// Add reads a list of stops: numbers with commas or blanks between them.
func (s *Stops) Add(list string) error {
	for item := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if err := s.item(item); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stops) item(item string) error {
	mark := item[0]
	digits := item
	if mark == '/' || mark == '+' {
		digits = item[1:]
	}
	rest := strings.TrimLeft(digits, "0123456789")
	switch {
	case rest != "" && (rest[0] == '/' || rest[0] == '+'):
		return fmt.Errorf("'%c' specifier not at start of number: %s", rest[0], tool.QuoteText(rest))
	case rest != "":
		return fmt.Errorf("tab size contains invalid character(s): %s", tool.QuoteText(rest))
	case digits == "":
		return nil
	}
	n, err := tool.ParseSize(digits, "")
	if err != nil || n > 1<<40 {
		return fmt.Errorf("tab stop is too large %s", tool.QuoteText(digits))
	}
	return s.add(mark, int(n))
}

func (s *Stops) add(mark byte, n int) error {
	switch {
	case s.repeat > 0:
		return errors.New("'/' specifier only allowed with the last value")
	case s.step > 0:
		return errors.New("'+' specifier only allowed with the last value")
	case mark == '/':
		s.repeat = n
	case mark == '+':
		s.step = n
	default:
		s.list = append(s.list, n)
	}
	return nil
}

// Check refuses stops that are not in order. Call it when all are added.
func (s *Stops) Check() error {
	last := 0
	for _, n := range s.list {
		if n == 0 {
			return errors.New("tab size cannot be 0")
		}
		if n <= last {
			return errors.New("tab sizes must be ascending")
		}
		last = n
	}
	return nil
}

// Next is the first stop behind column, which counts from 0; ok is false if
// there is none.
func (s *Stops) Next(column int) (stop int, ok bool) {
	size := 8
	switch {
	case len(s.list) == 0 && s.repeat > 0:
		size = s.repeat
	case len(s.list) == 0 && s.step > 0:
		size = s.step
	case len(s.list) == 1 && s.repeat == 0 && s.step == 0:
		size = s.list[0]
	case len(s.list) > 0:
		return s.behind(column)
	}
	return column + size - column%size, true
}

func (s *Stops) behind(column int) (int, bool) {
	for _, n := range s.list {
		if n > column {
			return n, true
		}
	}
	switch last := s.list[len(s.list)-1]; {
	case s.repeat > 0:
		return column + s.repeat - column%s.repeat, true
	case s.step > 0:
		return column + s.step - (column-last)%s.step, true
	}
	return 0, false
}

// Legacy takes the old form of the option, -N[,N]..., and reports whether it
// did. The error of a bad list is left for Check's place.
func (s *Stops) Legacy(arg string) bool {
	if arg[0] != '-' || strings.Trim(arg[1:], "0123456789,") != "" {
		return false
	}
	return s.Add(arg[1:]) == nil
}
