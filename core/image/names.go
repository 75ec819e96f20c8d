package image

// Subsections of the name section; all but the first are keyed by function.
const (
	namesModule = 0
	namesFuncs  = 1
	namesLocals = 2
	namesLabels = 3
)

// checkNames refuses a name section that is malformed. The specification has
// engines ignore such a section.
//
// THREAT[EN-03] wazero allocates as many names as the section claims to have:
// gigabytes for a module of 60 bytes.
func checkNames(r *reader) {
	for !r.done() {
		id := r.byte()
		sub := r.sub(r.u32())
		switch id {
		case namesModule:
			sub.name()
		case namesFuncs:
			skipNames(&sub)
		case namesLocals, namesLabels:
			for n := sub.count(); n > 0 && sub.err == nil; n-- {
				sub.u32()
				skipNames(&sub)
			}
		default:
			sub.pos = len(sub.buf)
		}
		if sub.err == nil && !sub.done() {
			sub.fail("malformed name section")
		}
		if sub.err != nil {
			r.abort(sub.err)
		}
	}
}

// shiftNames renumbers the functions from first on in a name section. It
// returns an empty section if the old one makes no sense.
func shiftNames(section []byte, first uint32) []byte {
	r := reader{buf: section}
	out := make([]byte, 0, len(section)+64)
	for !r.done() {
		id := r.byte()
		sub := r.sub(r.u32())
		body := sub.buf
		if id == namesFuncs || id == namesLocals || id == namesLabels {
			body = shiftKeys(&sub, first, id != namesFuncs)
		}
		if r.err != nil || sub.err != nil {
			return nil
		}
		out = appendBytes(append(out, id), body)
	}
	return out
}

// shiftKeys renumbers a map from functions to names, or to maps of names.
func shiftKeys(r *reader, first uint32, nested bool) []byte {
	n := r.count()
	out := appendU32(make([]byte, 0, len(r.buf)+16), n)
	for ; n > 0 && r.err == nil; n-- {
		fn := r.u32()
		if fn >= first {
			fn++
		}
		from := r.pos
		if nested {
			skipNames(r)
		} else {
			r.take(r.u32())
		}
		if r.err == nil {
			out = append(appendU32(out, fn), r.buf[from:r.pos]...)
		}
	}
	return out
}

func skipNames(r *reader) {
	for n := r.count(); n > 0 && r.err == nil; n-- {
		r.u32()
		r.name()
	}
}
