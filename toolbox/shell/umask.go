package shell

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// umaskCmd is the builtin umask.
func (sh *Shell) umaskCmd(argv []string) int {
	opts, args, ok := sh.flags(argv, "Sp")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		text := fmt.Sprintf("%04o", sh.umask)
		if has(opts, 'S') {
			text = symbolicMask(sh.umask)
			if has(opts, 'p') {
				text = "umask -S " + text
			}
		} else if has(opts, 'p') {
			text = "umask " + text
		}
		return sh.write(text + "\n")
	}
	arg := args[0]
	if arg != "" && arg[0] >= '0' && arg[0] <= '9' {
		n, err := strconv.ParseUint(arg, 8, 16)
		if err != nil || n > 0o777 {
			sh.errorf("%s: octal number out of range", arg)
			return 1
		}
		sh.umask = fs.FileMode(n)
	} else {
		mask, bad := parseMask(arg, sh.umask)
		if bad != "" {
			sh.errorf("%s", bad)
			return 1
		}
		sh.umask = mask
	}
	if has(opts, 'S') {
		return sh.write(symbolicMask(sh.umask) + "\n")
	}
	return 0
}

func symbolicMask(mask fs.FileMode) string {
	perm := ^mask & 0o777
	part := func(bits fs.FileMode) string {
		s := ""
		for i, c := range "rwx" {
			if bits>>(2-i)&1 != 0 {
				s += string(c)
			}
		}
		return s
	}
	return "u=" + part(perm>>6) + ",g=" + part(perm>>3&7) + ",o=" + part(perm&7)
}

// parseMask reads a symbolic mask such as u=rwx,go=rx; bad is the message for
// one that is none.
func parseMask(text string, mask fs.FileMode) (_ fs.FileMode, bad string) {
	perm := ^mask & 0o777
	for clause := range strings.SplitSeq(text, ",") {
		i := 0
		var who fs.FileMode
		for ; i < len(clause); i++ {
			switch clause[i] {
			case 'u':
				who |= 0o700
			case 'g':
				who |= 0o070
			case 'o':
				who |= 0o007
			case 'a':
				who |= 0o777
			default:
				goto op
			}
		}
	op:
		if who == 0 {
			who = 0o777
		}
		if i >= len(clause) || strings.IndexByte("=+-", clause[i]) < 0 {
			c := byte(0)
			if i < len(clause) {
				c = clause[i]
			}
			return 0, fmt.Sprintf("`%c': invalid symbolic mode operator", c)
		}
		op := clause[i]
		var bits fs.FileMode
		for i++; i < len(clause); i++ {
			switch clause[i] {
			case 'r':
				bits |= 0o444
			case 'w':
				bits |= 0o222
			case 'x':
				bits |= 0o111
			default:
				return 0, fmt.Sprintf("`%c': invalid symbolic mode character", clause[i])
			}
		}
		switch op {
		case '=':
			perm = perm&^who | bits&who
		case '+':
			perm |= bits & who
		case '-':
			perm &^= bits & who
		}
	}
	return ^perm & 0o777, ""
}
