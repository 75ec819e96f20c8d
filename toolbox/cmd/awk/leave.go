package awk

import "errors"

// A function may hold next, nextfile and exit, which leave the expression that
// calls it. They stick as errors do, until the record loop takes them back.
var (
	errLeft     = errors.New("exit in a function")
	errNext     = errors.New("next in a function")
	errNextFile = errors.New("nextfile in a function")
)

// left makes a jump out of a function stick.
func (m *machine) left(how flow) {
	switch how {
	case doNext:
		m.fail(errNext)
	case doNextFile:
		m.fail(errNextFile)
	}
}

// landed takes back a jump out of a function and says what it was.
func (m *machine) landed(f flow) flow {
	switch m.err {
	case errLeft:
		f = doExit
	case errNext:
		f = doNext
	case errNextFile:
		f = doNextFile
	default:
		return f
	}
	m.err = nil
	return f
}
