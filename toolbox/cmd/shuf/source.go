package shuf

import "io"

// source makes random numbers from random bytes. It uses them as coreutils
// does, so that a given file makes the same choices: what is random in a
// number beyond what was asked for is kept for the next.
type source struct {
	r    io.Reader
	name string // of the file, "" for the system's

	num, max uint64 // num is random from 0 to max
}

// choose returns a number below choices, which is not 0.
func (s *source) choose(choices uint64) (uint64, error) {
	want := choices - 1
	for {
		if err := s.fill(want); err != nil {
			return 0, err
		}
		if s.max == want {
			n := s.num
			s.num, s.max = 0, 0
			return n, nil
		}
		// Those at the top that make no whole round of the choices would
		// favour some of them.
		over := s.max - want
		unusable := over % choices
		n := s.num % choices
		if s.num <= s.max-unusable {
			s.num, s.max = s.num/choices, over/choices
			return n, nil
		}
		s.num, s.max = n, unusable-1
	}
}

// fill reads bytes until the number may be as large as want.
func (s *source) fill(want uint64) error {
	for s.max < want {
		var b [1]byte
		if _, err := io.ReadFull(s.r, b[:]); err != nil {
			return err
		}
		s.num = s.num<<8 | uint64(b[0])
		s.max = s.max<<8 | 0xff
	}
	return nil
}
