package expr

import (
	"errors"
	"math/big"
	"strings"
)

// value is text or, where num is not nil, an integer.
type value struct {
	text string
	num  *big.Int
}

func text(s string) value { return value{text: s} }
func integer(n int) value { return value{num: big.NewInt(int64(n))} }

func truth(b bool) value {
	if b {
		return integer(1)
	}
	return integer(0)
}

// String is the value as it is written.
func (v value) String() string {
	if v.num != nil {
		return v.num.String()
	}
	return v.text
}

// null reports whether the value counts as false: it is empty or zero.
func (v value) null() bool {
	if v.num != nil {
		return v.num.Sign() == 0
	}
	zeros := strings.TrimPrefix(v.text, "-")
	return v.text == "" || zeros != "" && strings.Trim(zeros, "0") == ""
}

// int is the value as an integer, if it looks like one.
func (v value) int() (*big.Int, bool) {
	if v.num != nil {
		return v.num, true
	}
	digits := strings.TrimPrefix(v.text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return nil, false
	}
	return new(big.Int).SetString(v.text, 10)
}

var (
	errNotInteger = errors.New("non-integer argument")
	errZero       = errors.New("division by zero")
)

func calculate(op string, a, b value) (value, error) {
	x, ok := a.int()
	y, okay := b.int()
	if !ok || !okay {
		return value{}, errNotInteger
	}
	z := new(big.Int)
	switch op {
	case "+":
		z.Add(x, y)
	case "-":
		z.Sub(x, y)
	case "*":
		z.Mul(x, y)
	default:
		if y.Sign() == 0 {
			return value{}, errZero
		}
		if op == "/" {
			z.Quo(x, y)
		} else {
			z.Rem(x, y)
		}
	}
	return value{num: z}, nil
}

func compare(op string, a, b value) value {
	x, ok := a.int()
	y, okay := b.int()
	order := strings.Compare(a.String(), b.String())
	if ok && okay {
		order = x.Cmp(y)
	}
	switch op {
	case "<":
		return truth(order < 0)
	case "<=":
		return truth(order <= 0)
	case "=", "==":
		return truth(order == 0)
	case "!=":
		return truth(order != 0)
	case ">=":
		return truth(order >= 0)
	}
	return truth(order > 0)
}
