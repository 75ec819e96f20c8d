package jq

import (
	"math"
	"slices"
)

// paths collects the paths that a filter yields.
func (m *machine) paths(n node, e *env, v any) ([][]any, error) {
	var out [][]any
	err := n.eval(m, e, item{v, rootPath}, func(it item) error {
		if err := m.reached(it, "use"); err != nil {
			return err
		}
		out = append(out, it.p.list())
		return m.tick()
	})
	return out, err
}

func (n assign) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.r, e, in.v, func(v any) error {
		paths, err := m.paths(n.l, e, in.v)
		if err != nil {
			return err
		}
		root := in.v
		for _, p := range paths {
			if root, err = setPath(root, p, v); err != nil {
				return err
			}
		}
		return out(item{root, in.p.off()})
	})
}

func (n modify) eval(m *machine, e *env, in item, out yield) error {
	v, err := m.modify(n.l, e, in.v, func(old any) (any, bool, error) {
		it, ok, err := m.first(n.r, e, item{v: old})
		return it.v, ok, err
	})
	if err != nil {
		return err
	}
	return out(item{v, in.p.off()})
}

func (n modifyOp) eval(m *machine, e *env, in item, out yield) error {
	return m.each(n.r, e, in.v, func(r any) error {
		v, err := m.modify(n.l, e, in.v, func(old any) (any, bool, error) {
			v, err := n.op(m, old, r)
			return v, true, err
		})
		if err != nil {
			return err
		}
		return out(item{v, in.p.off()})
	})
}

// modify changes what is at the paths of n. What is not kept is deleted at once,
// though that moves what the paths behind it lead to.
func (m *machine) modify(n node, e *env, root any, change func(any) (v any, keep bool, err error)) (any, error) {
	paths, err := m.paths(n, e, root)
	if err != nil {
		return nil, err
	}
	for _, p := range paths {
		old, err := getPath(root, p)
		if err != nil {
			return nil, err
		}
		v, keep, err := change(old)
		if err != nil {
			return nil, err
		}
		if keep {
			root, err = setPath(root, p, v)
		} else {
			root, err = deletePath(root, p)
		}
		if err != nil {
			return nil, err
		}
	}
	return root, nil
}

// getPath is what a path leads to; null where it leads nowhere.
func getPath(v any, p []any) (any, error) {
	for _, key := range p {
		if v == nil {
			return nil, nil
		}
		var err error
		if v, err = get(v, key); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// setPath returns root with v at the end of a path, which is made where it is
// missing.
func setPath(root any, p []any, v any) (any, error) {
	if len(p) == 0 {
		return v, nil
	}
	old, err := get(root, p[0])
	if err != nil {
		return nil, err
	}
	inner, err := setPath(old, p[1:], v)
	if err != nil {
		return nil, err
	}
	return set(root, p[0], inner)
}

// maxArray bounds how far an assignment makes an array grow.
const maxArray = 1 << 24

// set returns v with value at key.
func set(v, key, value any) (any, error) {
	switch k := key.(type) {
	case string:
		switch v := v.(type) {
		case nil:
			o := newObject()
			o.put(k, value)
			return o, nil
		case *object:
			return v.with(k, value), nil
		}
	case float64, literal:
		f, _ := number(k)
		switch v := v.(type) {
		case nil:
			return setElement(nil, f, value)
		case []any:
			return setElement(v, f, value)
		}
	case *object:
		switch v := v.(type) {
		case nil:
			return setSlice(nil, k, value)
		case []any:
			return setSlice(v, k, value)
		}
		return nil, fail("Cannot update field at object index of ", typeName(v))
	case []any:
		return nil, fail("Cannot update field at array index of array")
	}
	_, err := get(v, key)
	if err == nil {
		err = fail("Cannot index ", typeName(v), " with ", typeName(key))
	}
	return nil, err
}

func setElement(a []any, f float64, value any) (any, error) {
	i := int(f)
	if i < 0 {
		if i += len(a); i < 0 {
			return nil, fail("Out of bounds negative array index")
		}
	}
	if f > maxArray || math.IsNaN(f) {
		return nil, fail("Array index too large")
	}
	if i == len(a) {
		return appended(a, value), nil
	}
	out := make([]any, max(len(a), i+1))
	copy(out, a)
	out[i] = value
	return out, nil
}

func setSlice(a []any, key *object, value any) (any, error) {
	from, to, err := sliceKey(key)
	if err != nil {
		return nil, err
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fail("A slice of an array can only be assigned another array")
	}
	lo, hi := sliceBounds(len(a), from, to)
	return slices.Concat(a[:lo], list, a[hi:]), nil
}

// deletePaths returns root without what the paths lead to, the last first, so
// that none moves another.
func deletePaths(root any, paths [][]any) (any, error) {
	sorted := slices.Clone(paths)
	slices.SortFunc(sorted, func(a, b []any) int { return compareArrays(b, a) })
	var err error
	for _, p := range sorted {
		if root, err = deletePath(root, p); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func deletePath(root any, p []any) (any, error) {
	if len(p) == 0 || root == nil {
		return nil, nil
	}
	if len(p) == 1 {
		return remove(root, p[0])
	}
	old, err := get(root, p[0])
	if err != nil || old == nil {
		return root, err
	}
	inner, err := deletePath(old, p[1:])
	if err != nil {
		return nil, err
	}
	return set(root, p[0], inner)
}

// remove returns v without what is at key.
func remove(v, key any) (any, error) {
	switch v := v.(type) {
	case *object:
		if k, ok := key.(string); ok {
			return v.without(k), nil
		}
		return nil, fail("Cannot delete ", typeName(key), " field of object")
	case []any:
		if k, ok := key.(*object); ok {
			return setSlice(v, k, []any{})
		}
		f, ok := number(key)
		if !ok {
			return nil, fail("Cannot delete ", typeName(key), " element of array")
		}
		i := int(f)
		if i < 0 {
			i += len(v)
		}
		if i < 0 || i >= len(v) {
			return v, nil
		}
		return slices.Concat(v[:i], v[i+1:]), nil
	}
	return nil, fail("Cannot delete fields from ", typeName(v))
}

func indicesOfArray(a, sub []any) any {
	out := []any{}
	if len(sub) == 0 {
		return nil
	}
	for i := 0; i+len(sub) <= len(a); i++ {
		if slices.EqualFunc(a[i:i+len(sub)], sub, equal) {
			out = append(out, float64(i))
		}
	}
	return out
}
