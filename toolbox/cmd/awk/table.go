package awk

import "math"

// builtins are all functions of awk by name.
var builtins = func() map[string]builtin {
	byName := map[string]builtin{}
	for _, b := range builtinTable() {
		byName[b.name] = b
	}
	return byName
}()

// builtinTable makes the table of functions.
func builtinTable() []builtin {
	const any = math.MaxInt
	return []builtin{
		{"length", 0, 1, 0, bLength}, {"substr", 2, 3, 0, bSubstr}, {"index", 2, 2, 0, bIndex},
		{"split", 2, 4, 1 << 1, bSplit}, {"patsplit", 2, 4, 1 << 1, bPatsplit}, {"sub", 2, 3, 0, bSub}, {"gsub", 2, 3, 0, bGsub},
		{"gensub", 3, 4, 0, bGensub}, {"match", 2, 3, 1 << 2, bMatch}, {"sprintf", 1, any, 0, bSprintf},
		{"toupper", 1, 1, 0, bToupper}, {"tolower", 1, 1, 0, bTolower},
		{"sin", 1, 1, 0, math1(math.Sin)}, {"cos", 1, 1, 0, math1(math.Cos)}, {"exp", 1, 1, 0, bExp},
		{"log", 1, 1, 0, warned("log", math.Log)}, {"sqrt", 1, 1, 0, warned("sqrt", math.Sqrt)},
		{"atan2", 2, 2, 0, bAtan2}, {"int", 1, 1, 0, bInt}, {"rand", 0, 0, 0, bRand}, {"srand", 0, 1, 0, bSrand},
		{"system", 1, 1, 0, bSystem}, {"close", 1, 2, 0, bClose}, {"fflush", 0, 1, 0, bFflush},
		{"systime", 0, 0, 0, bSystime}, {"strftime", 0, 3, 0, bStrftime}, {"mktime", 1, 2, 0, bMktime},
		{"asort", 1, 3, 1, bAsort}, {"asorti", 1, 3, 1, bAsorti}, {"isarray", 1, 1, 0, bIsarray}, {"typeof", 1, 1, 0, bTypeof},
		{"and", 2, any, 0, bitwise("and", func(a, b uint64) uint64 { return a & b })},
		{"or", 2, any, 0, bitwise("or", func(a, b uint64) uint64 { return a | b })},
		{"xor", 2, any, 0, bitwise("xor", func(a, b uint64) uint64 { return a ^ b })},
		{"lshift", 2, 2, 0, bitwise("lshift", func(a, b uint64) uint64 { return a << b })},
		{"rshift", 2, 2, 0, bitwise("rshift", func(a, b uint64) uint64 { return a >> b })},
		{"compl", 1, 1, 0, bCompl}, {"strtonum", 1, 1, 0, bStrtonum},
		{"mkbool", 1, 1, 0, func(m *machine, args []expr) value { return boolean(args[0].cond(m)) }},
		{"dcgettext", 1, 3, 0, func(m *machine, args []expr) value { return str(m.strArg(args, 0)) }},
	}
}
