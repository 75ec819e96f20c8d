package getdate

import "strings"

// lookup finds what a word, in upper case, means.
func (l *lexer) lookup(word string) (token, bool) {
	for _, find := range []func(string) (token, bool){
		findMeridian, findCalendar, l.findZone, findUnit, findRelative, findLetter,
	} {
		if t, ok := find(word); ok {
			return t, true
		}
	}
	if strings.Contains(word, ".") {
		return l.findZone(strings.ReplaceAll(word, ".", ""))
	}
	return token{}, false
}

func findMeridian(word string) (token, bool) {
	switch word {
	case "AM", "A.M.":
		return token{kind: meridian}, true
	case "PM", "P.M.":
		return token{kind: meridian, value: 12}, true
	}
	return token{}, false
}

const (
	monthNames = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER"
	dayNames   = "SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY"
)

// findCalendar finds months and days of the week, whole or as three letters
// with or without a point, and a few longer abbreviations.
func findCalendar(word string) (token, bool) {
	switch word {
	case "SEPT":
		return token{kind: month, value: 9}, true
	case "TUES":
		return token{kind: weekday, value: 2}, true
	case "WEDNES":
		return token{kind: weekday, value: 3}, true
	case "THUR", "THURS":
		return token{kind: weekday, value: 4}, true
	}
	if i := indexName(monthNames, word); i >= 0 {
		return token{kind: month, value: int64(i + 1)}, true
	}
	if i := indexName(dayNames, word); i >= 0 {
		return token{kind: weekday, value: int64(i)}, true
	}
	return token{}, false
}

func indexName(names, word string) int {
	short := word
	if len(word) == 4 && word[3] == '.' {
		short = word[:3]
	}
	for i, name := range strings.Fields(names) {
		if word == name || len(short) == 3 && strings.HasPrefix(name, short) {
			return i
		}
	}
	return -1
}

// zoneTable holds the zone names that mean the same everywhere, in quarters of
// an hour east; those of summer time have their hour in them.
var zoneTable = map[string]int64{
	"WET": 0, "WEST": 4, "BST": 4, "ART": -12, "BRT": -12, "BRST": -8,
	"NST": -14, "NDT": -10, "AST": -16, "ADT": -12, "CLT": -16, "CLST": -12,
	"EST": -20, "EDT": -16, "CST": -24, "CDT": -20, "MST": -28, "MDT": -24,
	"PST": -32, "PDT": -28, "AKST": -36, "AKDT": -32, "HST": -40, "HAST": -40,
	"HADT": -36, "SST": -48, "WAT": 4, "CET": 4, "CEST": 8, "MET": 4, "MEZ": 4,
	"MEST": 8, "MESZ": 8, "EET": 8, "EEST": 12, "CAT": 8, "SAST": 8, "EAT": 12,
	"MSK": 12, "MSD": 16, "IST": 22, "SGT": 32, "KST": 36, "JST": 36, "GST": 40,
	"NZST": 48, "NZDT": 52,
}

func (l *lexer) findZone(word string) (token, bool) {
	switch word {
	case "GMT", "UT", "UTC":
		return token{kind: zoneName}, true
	case "DST":
		return token{kind: summer}, true
	}
	for _, z := range l.zones {
		if strings.EqualFold(z.name, word) {
			return token{kind: zoneName, value: z.minutes, local: true}, true
		}
	}
	if quarters, ok := zoneTable[word]; ok {
		return token{kind: zoneName, value: quarters * 15}, true
	}
	return token{}, false
}

var unitTable = map[string]token{
	"YEAR":      {scale: years, value: 1},
	"MONTH":     {scale: months, value: 1},
	"FORTNIGHT": {scale: days, value: 14},
	"WEEK":      {scale: days, value: 7},
	"DAY":       {scale: days, value: 1},
	"HOUR":      {scale: hours, value: 1},
	"MINUTE":    {scale: minutes, value: 1},
	"MIN":       {scale: minutes, value: 1},
	"SECOND":    {scale: seconds, value: 1},
	"SEC":       {scale: seconds, value: 1},
}

func findUnit(word string) (token, bool) {
	t, ok := unitTable[word]
	if !ok {
		t, ok = unitTable[strings.TrimSuffix(word, "S")]
	}
	t.kind = unit
	return t, ok
}

var relativeTable = map[string]token{
	"TOMORROW":  {kind: shift, value: 1},
	"YESTERDAY": {kind: shift, value: -1},
	"TODAY":     {kind: shift},
	"NOW":       {kind: shift},
	"AGO":       {kind: ago, value: -1},
	"HENCE":     {kind: ago, value: 1},
	"LAST":      {kind: ordinal, value: -1},
	"THIS":      {kind: ordinal},
	"NEXT":      {kind: ordinal, value: 1},
	"FIRST":     {kind: ordinal, value: 1},
	"THIRD":     {kind: ordinal, value: 3},
	"FOURTH":    {kind: ordinal, value: 4},
	"FIFTH":     {kind: ordinal, value: 5},
	"SIXTH":     {kind: ordinal, value: 6},
	"SEVENTH":   {kind: ordinal, value: 7},
	"EIGHTH":    {kind: ordinal, value: 8},
	"NINTH":     {kind: ordinal, value: 9},
	"TENTH":     {kind: ordinal, value: 10},
	"ELEVENTH":  {kind: ordinal, value: 11},
	"TWELFTH":   {kind: ordinal, value: 12},
}

func findRelative(word string) (token, bool) {
	t, ok := relativeTable[word]
	return t, ok
}

// findLetter finds the zones that are one letter: A to M but J east, N to Y
// west, Z none.
func findLetter(word string) (token, bool) {
	if len(word) != 1 {
		return token{}, false
	}
	if word == "Z" {
		return token{kind: zoneName}, true
	}
	if at := strings.Index("ABCDEFGHIKLM", word); at >= 0 {
		return token{kind: zoneName, value: int64(at+1) * 60}, true
	}
	at := strings.Index("NOPQRSTUVWXY", word)
	t := token{kind: zoneName, value: -int64(at+1) * 60}
	if word == "T" {
		t.kind = letterT
	}
	return t, at >= 0
}
