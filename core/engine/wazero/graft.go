package wazero

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"github.com/tetratelabs/wazero"
)

// innards are the parts of wazero's compiled module that hold machine code.
// wazero has no way to hand code in or out except by files that it reads whole,
// byte by byte, and sums up, which for the toolbox takes longer than all else
// that a process does. So its fields are reached by their names. A wazero in which a
// field is missing or of another type gives errLayout, and a caller does without.
//
// This file alone looks inside wazero.
type innards struct {
	mu      *sync.RWMutex // of the engine, guards sorted
	code    *[]byte       // the machine code of all functions
	offsets *[]int        // where in code each defined function begins
	sorted  reflect.Value // the engine's compiled modules, by the address of their code
	self    reflect.Value // the module as it stands in sorted
	clauses int           // of exception handlers
}

// errLayout means that wazero is not built as this file knows it.
var errLayout = errors.New("wazero has changed inside")

// innardsOf finds the innards of a module that wazero's compiler compiled.
func innardsOf(c wazero.CompiledModule) (*innards, error) {
	outer := reflect.ValueOf(c)
	engine, err := fieldOf(outer, "compiledEngine")
	if err != nil {
		return nil, err
	}
	in := &innards{}
	if in.mu, err = pointerTo[sync.RWMutex](engine, "mux"); err != nil {
		return nil, err
	}
	in.mu.RLock()
	defer in.mu.RUnlock()
	counted, err := counted(outer, engine)
	if err != nil {
		return nil, err
	}
	if in.self, err = fieldOf(counted, "compiledModule"); err != nil {
		return nil, err
	}
	return in, in.find(engine)
}

// counted is the engine's entry of a module.
func counted(outer, engine reflect.Value) (reflect.Value, error) {
	id, err := fieldOf(outer, "module", "ID")
	if err != nil {
		return id, err
	}
	modules, err := fieldOf(engine, "compiledModules")
	if err != nil {
		return modules, err
	}
	if modules.Kind() != reflect.Map || modules.Type().Key() != id.Type() {
		return modules, fmt.Errorf("%w: compiledModules is a %s", errLayout, modules.Type())
	}
	found := modules.MapIndex(id)
	if !found.IsValid() {
		return found, fmt.Errorf("%w: the engine does not know its module", errLayout)
	}
	return found, nil
}

func (in *innards) find(engine reflect.Value) error {
	var err error
	if in.code, err = pointerTo[[]byte](in.self, "executables", "executable"); err != nil {
		return err
	}
	if in.offsets, err = pointerTo[[]int](in.self, "functionOffsets"); err != nil {
		return err
	}
	clauses, err := fieldOf(in.self, "catchClauseTable")
	if err != nil || clauses.Kind() != reflect.Slice {
		return errors.Join(err, errLayout)
	}
	in.clauses = clauses.Len()
	if in.sorted, err = fieldOf(engine, "sortedCompiledModules"); err != nil {
		return err
	}
	if in.sorted.Kind() != reflect.Slice || in.sorted.Type().Elem() != in.self.Type() {
		return fmt.Errorf("%w: sortedCompiledModules is a %s", errLayout, in.sorted.Type())
	}
	return nil
}

// put gives code to a module that has none. wazero unmaps it when the module is
// garbage.
func (in *innards) put(code []byte, offsets []int) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(*in.code) > 0 {
		return errors.New("the module has code")
	}
	*in.offsets = offsets
	if len(code) == 0 {
		return nil
	}
	*in.code = code
	return in.insert()
}

// insert puts the module into its place in the sorted list.
func (in *innards) insert() error {
	address := func(m reflect.Value) (uintptr, error) {
		code, err := pointerTo[[]byte](m, "executables", "executable")
		if err != nil {
			return 0, err
		}
		return uintptr(unsafe.Pointer(unsafe.SliceData(*code))), nil
	}
	own, err := address(in.self)
	if err != nil {
		return err
	}
	n, at := in.sorted.Len(), 0
	for ; at < n; at++ {
		other, err := address(in.sorted.Index(at))
		if err != nil {
			return err
		}
		if other >= own {
			break
		}
	}
	list := reflect.Append(in.sorted.Slice3(0, n, n), in.self)
	reflect.Copy(list.Slice(at+1, n+1), list.Slice(at, n))
	list.Index(at).Set(in.self)
	in.sorted.Set(list)
	return nil
}

// fieldOf follows fields by their names, through pointers and interfaces. The
// value that it returns can be set.
func fieldOf(v reflect.Value, names ...string) (reflect.Value, error) {
	for _, name := range names {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct || !v.CanAddr() {
			return v, fmt.Errorf("%w: what should hold %s is no struct", errLayout, name)
		}
		if v = v.FieldByName(name); !v.IsValid() {
			return v, fmt.Errorf("%w: no %s", errLayout, name)
		}
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	return v, nil
}

// pointerTo is fieldOf for a field of a type that is known.
func pointerTo[T any](v reflect.Value, names ...string) (*T, error) {
	v, err := fieldOf(v, names...)
	if err != nil {
		return nil, err
	}
	if v.Type() != reflect.TypeFor[T]() {
		return nil, fmt.Errorf("%w: %s is a %s", errLayout, names[len(names)-1], v.Type())
	}
	return (*T)(unsafe.Pointer(v.UnsafeAddr())), nil
}
