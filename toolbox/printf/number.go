package printf

import (
	"bufio"
	"strings"
)

// Spec is a conversion: its flags, field width, precision and verb.
type Spec struct {
	Minus, Plus, Space, Alt, Zero bool
	Width                         int
	Prec                          int // -1: none given
	Verb                          byte
}

// number is a number or text on its way out: the parts in the order in which
// they stand. The zeros are counted, not held: a precision may be huge
// (THREAT[SH-04]).
type number struct {
	prefix string // sign, 0x
	lead   int    // zeros
	body   string
	trail  int // zeros
	suffix string
}

// write prints n within the field of s.
func (s Spec) write(w *bufio.Writer, n number) error {
	size := len(n.prefix) + n.lead + len(n.body) + n.trail + len(n.suffix)
	pad := max(s.Width-size, 0)
	switch {
	case s.Minus:
	case s.Zero:
		n.lead += pad
		pad = 0
	default:
		if err := repeat(w, ' ', pad); err != nil {
			return err
		}
	}
	w.WriteString(n.prefix)
	repeat(w, '0', n.lead)
	w.WriteString(n.body)
	repeat(w, '0', n.trail)
	_, err := w.WriteString(n.suffix)
	if err == nil && s.Minus {
		err = repeat(w, ' ', pad)
	}
	return err
}

func repeat(w *bufio.Writer, c byte, n int) error {
	const chunk = 512
	if n <= 0 {
		return nil
	}
	block := strings.Repeat(string(c), min(n, chunk))
	for ; n > 0; n -= chunk {
		if _, err := w.WriteString(block[:min(n, chunk)]); err != nil {
			return err
		}
	}
	return nil
}

// sign is what stands before a number.
func (s Spec) sign(neg bool) string {
	switch {
	case neg:
		return "-"
	case s.Plus:
		return "+"
	case s.Space:
		return " "
	}
	return ""
}
