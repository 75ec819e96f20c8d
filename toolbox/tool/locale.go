package tool

// UTF8 reports whether text is UTF-8, as it is unless the environment asks
// for the C locale by LC_ALL, LC_CTYPE or LANG.
func (x *Exec) UTF8() bool {
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := x.Getenv(key); v != "" {
			return v != "C" && v != "POSIX"
		}
	}
	return true
}
