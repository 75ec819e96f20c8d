package dd

import "bytes"

// recorder is the state of conv=block and conv=unblock between blocks.
type recorder struct {
	column int // within the record
	spaces int // met in a record and not yet written
}

// block turns lines into records of cbs bytes, filled up with spaces.
func (c *copier) block(data []byte) error {
	var out []byte
	r := &c.record
	for _, b := range data {
		switch {
		case b == '\n':
			if r.column < c.cbs {
				out = append(out, bytes.Repeat([]byte{' '}, c.cbs-r.column)...)
			}
			r.column = 0
			continue
		case r.column < c.cbs:
			out = append(out, b)
		case r.column == c.cbs:
			c.truncated++
		}
		r.column++
	}
	return c.put(out)
}

// unblock turns records of cbs bytes into lines, without the spaces that fill
// them up.
func (c *copier) unblock(data []byte) error {
	var out []byte
	r := &c.record
	for _, b := range data {
		if r.column == c.cbs {
			r.column, r.spaces = 0, 0
			out = append(out, '\n')
		}
		r.column++
		if b == ' ' {
			r.spaces++
			continue
		}
		out = append(out, bytes.Repeat([]byte{' '}, r.spaces)...)
		r.spaces = 0
		out = append(out, b)
	}
	return c.put(out)
}

// endRecords completes the last record.
func (c *copier) endRecords() error {
	switch {
	case c.conv["block"] && c.record.column > 0 && c.record.column < c.cbs:
		return c.put(bytes.Repeat([]byte{' '}, c.cbs-c.record.column))
	case c.conv["unblock"] && c.record.column > 0:
		return c.put([]byte{'\n'})
	}
	return nil
}
