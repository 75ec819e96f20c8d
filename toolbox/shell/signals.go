package shell

import (
	"strconv"
	"strings"
)

const (
	sigHUP  = 1
	sigINT  = 2
	sigQUIT = 3
	sigKILL = 9
	sigPIPE = 13
	sigTERM = 15
	sigCHLD = 17
)

// Traps that are no signals stand beside the signals' numbers.
const (
	trapEXIT   = 0
	trapDEBUG  = 65
	trapERR    = 66
	trapRETURN = 67
)

// signalNames are the signals of Linux by number, without "SIG".
var signalNames = [...]string{1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 5: "TRAP", 6: "ABRT", 7: "BUS", 8: "FPE",
	9: "KILL", 10: "USR1", 11: "SEGV", 12: "USR2", 13: "PIPE", 14: "ALRM", 15: "TERM", 16: "STKFLT", 17: "CHLD",
	18: "CONT", 19: "STOP", 20: "TSTP", 21: "TTIN", 22: "TTOU", 23: "URG", 24: "XCPU", 25: "XFSZ", 26: "VTALRM",
	27: "PROF", 28: "WINCH", 29: "IO", 30: "PWR", 31: "SYS",
	34: "RTMIN", 35: "RTMIN+1", 36: "RTMIN+2", 37: "RTMIN+3", 38: "RTMIN+4", 39: "RTMIN+5", 40: "RTMIN+6",
	41: "RTMIN+7", 42: "RTMIN+8", 43: "RTMIN+9", 44: "RTMIN+10", 45: "RTMIN+11", 46: "RTMIN+12", 47: "RTMIN+13",
	48: "RTMIN+14", 49: "RTMIN+15", 50: "RTMAX-14", 51: "RTMAX-13", 52: "RTMAX-12", 53: "RTMAX-11", 54: "RTMAX-10",
	55: "RTMAX-9", 56: "RTMAX-8", 57: "RTMAX-7", 58: "RTMAX-6", 59: "RTMAX-5", 60: "RTMAX-4", 61: "RTMAX-3",
	62: "RTMAX-2", 63: "RTMAX-1", 64: "RTMAX"}

// signalName is the name of a trap, "SIG" included for signals.
func signalName(n int) string {
	switch n {
	case trapEXIT:
		return "EXIT"
	case trapDEBUG:
		return "DEBUG"
	case trapERR:
		return "ERR"
	case trapRETURN:
		return "RETURN"
	}
	if n > 0 && n < len(signalNames) && signalNames[n] != "" {
		return "SIG" + signalNames[n]
	}
	return ""
}

// signalNumber finds a trap by number or by name, with or without SIG, in
// any case.
func signalNumber(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 0 && n <= 64 && signalName(n) != ""
	}
	name := strings.ToUpper(s)
	switch name {
	case "EXIT":
		return trapEXIT, true
	case "DEBUG":
		return trapDEBUG, true
	case "ERR":
		return trapERR, true
	case "RETURN":
		return trapRETURN, true
	}
	name = strings.TrimPrefix(name, "SIG")
	for n, have := range signalNames {
		if have == name && have != "" {
			return n, true
		}
	}
	return 0, false
}

// defaultIgnored reports whether the signal does nothing to a process that
// has no trap for it.
func defaultIgnored(sig int) bool {
	switch sig {
	case 0, sigCHLD, sigCONT, 23, 28:
		return true
	}
	return false
}

// signalTexts are what the shell says of a command that a signal ended.
var signalTexts = map[int]string{1: "Hangup", 2: "Interrupt", 3: "Quit", 4: "Illegal instruction", 5: "Trace/breakpoint trap",
	6: "Aborted", 7: "Bus error", 8: "Floating point exception", 9: "Killed", 10: "User defined signal 1",
	11: "Segmentation fault", 12: "User defined signal 2", 13: "Broken pipe", 14: "Alarm clock", 15: "Terminated"}
