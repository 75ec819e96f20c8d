// Package wazero runs guests on wazero: on its compiler where the machine has
// one, else, or when asked, on its interpreter.
package wazero

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"agentsandbox/core/engine"
	"agentsandbox/core/image"
)

// Config says how to make an engine.
type Config struct {
	// Interpreter asks for the interpreter; the compiler is used otherwise,
	// where wazero has one for the machine.
	Interpreter bool
	// CacheDir keeps compiled code between processes; "" keeps none.
	CacheDir string
	// OnCompile is called before a compilation that takes seconds, because
	// the code is not in CacheDir.
	OnCompile func()
	// Hosts are the functions that guests may import.
	Hosts []engine.HostFunc
}

// Engine is wazero as an engine.Engine.
type Engine struct {
	rt          wazero.Runtime
	interpreter bool
	cache       *diskCache // nil without a directory
}

// Supported reports whether wazero can compile for this machine.
func Supported() bool { return compilerSupported() }

// New makes an engine.
func New(ctx context.Context, c Config) (*Engine, error) {
	interpreter := c.Interpreter || !Supported()
	e := &Engine{interpreter: interpreter}
	config := compilerConfig()
	if interpreter {
		config = restrict(wazero.NewRuntimeConfigInterpreter())
	} else if c.CacheDir != "" {
		cache, err := openDiskCache(c.CacheDir, c.OnCompile)
		if err != nil {
			return nil, err
		}
		e.cache = cache
		config = config.WithCompilationCache(cache.wazero)
	}
	e.rt = wazero.NewRuntimeWithConfig(ctx, config)
	if err := e.register(ctx, c.Hosts); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func compilerConfig() wazero.RuntimeConfig { return restrict(wazero.NewRuntimeConfigCompiler()) }

func restrict(c wazero.RuntimeConfig) wazero.RuntimeConfig {
	return c.WithDebugInfoEnabled(false).WithCoreFeatures(api.CoreFeaturesV2)
}

// Name is "wazero-compiler" or "wazero-interpreter".
func (e *Engine) Name() string {
	if e.interpreter {
		return "wazero-interpreter"
	}
	return "wazero-compiler"
}

// Slice is a millisecond's worth of instructions.
func (e *Engine) Slice() int64 {
	if e.interpreter {
		return 50_000
	}
	return 2_000_000
}

// Limits are the default ones, but for the interpreter, which is quick to take
// what is slow to compile.
func (e *Engine) Limits() image.Limits {
	limits := image.DefaultLimits()
	if e.interpreter {
		limits.Work, limits.FunctionWork = math.MaxUint64, math.MaxUint64
	}
	return limits
}

// Close frees the runtime and everything compiled by it.
func (e *Engine) Close() error {
	err := e.rt.Close(context.Background())
	if e.cache != nil {
		err = errors.Join(err, e.cache.close())
	}
	return err
}

// register makes the host functions importable, one wazero module per name.
func (e *Engine) register(ctx context.Context, hosts []engine.HostFunc) error {
	builders := map[string]wazero.HostModuleBuilder{}
	for _, h := range hosts {
		b, ok := builders[h.Module]
		if !ok {
			b = e.rt.NewHostModuleBuilder(h.Module)
			builders[h.Module] = b
		}
		b.NewFunctionBuilder().WithGoModuleFunction(hostCall(h.Call), types(h.Params), types(h.Results)).Export(h.Name)
	}
	for name, b := range builders {
		if _, err := b.Instantiate(ctx); err != nil {
			return fmt.Errorf("host module %s: %w", name, err)
		}
	}
	return nil
}

// hostCall adapts a host function. The context carries the instance that
// calls, since one host module serves them all.
func hostCall(call func(*engine.Call, []uint64) error) api.GoModuleFunc {
	return func(ctx context.Context, mod api.Module, stack []uint64) {
		c := ctx.Value(callKey{}).(*callContext)
		if c.in.mod == nil {
			c.in.bind(mod)
		}
		if err := call(&c.call, stack); err != nil {
			panic(unwind{err})
		}
	}
}

// unwind carries a host function's error through the guest's frames.
type unwind struct{ err error }

func (u unwind) Error() string { return u.err.Error() }
func (u unwind) Unwrap() error { return u.err }

// callContext is the context of one Invoke. Its Value finds itself without a
// walk, which every host call does.
type callContext struct {
	context.Context
	in   *instance
	call engine.Call
}

type callKey struct{}

func (c *callContext) Value(key any) any {
	if _, ok := key.(callKey); ok {
		return c
	}
	return c.Context.Value(key)
}

func types(letters string) []api.ValueType {
	out := make([]api.ValueType, len(letters))
	for i, c := range letters {
		out[i] = api.ValueTypeI32
		if c == 'I' {
			out[i] = api.ValueTypeI64
		}
	}
	return out
}

func compilerSupported() bool {
	switch runtime.GOARCH {
	case "amd64", "arm64":
	default:
		return false
	}
	switch runtime.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "dragonfly", "solaris", "windows":
		return true
	}
	return false
}
