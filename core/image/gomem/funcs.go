package gomem

import (
	"encoding/binary"
	"errors"
	"slices"
)

// CodeShift is where in a code address the index of its function in the WebAssembly table begins.
const CodeShift = 16

// Words of runtime.moduledata that tell where the types lie, and the list of packages to initialise.
const (
	moduleTypes    = 37
	moduleTypesEnd = 38
	moduleInit     = 59
)

// initDone is the state of a package that is initialised, in runtime.initTask.
const initDone = 2

var errInit = errors.New("a package of the program is not initialised")

// ForgetInit overwrites the lists of functions that initialise packages, which must all have run.
func ForgetInit(memory []byte) error {
	t, err := find(memory)
	if err != nil {
		return err
	}
	list, n := t.module[moduleInit], t.module[moduleInit+1]
	tasks := words(memory, list, int(min(n, 1<<16)))
	for _, at := range tasks {
		if binary.LittleEndian.Uint32(memory[at:]) != initDone {
			return errInit
		}
	}
	for _, at := range tasks {
		task := memory[at:]
		clear(task[8 : 8+8*binary.LittleEndian.Uint32(task[4:])])
	}
	return nil
}

// Functions lists the indices of functions that the memory may refer to, in order: what looks like the address of code, but
// for what is in the tables of functions themselves.
func Functions(memory []byte) ([]uint32, error) {
	t, err := find(memory)
	if err != nil {
		return nil, err
	}
	base := t.module[moduleText] >> CodeShift
	var found []uint32
	note := func(i uint64) {
		if i >= base && i < base+uint64(t.count) {
			found = append(found, uint32(i))
		}
	}
	addresses := func(from, to uint64) {
		for at := (from + 7) &^ 7; at+8 <= to; at += 8 {
			note(binary.LittleEndian.Uint64(memory[at:]) >> CodeShift)
		}
	}
	addresses(0, t.header)
	addresses(uint64(t.constant), uint64(len(memory)))
	for at := t.module[moduleTypes]; at+4 <= t.module[moduleTypesEnd]; at += 4 { // a type has its methods by index
		note(uint64(binary.LittleEndian.Uint32(memory[at:])))
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}
