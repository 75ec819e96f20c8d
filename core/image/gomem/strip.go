package gomem

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// StripTraces overwrites with zeros what of a program's memory only stack traces need: a third of what it starts with,
// compressed. The program runs as before, but the frames of a trace, and runtime.Caller, have no names and no lines.
func StripTraces(memory []byte) error {
	t, err := find(memory)
	if err != nil {
		return err
	}
	s := stripper{tables: t, used: make([]bool, len(t.values))}
	for i := range s.count {
		s.function(s.at(i))
	}
	for i, used := range s.used {
		if !used {
			s.values[i] = 0
		}
	}
	s.names()
	s.data()
	return nil
}

// The form of runtime._func: fields of 4 bytes, then the offsets of its pcdata and of its funcdata.
const (
	fieldName      = 4
	fieldStack     = 16 // pcsp
	fieldFile      = 20
	fieldLine      = 24
	fieldPCData    = 28 // how many
	fieldUnit      = 32
	fieldStartLine = 36
	fieldID        = 40 // a byte, 0 for a normal function
	fieldFuncData  = 43 // how many, a byte
	fields         = 44

	none = ^uint32(0) // the offset of funcdata that is not there
)

// Which pcdata and funcdata a trace alone reads: how arguments are printed, and whether code may be preempted by a
// signal (there are none).
var (
	pcdata   = []int{0, 3}
	funcdata = []int{5, 6}
)

// The tree of inlined calls. To recover from a panic the runtime looks at that of wrappers, which are not normal
// functions, and at no other: who calls recover is not inlined.
const (
	pcdataTree   = 2
	funcdataTree = 3
)

// named are the functions that the collector knows by their names.
var named = []string{"reflect.makeFuncStub", "reflect.methodValueCall"}

// The names of all others. The runtime tells its own goroutines by the prefix, and expects a method's to have this form.
const (
	ofRuntime = "runtime.(*T).stripped"
	ofOthers  = "go.(*T).stripped"
)

// stripper goes through the functions.
type stripper struct {
	tables
	used   []bool // of values
	named  []nameOf
	refers []funcData
}

// nameOf is the name that a function will have.
type nameOf struct {
	field []byte
	name  string
}

// funcData is a reference to funcdata.
type funcData struct {
	offset uint32
	needed bool
}

func (s *stripper) function(f []byte) {
	name := s.name(binary.LittleEndian.Uint32(f[fieldName:]))
	switch {
	case slices.Contains(named, name):
	case strings.HasPrefix(name, "runtime."):
		name = ofRuntime
	default:
		name = ofOthers
	}
	s.named = append(s.named, nameOf{f[fieldName:], name})
	for _, field := range []int{fieldFile, fieldLine, fieldUnit, fieldStartLine} {
		binary.LittleEndian.PutUint32(f[field:], 0)
	}
	s.keep(binary.LittleEndian.Uint32(f[fieldStack:]))
	normal := f[fieldID] == 0
	n := int(binary.LittleEndian.Uint32(f[fieldPCData:]))
	for i := range n {
		offset := f[fields+4*i:]
		if slices.Contains(pcdata, i) || i == pcdataTree && normal {
			binary.LittleEndian.PutUint32(offset, 0)
		}
		s.keep(binary.LittleEndian.Uint32(offset))
	}
	for i := range int(f[fieldFuncData]) {
		field := f[fields+4*n+4*i:]
		offset := binary.LittleEndian.Uint32(field)
		if offset == none {
			continue
		}
		needed := !slices.Contains(funcdata, i) && !(i == funcdataTree && normal)
		s.refers = append(s.refers, funcData{offset, needed})
		if !needed {
			binary.LittleEndian.PutUint32(field, none)
		}
	}
}

// keep marks a table of values by place in the code: pairs of numbers of seven bits a byte, up to a difference of zero
// that is not the first.
func (s *stripper) keep(at uint32) {
	if at == 0 || s.used[at] {
		return
	}
	for first := true; ; first = false {
		end := s.values[at] == 0 && !first
		at = s.number(at)
		if end {
			return
		}
		at = s.number(at)
	}
}

// number marks a number and returns where the next is.
func (s *stripper) number(at uint32) uint32 {
	for ; s.values[at] >= 0x80; at++ {
		s.used[at] = true
	}
	s.used[at] = true
	return at + 1
}

// name is the name at an offset.
func (s *stripper) name(offset uint32) string {
	b := s.text[offset:]
	return string(b[:bytes.IndexByte(b, 0)])
}

// names writes the names that are left.
func (s *stripper) names() {
	clear(s.text)
	clear(s.files)
	end := 1 // 0 is no name
	written := map[string]int{}
	for _, n := range s.named {
		if written[n.name] == 0 {
			written[n.name] = end
			end += copy(s.text[end:], n.name) + 1
		}
		binary.LittleEndian.PutUint32(n.field, uint32(written[n.name]))
	}
}

// data empties the funcdata that nobody refers to any more. What is at an offset ends where the next begins.
func (s *stripper) data() {
	slices.SortFunc(s.refers, func(a, b funcData) int { return int(int64(a.offset) - int64(b.offset)) })
	for i := 0; i < len(s.refers); {
		from, needed := s.refers[i].offset, false
		for ; i < len(s.refers) && s.refers[i].offset == from; i++ {
			needed = needed || s.refers[i].needed
		}
		to := uint32(len(s.funcdata))
		if i < len(s.refers) {
			to = s.refers[i].offset
		}
		if !needed && i < len(s.refers) { // where the last one ends is not known
			clear(s.funcdata[from:to])
		}
	}
}
