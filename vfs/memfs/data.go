package memfs

// chunkSize is the most that one chunk holds, and so what the first write to
// shared data copies.
const chunkSize = 64 << 10

// chunk is a piece of a file's data. What is missing at its end reads as zeros.
type chunk struct {
	mark *mark
	data []byte
}

// read fills p from off, all of which lies within the size of the file.
func (n *inode) read(p []byte, off int64) {
	for len(p) > 0 {
		at := int(off % chunkSize)
		part := p[:min(len(p), chunkSize-at)]
		got := 0
		if c, ok := n.chunks.get(off / chunkSize); ok && at < len(c.data) {
			got = copy(part, c.data[at:])
		}
		clear(part[got:])
		p = p[len(part):]
		off += int64(len(part))
	}
}

// write puts p at off and grows the file as needed.
func (n *inode) write(m *mark, p []byte, off int64) {
	n.size = max(n.size, off+int64(len(p)))
	for len(p) > 0 {
		at := int(off % chunkSize)
		part := p[:min(len(p), chunkSize-at)]
		c := n.editChunk(m, off/chunkSize)
		c.grow(at + len(part))
		copy(c.data[at:], part)
		p = p[len(part):]
		off += int64(len(part))
	}
}

// resize cuts the file, or lengthens it by a hole.
func (n *inode) resize(m *mark, size int64) {
	cut := size < n.size
	n.size = size
	if !cut {
		return
	}
	last, rest := size/chunkSize, int(size%chunkSize)
	for {
		i, ok := n.chunks.last()
		if !ok || i < last || i == last && rest > 0 {
			break
		}
		n.chunks.del(m, i)
	}
	if c, ok := n.chunks.get(last); ok && len(c.data) > rest {
		n.editChunk(m, last).shrink(rest)
	}
}

// editChunk returns a chunk to be changed; a new one in place of a hole.
func (n *inode) editChunk(m *mark, i int64) *chunk {
	old, ok := n.chunks.get(i)
	if ok && old.mark == m {
		return old
	}
	c := &chunk{mark: m}
	if ok {
		c.data = append(c.data, old.data...)
	}
	n.chunks.set(m, i, c)
	return c
}

// grow makes the chunk at least size bytes long. The first allocation is
// exact, as most files are written once; later ones double.
func (c *chunk) grow(size int) {
	old := len(c.data)
	switch {
	case size <= old:
	case size <= cap(c.data):
		c.data = c.data[:size]
		clear(c.data[old:])
	default:
		data := make([]byte, size, max(size, min(2*old, chunkSize)))
		copy(data, c.data)
		c.data = data
	}
}

// shrink cuts the chunk to size bytes, and gives back memory if most is unused.
func (c *chunk) shrink(size int) {
	c.data = c.data[:size]
	if size < cap(c.data)/2 {
		c.data = append([]byte(nil), c.data...)
	}
}
