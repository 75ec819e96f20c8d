package jq

import (
	"io"
	"math"
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

// Error implements error.
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
