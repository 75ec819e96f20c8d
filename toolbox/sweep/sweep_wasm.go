package sweep

//go:noescape
func count(b []byte, c byte) int

//go:noescape
func lastIndexByte(b []byte, c byte) int

// indexPair returns the first place where b has a under am, and gap bytes further z
// under zm, as far as it looked in whole words; ^n if there is none before n.
//
//go:noescape
func indexPair(b []byte, gap int, a, am, z, zm uint64) int

// skip returns how many bytes from the start are not in t, as far as it looked in
// whole words.
//
//go:noescape
func skip(t *Table, b []byte) int

// translate maps the whole words of src and returns how much that is.
//
//go:noescape
func translate(t *Table, dst, src []byte) int

func (w *Words) count(b []byte) int {
	n, words, lines, within := words(b, w.Within)
	w.Words += words
	w.Lines += lines
	w.Within = within
	return n
}

//go:noescape
func words(b []byte, within bool) (n, words, lines int, still bool)

//go:noescape
func walk(trans *uint32, classes *[256]uint16, s uint32, text []byte) (to uint32, n int)

// edges and places need room for eight more in out to go on.
//
//go:noescape
func edges(text string, out []int32, within bool) (n, scanned int)

//go:noescape
func places(text string, c byte, out []int32) (n, scanned int)
