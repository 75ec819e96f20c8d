package wazero

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/tetratelabs/wazero"

	"agentsandbox/core/image"
)

// diskCache keeps compiled code between processes.
//
// wazero validates a whole module before it looks into its own cache, and reads
// the code of all functions from there. For the toolbox either costs more than all
// the rest of a start. So what wazero is given is the module's stub: the same
// shape, each function body replaced by "unreachable", and the sum of the real
// module inside. In wazero's cache stands under the stub's key a carrier: an
// entry without code, whose offsets of functions are the name of an entry of ours.
// That one is mapped, and put in the place of the code that wazero has not.
//
// A carrier that is missing (wazero then compiles the stub), or an entry that is
// missing or damaged, is made again. A mark tells that a carrier was made, lest
// wazero write the stub's code over one that is being made. wazero's key stands for its version and for what the
// processor can do, so an entry is never run elsewhere. Entries that were not used
// for long make room for others: see evict.
//
// The directory must belong to the user alone, since what is in it is run.
type diskCache struct {
	dir    string
	wazero wazero.CompilationCache
	// first is called when code is not in the cache and has to be compiled.
	first func()

	mu sync.Mutex // one compilation at a time in this process
}

func openDiskCache(dir string, first func()) (*diskCache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("compile cache: %w", err)
	}
	if err := checkPrivate(dir); err != nil {
		return nil, err
	}
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil, fmt.Errorf("compile cache: %w", err)
	}
	return &diskCache{dir: dir, wazero: cache, first: first}, nil
}

func (c *diskCache) close() error { return c.wazero.Close(context.Background()) }

// compile compiles a module in rt, which uses the cache, and opens what its
// memory starts with.
func (c *diskCache) compile(ctx context.Context, rt wazero.Runtime, p *image.Prepared) (wazero.CompiledModule, *startImage, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if compiled, memory := c.load(ctx, rt, p); compiled != nil {
		return compiled, memory, nil
	}
	unlock, err := lockDir(c.dir)
	if err != nil {
		return nil, nil, fmt.Errorf("compile cache: %w", err)
	}
	defer unlock()
	if compiled, memory := c.load(ctx, rt, p); compiled != nil {
		return compiled, memory, nil // another process was quicker
	}
	if c.first != nil {
		c.first()
	}
	if err := c.fill(ctx, p); err == nil {
		if compiled, memory := c.load(ctx, rt, p); compiled != nil {
			return compiled, memory, nil
		}
	}
	// A disk that is full or that cannot be written costs speed, no more.
	return compile(ctx, rt, p)
}

// load compiles the stub and gives it the code of the entry that its carrier
// names; nil if there is none.
func (c *diskCache) load(ctx context.Context, rt wazero.Runtime, p *image.Prepared) (wazero.CompiledModule, *startImage) {
	mark := c.mark(p.Stub)
	if _, err := os.Stat(mark); err != nil {
		return nil, nil
	}
	compiled, err := rt.CompileModule(ctx, p.Stub)
	if err != nil {
		return nil, nil
	}
	memory, err := c.graft(compiled, p.HasMemory)
	if err != nil {
		_ = compiled.Close(ctx)
		return nil, nil
	}
	used(mark)
	return compiled, memory
}

// graft puts the code that a carrier names into its place.
func (c *diskCache) graft(compiled wazero.CompiledModule, hasMemory bool) (*startImage, error) {
	in, err := innardsOf(compiled)
	if err != nil {
		return nil, err
	}
	id, done, err := in.carried()
	if err != nil {
		return nil, err
	}
	e, err := openEntry(c.dir, id)
	if err != nil {
		return nil, err
	}
	if !done {
		err = in.adopt(e, id)
	}
	if err != nil || !hasMemory {
		return nil, errors.Join(err, e.file.Close())
	}
	return fileStartImage(e.file, e.memoryAt(), e.memory)
}

// idWords is how many offsets spell the name of an entry.
const idWords = len(entryID{}) / 8

var errNoCarrier = errors.New("compile cache: no entry")

// carried is the entry that a carrier names. A module that has its code has the
// name behind its offsets; done is true then.
func (in *innards) carried() (id entryID, done bool, err error) {
	in.mu.RLock()
	defer in.mu.RUnlock()
	words := *in.offsets
	if done = len(words)+idWords == cap(words); done {
		words = words[len(words):cap(words)]
	} else if len(words) != idWords || len(*in.code) > 0 {
		return id, false, errNoCarrier
	}
	for i, w := range words {
		binary.LittleEndian.PutUint64(id[8*i:], uint64(w))
	}
	return id, done, nil
}

// adopt gives the module the code of an entry.
func (in *innards) adopt(e *entry, id entryID) error {
	offsets, err := e.offsets(idWords)
	if err != nil {
		return err
	}
	code, err := e.machineCode()
	if err != nil {
		return err
	}
	marked := offsets
	for i := range idWords {
		marked = append(marked, int(binary.LittleEndian.Uint64(id[8*i:])))
	}
	return in.put(code, offsets)
}

// fill compiles a module apart, writes its entry, and puts a carrier where wazero
// looks for the stub's code.
func (c *diskCache) fill(ctx context.Context, p *image.Prepared) error {
	wasm, start, err := p.Code()
	if err != nil {
		return err
	}
	rt := wazero.NewRuntimeWithConfig(ctx, compilerConfig())
	defer rt.Close(ctx)
	compiled, err := rt.CompileModule(ctx, wasm)
	if err != nil {
		return err
	}
	in, err := innardsOf(compiled)
	if err != nil {
		return err
	}
	if in.clauses > 0 {
		return errors.New("compile cache: exception handlers are not kept")
	}
	id, err := writeEntry(c.dir, *in.offsets, *in.code, start.Bytes())
	if err != nil {
		return err
	}
	if err := c.writeCarrier(ctx, p.Stub, id); err != nil {
		return err
	}
	if err := os.WriteFile(c.mark(p.Stub), []byte(hex.EncodeToString(id[:])), 0o600); err != nil {
		return err
	}
	_ = evict(c.dir, maxCache) // else it is tried after the next one
	return nil
}

// mark is the file that is there if a stub's carrier was made, and names the
// entry. Its time is that of the last use.
func (c *diskCache) mark(stub []byte) string {
	sum := sha256.Sum256(stub)
	return filepath.Join(c.dir, hex.EncodeToString(sum[:])+".mark")
}

// writeCarrier makes the carrier for a stub. The names of wazero's entries are
// its secret, so the stub is compiled into an empty folder to see what appears.
func (c *diskCache) writeCarrier(ctx context.Context, stub []byte, id entryID) error {
	tmp, err := os.MkdirTemp(c.dir, compileTemp)
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	made, err := compileInto(ctx, tmp, stub)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(made)
	if err != nil {
		return err
	}
	if text, err = carrier(text, id); err != nil {
		return err
	}
	if err := os.WriteFile(made, text, 0o600); err != nil {
		return err
	}
	name, err := filepath.Rel(tmp, made)
	if err != nil {
		return err
	}
	return os.Rename(made, filepath.Join(c.dir, name))
}

// carrier makes one out of any entry of wazero's, of which it keeps the magic and
// the version. What follows there are the number of functions, their offsets, the size
// of the code, and a flag and a count that are both 0.
func carrier(entry []byte, id entryID) ([]byte, error) {
	const magic = "WAZEVO"
	if len(entry) <= len(magic) || string(entry[:len(magic)]) != magic {
		return nil, errLayout
	}
	n := len(magic) + 1 + int(entry[len(magic)])
	if len(entry) < n {
		return nil, errLayout
	}
	out := binary.LittleEndian.AppendUint32(entry[:n:n], uint32(idWords))
	out = append(out, id[:]...)
	return append(out, make([]byte, 8+1+4)...), nil
}

// compileInto compiles wasm with a cache in an empty dir, and returns the file
// that appeared.
func compileInto(ctx context.Context, dir string, wasm []byte) (string, error) {
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return "", err
	}
	defer cache.Close(ctx)
	rt := wazero.NewRuntimeWithConfig(ctx, compilerConfig().WithCompilationCache(cache))
	defer rt.Close(ctx)
	if _, err := rt.CompileModule(ctx, wasm); err != nil {
		return "", err
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(found) != 1 {
		return "", errors.Join(err, fmt.Errorf("compile cache: %d entries for one module", len(found)))
	}
	return found[0], nil
}
