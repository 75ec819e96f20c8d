package sweep

// Fields appends to out where each field of text begins and ends: what blanks, which
// are space, tab and newline, do not part. It goes on where it stopped, which is behind
// the blank with which out has most places or a few more, or at the end; it begins with
// an empty out at 0.
func Fields(out []int32, text string, from, most int) (_ []int32, next int) {
	for from < len(text) && len(out) < most {
		out = room(out)
		n, scanned := edges(text[from:], out[len(out):min(cap(out), most+wordSize)], len(out)&1 == 1)
		out = shifted(out, n, from)
		from += scanned
		if scanned >= wordSize {
			continue
		}
		within := len(out)&1 == 1
		for end := min(from+wordSize, len(text)); from < end; from++ {
			if c := text[from]; (c == ' ' || c == '\t' || c == '\n') == within {
				out = append(out, int32(from))
				within = !within
			}
		}
	}
	if from == len(text) && len(out)&1 == 1 {
		out = append(out, int32(from))
	}
	return out, from
}

// Places appends to out where c is in text, and goes on as Fields does.
func Places(out []int32, text string, c byte, from, most int) (_ []int32, next int) {
	for from < len(text) && len(out) < most {
		out = room(out)
		n, scanned := places(text[from:], c, out[len(out):min(cap(out), most+wordSize)])
		out = shifted(out, n, from)
		from += scanned
		if scanned >= wordSize {
			continue
		}
		for end := min(from+wordSize, len(text)); from < end; from++ {
			if text[from] == c {
				out = append(out, int32(from))
			}
		}
	}
	return out, from
}

const wordSize = 8

// room makes sure that there is some behind out.
func room(out []int32) []int32 {
	if cap(out)-len(out) >= 2*wordSize {
		return out
	}
	return append(make([]int32, 0, 2*cap(out)+8*wordSize), out...)
}

// shifted is out with n more places, which count from a place in the text.
func shifted(out []int32, n, from int) []int32 {
	at := len(out)
	out = out[:at+n]
	if from > 0 {
		for i := range out[at:] {
			out[at+i] += int32(from)
		}
	}
	return out
}
