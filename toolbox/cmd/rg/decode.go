package rg

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf16"

	"agentsandbox/toolbox/tool"
)

// readAll reads all of a file as UTF-8, up to a limit; size is about what it
// holds.
func (r *rg) readAll(in io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(size, 0), tool.MaxHeld)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(in, tool.MaxHeld+1)); err != nil {
		return nil, err
	}
	if b.Len() > tool.MaxHeld {
		return nil, errors.New("file too large")
	}
	return decode(b.Bytes(), r.encoding), nil
}

// The marks at the start of a file that tell how it is encoded.
const (
	mark8     = "\xef\xbb\xbf"
	mark16    = "\xff\xfe"
	mark16Big = "\xfe\xff"
)

// decode turns the contents of a file into UTF-8. A mark at its start counts
// unless the encoding is "none".
func decode(data []byte, encoding string) []byte {
	if encoding == "none" {
		return data
	}
	for _, m := range []struct{ mark, encoding string }{{mark8, ""}, {mark16, "utf-16le"}, {mark16Big, "utf-16be"}} {
		if rest, ok := bytes.CutPrefix(data, []byte(m.mark)); ok {
			data, encoding = rest, m.encoding
			break
		}
	}
	switch encoding {
	case "latin1", "iso-8859-1":
		return latin1(data)
	case "utf-16", "utf-16le":
		return utf16Text(data, 0)
	case "utf-16be":
		return utf16Text(data, 1)
	}
	return data
}

func latin1(data []byte) []byte {
	var b bytes.Buffer
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.Bytes()
}

// utf16Text decodes UTF-16; low is where in a pair of bytes the lower one is.
func utf16Text(data []byte, low int) []byte {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+low])|uint16(data[i+1-low])<<8)
	}
	var b strings.Builder
	for _, c := range utf16.Decode(units) {
		b.WriteRune(c)
	}
	return []byte(b.String())
}
