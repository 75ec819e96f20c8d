package shell

import (
	"strconv"
	"strings"
)

// mapfile is the builtin mapfile, and readarray.
func (sh *Shell) mapfile(argv []string) int {
	opts, names, ok := sh.flags(argv, "d:n:O:s:tu:C:c:")
	if !ok {
		return 2
	}
	m := mapping{delim: '\n', quantum: 5000, origin: -1}
	if s := sh.mapOptions(&m, opts); s != 0 {
		return s
	}
	name := "MAPFILE"
	if len(names) > 0 {
		name = names[0]
	}
	if !isName(name) {
		sh.errorf("`%s': not a valid identifier", name)
		return 1
	}
	v := sh.binding(name)
	if v == nil {
		v = sh.bind(name)
	}
	switch {
	case v.has(attrReadonly):
		sh.warnf("%s: readonly variable", name)
		return 1
	case v.has(attrAssoc):
		sh.errorf("%s: not an indexed array", name)
		return 1
	}
	f := sh.fds.get(m.fd)
	if f == nil {
		sh.errorf("%d: invalid file descriptor: Bad file descriptor", m.fd)
		return 1
	}
	sh.bind(v.name)
	v.toArray()
	if m.origin < 0 {
		v.arr, m.origin = &array{}, 0
	}
	v.set = true
	return sh.mapLines(&m, v, f)
}

// mapping is one run of mapfile.
type mapping struct {
	delim    byte
	count    int
	skip     int
	origin   int64
	trim     bool
	fd       int
	callback string
	quantum  int
}

func (sh *Shell) mapOptions(m *mapping, opts []flag) int {
	for _, f := range opts {
		n, err := strconv.Atoi(f.value)
		bad := ""
		switch f.c {
		case 'd':
			m.delim = 0
			if f.value != "" {
				m.delim = f.value[0]
			}
		case 't':
			m.trim = true
		case 'n':
			m.count, bad = n, "line count"
		case 's':
			m.skip, bad = n, "line count"
		case 'O':
			m.origin, bad = int64(n), "array origin"
		case 'u':
			m.fd, bad = n, "file descriptor specification"
		case 'C':
			m.callback = f.value
		case 'c':
			m.quantum, bad = n, "callback quantum"
			if n <= 0 {
				err = strconv.ErrRange
			}
		}
		if bad != "" && (err != nil || n < 0) {
			sh.errorf("%s: invalid %s", f.value, bad)
			return 1
		}
	}
	return 0
}

func (sh *Shell) mapLines(m *mapping, v *variable, f *openFile) int {
	defer f.settle()
	for range m.skip {
		if line, err := sh.readLine(f, m.delim); err != nil && line == "" {
			return 0
		}
	}
	i := m.origin
	for n := 1; m.count == 0 || n <= m.count; n++ {
		line, err := sh.readLine(f, m.delim)
		if line == "" && err != nil {
			break
		}
		if m.trim || m.delim == 0 {
			line = strings.TrimSuffix(line, string([]byte{m.delim}))
		}
		line, _, _ = strings.Cut(line, "\x00") // a value holds no NUL
		if m.callback != "" && n%m.quantum == 0 {
			sh.evalText(m.callback + " " + strconv.FormatInt(i, 10) + " " + quoteBackslash(line))
			if sh.flow != flowNone {
				return sh.status
			}
		}
		value, _ := sh.cook(v, "", line, false)
		v.ownArray().set(i, value)
		i++
		if err != nil {
			break
		}
	}
	return 0
}
