package shell

import (
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/shell/syntax"
)

// slice is ${x:off:len}.
func (sh *Shell) slice(p *syntax.Param, val paramValue) paramValue {
	off, n, ok := sh.sliceBounds(p)
	if !ok {
		return val
	}
	hasLen := p.Len != nil
	if val.list {
		return sh.sliceList(p, val, off, n, hasLen)
	}
	s := val.str
	ascii := sh.bytewise || isASCII(s)
	total := int64(len(s))
	if !ascii {
		total = int64(utf8.RuneCountInString(s))
	}
	if off < 0 {
		off += total
	}
	if off < 0 || off > total {
		val.str = ""
		return val
	}
	end := total
	if hasLen {
		if n < 0 {
			end = total + n
			if end < off {
				sh.warnf("%s: substring expression < 0", strings.TrimSpace(p.Len.Src))
				sh.giveUp(1)
				return val
			}
		} else if n < total-off {
			end = off + n
		}
	}
	if !ascii {
		off, end = int64(byteOffset(s, int(off))), int64(byteOffset(s, int(end)))
	}
	val.str = s[off:end]
	return val
}

// sliceBounds evaluates offset and length. Errors in them name the parameter.
func (sh *Shell) sliceBounds(p *syntax.Param) (off, n int64, ok bool) {
	builtin := sh.builtin
	sh.builtin = p.Name
	off, err := sh.arith(p.Off)
	if err == nil && p.Len != nil {
		n, err = sh.arith(p.Len)
	}
	if err != nil {
		sh.arithError(err)
		sh.giveUp(1)
	}
	sh.builtin = builtin
	return off, n, sh.flow == flowNone
}

// sliceList slices an array by index, the positional parameters from $1
// (from $0 with offset 0).
func (sh *Shell) sliceList(p *syntax.Param, val paramValue, off, n int64, hasLen bool) paramValue {
	vals := val.vals
	positional := p.Name == "@" || p.Name == "*"
	start := 0
	switch {
	case positional:
		vals = append([]string{sh.name}, sh.args...)
		if off < 0 {
			off += int64(len(vals))
		}
		if off < 0 || off > int64(len(vals)) {
			vals, off = nil, 0
		}
		start = int(off)
	case val.v != nil && val.v.has(attrArray) && val.v.arr != nil:
		if off < 0 {
			if off += val.v.arr.end(); off < 0 {
				vals = nil
			}
		}
		for start < len(vals) && val.v.arr.index(start) < off {
			start++
		}
	case val.v != nil && val.v.has(attrAssoc):
		if off < 0 {
			off += int64(len(vals)) + 1
		}
		start = int(min(max(off-1, 0), int64(len(vals))))
	default:
		start = int(min(max(off, 0), int64(len(vals))))
	}
	if vals == nil {
		val.vals = nil
		return val
	}
	end := len(vals)
	if hasLen {
		if n < 0 {
			sh.warnf("%s: substring expression < 0", strings.TrimSpace(p.Len.Src))
			sh.giveUp(1)
			return val
		}
		end = int(min(int64(end), int64(start)+n))
	}
	val.vals = vals[start:end]
	return val
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }

// byteOffset is where the n-th character of s starts.
func byteOffset(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}
