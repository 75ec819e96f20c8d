package shell

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"agentsandbox/toolbox/shell/syntax"
)

// state is what of a shell can outlive its process.
type state struct {
	Version   int
	Name      text
	Args      []text
	Status    int
	Vars      []savedVar
	Funcs     []savedFunc
	Aliases   map[string]text      `json:",omitempty"`
	Hashed    map[string]string    `json:",omitempty"`
	Specs     map[string]*compSpec `json:",omitempty"` // of completion
	Gone      []string             `json:",omitempty"`
	Disabled  []string             `json:",omitempty"`
	Traps     map[int]text         `json:",omitempty"`
	Limits    map[byte]string      `json:",omitempty"`
	Options   []string
	Shopts    shopts
	Umask     fs.FileMode
	Dir       text
	Dirs      []text `json:",omitempty"`
	Getopts   int
	Rand      uint32
	Seeded    bool
	Start     int64 // of SECONDS, in nanoseconds since 1970
	Pipes     []int
	Last      text
	LastBg    int
	History   []savedLine `json:",omitempty"`
	Forgotten int         `json:",omitempty"` // lines of the history before those
	// Partial reports that there was more: background jobs, or redirections of
	// the shell itself.
	Partial bool
}

type savedVar struct {
	Name  string
	Attr  string // letters, as declare shows them
	Set   bool
	Str   text      `json:",omitempty"`
	Vals  []text    `json:",omitempty"` // of an indexed array
	Keys  []int64   `json:",omitempty"` // their indices; none where those are 0 and up
	Pairs [][2]text `json:",omitempty"` // of an associative one, as it is walked
	Table int       `json:",omitempty"` // its size, on which the order depends
}

type savedLine struct {
	Text text
	When int64
}

type savedFunc struct {
	Name, Source, File, Attr text
	Line                     int
}

const stateVersion = 1

// text is a string that need not be UTF-8, as JSON must be.
type text string

// MarshalJSON implements json.Marshaler: a string, or bytes in a list.
func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal([][]byte{[]byte(t)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '[' {
		return json.Unmarshal(data, (*string)(t))
	}
	var list [1][]byte
	err := json.Unmarshal(data, &list)
	*t = text(list[0])
	return err
}

func texts(list []string) []text {
	out := make([]text, len(list))
	for i, s := range list {
		out[i] = text(s)
	}
	return out
}

func plain(list []text) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// State is the state of a shell between two scripts, for Resume: directory,
// variables, functions, aliases, options, traps and all else but background
// jobs and redirections of the shell itself. whole reports that it has none.
func (sh *Shell) State() (data []byte, whole bool, err error) {
	s := state{
		Version: stateVersion, Name: text(sh.name), Args: texts(sh.args), Status: sh.status,
		Gone: trues(sh.gone.m), Disabled: trues(sh.disabled.m), Limits: sh.limits, Shopts: sh.shopts, Umask: sh.umask,
		Dir: text(sh.cwd), Dirs: texts(sh.dirs), Getopts: sh.getopts.at, Rand: sh.rand, Seeded: sh.seeded,
		Start: sh.seconds.UnixNano(), Pipes: sh.pipes, Last: text(sh.last), LastBg: sh.lastBg, Partial: sh.partial(),
	}
	for v := range sh.vars.all() {
		s.Vars = append(s.Vars, saveVar(v))
	}
	slices.SortFunc(s.Vars, func(a, b savedVar) int { return strings.Compare(a.Name, b.Name) })
	for _, name := range sh.funcs.keys() {
		s.Funcs = append(s.Funcs, saveFunc(sh.funcs.get(name)))
	}
	s.Aliases = mapTo(sh.aliases.m, func(v string) text { return text(v) })
	s.Specs = sh.completions.m
	s.Hashed = mapTo(sh.hashed.m, func(v hashEntry) string { return v.path })
	s.Traps = mapTo(sh.traps, func(v string) text { return text(v) })
	for _, o := range setOptions() {
		if *o.at(&sh.opt) {
			s.Options = append(s.Options, o.name)
		}
	}
	s.Forgotten = sh.hist.dropped
	for _, l := range sh.hist.lines {
		s.History = append(s.History, savedLine{text(l.text), l.when})
	}
	data, err = json.Marshal(s)
	return data, !s.Partial, err
}

func mapTo[K comparable, V, W any](m map[K]V, to func(V) W) map[K]W {
	out := make(map[K]W, len(m))
	for k, v := range m {
		out[k] = to(v)
	}
	return out
}

// trues are the keys of what is true, sorted.
func trues(m map[string]bool) []string {
	keys := slices.Sorted(maps.Keys(m))
	return slices.DeleteFunc(keys, func(key string) bool { return !m[key] })
}

// partial reports whether the shell has what State leaves out.
func (sh *Shell) partial() bool {
	if len(sh.jobs.list) > 0 {
		return true
	}
	for fd, f := range sh.fds.open {
		if fd < len(sh.host) && f != sh.host[fd] || fd >= len(sh.host) && f != nil {
			return true
		}
	}
	return len(sh.fds.open) < len(sh.host)
}

func saveVar(v *variable) savedVar {
	s := savedVar{Name: v.name, Attr: v.attr.letters(), Set: v.set, Str: text(v.str)}
	if v.arr != nil {
		s.Vals, s.Keys = texts(v.arr.vals), v.arr.keys
	}
	if v.assoc != nil {
		s.Table = len(v.assoc.buckets)
		v.assoc.each(func(key, value string) { s.Pairs = append(s.Pairs, [2]text{text(key), text(value)}) })
	}
	return s
}

func saveFunc(fn *function) savedFunc {
	attr := ""
	for _, a := range []struct {
		on     bool
		letter string
	}{{fn.readonly, "r"}, {fn.trace, "t"}, {fn.export, "x"}} {
		if a.on {
			attr += a.letter
		}
	}
	return savedFunc{text(fn.name), text(fn.source()), text(fn.file), text(attr), fn.line}
}

// Resume gives a shell that has run nothing yet the state of another, and
// reports whether that was all the other had. After an error the shell is to be
// thrown away.
func (sh *Shell) Resume(data []byte) (whole bool, err error) {
	var s state
	if err := json.Unmarshal(data, &s); err != nil {
		return false, err
	}
	if s.Version != stateVersion {
		return false, fmt.Errorf("state of version %d, not %d", s.Version, stateVersion)
	}
	sh.name, sh.args, sh.status, sh.limits = string(s.Name), plain(s.Args), s.Status, s.Limits
	sh.shopts, sh.umask, sh.cwd, sh.dirs = s.Shopts, s.Umask, string(s.Dir), plain(s.Dirs)
	sh.getopts.at, sh.rand, sh.seeded, sh.seconds = s.Getopts, s.Rand, s.Seeded, time.Unix(0, s.Start)
	sh.pipes, sh.last, sh.lastBg = s.Pipes, string(s.Last), s.LastBg
	for _, o := range setOptions() {
		*o.at(&sh.opt) = slices.Contains(s.Options, o.name)
	}
	sh.hist.dropped = s.Forgotten
	for _, l := range s.History {
		sh.hist.lines = append(sh.hist.lines, pastLine{text: string(l.Text), when: l.When})
	}
	sh.resumeNames(&s)
	if err := sh.resumeVars(s.Vars); err != nil {
		return false, err
	}
	for _, f := range s.Funcs {
		err = errors.Join(err, sh.resumeFunc(f))
	}
	return !s.Partial && err == nil, nil
}

func (sh *Shell) resumeNames(s *state) {
	for name, v := range s.Aliases {
		sh.aliases.put(name, string(v))
	}
	for name, v := range s.Specs {
		sh.completions.put(name, v)
	}
	for name, path := range s.Hashed {
		sh.hashed.put(name, hashEntry{path: path})
	}
	for _, name := range s.Gone {
		sh.gone.put(name, true)
	}
	for _, name := range s.Disabled {
		sh.disabled.put(name, true)
	}
	for n, v := range s.Traps {
		sh.setTrap(n, string(v), false)
	}
}

// resumeVars makes the variables all that there are.
func (sh *Shell) resumeVars(vars []savedVar) error {
	sh.vars = varTable{}
	sh.env, sh.ifs = nil, nil
	for _, s := range vars {
		v := &variable{name: s.Name, set: s.Set, str: string(s.Str)}
		for _, c := range []byte(s.Attr) {
			v.attr |= attrOf(c)
		}
		if s.Vals != nil || v.has(attrArray) && v.set {
			v.arr = &array{vals: plain(s.Vals), keys: s.Keys}
		}
		if s.Keys != nil && len(s.Keys) != len(s.Vals) || s.Table&(s.Table-1) != 0 || s.Table < 0 || s.Table > maxTable {
			return errors.New("variable " + s.Name + " is damaged")
		}
		if s.Table > 0 {
			v.assoc = &assoc{buckets: make([]*entry, s.Table)}
			for _, pair := range slices.Backward(s.Pairs) {
				v.assoc.set(string(pair[0]), string(pair[1]))
			}
		}
		sh.vars.put(v)
	}
	return nil
}

// maxTable is more than fits into any memory.
const maxTable = 1 << 24

func (sh *Shell) resumeFunc(f savedFunc) error {
	p := syntax.New(string(f.Source), f.Line)
	p.Opts = syntax.Options{ExtGlob: true}
	list, err := p.Next()
	if err != nil || len(list.Items) != 1 {
		return errors.Join(errors.New("function "+string(f.Name)), err)
	}
	def, ok := list.Items[0].Cmd.(*syntax.FuncDef)
	if !ok {
		return errors.New("function " + string(f.Name))
	}
	has := func(letter string) bool { return strings.Contains(string(f.Attr), letter) }
	sh.funcs.put(def.Name, &function{
		name: def.Name, body: def.Body, line: f.Line, file: string(f.File),
		source:   func() string { return syntax.PrintFunc(def.Name, def.Body) },
		readonly: has("r"), trace: has("t"), export: has("x"),
	})
	return nil
}
