package jq

import (
	"io"
	"math"
	"slices"
	"strings"
)

// builtin is a function that takes filters.
type builtin struct {
	run    func(m *machine, e *env, in item, args []node, out yield) error
	single bool // it yields one value whatever the filters yield
}

// natives are the functions that take filters, by name and number of arguments.
var natives = map[string]*builtin{
	"empty/0": {func(*machine, *env, item, []node, yield) error { return nil }, false},
	"not/0": {func(_ *machine, _ *env, in item, _ []node, out yield) error {
		return out(item{!truthy(in.v), in.p.off()})
	}, false},
	"error/0":             {func(_ *machine, _ *env, in item, _ []node, _ yield) error { return raised(in.v) }, false},
	"error/1":             {raise, false},
	"path/1":              {path1, false},
	"getpath/1":           {getpath, false},
	"select/1":            {selectWhere, false},
	"map/1":               {mapEach, true},
	"recurse/0":           {func(m *machine, _ *env, in item, _ []node, out yield) error { return m.recurse(in, out, 0) }, false},
	"recurse/1":           {recurseBy, false},
	"range/1":             {rangeTo, false},
	"range/2":             {rangeFromTo, false},
	"range/3":             {rangeBy, false},
	"first/1":             {firstOf, false},
	"last/1":              {lastOf, false},
	"limit/2":             {limit, false},
	"skip/2":              {skip, false},
	"until/2":             {until, false},
	"while/2":             {while, false},
	"repeat/1":            {repeat, false},
	"isempty/1":           {isEmpty, true},
	"any/2":               {anyOf(true), true},
	"all/2":               {anyOf(false), true},
	"add/1":               {addOf, true},
	"del/1":               {deleteAt, true},
	"paths/0":             {allPaths, false},
	"sort_by/1":           {sortBy, true},
	"group_by/1":          {groupBy, true},
	"unique_by/1":         {uniqueBy, true},
	"min_by/1":            {bestBy(-1), true},
	"max_by/1":            {bestBy(1), true},
	"input/0":             {input, false},
	"inputs/0":            {inputsAll, false},
	"debug/0":             {debug, true},
	"debug/1":             {debugWith, true},
	"stderr/0":            {toStderr, true},
	"env/0":               {environment, true},
	"halt/0":              {func(*machine, *env, item, []node, yield) error { return &haltError{} }, false},
	"halt_error/0":        {func(_ *machine, _ *env, in item, _ []node, _ yield) error { return &haltError{5, in.v, true} }, false},
	"halt_error/1":        {haltWith, false},
	"input_filename/0":    {inputFilename, true},
	"input_line_number/0": {inputLine, true},
	"now/0": {func(m *machine, _ *env, in item, _ []node, out yield) error {
		return out(item{float64(m.x.Now().UnixMicro()) / 1e6, in.p.off()})
	}, true},
	"sub/2": {sub(""), false}, "sub/3": {sub(""), false}, "gsub/2": {sub("g"), false}, "gsub/3": {sub("g"), false},
	"tostream/0": {func(m *machine, _ *env, in item, _ []node, out yield) error {
		return stream(nil, in.v, true, func(v any) error { return out(item{v, in.p.off()}) })
	}, false},
}

// haltError ends the run.
type haltError struct {
	status int
	v      any
	say    bool
}

func (*haltError) Error() string { return "halt" }

func raise(m *machine, e *env, in item, args []node, _ yield) error {
	return m.each(args[0], e, in.v, raised)
}

// raised is the error of a value. That of null is none: it yields nothing.
func raised(v any) error {
	if v == nil {
		return nil
	}
	return &valueError{v}
}

func path1(m *machine, e *env, in item, args []node, out yield) error {
	return args[0].eval(m, e, item{in.v, rootPath}, func(it item) error {
		if err := m.reached(it, "use"); err != nil {
			return err
		}
		return out(item{it.p.list(), in.p.off()})
	})
}

func getpath(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		keys, ok := v.([]any)
		if !ok {
			return fail("Path must be specified as an array")
		}
		if err := m.reached(in, "access"); err != nil {
			return err
		}
		found, err := getPath(in.v, keys)
		if err != nil {
			return err
		}
		p := in.p
		for _, key := range keys {
			p = p.to(key)
		}
		return out(item{found, p})
	})
}

func selectWhere(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		if !truthy(v) {
			return nil
		}
		return out(in)
	})
}

func mapEach(m *machine, e *env, in item, args []node, out yield) error {
	list := []any{}
	err := m.iterate(item{v: in.v}, func(it item) error {
		return m.each(args[0], e, it.v, func(v any) error {
			list = append(list, v)
			return nil
		})
	})
	if err != nil {
		return err
	}
	return out(item{list, in.p.off()})
}

// items collects the outputs of a filter with their paths.
func (m *machine) items(n node, e *env, in item) ([]item, error) {
	var out []item
	err := n.eval(m, e, in, func(it item) error {
		out = append(out, it)
		return nil
	})
	return out, err
}

// recurseBy yields a value, and what f makes of it again and again. The last
// output of f is followed in a loop, so that a chain may be long.
func recurseBy(m *machine, e *env, in item, args []node, out yield) error {
	for {
		if err := out(in); err != nil {
			return err
		}
		next, err := m.items(args[0], e, in)
		if err != nil || len(next) == 0 {
			return err
		}
		for _, it := range next[:len(next)-1] {
			if err := recurseBy(m, e, it, args, out); err != nil {
				return err
			}
		}
		in = next[len(next)-1]
		if err := m.tick(); err != nil {
			return err
		}
	}
}

func (m *machine) count(from, to, by float64, in item, out yield) error {
	for f := from; by > 0 && f < to || by < 0 && f > to; f += by {
		if err := m.tick(); err != nil {
			return err
		}
		if err := out(item{f, in.p.off()}); err != nil {
			return err
		}
	}
	return nil
}

func rangeNumber(v any) (float64, error) {
	f, ok := number(v)
	if !ok {
		return 0, fail("Range bounds must be numeric")
	}
	return f, nil
}

func rangeTo(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		to, err := rangeNumber(v)
		if err != nil {
			return err
		}
		return m.count(0, to, 1, in, out)
	})
}

func rangeFromTo(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		from, err := rangeNumber(v)
		if err != nil {
			return err
		}
		return m.each(args[1], e, in.v, func(v any) error {
			to, err := rangeNumber(v)
			if err != nil {
				return err
			}
			return m.count(from, to, 1, in, out)
		})
	})
}

func rangeBy(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(a any) error {
		return m.each(args[1], e, in.v, func(b any) error {
			return m.each(args[2], e, in.v, func(c any) error {
				from, ok1 := number(a)
				to, ok2 := number(b)
				by, ok3 := number(c)
				if !ok1 || !ok2 || !ok3 {
					return fail("Range bounds must be numeric")
				}
				return m.count(from, to, by, in, out)
			})
		})
	})
}

func firstOf(m *machine, e *env, in item, args []node, out yield) error {
	it, ok, err := m.first(args[0], e, in)
	if err != nil || !ok {
		return err
	}
	return out(it)
}

func lastOf(m *machine, e *env, in item, args []node, out yield) error {
	last, found := item{}, false
	err := args[0].eval(m, e, in, func(it item) error {
		last, found = it, true
		return m.tick()
	})
	if err != nil || !found {
		return err
	}
	return out(last)
}

func limit(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		n, ok := number(v)
		switch {
		case !ok:
			return mismatch(v, 1.0, "subtracted")
		case n == 0:
			return nil
		case n < 0:
			return args[1].eval(m, e, in, out)
		}
		stop := &errStop{}
		err := args[1].eval(m, e, in, func(it item) error {
			n--
			if err := out(it); err != nil {
				return err
			}
			if n <= 0 {
				return stop
			}
			return nil
		})
		if err == stop {
			return nil
		}
		return err
	})
}

func skip(m *machine, e *env, in item, args []node, out yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		n, _ := number(v)
		return args[1].eval(m, e, in, func(it item) error {
			if n > 0 {
				n--
				return nil
			}
			return out(it)
		})
	})
}

func until(m *machine, e *env, in item, args []node, out yield) error {
	for {
		c, ok, err := m.first(args[0], e, item{v: in.v})
		if err != nil || !ok {
			return err
		}
		if truthy(c.v) {
			return out(in)
		}
		next, err := m.items(args[1], e, in)
		if err != nil || len(next) == 0 {
			return err
		}
		for _, it := range next[:len(next)-1] {
			if err := until(m, e, it, args, out); err != nil {
				return err
			}
		}
		in = next[len(next)-1]
		if err := m.tick(); err != nil {
			return err
		}
	}
}

func while(m *machine, e *env, in item, args []node, out yield) error {
	for {
		c, ok, err := m.first(args[0], e, item{v: in.v})
		if err != nil || !ok || !truthy(c.v) {
			return err
		}
		if err := out(in); err != nil {
			return err
		}
		next, err := m.items(args[1], e, in)
		if err != nil || len(next) == 0 {
			return err
		}
		for _, it := range next[:len(next)-1] {
			if err := while(m, e, it, args, out); err != nil {
				return err
			}
		}
		in = next[len(next)-1]
		if err := m.tick(); err != nil {
			return err
		}
	}
}

// repeat yields the outputs of f on one value without end.
func repeat(m *machine, e *env, in item, args []node, out yield) error {
	for {
		if err := args[0].eval(m, e, in, out); err != nil {
			return err
		}
		if err := m.tick(); err != nil {
			return err
		}
	}
}

func isEmpty(m *machine, e *env, in item, args []node, out yield) error {
	_, ok, err := m.first(args[0], e, item{v: in.v})
	if err != nil {
		return err
	}
	return out(item{!ok, in.p.off()})
}

// anyOf is any (for true) or all (for false): it stops at the first output of
// the condition that decides.
func anyOf(decides bool) func(*machine, *env, item, []node, yield) error {
	return func(m *machine, e *env, in item, args []node, out yield) error {
		stop := &errStop{}
		err := m.each(args[0], e, in.v, func(v any) error {
			return m.each(args[1], e, v, func(c any) error {
				if truthy(c) == decides {
					return stop
				}
				return nil
			})
		})
		if err != nil && err != stop {
			return err
		}
		return out(item{(err == stop) == decides, in.p.off()})
	}
}

func addOf(m *machine, e *env, in item, args []node, out yield) error {
	list, err := m.all(args[0], e, in.v)
	if err != nil {
		return err
	}
	v, err := addAll(m, list, nil)
	if err != nil {
		return err
	}
	return out(item{v, in.p.off()})
}

func deleteAt(m *machine, e *env, in item, args []node, out yield) error {
	paths, err := m.paths(args[0], e, in.v)
	if err != nil {
		return err
	}
	v, err := deletePaths(in.v, paths)
	if err != nil {
		return err
	}
	return out(item{v, in.p.off()})
}

func allPaths(m *machine, _ *env, in item, _ []node, out yield) error {
	return m.recurse(item{in.v, rootPath}, func(it item) error {
		if it.p == rootPath {
			return nil
		}
		return out(item{it.p.list(), in.p.off()})
	}, 0)
}

// keyed is a value with what it is sorted by.
type keyed struct {
	v    any
	keys []any
}

// keyedItems pairs the elements of an array with what a filter makes of them.
func (m *machine) keyedItems(e *env, v any, by node, what string) ([]keyed, error) {
	_, ok := v.([]any)
	var out []keyed
	all := []any{}
	err := m.iterate(item{v: v}, func(it item) error {
		keys, err := m.all(by, e, it.v)
		out = append(out, keyed{it.v, keys})
		all = append(all, keys)
		return err
	})
	if err == nil && !ok {
		err = mismatch(v, all, what)
	}
	return out, err
}

func (m *machine) sorted(e *env, v any, by node) ([]keyed, error) {
	list, err := m.keyedItems(e, v, by, "sorted, as they are not both arrays")
	slices.SortStableFunc(list, func(a, b keyed) int { return compareArrays(a.keys, b.keys) })
	return list, err
}

func sortBy(m *machine, e *env, in item, args []node, out yield) error {
	list, err := m.sorted(e, in.v, args[0])
	if err != nil {
		return err
	}
	a := make([]any, len(list))
	for i := range list {
		a[i] = list[i].v
	}
	return out(item{a, in.p.off()})
}

// groups calls f with each run of elements of the same keys.
func groups(list []keyed, f func(group []any)) {
	for len(list) > 0 {
		n := 1
		for n < len(list) && compareArrays(list[n].keys, list[0].keys) == 0 {
			n++
		}
		group := make([]any, n)
		for i := range group {
			group[i] = list[i].v
		}
		f(group)
		list = list[n:]
	}
}

func groupBy(m *machine, e *env, in item, args []node, out yield) error {
	list, err := m.sorted(e, in.v, args[0])
	if err != nil {
		return err
	}
	a := []any{}
	groups(list, func(group []any) { a = append(a, group) })
	return out(item{a, in.p.off()})
}

func uniqueBy(m *machine, e *env, in item, args []node, out yield) error {
	list, err := m.sorted(e, in.v, args[0])
	if err != nil {
		return err
	}
	a := []any{}
	groups(list, func(group []any) { a = append(a, group[0]) })
	return out(item{a, in.p.off()})
}

// bestBy is min_by (for -1) or max_by: of equals, the first or the last.
func bestBy(sign int) func(*machine, *env, item, []node, yield) error {
	return func(m *machine, e *env, in item, args []node, out yield) error {
		list, err := m.keyedItems(e, in.v, args[0], "iterated over")
		if err != nil {
			return err
		}
		var best *keyed
		for i := range list {
			if best == nil {
				best = &list[i]
				continue
			}
			c := sign * compareArrays(list[i].keys, best.keys)
			if c > 0 || c == 0 && sign > 0 {
				best = &list[i]
			}
		}
		if best == nil {
			return out(item{nil, in.p.off()})
		}
		return out(item{best.v, in.p.off()})
	}
}

func input(m *machine, _ *env, in item, _ []node, out yield) error {
	v, err := m.in.next()
	if err == io.EOF {
		return fail("break")
	}
	if err != nil {
		return err
	}
	return out(item{v, in.p.off()})
}

func inputsAll(m *machine, _ *env, in item, _ []node, out yield) error {
	for {
		v, err := m.in.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := out(item{v, in.p.off()}); err != nil {
			return err
		}
	}
}

// say writes to standard error, after what was put out before.
func (m *machine) say(s string) error {
	if err := m.flush(); err != nil {
		return err
	}
	_, err := io.WriteString(m.x.Stderr, s)
	return err
}

func debug(m *machine, _ *env, in item, _ []node, out yield) error {
	if err := m.say(toJSON([]any{"DEBUG:", in.v}) + "\n"); err != nil {
		return err
	}
	return out(in)
}

func debugWith(m *machine, e *env, in item, args []node, out yield) error {
	err := m.each(args[0], e, in.v, func(v any) error { return m.say(toJSON([]any{"DEBUG:", v}) + "\n") })
	if err != nil {
		return err
	}
	return out(in)
}

func toStderr(m *machine, _ *env, in item, _ []node, out yield) error {
	if err := m.say(toJSON(in.v)); err != nil {
		return err
	}
	return out(in)
}

func environment(m *machine, _ *env, in item, _ []node, out yield) error {
	o := newObject()
	for _, entry := range m.x.Environ() {
		k, v, _ := strings.Cut(entry, "=")
		o.put(k, v)
	}
	return out(item{o, in.p.off()})
}

func haltWith(m *machine, e *env, in item, args []node, _ yield) error {
	return m.each(args[0], e, in.v, func(v any) error {
		f, ok := number(v)
		if !ok {
			return fail("halt_error/1: number required")
		}
		return &haltError{int(math.Trunc(f)), in.v, true}
	})
}

func inputFilename(m *machine, _ *env, in item, _ []node, out yield) error {
	var v any
	if m.in.name != "" {
		v = m.in.name
	}
	return out(item{v, in.p.off()})
}

func inputLine(m *machine, _ *env, in item, _ []node, out yield) error {
	return out(item{float64(m.in.line()), in.p.off()})
}
