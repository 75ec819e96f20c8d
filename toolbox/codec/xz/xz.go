// Package xz reads and writes streams of the .xz format, with LZMA2 as their only
// filter.
package xz

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
)

// What is wrong with a stream. io.ErrUnexpectedEOF is one that breaks off.
var (
	ErrFormat  = errors.New("File format not recognized")
	ErrData    = errors.New("Compressed data is corrupt")
	ErrOptions = errors.New("Unsupported options")
	ErrMemory  = errors.New("Memory usage limit reached")
)

// maxDict is the largest window that is read (THREAT[SH-10]): that of xz -9.
const maxDict = 64 << 20

// Magic is what a stream begins with.
const Magic = "\xfd7zXZ\x00"

const footMagic = "YZ"

// Check is how the content of a stream is checked.
type Check byte

// The checks there are.
const (
	CheckNone   Check = 0
	CheckCRC32  Check = 1
	CheckCRC64  Check = 4
	CheckSHA256 Check = 10
)

// checkSizes are the bytes that a check takes, those of unknown ones too.
var checkSizes = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}

// filterLZMA2 is the filter's number.
const filterLZMA2 = 0x21

// sum makes what computes the check; nil for none and for those not known.
func (c Check) sum() hash.Hash {
	switch c {
	case CheckCRC32:
		return crc32.NewIEEE()
	case CheckCRC64:
		return crc64.New(crc64.MakeTable(crc64.ECMA))
	case CheckSHA256:
		return sha256.New()
	}
	return nil
}

// bytes is the check as the stream has it, which is the other way round for checksums.
func (c Check) bytes(h hash.Hash) []byte {
	switch h := h.(type) {
	case hash.Hash32:
		return binary.LittleEndian.AppendUint32(nil, h.Sum32())
	case hash.Hash64:
		return binary.LittleEndian.AppendUint64(nil, h.Sum64())
	}
	return h.Sum(nil)
}

// record is what the index holds of a block.
type record struct{ unpadded, size uint64 }

// appendIndex makes the index of a stream.
func appendIndex(b []byte, records []record) []byte {
	start := len(b)
	b = binary.AppendUvarint(append(b, 0), uint64(len(records)))
	for _, r := range records {
		b = binary.AppendUvarint(binary.AppendUvarint(b, r.unpadded), r.size)
	}
	b = append(b, make([]byte, padding(len(b)-start))...)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}

// padding is how much is missing to a multiple of four.
func padding(n int) int { return -n & 3 }

// appendFooter makes the end of a stream.
func appendFooter(b []byte, indexSize int, check Check) []byte {
	var rest [6]byte
	binary.LittleEndian.PutUint32(rest[:], uint32(indexSize/4-1))
	rest[5] = byte(check)
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(rest[:]))
	return append(append(b, rest[:]...), footMagic...)
}

// appendHeader makes the start of a stream.
func appendHeader(b []byte, check Check) []byte {
	flags := []byte{0, byte(check)}
	b = append(append(b, Magic...), flags...)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(flags))
}

// Reader decompresses streams that follow one another.
type Reader struct {
	Streams, Blocks int
	Checks          uint32 // the set of checks, a bit each

	r       *counter
	check   Check
	sum     hash.Hash
	block   *decoder
	size    uint64 // of the block
	start   int64  // of the block's header
	records []record
	err     error
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

// Read reads and counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// NewReader reads the header of the first stream. r should be buffered.
func NewReader(r io.Reader) (*Reader, error) {
	x := &Reader{r: &counter{r: r}}
	var head [12]byte
	if err := readFull(x.r, head[:]); err != nil {
		if err == io.ErrUnexpectedEOF && !bytes.HasPrefix(head[:], []byte(Magic)) {
			err = ErrFormat
		}
		return nil, err
	}
	return x, x.open(head)
}

// open takes the header of a stream apart.
func (x *Reader) open(head [12]byte) error {
	switch {
	case string(head[:6]) != Magic:
		return ErrFormat
	case binary.LittleEndian.Uint32(head[8:]) != crc32.ChecksumIEEE(head[6:8]):
		return ErrData
	case head[6] != 0 || head[7] > 15:
		return ErrOptions
	}
	x.check = Check(head[7])
	x.sum = x.check.sum()
	x.records = x.records[:0]
	x.Streams++
	x.Checks |= 1 << x.check
	return nil
}

// Read decompresses. Its errors stay.
func (x *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for x.err == nil {
		if x.block == nil {
			x.err = x.next()
			continue
		}
		n, err := x.block.Read(p)
		x.size += uint64(n)
		if x.sum != nil {
			x.sum.Write(p[:n])
		}
		if err == io.EOF {
			err = x.endBlock()
		}
		x.err = err
		if n > 0 {
			return n, nil
		}
	}
	return 0, x.err
}

// next begins a block, or ends the stream and begins the next one.
func (x *Reader) next() error {
	var size [1]byte
	x.start = x.r.n
	if err := readFull(x.r, size[:]); err != nil {
		return err
	}
	if size[0] == 0 {
		return x.endStream()
	}
	head := make([]byte, (int(size[0])+1)*4)
	head[0] = size[0]
	if err := readFull(x.r, head[1:]); err != nil {
		return err
	}
	end := len(head) - 4
	if binary.LittleEndian.Uint32(head[end:]) != crc32.ChecksumIEEE(head[:end]) {
		return ErrData
	}
	dict, err := parseBlock(head[1:end])
	if err != nil {
		return err
	}
	if x.sum != nil {
		x.sum.Reset()
	}
	x.Blocks++
	x.size = 0
	x.block = &decoder{r: x.r, dict: dict}
	return nil
}

// Flags of a block's header.
const (
	blockFilters = 0x03
	blockRest    = 0x3c
	blockPacked  = 0x40
	blockSize    = 0x80
)

// parseBlock finds the size of the window in a block's header.
func parseBlock(head []byte) (int, error) {
	flags := head[0]
	head = head[1:]
	if flags&(blockFilters|blockRest) != 0 {
		return 0, ErrOptions
	}
	for _, bit := range []byte{blockPacked, blockSize} {
		if flags&bit != 0 {
			_, n := binary.Uvarint(head)
			if n <= 0 {
				return 0, ErrData
			}
			head = head[n:]
		}
	}
	if len(head) < 3 || head[0] != filterLZMA2 || head[1] != 1 || head[2] > 40 {
		return 0, ErrOptions
	}
	for _, b := range head[3:] {
		if b != 0 {
			return 0, ErrOptions
		}
	}
	dict := uint64(2|head[2]&1) << (head[2]/2 + 11)
	if dict > maxDict {
		return 0, ErrMemory
	}
	return int(dict), nil
}

// endBlock reads what stands behind a block, and checks it.
func (x *Reader) endBlock() error {
	x.block = nil
	unpadded := x.r.n - x.start
	var pad [3]byte
	if err := readFull(x.r, pad[:padding(int(unpadded&3))]); err != nil {
		return err
	}
	check := make([]byte, checkSizes[x.check])
	if err := readFull(x.r, check); err != nil {
		return err
	}
	if pad != [3]byte{} || x.sum != nil && !bytes.Equal(check, x.check.bytes(x.sum)) {
		return ErrData
	}
	x.records = append(x.records, record{uint64(unpadded) + uint64(len(check)), x.size})
	return nil
}

// endStream reads index and footer, which must be as the blocks were, and goes on to
// the next stream. Its error is io.EOF where there is none.
func (x *Reader) endStream() error {
	index := appendIndex(nil, x.records)
	want := appendFooter(index, len(index), x.check)[1:]
	got := make([]byte, len(want))
	if err := readFull(x.r, got); err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return ErrData
	}
	for {
		var head [12]byte
		if _, err := io.ReadFull(x.r, head[:4]); err != nil {
			return err
		}
		if head == [12]byte{} {
			continue // padding
		}
		if err := readFull(x.r, head[4:]); err != nil {
			return err
		}
		if string(head[:6]) != Magic {
			return ErrData
		}
		return x.open(head)
	}
}
