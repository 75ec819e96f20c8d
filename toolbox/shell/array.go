package shell

import (
	"slices"
	"strconv"
)

// array is an indexed array. While its indices are 0 to n-1 only the values
// are kept; once it has a hole, the indices are kept beside them.
type array struct {
	vals   []string
	keys   []int64 // sorted; nil while dense
	shared bool    // another process may read it: copy before a change
}

func newArray(vals []string) *array { return &array{vals: vals} }

func (a *array) len() int { return len(a.vals) }

// end is one more than the highest index.
func (a *array) end() int64 {
	if a.keys == nil || len(a.keys) == 0 {
		return int64(len(a.vals))
	}
	return a.keys[len(a.keys)-1] + 1 // negative behind the largest index there is
}

// find returns where index i stands, or would stand.
func (a *array) find(i int64) (at int, ok bool) {
	if a.keys == nil {
		if i < 0 || i > int64(len(a.vals)) {
			return len(a.vals), false
		}
		return int(i), i < int64(len(a.vals))
	}
	return slices.BinarySearch(a.keys, i)
}

func (a *array) get(i int64) (string, bool) {
	at, ok := a.find(i)
	if !ok {
		return "", false
	}
	return a.vals[at], true
}

// set sets element i; false if i cannot be an index.
func (a *array) set(i int64, value string) bool {
	if i < 0 {
		return false
	}
	at, ok := a.find(i)
	switch {
	case ok:
		a.vals[at] = value
		return true
	case a.keys == nil && i == int64(len(a.vals)):
		a.vals = append(a.vals, value)
		return true
	}
	a.sparse()
	at, _ = slices.BinarySearch(a.keys, i)
	a.keys = slices.Insert(a.keys, at, i)
	a.vals = slices.Insert(a.vals, at, value)
	return true
}

// sparse starts to keep the indices.
func (a *array) sparse() {
	if a.keys != nil {
		return
	}
	a.keys = make([]int64, len(a.vals), len(a.vals)+1)
	for i := range a.keys {
		a.keys[i] = int64(i)
	}
}

func (a *array) unset(i int64) {
	at, ok := a.find(i)
	if !ok {
		return
	}
	if a.keys == nil && at == len(a.vals)-1 {
		a.vals = a.vals[:at]
		return
	}
	a.sparse()
	a.keys = slices.Delete(a.keys, at, at+1)
	a.vals = slices.Delete(a.vals, at, at+1)
}

// index is the index of the element that stands at place n.
func (a *array) index(n int) int64 {
	if a.keys == nil {
		return int64(n)
	}
	return a.keys[n]
}

// indices are the indices as text.
func (a *array) indices() []string {
	out := make([]string, len(a.vals))
	for n := range out {
		out[n] = strconv.FormatInt(a.index(n), 10)
	}
	return out
}

func (a *array) clone() *array {
	return &array{vals: slices.Clone(a.vals), keys: slices.Clone(a.keys)}
}
