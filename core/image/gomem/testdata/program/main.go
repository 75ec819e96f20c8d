// Command program does what depends on the tables of functions: it lets the collector walk stacks of many kinds, panics and
// recovers.
package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
)

type value struct{ a, b string }

func (v value) Join(sep string) string { return collect(v.a) + sep + collect(v.b) }

type joiner interface{ Join(string) string }

// collect has everything that moved collected while its callers are on the stack.
func collect(s string) string {
	kept := strings.Repeat(s, 3)
	for range 3 {
		runtime.GC()
		_ = make([]byte, 1<<16)
	}
	return kept[:len(s)]
}

//go:noinline
func deep(n int, s string) string {
	if n == 0 {
		return collect(s)
	}
	local := fmt.Sprint(s, n%10)
	return deep(n-1, local)[:4] + local[:1]
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	defer func() { collect("deferred") }()
	f()
}

func recovers() any { return recover() }

// inlined is inlined into what the compiler makes of its defer, and counts all the same.
func inlined(to *any) { *to = recovers() }

func tooDeep() {
	var got any
	defer func() { fmt.Println("not at this depth", got) }()
	defer inlined(&got)
	panic("deep")
}

func direct() {
	defer recovers()
	panic("direct")
}

func main() {
	direct()
	try("depth", tooDeep)
	fmt.Println(deep(500, "abcd"))
	bound := reflect.ValueOf(value{"x", "y"}).Method(0).Interface().(func(string) string)
	fmt.Println(bound("-"))
	made := reflect.MakeFunc(reflect.TypeFor[func(string, int) string](), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(collect(args[0].String()))}
	}).Interface().(func(string, int) string)
	fmt.Println(made("made", 1))
	for _, stub := range []any{bound, made} { // the collector knows these by name
		fmt.Println(runtime.FuncForPC(reflect.ValueOf(stub).Pointer()).Name())
	}
	done := make(chan string)
	for i := range 20 {
		go func() { done <- deep(i, "goroutine") }()
	}
	for range 20 {
		_ = collect(<-done)
	}
	fmt.Println(runtime.NumGoroutine(), "goroutine besides the runtime's own")
	var nobody *value
	var array []int
	try("nil", func() { fmt.Println(nobody.a) })
	try("index", func() { fmt.Println(array[len(os.Args)]) })
	try("wrapped", func() { var j joiner = nobody; fmt.Println(j.Join("")) })
	try("own", func() { panic(fmt.Errorf("an error")) })
	_, file, line, _ := runtime.Caller(0)
	fmt.Fprintln(os.Stderr, "at", file, line)
}
