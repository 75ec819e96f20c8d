package split

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	lowerCase   = "abcdefghijklmnopqrstuvwxyz"
	decimal     = "0123456789"
	hexadecimal = "0123456789abcdef"
)

// names makes the names of the pieces. Suffixes that grow leave the last
// character of the alphabet to those that are longer, so that the names sort
// in the order of the pieces: …, xyz, xzaaa.
type names struct {
	prefix, suffix string
	alphabet       string
	length         int
	grows, fixed   bool // fixed: the length was given
	start          string

	digits []int // of the last name, nil before the first
	lead   int   // characters at the front that say the length
}

// fit sets the length for the number of pieces, where that is known.
func (n *names) fit(o *options) error {
	if o.by < byChunks {
		return nil
	}
	last := o.size - 1
	if start, err := strconv.ParseUint(n.start, len(n.alphabet), 64); err == nil && n.start != "" && start < o.size {
		last += start
	}
	needed := 1
	for last /= uint64(len(n.alphabet)); last > 0; last /= uint64(len(n.alphabet)) {
		needed++
	}
	if n.fixed && n.length < needed {
		return fmt.Errorf("the suffix length needs to be at least %d", needed)
	}
	n.grows = false
	n.length = max(n.length, needed)
	return nil
}

// next makes the next name; ok is false when all are used up.
func (n *names) next() (name string, ok bool) {
	if n.digits == nil {
		n.first()
	} else if !n.count() {
		return "", false
	}
	var b strings.Builder
	b.WriteString(n.prefix)
	for _, d := range n.digits {
		b.WriteByte(n.alphabet[d])
	}
	b.WriteString(n.suffix)
	return b.String(), true
}

func (n *names) first() {
	n.digits = make([]int, max(n.length, len(n.start)))
	for i := range n.start {
		n.digits[len(n.digits)-len(n.start)+i] = strings.IndexByte(n.alphabet, n.start[i])
	}
}

// count moves to the next suffix.
func (n *names) count() bool {
	last := len(n.alphabet) - 1
	for i := len(n.digits) - 1; i >= n.lead; i-- {
		n.digits[i]++
		full := n.digits[i] > last || n.grows && i == n.lead && n.digits[i] == last
		if !full {
			return true
		}
		n.digits[i] = 0
	}
	if !n.grows {
		return false
	}
	// All of this length are used: one more character in front, one behind.
	n.lead++
	n.digits = make([]int, len(n.digits)+2)
	for i := range n.lead {
		n.digits[i] = last
	}
	return true
}
