// Package gomem knows how the memory of a Go program for WebAssembly is laid out: what of it never changes, and what is there
// for stack traces alone. Its functions fail, and change nothing, if they do not find the tables of functions exactly once,
// in the form that Go 1.26 gives them.
package gomem

import (
	"bytes"
	"encoding/binary"
	"errors"
)

var errForm = errors.New("the program's tables of functions are not as Go 1.26 makes them")

// Constant is how many bytes at the start of the memory are constant: types, strings and tables, which no Go code writes.
func Constant(memory []byte) (uint32, error) {
	t, err := find(memory)
	return t.constant, err
}

// tables are the parts of a program's memory that tell of its functions.
type tables struct {
	count    uint32
	text     []byte // names, each ended by a zero
	files    []byte // names of files, and which a unit of compilation has
	values   []byte // tables of values by place in the code
	funcs    []byte // an index, and then a record for each function
	funcdata []byte
	constant uint32 // where all of them end
	header   uint64 // where they begin
	module   []uint64
}

// at is the record of the i-th function, and what is behind it.
func (t *tables) at(i uint32) []byte { return t.funcs[binary.LittleEndian.Uint32(t.funcs[8*i+4:]):] }

// What runtime.pcHeader begins with on wasm: its magic, an instruction's and a pointer's size.
var magic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// Words of runtime.pcHeader.
const (
	headerFuncs   = 1
	headerNames   = 4
	headerUnits   = 5
	headerValues  = 7
	headerRecords = 8
	headerWords   = 9
)

// Words of runtime.moduledata, up to those that are of use here.
const (
	moduleHeader   = 0
	moduleNames    = 1
	moduleRecords  = 13
	moduleBuckets  = 19 // findfunctab, which lies behind the funcdata
	moduleFuncData = 40
	moduleText     = 20 // minpc
	moduleEnd      = 41 // epclntab
	moduleWords    = 62
)

// find finds the tables. Each must lie where the others say, so that what only looks like them is not taken for them.
func find(memory []byte) (tables, error) {
	var found []tables
	for at := 0; ; at++ {
		i := bytes.Index(memory[at:], magic)
		if i < 0 {
			break
		}
		at += i
		if t, ok := read(memory, uint64(at)); ok {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return tables{}, errForm
	}
	return found[0], nil
}

func read(memory []byte, at uint64) (t tables, ok bool) {
	header := words(memory, at, headerWords)
	if header == nil {
		return t, false
	}
	names, units, values, records := at+header[headerNames], at+header[headerUnits], at+header[headerValues], at+header[headerRecords]
	module := moduleOf(memory, at)
	if module == nil || module[moduleNames] != names || module[moduleRecords] != records {
		return t, false
	}
	data, end := module[moduleFuncData], module[moduleBuckets]
	if !(at < names && names < units && units < values && values < records && records < data && data < end && end < module[moduleEnd] && module[moduleEnd] <= uint64(len(memory))) {
		return t, false
	}
	t = tables{
		count: uint32(header[headerFuncs]), text: memory[names:units], files: memory[units:values],
		values: memory[values:records], funcs: memory[records:data], funcdata: memory[data:end], constant: uint32(module[moduleEnd]),
		header: at, module: module,
	}
	return t, uint64(t.count)*8 < uint64(len(t.funcs))
}

// moduleOf finds the module whose header is at an address.
func moduleOf(memory []byte, header uint64) []uint64 {
	pointer := binary.LittleEndian.AppendUint64(nil, header)
	for at := 0; ; at += 8 {
		i := bytes.Index(memory[at:], pointer)
		if i < 0 {
			return nil
		}
		if at += i; at%8 != 0 {
			at -= at % 8
			continue
		}
		if module := words(memory, uint64(at), moduleWords); module != nil && module[moduleNames] > header && module[moduleNames] < header+1<<10 {
			return module
		}
	}
}

// words reads n words, or nothing if they are out of bounds.
func words(memory []byte, at uint64, n int) []uint64 {
	if at+8*uint64(n) > uint64(len(memory)) {
		return nil
	}
	out := make([]uint64, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint64(memory[at+8*uint64(i):])
	}
	return out
}
