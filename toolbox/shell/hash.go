package shell

import (
	"slices"
	"strings"
)

// hash is the builtin hash.
func (sh *Shell) hash(argv []string) int {
	opts, names, ok := sh.flags(argv, "dlp:rt")
	if !ok {
		return 2
	}
	if has(opts, 'r') {
		sh.hashed.clear()
	}
	switch {
	case len(names) == 0 && has(opts, 't'):
		sh.errorf("-t: option requires an argument")
		return 1
	case len(names) == 0 && !has(opts, 'r'):
		return sh.hashList(has(opts, 'l'))
	}
	status := 0
	for _, name := range names {
		if !sh.hashOne(name, opts, len(names) > 1) {
			status = 1
		}
	}
	return status
}

func (sh *Shell) hashOne(name string, opts []flag, many bool) bool {
	for _, f := range opts {
		switch f.c {
		case 'p':
			sh.hashed.put(name, hashEntry{path: f.value})
			return true
		case 'd':
			if !sh.hashed.has(name) {
				sh.errorf("%s: not found", name)
				return false
			}
			sh.hashed.drop(name)
			return true
		case 't':
			h := sh.hashed.get(name)
			if h.path == "" {
				sh.errorf("%s: not found", name)
				return false
			}
			if many {
				sh.write(name + "\t" + h.path + "\n")
			} else {
				sh.write(h.path + "\n")
			}
			return true
		}
	}
	if strings.Contains(name, "/") || sh.builtinFor(name) != nil || sh.funcs.get(name) != nil {
		return true
	}
	file := sh.inPath(name)
	if file == "" || !sh.isProgram(file) {
		sh.errorf("%s: not found", name)
		return false
	}
	sh.hashed.put(name, hashEntry{path: file})
	return true
}

// hashList prints the table in the order in which bash walks it.
func (sh *Shell) hashList(reuse bool) int {
	if len(sh.hashed.m) == 0 {
		if !reuse {
			return sh.write("hash: hash table empty\n")
		}
		return 0
	}
	names := sh.hashed.keys()
	slices.SortStableFunc(names, func(a, b string) int {
		return int(hashString(a)%256) - int(hashString(b)%256)
	})
	var b strings.Builder
	if !reuse {
		b.WriteString("hits\tcommand\n")
	}
	for _, name := range names {
		h := sh.hashed.get(name)
		if reuse {
			b.WriteString("builtin hash -p " + h.path + " " + name + "\n")
		} else {
			b.WriteString(padLeft(h.hits, 4) + "\t" + h.path + "\n")
		}
	}
	return sh.write(b.String())
}
