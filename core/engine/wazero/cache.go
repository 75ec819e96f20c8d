package wazero

import (
	"context"
	"crypto/sha256"
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
// wazero validates a whole module before it looks into its own cache, which
// for the toolbox costs more than all the rest of a start. So what it is given
// is the module's stub (image.Stub): the same shape, each function body
// replaced by "unreachable", and the sum of the real module inside. The entry
// under the stub's key holds the code of the real module; wazero reads nothing
// of the bodies once code is compiled.
//
// An index file per module names the entry and its size. An entry that is
// missing, of another size, or that wazero rejects (another version, a broken
// file) is made again: wazero would have put the code of the stub in its place.
//
// The directory must belong to the user alone, since what is in it is run.
type diskCache struct {
	dir     string
	version string // the folder in dir where wazero, as linked, keeps entries
	wazero  wazero.CompilationCache
	// first is called when code is not in the cache and has to be compiled.
	first func()

	mu sync.Mutex // one compilation at a time in this process
}

func openDiskCache(dir string, first func()) (*diskCache, error) {
	if err := os.MkdirAll(filepath.Join(dir, "index"), 0o700); err != nil {
		return nil, fmt.Errorf("compile cache: %w", err)
	}
	if err := checkPrivate(dir); err != nil {
		return nil, err
	}
	version, err := versionFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("compile cache: %w", err)
	}
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil, fmt.Errorf("compile cache: %w", err)
	}
	return &diskCache{dir: dir, version: version, wazero: cache, first: first}, nil
}

// versionFolder finds out what wazero calls the folder of its version and
// system, by letting it make one.
func versionFolder(dir string) (string, error) {
	tmp, err := os.MkdirTemp(dir, "version-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	cache, err := wazero.NewCompilationCacheWithDir(tmp)
	if err != nil {
		return "", err
	}
	defer cache.Close(context.Background())
	found, err := os.ReadDir(tmp)
	if err != nil || len(found) != 1 {
		return "", errors.Join(err, fmt.Errorf("wazero made %d folders", len(found)))
	}
	return found[0].Name(), nil
}

func (c *diskCache) close() error { return c.wazero.Close(context.Background()) }

// compile compiles a module in rt, which uses the cache.
func (c *diskCache) compile(ctx context.Context, rt wazero.Runtime, p *image.Prepared) (wazero.CompiledModule, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if compiled := c.load(ctx, rt, p.Stub); compiled != nil {
		return compiled, nil
	}
	unlock, err := lockDir(c.dir)
	if err != nil {
		return nil, fmt.Errorf("compile cache: %w", err)
	}
	defer unlock()
	if compiled := c.load(ctx, rt, p.Stub); compiled != nil {
		return compiled, nil // another process was quicker
	}
	if c.first != nil {
		c.first()
	}
	wasm, err := p.Code()
	if err != nil {
		return nil, err
	}
	if err := c.fill(ctx, wasm, p.Stub); err == nil {
		if compiled := c.load(ctx, rt, p.Stub); compiled != nil {
			return compiled, nil
		}
	}
	// A disk that is full or that cannot be written costs speed, no more.
	return rt.CompileModule(ctx, wasm)
}

// load compiles the stub if its entry is there, and makes sure that it was
// the entry that wazero used: on a miss it would have compiled the stub itself.
func (c *diskCache) load(ctx context.Context, rt wazero.Runtime, stub []byte) wazero.CompiledModule {
	var name string
	var size int64
	index, err := os.ReadFile(c.index(stub))
	if err != nil {
		return nil
	}
	if _, err := fmt.Sscanf(string(index), "%d %s", &size, &name); err != nil || name != filepath.Base(name) {
		return nil
	}
	entry := filepath.Join(c.dir, c.version, name)
	before, err := os.Lstat(entry)
	if err != nil || !before.Mode().IsRegular() || before.Size() != size {
		c.forget(entry, stub)
		return nil
	}
	compiled, err := rt.CompileModule(ctx, stub)
	after, statErr := os.Lstat(entry)
	if err == nil && statErr == nil && sameEntry(before, after) {
		return compiled
	}
	if compiled != nil {
		_ = compiled.Close(ctx)
	}
	c.forget(entry, stub)
	return nil
}

// sameEntry reports that a file was not replaced; its number alone may have
// been given to the next.
func sameEntry(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

func (c *diskCache) forget(entry string, stub []byte) {
	_ = os.Remove(entry)
	_ = os.Remove(c.index(stub))
}

// fill compiles wasm apart, and puts its code where wazero looks for the
// stub's. The names of entries are wazero's secret, so both are compiled into
// empty folders to see what appears.
func (c *diskCache) fill(ctx context.Context, wasm, stub []byte) error {
	tmp, err := os.MkdirTemp(c.dir, "compile-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	code, err := compileInto(ctx, filepath.Join(tmp, "code"), wasm)
	if err != nil {
		return err
	}
	key, err := compileInto(ctx, filepath.Join(tmp, "stub"), stub)
	if err != nil {
		return err
	}
	info, err := os.Stat(code)
	if err != nil {
		return err
	}
	if err := os.Rename(code, filepath.Join(c.dir, c.version, filepath.Base(key))); err != nil {
		return err
	}
	index := filepath.Join(tmp, "index")
	text := fmt.Sprintf("%d %s\n", info.Size(), filepath.Base(key))
	if err := os.WriteFile(index, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(index, c.index(stub))
}

// wazeroVersion is that of go.mod. wazero can't tell its own in a test binary,
// where code of another version would be taken for its own.
const wazeroVersion = "v1.12.0"

// index is the file that tells about a stub's entry.
func (c *diskCache) index(stub []byte) string {
	sum := sha256.Sum256(stub)
	return filepath.Join(c.dir, "index", wazeroVersion+"-"+c.version+"-"+hex.EncodeToString(sum[:]))
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
