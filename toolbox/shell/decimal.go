package shell

import "strconv"

// hundreds are the numbers from 100 to 999, one behind the other. Most numbers
// of a script are small, and to put them together anew is an allocation each.
var hundreds = func() string {
	b := make([]byte, 0, 3*900)
	for n := int64(100); n < 1000; n++ {
		b = strconv.AppendInt(b, n, 10)
	}
	return string(b)
}()

// decimal is a number as text.
func decimal(n int64) string {
	if n >= 100 && n < 1000 {
		at := 3 * (n - 100)
		return hundreds[at : at+3]
	}
	return strconv.FormatInt(n, 10)
}
