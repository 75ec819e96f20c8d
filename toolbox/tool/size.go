package tool

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"agentsandbox/vfs"
)

// ParseSize reads a count that may carry a unit, as coreutils does: digits (or
// a unit alone, for one of it) and b (512), K M G T P E Z Y (powers of 1024,
// also KiB; kB, MB, … are powers of 1000). units lists the letters that are
// allowed. The error is EINVAL, or EOVERFLOW with the result at its maximum.
func ParseSize(s, units string) (uint64, error) {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	s = strings.TrimPrefix(s, "+")
	n, digits, over := leadingDigits(s)
	unit := s[digits:]
	if digits == 0 && (unit == "" || !strings.Contains(units, unit[:1])) {
		return 0, vfs.EINVAL
	}
	if digits == 0 {
		n = 1
	}
	if unit != "" {
		base, power, ok := parseUnit(unit, units)
		if !ok {
			return 0, vfs.EINVAL
		}
		for range power {
			hi, lo := bits.Mul64(n, base)
			over = over || hi != 0
			n = lo
		}
	}
	if over {
		return math.MaxUint64, vfs.EOVERFLOW
	}
	return n, nil
}

func leadingDigits(s string) (n uint64, digits int, over bool) {
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		hi, lo := bits.Mul64(n, 10)
		sum, carry := bits.Add64(lo, uint64(s[digits]-'0'), 0)
		over = over || hi != 0 || carry != 0
		n = sum
		digits++
	}
	return n, digits, over
}

// parseUnit reads a unit as base to the power.
func parseUnit(unit, units string) (base uint64, power int, ok bool) {
	letter, rest := unit[0], unit[1:]
	if !strings.Contains(units, string(letter)) {
		return 0, 0, false
	}
	switch letter {
	case 'b':
		return 512, 1, rest == ""
	case 'c':
		return 1, 1, rest == ""
	case 'w':
		return 2, 1, rest == ""
	}
	power = strings.IndexByte("KMGTPEZY", letter&^0x20) + 1
	switch rest {
	case "", "iB":
		return 1024, power, true
	case "B", "D":
		return 1000, power, true
	}
	return 0, 0, false
}

// SizeError is the error of a value that ParseSize refused: what ("invalid
// number of bytes"), the value, and the reason where the value was too large.
func SizeError(what, value string, err error) error {
	if vfs.ToErrno(err) == vfs.EOVERFLOW {
		return fmt.Errorf("%s: %s: %s", what, QuoteText(value), vfs.EOVERFLOW.Error())
	}
	return fmt.Errorf("%s: %s", what, QuoteText(value))
}
