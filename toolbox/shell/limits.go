package shell

import (
	"fmt"
	"strconv"
	"strings"
)

// limit is one resource of ulimit. Nothing is enforced through it: the
// sandbox has its own limits.
type limit struct {
	letter byte
	name   string
	unit   string
	value  string
	factor int64
}

// resources are in the order of ulimit -a.
var resources = []limit{
	{'R', "real-time non-blocking time", "microseconds, ", "unlimited", 1},
	{'c', "core file size", "blocks, ", "0", 1},
	{'d', "data seg size", "kbytes, ", "unlimited", 1},
	{'e', "scheduling priority", "", "0", 1},
	{'f', "file size", "blocks, ", "unlimited", 1},
	{'i', "pending signals", "", "1024", 1},
	{'l', "max locked memory", "kbytes, ", "64", 1},
	{'m', "max memory size", "kbytes, ", "unlimited", 1},
	{'n', "open files", "", "1024", 1},
	{'p', "pipe size", "512 bytes, ", "8", 1},
	{'q', "POSIX message queues", "bytes, ", "819200", 1},
	{'r', "real-time priority", "", "0", 1},
	{'s', "stack size", "kbytes, ", "8192", 1},
	{'t', "cpu time", "seconds, ", "unlimited", 1},
	{'u', "max user processes", "", "256", 1},
	{'v', "virtual memory", "kbytes, ", "unlimited", 1},
	{'x', "file locks", "", "unlimited", 1},
}

// ulimit is the builtin ulimit. Limits can be set and are shown again.
func (sh *Shell) ulimit(argv []string) int {
	opts, args, ok := sh.flags(argv, "SHabcdefiklmnpqrstuvxPRT")
	if !ok {
		return 2
	}
	var letters []byte
	all := false
	for _, f := range opts {
		switch f.c {
		case 'S', 'H':
		case 'a':
			all = true
		default:
			letters = append(letters, f.c)
		}
	}
	if all {
		return sh.showLimits()
	}
	if len(letters) == 0 {
		letters = []byte{'f'}
	}
	if len(args) == 0 {
		var b strings.Builder
		for _, c := range letters {
			if r := resource(c); r != nil {
				if len(letters) > 1 {
					b.WriteString(r.line(sh))
				} else {
					b.WriteString(sh.limitOf(r) + "\n")
				}
			}
		}
		return sh.write(b.String())
	}
	return sh.setLimit(letters[len(letters)-1], args[0])
}

func resource(c byte) *limit {
	for i := range resources {
		if resources[i].letter == c {
			return &resources[i]
		}
	}
	return nil
}

func (sh *Shell) limitOf(r *limit) string {
	if v, ok := sh.limits[r.letter]; ok {
		return v
	}
	return r.value
}

func (r *limit) line(sh *Shell) string {
	head := fmt.Sprintf("(%s-%c) ", r.unit, r.letter)
	return fmt.Sprintf("%-*s%s%s\n", 40-len(head), r.name, head, sh.limitOf(r))
}

func (sh *Shell) showLimits() int {
	var b strings.Builder
	for i := range resources {
		b.WriteString(resources[i].line(sh))
	}
	return sh.write(b.String())
}

func (sh *Shell) setLimit(c byte, value string) int {
	if value != "unlimited" && value != "hard" && value != "soft" {
		if _, err := strconv.ParseUint(value, 10, 63); err != nil {
			sh.errorf("%s: invalid number", value)
			return 1
		}
	}
	if value == "hard" || value == "soft" {
		return 0
	}
	limits := map[byte]string{c: value}
	for k, v := range sh.limits {
		if k != c {
			limits[k] = v
		}
	}
	sh.limits = limits
	return 0
}
