package testexpr

import (
	"io/fs"
	"math"
	"strings"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/vfs"
)

// IsUnary reports whether s is an operator of one operand.
func IsUnary(s string) bool {
	return len(s) == 2 && s[0] == '-' && strings.IndexByte("abcdefghknoprstuvwxzGLNORS", s[1]) >= 0
}

// IsBinary reports whether s is an operator of two operands.
func IsBinary(s string) bool {
	if isCompare(s) {
		return true
	}
	switch s {
	case "=", "==", "!=", "<", ">", "-nt", "-ot", "-ef":
		return true
	}
	return false
}

// Unary evaluates one operator of one operand.
func Unary(op, arg string, h Host) (bool, error) {
	switch op {
	case "-z":
		return arg == "", nil
	case "-n":
		return arg != "", nil
	case "-o":
		return h.Option(arg), nil
	case "-v":
		return h.IsSet(arg), nil
	case "-R":
		return h.IsRef(arg), nil
	case "-t":
		fd, ok := ParseInt(arg)
		return ok && fd >= 0 && fd <= math.MaxInt32 && h.Terminal(int(fd)), nil
	case "-h", "-L":
		info, err := h.Lstat(arg)
		return err == nil && info.Mode&fs.ModeSymlink != 0, nil
	}
	info, err := h.Stat(arg)
	return err == nil && fileIs(op, info), nil
}

// fileIs evaluates the operators of files that exist.
func fileIs(op string, info vfs.Info) bool {
	mode := info.Mode
	switch op[1] {
	case 'f':
		return mode.IsRegular()
	case 'd':
		return mode.IsDir()
	case 's':
		return info.Size > 0
	case 'r':
		return mode&0o400 != 0
	case 'w':
		return mode&0o200 != 0
	case 'x':
		return mode&0o100 != 0
	case 'N':
		return info.Mtime > info.Atime
	case 'b', 'c', 'p', 'S':
		return filemode.Letter(mode)|0x20 == op[1]|0x20
	case 'g':
		return mode&fs.ModeSetgid != 0
	case 'u':
		return mode&fs.ModeSetuid != 0
	case 'k':
		return mode&fs.ModeSticky != 0
	}
	return true // -a and -e; -O and -G: there is one owner
}

// Binary evaluates one operator of two operands.
func Binary(left, op, right string, h Host) (bool, error) {
	if isCompare(op) {
		return compareText(left, op, right)
	}
	switch op {
	case "=", "==":
		return left == right, nil
	case "!=":
		return left != right, nil
	case "<":
		return left < right, nil
	case ">":
		return left > right, nil
	case "-nt", "-ot", "-ef":
		return files(left, op, right, h), nil
	}
	return false, nil
}

// isCompare reports whether op compares numbers: -eq, -ne, -lt, -le, -gt, -ge.
func isCompare(op string) bool {
	if len(op) != 3 || op[0] != '-' {
		return false
	}
	switch op[1] {
	case 'e':
		return op[2] == 'q'
	case 'n':
		return op[2] == 'e'
	case 'l', 'g':
		return op[2] == 't' || op[2] == 'e'
	}
	return false
}

// compareText compares two numbers.
func compareText(left, op, right string) (bool, error) {
	a, ok := ParseInt(left)
	if !ok {
		return false, errorf("%s: integer expression expected", left)
	}
	b, ok := ParseInt(right)
	if !ok {
		return false, errorf("%s: integer expression expected", right)
	}
	return Compare(a, op, b), nil
}

// Compare evaluates -eq and its like.
func Compare(a int64, op string, b int64) bool {
	switch op {
	case "-eq":
		return a == b
	case "-ne":
		return a != b
	case "-lt":
		return a < b
	case "-le":
		return a <= b
	case "-gt":
		return a > b
	}
	return a >= b
}

func files(left, op, right string, h Host) bool {
	a, aErr := h.Stat(left)
	b, bErr := h.Stat(right)
	switch op {
	case "-nt":
		return aErr == nil && (bErr != nil || a.Mtime > b.Mtime)
	case "-ot":
		return bErr == nil && (aErr != nil || a.Mtime < b.Mtime)
	}
	return aErr == nil && bErr == nil && a.Ino == b.Ino && a.Dev == b.Dev
}

// digits reads a number that is made of digits alone, as most are.
func digits(s string) (int64, bool) {
	if s == "" || len(s) > 18 {
		return 0, false
	}
	n := int64(0)
	for i := 0; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, true
}

// ParseInt reads a decimal number with blanks around it, as strtoimax does on
// a whole string.
func ParseInt(s string) (int64, bool) {
	if n, ok := digits(s); ok {
		return n, true
	}
	s = strings.Trim(s, " \t\n\v\f\r")
	digits := strings.TrimPrefix(s, "-")
	negative := digits != s
	if !negative {
		digits = strings.TrimPrefix(s, "+")
	}
	if digits == "" {
		return 0, false
	}
	var n uint64
	for i := range len(digits) {
		d := digits[i] - '0'
		if d > 9 || n > math.MaxInt64/10 {
			return 0, false
		}
		if n = n*10 + uint64(d); n > math.MaxInt64 && !(negative && n == 1<<63) {
			return 0, false
		}
	}
	if negative {
		return -int64(n), true
	}
	return int64(n), true
}
