package shell

import (
	"strconv"
	"strings"
)

// tildePrefix expands the ~ at the start of s. colon says that a colon ends
// the prefix; more that other text of the word follows s. ok is false where
// the tilde stays as it is.
func (sh *Shell) tildePrefix(s string, colon, more bool) (dir, rest string, ok bool) {
	end := strings.IndexAny(s, "/")
	if colon {
		end = strings.IndexAny(s, "/:")
	}
	if end < 0 {
		if more {
			return "", "", false
		}
		end = len(s)
	}
	dir, ok = sh.tilde(s[1:end])
	return dir, s[end:], ok
}

// tilde is what ~name stands for.
func (sh *Shell) tilde(name string) (string, bool) {
	switch name {
	case "":
		if home, ok := sh.value("HOME"); ok {
			return home, true
		}
		return "/home/sandbox", true
	case "+":
		return sh.value("PWD")
	case "-":
		return sh.value("OLDPWD")
	case "root":
		return "/root", true
	case "sandbox":
		return "/home/sandbox", true
	}
	if n, ok := stackIndex(name); ok {
		stack := append([]string{sh.cwd}, sh.dirs...)
		if name[0] == '-' {
			n = len(stack) - 1 - n
		}
		if n >= 0 && n < len(stack) {
			return stack[n], true
		}
	}
	return "", false
}

// stackIndex reads +N, -N or N.
func stackIndex(s string) (int, bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 0
}

// tildeDir shows a directory with the home directory as ~.
func (sh *Shell) tildeDir(dir string) string {
	home := sh.getvar("HOME")
	if home == "" || home == "/" {
		return dir
	}
	if dir == home {
		return "~"
	}
	if rest, ok := strings.CutPrefix(dir, home+"/"); ok {
		return "~/" + rest
	}
	return dir
}
