package tool

import (
	"strconv"
	"strings"
)

// signals are the names of the signals of Linux by number.
const signals = "EXIT HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT " +
	"CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS"

// Signal finds a signal by its name, with or without SIG, or its number.
func Signal(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 0 && n <= 64
	}
	name := strings.TrimPrefix(strings.ToUpper(s), "SIG")
	switch name {
	case "IOT":
		name = "ABRT"
	case "CLD":
		name = "CHLD"
	case "IO":
		name = "POLL"
	}
	for n, each := range strings.Fields(signals) {
		if each == name {
			return n, true
		}
	}
	return 0, false
}

// SignalName is the name of a signal without SIG; its number where it has none.
func SignalName(n int) string {
	names := strings.Fields(signals)
	if n >= 0 && n < len(names) {
		return names[n]
	}
	return strconv.Itoa(n)
}
