package regex

import (
	"unicode"
	"unicode/utf8"
)

// byteRange is a range of bytes.
type byteRange struct{ lo, hi byte }

// appendUTF8 appends the sequences of byte ranges that make up the characters
// lo to hi, none of which is ASCII. Surrogates have no encoding.
func appendUTF8(seqs [][]byteRange, lo, hi rune) [][]byteRange {
	const surrogates, surrogatesEnd = 0xd800, 0xdfff
	if lo <= surrogatesEnd && hi >= surrogates {
		if lo < surrogates {
			seqs = appendUTF8(seqs, lo, surrogates-1)
		}
		if hi > surrogatesEnd {
			seqs = appendUTF8(seqs, surrogatesEnd+1, hi)
		}
		return seqs
	}
	for _, top := range []rune{0x7ff, 0xffff, unicode.MaxRune} {
		if lo <= top && hi > top {
			return appendUTF8(appendUTF8(seqs, lo, top), top+1, hi)
		}
	}
	return splitTails(seqs, lo, hi)
}

// splitTails cuts a range of characters of one length where their bytes are
// no rectangle.
func splitTails(seqs [][]byteRange, lo, hi rune) [][]byteRange {
	for shift := 6; shift < 6*utf8.RuneLen(hi); shift += 6 {
		mask := rune(1)<<shift - 1
		if lo&^mask == hi&^mask {
			continue
		}
		if lo&mask != 0 {
			return splitTails(splitTails(seqs, lo, lo|mask), lo|mask+1, hi)
		}
		if hi&mask != mask {
			return splitTails(splitTails(seqs, lo, hi&^mask-1), hi&^mask, hi)
		}
	}
	var a, b [utf8.UTFMax]byte
	n := utf8.EncodeRune(a[:], lo)
	utf8.EncodeRune(b[:], hi)
	seq := make([]byteRange, n)
	for i := range seq {
		seq[i] = byteRange{a[i], b[i]}
	}
	return append(seqs, seq)
}
