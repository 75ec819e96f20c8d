package jq

import (
	"math"
	"slices"
	"strings"
)

// A JSON value is nil, bool, float64, literal, string, []any or *object.
// Values are never changed once others may hold them.

// literal is a number that a float64 cannot hold, with the digits as read.
type literal struct {
	f    float64
	text string
}

// object is a JSON object that keeps its keys in the order in which they came.
// Its keys are the first of a shape, which it may share with others.
type object struct {
	s    *shape
	vals []any
}

// shape is a list of keys that only grows. So the objects that have its first
// keys are not disturbed when another adds one more.
type shape struct {
	keys  []string
	index map[string]int // nil while small
}

// small is up to how many keys a shape is searched without an index.
const small = 8

func newObject() *object { return &object{s: &shape{}} }

func (o *object) find(key string) int {
	if o.s.index != nil {
		if i, ok := o.s.index[key]; ok && i < len(o.vals) {
			return i
		}
		return -1
	}
	for i, k := range o.keys() {
		if k == key {
			return i
		}
	}
	return -1
}

// get returns the value at key; ok is false if there is none.
func (o *object) get(key string) (v any, ok bool) {
	if i := o.find(key); i >= 0 {
		return o.vals[i], true
	}
	return nil, false
}

// expected is the key that the shape has next, "" if it has none.
func (o *object) expected() string {
	if n := len(o.vals); n < len(o.s.keys) {
		return o.s.keys[n]
	}
	return ""
}

// put adds or replaces a value in an object that nobody else holds yet.
func (o *object) put(key string, v any) {
	if n := len(o.vals); n < len(o.s.keys) && o.s.keys[n] == key {
		o.vals = append(o.vals, v)
		return
	}
	if i := o.find(key); i >= 0 {
		o.vals[i] = v
		return
	}
	o.extend(key)
	o.vals = append(o.vals, v)
}

// extend makes key, which the object does not have, the next of its shape.
func (o *object) extend(key string) {
	n := len(o.vals)
	if n < len(o.s.keys) {
		if o.s.keys[n] == key {
			return
		}
		o.s = &shape{keys: slices.Clone(o.s.keys[:n])}
		o.s.reindex()
	}
	o.s.keys = append(o.s.keys, key)
	switch {
	case o.s.index != nil:
		o.s.index[key] = n
	case n >= small:
		o.s.reindex()
	}
}

func (s *shape) reindex() {
	if len(s.keys) <= small {
		return
	}
	s.index = make(map[string]int, 2*len(s.keys))
	for i, k := range s.keys {
		s.index[k] = i
	}
}

// with returns an object with a value added or replaced.
func (o *object) with(key string, v any) *object {
	out := &object{s: o.s, vals: o.vals}
	if i := o.find(key); i >= 0 {
		out.vals = slices.Clone(o.vals)
		out.vals[i] = v
		return out
	}
	out.extend(key)
	out.vals = appended(o.vals, v)
	return out
}

func (o *object) clone() *object { return &object{o.s, slices.Clone(o.vals)} }

// without returns an object without a key.
func (o *object) without(key string) *object {
	if o.find(key) < 0 {
		return o
	}
	out := newObject()
	for i, k := range o.keys() {
		if k != key {
			out.put(k, o.vals[i])
		}
	}
	return out
}

func (o *object) len() int       { return len(o.vals) }
func (o *object) keys() []string { return o.s.keys[:len(o.vals)] }

func (o *object) sortedKeys() []string {
	keys := slices.Clone(o.keys())
	slices.Sort(keys)
	return keys
}

// spare marks the room behind an array that append may take: an array shares
// its memory with the one that it was made of by adding to it.
type spare struct{}

// appended returns a with more behind it.
func appended(a []any, more ...any) []any {
	if n := len(a); cap(a) >= n+len(more) && len(more) > 0 {
		if _, free := a[:n+1][n].(spare); free {
			return append(a, more...)
		}
	}
	out := make([]any, len(a)+len(more), len(a)+len(more)+len(a)/2)
	copy(out, a)
	copy(out[len(a):], more)
	for i := range out[len(out):cap(out)] {
		out[len(out):cap(out)][i] = spare{}
	}
	return out
}

// typeName is the type of a value as jq names it.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64, literal:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// number returns a value as a float64.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case literal:
		return v.f, true
	}
	return 0, false
}

func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	}
	return true
}

// rank is the place of a type in the order of values.
func rank(v any) int {
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if v {
			return 2
		}
		return 1
	case float64, literal:
		return 3
	case string:
		return 4
	case []any:
		return 5
	}
	return 6
}

// compare orders values: null, false, true, numbers, strings, arrays, objects.
func compare(a, b any) int {
	if x, y := rank(a), rank(b); x != y {
		return x - y
	}
	switch a := a.(type) {
	case float64, literal:
		x, _ := number(a)
		y, _ := number(b)
		return compareNumbers(x, y)
	case string:
		return strings.Compare(a, b.(string))
	case []any:
		return compareArrays(a, b.([]any))
	case *object:
		return compareObjects(a, b.(*object))
	}
	return 0
}

// compareNumbers puts nan before every number, itself too.
func compareNumbers(x, y float64) int {
	switch {
	case x < y || math.IsNaN(x):
		return -1
	case x == y:
		return 0
	}
	return 1
}

func compareArrays(a, b []any) int {
	for i := range min(len(a), len(b)) {
		if c := compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

// compareObjects compares the sets of keys first, then the values.
func compareObjects(a, b *object) int {
	x, y := a.sortedKeys(), b.sortedKeys()
	if c := slices.Compare(x, y); c != 0 {
		return c
	}
	for _, k := range x {
		v, _ := a.get(k)
		w, _ := b.get(k)
		if c := compare(v, w); c != 0 {
			return c
		}
	}
	return 0
}

func equal(a, b any) bool { return compare(a, b) == 0 }

// valueError is an error with a value, as error(x) raises it.
type valueError struct{ v any }

// Error is the message of the error.
func (e *valueError) Error() string {
	if s, ok := e.v.(string); ok {
		return s
	}
	return toJSON(e.v) + " (not a string)"
}

func fail(parts ...string) error { return &valueError{strings.Join(parts, "")} }

// shown is a value in a message: its type, and its text as far as it is short.
func shown(v any) string { return typeName(v) + " (" + cut(toJSON(v), maxShown) + ")" }

// How many bytes of a value are shown in a message.
const (
	maxShown     = 14
	maxShownPath = 29
)

func cut(s string, most int) string {
	const more = "..."
	if len(s) <= most {
		return s
	}
	return s[:most-len(more)] + more
}
