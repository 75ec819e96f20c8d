package wazero

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// entryID is the SHA-256 of an entry, and its name in the cache.
type entryID [sha256.Size]byte

// An entry holds a module's machine code and what its memory starts with, so that
// both can be mapped: a head, the offsets of the functions as 64-bit numbers, code,
// memory, each of the last two at a multiple of entryAlign.
type entry struct {
	file                    *os.File
	functions, code, memory int64 // how many, and sizes in bytes
}

const (
	// wazeroVersion is that of go.mod. wazero can't tell its own in a test binary,
	// where code of another version would be taken for its own.
	wazeroVersion = "v1.12.0"

	entryMagic = "agent-sandbox code 1 of wazero " + wazeroVersion + "\n"
	entryHead  = len(entryMagic) + 3*8
	// entryAlign is a multiple of the page size of every system.
	entryAlign = 64 << 10
)

// How the names of what is not complete begin.
const (
	entryTemp   = "entry-"
	compileTemp = "compile-"
)

var errEntry = errors.New("compile cache: damaged entry")

func aligned(n int64) int64 { return (n + entryAlign - 1) &^ (entryAlign - 1) }

func (e *entry) codeAt() int64   { return aligned(int64(entryHead) + 8*e.functions) }
func (e *entry) memoryAt() int64 { return e.codeAt() + aligned(e.code) }
func (e *entry) size() int64     { return e.memoryAt() + e.memory }

// writeEntry makes an entry in dir, all of it or nothing.
func writeEntry(dir string, offsets []int, code, memory []byte) (id entryID, err error) {
	f, err := os.CreateTemp(dir, entryTemp)
	if err != nil {
		return id, err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	sum := sha256.New()
	w := io.MultiWriter(sparse{f}, sum)
	head := []byte(entryMagic)
	for _, n := range []int{len(offsets), len(code), len(memory)} {
		head = binary.LittleEndian.AppendUint64(head, uint64(n))
	}
	for _, off := range offsets {
		head = binary.LittleEndian.AppendUint64(head, uint64(off))
	}
	for _, part := range [][]byte{pad(head), code, pad(code)[len(code):], memory} {
		if _, writeErr := w.Write(part); writeErr != nil {
			err = writeErr
		}
	}
	size, seekErr := f.Seek(0, io.SeekCurrent)
	if err = errors.Join(err, seekErr, f.Truncate(size), f.Sync(), f.Close()); err != nil {
		return id, err
	}
	sum.Sum(id[:0])
	if err := os.Rename(f.Name(), id.path(dir)); err != nil {
		return id, err
	}
	return id, id.markSeen(dir)
}

// sparse writes to a file and leaves holes for zeros, of which there are many in
// the memory of a guest. The file must be cut to its size in the end.
type sparse struct{ f *os.File }

func (w sparse) Write(p []byte) (int, error) {
	const block = 64 << 10
	zeros := make([]byte, block)
	for done := 0; done < len(p); {
		b := p[done:min(done+block, len(p))]
		var err error
		if bytes.Equal(b, zeros[:len(b)]) {
			_, err = w.f.Seek(int64(len(b)), io.SeekCurrent)
		} else {
			_, err = w.f.Write(b)
		}
		if err != nil {
			return done, err
		}
		done += len(b)
	}
	return len(p), nil
}

// pad returns b with zeros behind it up to a multiple of entryAlign.
func pad(b []byte) []byte {
	return append(slices.Clip(b), make([]byte, aligned(int64(len(b)))-int64(len(b)))...)
}

func (id entryID) path(dir string) string {
	return filepath.Join(dir, hex.EncodeToString(id[:])+".code")
}

// seenPath is the file that tells what the entry's file looked like to the system
// when its sum was last known to be right. As long as it looks the same, the sum is
// not made again.
func (id entryID) seenPath(dir string) string {
	return strings.TrimSuffix(id.path(dir), "code") + "seen"
}

func (id entryID) markSeen(dir string) error {
	info, err := os.Lstat(id.path(dir))
	if err != nil {
		return err
	}
	return os.WriteFile(id.seenPath(dir), []byte(identity(info)), 0o600)
}

// openEntry opens an entry and makes sure that it is what it was when written.
//
// THREAT[EN-12] nothing is mapped whose sum was not checked.
func openEntry(dir string, id entryID) (*entry, error) {
	f, err := openNoFollow(id.path(dir))
	if err != nil {
		return nil, err
	}
	e := &entry{file: f}
	if err := e.check(dir, id); err != nil {
		if err = errors.Join(err, f.Close()); errors.Is(err, errEntry) {
			_ = os.Remove(id.path(dir))
		}
		return nil, err
	}
	return e, nil
}

func (e *entry) check(dir string, id entryID) error {
	info, err := e.file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errEntry
	}
	seen, err := os.ReadFile(id.seenPath(dir))
	if err != nil || string(seen) != identity(info) {
		sum := sha256.New()
		if _, err := io.Copy(sum, e.file); err != nil {
			return err
		}
		if !bytes.Equal(sum.Sum(nil), id[:]) {
			return errEntry
		}
		_ = id.markSeen(dir) // else it is summed up again next time
	}
	return e.readHead(info.Size())
}

func (e *entry) readHead(size int64) error {
	head := make([]byte, entryHead)
	if _, err := e.file.ReadAt(head, 0); err != nil {
		return err
	}
	if string(head[:len(entryMagic)]) != entryMagic {
		return errEntry
	}
	for i, field := range []*int64{&e.functions, &e.code, &e.memory} {
		*field = int64(binary.LittleEndian.Uint64(head[len(entryMagic)+8*i:]))
		if *field < 0 || *field > size {
			return errEntry
		}
	}
	if e.size() != size {
		return errEntry
	}
	return nil
}

// offsets reads where the functions begin. There is room for extra more behind
// them.
func (e *entry) offsets(extra int) ([]int, error) {
	raw := make([]byte, 8*e.functions)
	if _, err := e.file.ReadAt(raw, int64(entryHead)); err != nil {
		return nil, err
	}
	out := make([]int, e.functions, int(e.functions)+extra)
	for i := range out {
		off := binary.LittleEndian.Uint64(raw[8*i:])
		if off >= uint64(e.code) {
			return nil, errEntry
		}
		out[i] = int(off)
	}
	return out, nil
}

// machineCode maps the code to be executed.
func (e *entry) machineCode() ([]byte, error) {
	if e.code == 0 {
		return nil, nil
	}
	code, err := mapCode(e.file, e.codeAt(), int(e.code))
	if err != nil {
		return nil, fmt.Errorf("compile cache: map code: %w", err)
	}
	return code, nil
}
