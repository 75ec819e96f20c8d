package tool

// CompareVersions orders names as GNU's version sort does (sort -V, ls -v):
// runs of digits by value, a suffix like ".tar.gz" only where the rest is
// equal, and "~" before everything, even the end.
func CompareVersions[T ~string | ~[]byte](a, b T) int {
	switch {
	case len(a) == 0 || len(b) == 0:
		return len(a) - len(b)
	case a[0] == '.' && b[0] != '.':
		return -1
	case a[0] != '.' && b[0] == '.':
		return 1
	case a[0] == '.':
		if d := dotRank(b) - dotRank(a); d != 0 {
			return d
		}
	}
	aStem, bStem := stem(a), stem(b)
	if d := compareRuns(a[:aStem], b[:bStem]); d != 0 || aStem == len(a) && bStem == len(b) {
		return d
	}
	return compareRuns(a, b)
}

// dotRank is higher for "." and "..", which come first.
func dotRank[T ~string | ~[]byte](s T) int {
	switch {
	case len(s) == 1:
		return 2
	case len(s) == 2 && s[1] == '.':
		return 1
	}
	return 0
}

// stem is the length of s without suffixes: ends like ".c" or ".tar~".
func stem[T ~string | ~[]byte](s T) int {
	length := 0
	for i := 0; i < len(s); {
		i++
		length = i
		for i+1 < len(s) && s[i] == '.' && (letter(s[i+1]) || s[i+1] == '~') {
			for i += 2; i < len(s) && (letter(s[i]) || digitByte(s[i]) || s[i] == '~'); i++ {
			}
		}
	}
	return length
}

func letter(c byte) bool    { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func digitByte(c byte) bool { return c >= '0' && c <= '9' }

// rank orders the characters between numbers.
func rank[T ~string | ~[]byte](s T, i int) int {
	switch {
	case i >= len(s):
		return -1
	case digitByte(s[i]):
		return 0
	case letter(s[i]):
		return int(s[i])
	case s[i] == '~':
		return -2
	}
	return int(s[i]) + 256
}

func compareRuns[T ~string | ~[]byte](a, b T) int {
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		for i < len(a) && !digitByte(a[i]) || j < len(b) && !digitByte(b[j]) {
			if d := rank(a, i) - rank(b, j); d != 0 {
				return d
			}
			i++
			j++
		}
		for i < len(a) && a[i] == '0' {
			i++
		}
		for j < len(b) && b[j] == '0' {
			j++
		}
		first := 0
		for i < len(a) && j < len(b) && digitByte(a[i]) && digitByte(b[j]) {
			if first == 0 {
				first = int(a[i]) - int(b[j])
			}
			i++
			j++
		}
		switch {
		case i < len(a) && digitByte(a[i]):
			return 1
		case j < len(b) && digitByte(b[j]):
			return -1
		case first != 0:
			return first
		}
	}
	return 0
}
