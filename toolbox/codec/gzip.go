package codec

import (
	"bufio"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strconv"
)

// GzipHeader is what a gzip member says about its file.
type GzipHeader struct {
	Name  string // base name, as bytes; "" if not kept
	MTime uint32 // seconds since 1970; 0 if not kept
}

// What is wrong with a gzip stream. io.ErrUnexpectedEOF is one that breaks off.
var (
	ErrMagic    = errors.New("not in gzip format")
	ErrChecksum = errors.New("invalid compressed data--crc error")
	ErrLength   = errors.New("invalid compressed data--length error")
	ErrFormat   = errors.New("invalid compressed data--format violated")
	// ErrGarbage is no damage: what follows the last member was passed over.
	ErrGarbage = errors.New("decompression OK, trailing garbage ignored")
)

// MethodError is a method of compression that a header names and nobody knows.
type MethodError byte

// Error names the method.
func (e MethodError) Error() string {
	return "unknown method " + strconv.Itoa(int(e)) + " -- not supported"
}

// GzipReader decompresses a gzip stream of one or more members.
type GzipReader struct {
	Header GzipHeader // of the first member
	CRC    uint32     // of the last member that was read whole

	r    *bufio.Reader
	z    io.ReadCloser
	crc  uint32
	size uint32
	err  error
}

// NewGzipReader reads the header of the first member. ErrMagic means that r
// holds something else, io.EOF that it is empty.
func NewGzipReader(r *bufio.Reader) (*GzipReader, error) {
	g := &GzipReader{r: r, z: flate.NewReader(r)}
	var err error
	g.Header, err = g.header()
	return g, err
}

// Bits of the flags of a header.
const (
	flagCRC = 1 << (iota + 1)
	flagExtra
	flagName
	flagComment
)

func (g *GzipReader) header() (h GzipHeader, err error) {
	head, err := g.r.Peek(10)
	switch {
	case len(head) == 0:
		return h, err
	case len(head) < 2:
		return h, unexpected(err)
	case head[0] != magics[Gzip][0] || head[1] != magics[Gzip][1]:
		return h, ErrMagic
	case err != nil:
		return h, unexpected(err)
	case head[2] != 8:
		return h, MethodError(head[2])
	}
	flags := head[3]
	h.MTime = binary.LittleEndian.Uint32(head[4:])
	g.r.Discard(10)
	if flags&flagExtra != 0 {
		var n [2]byte
		if _, err := io.ReadFull(g.r, n[:]); err != nil {
			return h, unexpected(err)
		}
		if _, err := g.r.Discard(int(binary.LittleEndian.Uint16(n[:]))); err != nil {
			return h, unexpected(err)
		}
	}
	if flags&flagName != 0 {
		if h.Name, err = g.text(); err != nil {
			return h, err
		}
	}
	if flags&flagComment != 0 {
		if _, err = g.text(); err != nil {
			return h, err
		}
	}
	if flags&flagCRC != 0 {
		if _, err := g.r.Discard(2); err != nil {
			return h, unexpected(err)
		}
	}
	return h, nil
}

// maxName bounds what is kept of a name.
const maxName = 4096

// text reads what a NUL ends.
func (g *GzipReader) text() (string, error) {
	var s []byte
	for {
		c, err := g.r.ReadByte()
		switch {
		case err != nil:
			return "", unexpected(err)
		case c == 0:
			return string(s), nil
		case len(s) < maxName:
			s = append(s, c)
		}
	}
}

// Read decompresses. At the end of a stream that is whole the error is io.EOF
// or ErrGarbage.
func (g *GzipReader) Read(p []byte) (int, error) {
	for g.err == nil {
		n, err := g.z.Read(p)
		g.crc = crc32.Update(g.crc, crc32.IEEETable, p[:n])
		g.size += uint32(n)
		if err == io.EOF {
			g.err = g.nextMember()
		} else if err != nil {
			g.err = flateError(err)
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, g.err
}

// nextMember checks the trailer of a member and reads the header of the next.
func (g *GzipReader) nextMember() error {
	var trailer [8]byte
	if _, err := io.ReadFull(g.r, trailer[:]); err != nil {
		return unexpected(err)
	}
	switch {
	case binary.LittleEndian.Uint32(trailer[:]) != g.crc:
		return ErrChecksum
	case binary.LittleEndian.Uint32(trailer[4:]) != g.size:
		return ErrLength
	}
	g.CRC, g.crc, g.size = g.crc, 0, 0
	if err := g.skipZeros(); err != nil {
		return err
	}
	if _, err := g.header(); err != nil {
		if err == io.EOF {
			return err
		}
		return ErrGarbage
	}
	return g.z.(flate.Resetter).Reset(g.r, nil)
}

// skipZeros passes over the padding behind a member.
func (g *GzipReader) skipZeros() error {
	for {
		c, err := g.r.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			return g.r.UnreadByte()
		}
	}
}

func flateError(err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return ErrFormat
	}
	return err
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// GzipWriter compresses a stream as one gzip member.
type GzipWriter struct {
	w    io.Writer
	z    *flate.Writer
	crc  uint32
	size uint32
}

// unix is the system that a header names.
const unix = 3

// NewGzipWriter writes the header of a member; level is 1 to 9, or 0 for 6.
func NewGzipWriter(w io.Writer, level int, h GzipHeader) (*GzipWriter, error) {
	if level == 0 {
		level = 6
	}
	head := []byte{magics[Gzip][0], magics[Gzip][1], 8, 0, 0, 0, 0, 0, 0, unix}
	binary.LittleEndian.PutUint32(head[4:], h.MTime)
	switch level {
	case 1:
		head[8] = 4 // the fastest
	case 9:
		head[8] = 2 // the smallest
	}
	if h.Name != "" {
		head[3] = flagName
		head = append(append(head, h.Name...), 0)
	}
	if _, err := w.Write(head); err != nil {
		return nil, err
	}
	z, err := flate.NewWriter(w, level)
	return &GzipWriter{w: w, z: z}, err
}

// Write compresses p.
func (g *GzipWriter) Write(p []byte) (int, error) {
	g.crc = crc32.Update(g.crc, crc32.IEEETable, p)
	g.size += uint32(len(p))
	return g.z.Write(p)
}

// Close writes what is left and the trailer; it does not close the writer below.
func (g *GzipWriter) Close() error {
	if err := g.z.Close(); err != nil {
		return err
	}
	var trailer [8]byte
	binary.LittleEndian.PutUint32(trailer[:], g.crc)
	binary.LittleEndian.PutUint32(trailer[4:], g.size)
	_, err := g.w.Write(trailer[:])
	return err
}
